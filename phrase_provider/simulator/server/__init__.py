"""The HTTP server: authentication, limits, faults, request log, control API."""
