"""Face for the terminal: thin commands."""
