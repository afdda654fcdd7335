"""What the benchmark of continuous translation runs, each in a process of its own."""

#: Begins the line of a process's output that has what it found.
MARK = "FOUND "
