"""Operators of Phrase TMS: projects, jobs, exports and the delivery report."""
