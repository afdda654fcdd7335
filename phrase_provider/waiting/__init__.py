"""Waiting for Phrase: conditions, intervals, deadlines, a blocking wait and a poll hub; no Airflow."""
