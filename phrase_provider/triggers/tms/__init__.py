"""Triggers for Phrase TMS: jobs, async requests and analyses."""
