"""The TMS API, one module for each resource."""
