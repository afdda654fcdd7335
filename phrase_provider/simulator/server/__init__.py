"""The HTTP server: its address, authentication, limits, faults, the request log, control of a run."""
