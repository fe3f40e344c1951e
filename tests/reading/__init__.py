"""Questions in CQL2 and the selections made by them."""
