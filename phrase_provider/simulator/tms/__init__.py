"""The operations of Phrase TMS, one module per resource; each has ``routes``."""
