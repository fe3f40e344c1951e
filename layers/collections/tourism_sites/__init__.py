"""Places a visitor goes to. The collection to copy."""
