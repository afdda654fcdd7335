"""Webhooks and callbacks: subscriptions, deliveries, and their API."""
