"""Projects and jobs: found, or made once."""
