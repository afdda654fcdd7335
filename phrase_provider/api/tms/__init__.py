"""The TMS API: a client, one module for each resource, and the types of its answers."""
