"""Paper and shared maps."""
