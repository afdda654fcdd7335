"""Phrase over HTTP. Imports nothing of Airflow."""
