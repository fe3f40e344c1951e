"""How anything is read: FeatureQuery in, bytes or rows out, always through a Reader. Faces call."""
