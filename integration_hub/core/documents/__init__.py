"""Documents out: their blocks before any file format, their colours, and the Word file."""
