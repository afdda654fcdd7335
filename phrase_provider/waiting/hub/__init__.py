"""The poll hub: asks Phrase once for all that wait in a process. Plain Python, without Airflow."""
