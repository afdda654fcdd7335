"""Source and target files, wherever they are."""
