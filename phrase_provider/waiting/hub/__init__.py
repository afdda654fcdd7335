"""The poll hub: asks Phrase once for all that wait in a process; knows no product, and no Airflow."""
