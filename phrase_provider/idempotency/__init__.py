"""Doing each thing in Phrase once, whenever a process dies."""
