"""What deferred tasks wait with, in the triggerer."""
