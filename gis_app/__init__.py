"""The site: settings and wiring, no behaviour."""
