"""What takes several calls of Phrase's API, by product."""
