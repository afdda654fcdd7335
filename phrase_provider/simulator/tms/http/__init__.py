"""What operations read from a request (path, query, headers, files), and pages of lists."""
