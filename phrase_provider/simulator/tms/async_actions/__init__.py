"""The tasks of async requests, one module per async action."""
