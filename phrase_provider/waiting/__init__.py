"""Waiting for Phrase: plain Python, without Airflow."""
