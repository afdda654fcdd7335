"""Sensors for Phrase TMS: jobs and async requests."""
