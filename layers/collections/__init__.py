"""What we hold: one folder per collection. The folder's name is its id in URLs. Copy tourism_sites to add one."""
