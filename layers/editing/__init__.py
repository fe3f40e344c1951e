"""How anything changes: changesets, and the one door publish. Nothing else writes a published row."""
