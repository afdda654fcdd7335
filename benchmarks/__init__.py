"""Ratios against peers and against the floor, one command each: `make bench-NAME`."""
