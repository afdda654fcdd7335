"""Phrase TMS: entities, what happens to them, and the API."""
