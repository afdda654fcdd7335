"""The commands of ``python -m phrase_provider``; each has a module."""
