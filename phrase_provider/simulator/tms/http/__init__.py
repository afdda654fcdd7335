"""Reading of requests (path, query, headers, files), and pages of lists."""
