"""What Phrase keeps, and what people do with it."""
