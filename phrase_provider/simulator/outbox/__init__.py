"""What the outside is told: webhooks and callbacks, from an event to the answer of whoever receives it."""
