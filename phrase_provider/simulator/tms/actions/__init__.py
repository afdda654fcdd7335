"""What is done to projects and jobs, by linguists and by hand."""
