"""Waiting for something in Phrase."""
