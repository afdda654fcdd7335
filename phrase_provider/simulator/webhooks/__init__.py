"""Webhooks and callbacks: from an event to the answer of whoever receives it, and the API of webhooks."""
