"""Triggers: what deferred tasks wait with in the triggerer, and the events that wake them."""
