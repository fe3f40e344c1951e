"""How anything is read: FeatureQuery in, bytes or rows out, always through a Reader. Doors: items, tiles, search. Faces call."""
