"""The manifest: which translation was made from which source, beside the targets; knows no product's API."""
