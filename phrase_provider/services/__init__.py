"""Flows of Phrase that take several calls, by product."""
