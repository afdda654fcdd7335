"""Changed sources: the jobs that a file has get its new content, whatever their status was."""
