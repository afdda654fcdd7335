"""Actions on jobs, by linguists and by users; each raises its events."""
