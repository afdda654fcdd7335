"""What can be waited for in Phrase TMS."""
