"""The provider at work: a demonstration, an Airflow to click through, a check on a real Phrase."""
