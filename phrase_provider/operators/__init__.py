"""Operators: tasks that create, change or download something in Phrase."""
