"""Phrase TMS: what it keeps, what happens to it, and the API in front of it."""
