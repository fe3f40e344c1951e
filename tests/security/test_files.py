"""Map files that make GDAL read other files or call addresses: refused before GDAL sees them."""

import http.server
import json
import sqlite3
import threading
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from layers.collections.areas.models import Area
from tests.factories import given

pytestmark = pytest.mark.django_db
SECRET = "root:x:0:0"


@pytest.fixture
def listener():
    """An address that must not be called, with the list of the paths that were."""
    calls = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            calls.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", calls
    server.shutdown()
    server.server_close()


def collection(**members) -> str:
    shape = {"type": "Polygon", "coordinates": [[[108.2, 10.9], [108.3, 10.9], [108.3, 11], [108.2, 10.9]]]}
    feature = {"type": "Feature", "properties": {"code": "22918"}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **members})


def refused(path: Path | str) -> str:
    given(Area)
    with pytest.raises(CommandError) as fault:
        call_command("load_boundaries", str(path), "--source", "test", "--commit")
    assert SECRET not in str(fault.value) and not Area.objects.filter(approximate=False).exists()
    return str(fault.value)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.vrt", "a.kml"])
def test_a_virtual_format_is_refused_whatever_its_name(tmp_path, listener, name):
    address, calls = listener
    for text in (
        '<OGRVRTDataSource><OGRVRTLayer name="p"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        f"<OGRWFSDataSource><URL>{address}/wfs</URL></OGRWFSDataSource>",
    ):
        (tmp_path / name).write_text(text)
        refused(tmp_path / name)
    assert calls == []


@pytest.mark.parametrize("twice", [False, True])
def test_a_crs_that_is_an_address_is_not_called(tmp_path, listener, twice):
    address, calls = listener
    link = {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}}
    text = collection(crs=link)
    if twice:
        named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}
        text = text[:-1] + f', "crs": {json.dumps(named)}}}'
    (tmp_path / "a.geojson").write_text(text)
    assert "`crs` must name" in refused(tmp_path / "a.geojson")
    assert calls == []


def test_an_address_is_no_file(listener):
    address, calls = listener
    for path in (f"{address}/a.geojson", f"/vsicurl/{address}/a.geojson", f"/vsicurl?url={address}/a.geojson"):
        assert "is not a file" in refused(path)
    assert calls == []


def test_a_packed_file_is_refused_unopened(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.geojson", " " * 50_000_000)
    refused(tmp_path / "a.zip")
    (tmp_path / "a.geojson").write_bytes((tmp_path / "a.zip").read_bytes())
    refused(tmp_path / "a.geojson")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW units AS SELECT 1 AS code",
        "CREATE TRIGGER odd AFTER INSERT ON plain BEGIN SELECT 1; END",
        "CREATE VIRTUAL TABLE stranger USING fts5(text)",
    ],
)
def test_a_geopackage_with_more_than_plain_tables_is_refused(tmp_path, statement):
    path = tmp_path / "a.gpkg"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE plain (code TEXT)")
    database.execute(statement)
    database.commit()
    database.close()
    assert "no plain table" in refused(path)


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
def test_the_formats_that_are_taken_are_read(tmp_path, name):
    import geopandas
    import shapely

    given(Area)
    shape = shapely.box(108.2, 10.9, 108.3, 11.0)
    geopandas.GeoDataFrame({"code": ["22918"]}, geometry=[shape], crs=4326).to_file(tmp_path / name)
    call_command("load_boundaries", str(tmp_path / name), "--source", "test", "--commit")
    assert Area.objects.get(key="22918-2025").approximate is False
