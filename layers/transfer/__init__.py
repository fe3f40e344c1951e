"""Files in and out, and synthetic data. The only room with geopandas."""
