"""The only SRID numbers of the house."""

WGS84 = 4326
WEB_MERCATOR = 3857
VN2000 = 9218
