"""Background jobs: taken once, taken up again, ended in words."""
