"""Persistence: the state is kept in a folder and loaded at the next start."""
