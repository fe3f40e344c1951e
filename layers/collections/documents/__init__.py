"""Decisions, papers of certificates, plans and archive references: what gives a parcel its legal basis."""
