"""Face for machines: OGC API Common, Features, Tiles, Styles."""
