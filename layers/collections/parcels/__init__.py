"""Land parcels, and apart from them the personal tables: parties and rights."""
