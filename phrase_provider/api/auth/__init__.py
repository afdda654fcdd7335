"""Access tokens: exchanged, and shared by the processes of a host."""
