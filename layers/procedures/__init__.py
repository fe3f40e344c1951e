"""Where a feature leads: procedures, rules as data, and their pure evaluation."""
