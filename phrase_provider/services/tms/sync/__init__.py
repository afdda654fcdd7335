"""Bringing Phrase to what a list of changes says."""
