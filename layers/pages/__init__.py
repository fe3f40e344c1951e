"""Face for people: HTML pages."""
