"""Zones of land-use plans."""
