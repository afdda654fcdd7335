"""The parts of `make bench-waiting`."""

#: Before what a probe found, on a line of its output.
MARK = "PROBE"
