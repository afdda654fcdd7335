"""What can be waited for in Phrase TMS: a file for each kind, with its condition and its reader."""
