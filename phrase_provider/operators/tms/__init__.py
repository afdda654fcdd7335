"""Doing something in Phrase."""
