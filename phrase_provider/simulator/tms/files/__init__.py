"""Source and target files: what may be uploaded, what is in it, what goes out."""
