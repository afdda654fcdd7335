"""Hooks: clients of Phrase for Airflow connections, and the connection form."""
