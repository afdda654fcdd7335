"""More languages for files that are in Phrase: their jobs are cloned."""
