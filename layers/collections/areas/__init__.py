"""Administrative areas with time: every unit since 2015 and what became of it."""
