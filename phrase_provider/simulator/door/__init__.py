"""How a request comes in and its answer goes out: tokens, limits, faults, and what is noted of it."""
