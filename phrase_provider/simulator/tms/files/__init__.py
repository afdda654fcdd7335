"""Source and target files: types, archives, uploads, translated output."""
