"""Offices that handle procedures."""
