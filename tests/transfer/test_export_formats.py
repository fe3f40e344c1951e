"""Each format read back by a reader that is not ours: geometry to the millimetre, values, CRS and statement."""

import csv
import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from datetime import date, datetime

import ezdxf
import geopandas
import numpy as np
import openpyxl
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from django.utils import timezone
from pyproj import CRS

from layers import geo
from layers.collections.parcels.models import Parcel
from layers.transfer.export import Format, export_parcels
from layers.transfer.export_maps import short_names
from layers.transfer.export_tables import csv_cell, harmless
from tests.cast import MUI_NE
from tests.transfer.parcels import ABOUT, FIELD, FORMULA, HOSTILE, KEYS, OFFICER, OLD

pytestmark = pytest.mark.django_db
MILLIMETRE = 0.001
SOURCE = "dự án Bản đồ Bình Thuận"


def made(form: Format, keys=KEYS) -> bytes:
    return export_parcels(keys, form, ABOUT, OFFICER).content


def as_file(tmp_path, form: Format, name: str):
    path = tmp_path / name
    path.write_bytes(made(form))
    return path


def table_geometries() -> list[shapely.Polygon]:
    """As the table holds them, in the order of KEYS."""
    held = {row.key: shapely.from_wkb(bytes(row.geom.wkb)) for row in Parcel.objects.filter(key__in=KEYS)}
    return [held[key] for key in KEYS]


def same(found, *, within: float = MILLIMETRE) -> bool:
    pairs = zip(found, table_geometries(), strict=True)
    return all(a.interiors.__len__() == b.interiors.__len__() and shapely.hausdorff_distance(a, b) < within
               for a, b in pairs)  # fmt: skip


def require_statement(said: dict[str, object]) -> None:
    assert said["question"] == ABOUT.question and said["title"] == ABOUT.title
    assert said["exported_on"] == str(timezone.localdate()) and said["data_from"] == str(timezone.localdate())
    assert int(said["number_of_features"]) == len(KEYS)
    assert SOURCE in said["source"] and "MIT" in said["licence"]
    assert str(said["synthetic"]) == "True" and "4 thửa là DỮ LIỆU TỔNG HỢP" in said["notice"]


# --- tables ---------------------------------------------------------------------------------------------------------


def csv_rows() -> list[dict[str, str]]:
    content = made(Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_csv_says_in_each_row_what_it_is(land):
    rows = csv_rows()
    assert [row["Mã bản ghi"] for row in rows] == list(KEYS)
    for row in rows:
        assert row["Điều kiện chọn"] == ABOUT.question and row["Số thửa trong tệp"] == "5"
        assert (
            "EPSG:9218" in row["Hệ tọa độ"] and SOURCE in row["Nguồn, giấy phép"] and "MIT" in row["Nguồn, giấy phép"]
        )
        assert row["Ngày xuất"] == row["Ngày ghi nhận"] == str(timezone.localdate())
        assert "DỮ LIỆU TỔNG HỢP" in row["Lưu ý"] and None not in row
    assert [row["Dữ liệu tổng hợp"] for row in rows] == ["không", "có", "có", "có", "có"]
    assert [row["Trạng thái"] for row in rows][3] == "Đã hủy số"
    assert rows[1]["Tên xã, phường"] == "Phường Mũi Né"
    for row, shape in zip(rows, table_geometries(), strict=True):
        assert shape.contains(shapely.Point(float(row["Y – đông (m)"]), float(row["X – bắc (m)"])))


def test_csv_runs_nothing_and_numbers_stay_numbers(land):
    hostile, field = csv_rows()[0], csv_rows()[2]
    assert hostile["Hiện trạng"] == f"'{FORMULA}" and hostile["Loại đất trước đó"] == "'-1+1"
    assert float(field["Diện tích pháp lý (m²)"]) == 1234567890.5 and field["Loại đất trên giấy"] == ""
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for row in csv_rows() for value in row.values())


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", " =1", "＝1", "\ufeff=1"])
def test_what_begins_a_formula_gets_an_apostrophe(words):
    assert harmless(words) == f"'{words}"


@pytest.mark.parametrize("words", ["", "ODT", "a=1", "Đất ở -1", "'=1", "12/345"])
def test_other_words_stay_as_they_are(words):
    assert harmless(words) == words


def test_negative_numbers_stay_numbers(land):
    assert csv_cell(-12.5) == -12.5 and csv_cell("-12.5") == "'-12.5"


def test_xlsx_is_typed_frozen_and_filtered(land):
    book = openpyxl.load_workbook(io.BytesIO(made(Format.XLSX)))
    sheet, info = book["Thửa đất"], book["Thông tin"]
    heads, *rows = sheet.iter_rows()
    column = {cell.value: n for n, cell in enumerate(heads)}
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref == f"A1:{heads[-1].column_letter}6"
    assert [row[0].value for row in rows] == list(KEYS)
    field, hostile = rows[2], rows[0]
    assert field[column["Diện tích pháp lý (m²)"]].value == 1234567890.5
    assert field[column["Tờ bản đồ số"]].value == 45 and field[column["Loại đất trên giấy"]].value is None
    assert field[column["Ngày ghi nhận"]].value.date() == timezone.localdate()
    assert isinstance(field[column["Ngày ghi nhận"]].value, datetime)
    cell = hostile[column["Hiện trạng"]]
    assert cell.data_type == "s" and cell.value == f"'{FORMULA}"
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    said = {row[0].value: row[1].value for row in info.iter_rows()}
    assert said["Điều kiện chọn"] == ABOUT.question and said["Chọn lúc"] == "09:30 25/11/2026"
    assert said["Số lượng thửa"] == "5" and "EPSG:9218" in said["Hệ tọa độ"] and SOURCE in said["Nguồn"]
    assert "DỮ LIỆU TỔNG HỢP" in said["Lưu ý"] and said["Trang gốc"] == ABOUT.page_url


# --- map files ------------------------------------------------------------------------------------------------------


def require_values(table) -> None:
    """What every map file holds of the field and the hostile parcel."""
    rows = {row["key"]: row for row in table.to_dict("records")}
    assert list(table["key"]) == list(KEYS)
    assert rows[MUI_NE]["area_name"] == "Phường Mũi Né"
    assert rows[HOSTILE]["land_use_now"] == FORMULA  # machines are told the value itself
    assert rows[FIELD]["legal_area_m2"] == 1234567890.5 and rows[FIELD]["sheet_no"] == 45
    assert rows[OLD]["status"] == "retired" and np.isnan(rows[OLD]["legal_area_m2"])
    assert table["land_use_legal"].isna().tolist() == [False, False, True, False, False]


def test_geojson_is_plain_wgs_84(land, tmp_path):
    path = as_file(tmp_path, Format.GEOJSON, "a.geojson")
    document = json.loads(path.read_text(encoding="utf-8"))
    require_statement(document)
    assert "crs" not in document and "4326" in document["statement_crs"]
    table = geopandas.read_file(path)
    assert table.crs.to_epsg() == geo.WGS84
    require_values(table)
    assert same([geo.transform_geometry(shape, geo.WGS84, geo.VN2000) for shape in table.geometry])
    assert all(shape.exterior.is_ccw for shape in table.geometry)
    assert [each["id"] for each in document["features"]] == list(KEYS)


def test_geopackage_says_what_it_is(land, tmp_path):
    path = as_file(tmp_path, Format.GPKG, "a.gpkg")
    table = geopandas.read_file(path)
    assert table.crs.to_epsg() == geo.VN2000 and same(table.geometry, within=1e-9)
    require_values(table)
    assert table["recorded_on"].iloc[0].date() == timezone.localdate() and table["synthetic"].dtype == bool
    known = pyogrio.read_info(path, layer="thua_dat")
    require_statement(known["layer_metadata"])
    with sqlite3.connect(path) as file:
        name, words = file.execute("SELECT identifier, description FROM gpkg_contents").fetchone()
        assert name == ABOUT.title and ABOUT.question in words and "DỮ LIỆU TỔNG HỢP" in words
        assert file.execute("SELECT count(*) FROM gpkg_metadata").fetchone()[0] >= 1
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_shapefile_keeps_letters_numbers_and_crs(land, tmp_path):
    path = as_file(tmp_path, Format.SHP, "a.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
        assert {name.partition(".")[2] for name in archive.namelist()} == {"shp", "shx", "dbf", "prj", "cpg", "txt"}
    prj = (tmp_path / "thua_dat.prj").read_text()
    assert "TOWGS84" not in prj and CRS.from_wkt(prj).to_epsg(min_confidence=25) == geo.VN2000
    assert (tmp_path / "thua_dat.cpg").read_text() == "UTF-8"
    readme = (tmp_path / "README.txt").read_bytes().decode("utf-8-sig")
    table = geopandas.read_file(tmp_path / "thua_dat.shp")
    names = [name for name in table.columns if name != "geometry"]
    assert all(len(name.encode()) <= 10 for name in names) and len({name.lower() for name in names}) == len(names)
    full = {name: line.split()[1] for name in names for line in readme.splitlines() if line.startswith(f"  {name} ")}
    assert set(full) == set(names)
    require_values(table.rename(columns=full))
    assert same(table.geometry, within=1e-9)
    for words in (ABOUT.question, "EPSG:9218", "DỮ LIỆU TỔNG HỢP", SOURCE, "retired = Đã hủy số"):
        assert words in readme


def test_names_that_would_be_the_same_get_numbers():
    found = short_names(["land_use_legal", "land_use_later", "LAND_USE_L", "diện_tích_thửa", *(f"x{'y' * 20}{n}" for n in range(30))])  # fmt: skip  # noqa: E501
    assert list(found.values())[:3] == ["land_use_l", "land_use_1", "LAND_USE_2"]
    assert all(len(name.encode()) <= 10 for name in found.values())
    assert len({name.lower() for name in found.values()}) == len(found)


def test_geoparquet_says_its_crs(land, tmp_path):
    path = as_file(tmp_path, Format.GEOPARQUET, "a.parquet")
    metadata = pyarrow.parquet.read_schema(path).metadata
    require_statement(json.loads(metadata[b"binhthuan"]))
    column = json.loads(metadata[b"geo"])["columns"]["geometry"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": geo.VN2000} and column["encoding"] == "WKB"
    table = geopandas.read_parquet(path)
    assert table.crs.to_epsg() == geo.VN2000 and same(table.geometry, within=1e-9)
    require_values(table)
    assert isinstance(table["recorded_on"].iloc[0], date)


# --- drawing --------------------------------------------------------------------------------------------------------


def test_dxf_has_the_layers_of_the_cadastral_map(land, tmp_path):
    path = as_file(tmp_path, Format.DXF, "a.dxf")
    drawing = ezdxf.readfile(path)
    assert drawing.dxfversion == "AC1024" and not drawing.audit().errors and drawing.units == ezdxf.units.M
    space = drawing.modelspace()
    rings = [line for line in space.query("LWPOLYLINE") if line.dxf.layer.startswith("10_RANH_THUA")]
    assert all(ring.closed for ring in rings) and len(rings) == 6
    outer = [ring for ring in rings if ring.has_xdata("BINHTHUAN")]
    told = [dict(tag.value.split("=", 1) for tag in ring.get_xdata("BINHTHUAN")) for ring in outer]
    assert [each["key"] for each in told] == list(KEYS) and told[2]["area_name"] == "Phường Mũi Né"
    assert [ring.dxf.layer for ring in outer] == ["10_RANH_THUA"] * 3 + ["10_RANH_THUA_DA_HUY", "10_RANH_THUA"]
    assert told[3]["status"] == "retired" and told[0]["land_use_now"] == FORMULA
    drawn = [shapely.Polygon(ring.get_points("xy")) for ring in outer]
    for shape, held in zip(drawn, table_geometries(), strict=True):
        assert shapely.hausdorff_distance(shape, shapely.Polygon(held.exterior)) < 1e-9
    pond = next(shapely.Polygon(ring.get_points("xy")) for ring in rings if not ring.has_xdata("BINHTHUAN"))
    assert shapely.hausdorff_distance(pond, shapely.Polygon(table_geometries()[2].interiors[0])) < 1e-9
    texts = {layer: [t.dxf.text for t in space.query(f"TEXT[layer=='{layer}']")] for layer in
             ("13_SO_THUA", "4_DIEN_TICH", "2_LOAI_DAT")}  # fmt: skip
    assert texts["13_SO_THUA"] == ["202", "123", "200", "201", "1"]
    assert texts["4_DIEN_TICH"][1:4] == ["1000.0", "1234567890.5", "1000.0"]
    assert texts["2_LOAI_DAT"][2] == "NTS" and len(space.query("POINT[layer=='11_DIEM_NHAN_THUA']")) == 5
    assert len(space.query("LWPOLYLINE[layer=='63_KHUNG']")) == 1
    handles = [entity.dxf.handle for entity in drawing.entitydb.values()]
    assert len(handles) == len(set(handles)) and int(drawing.header["$HANDSEED"], 16) > max(int(h, 16) for h in handles)


def test_dxf_says_what_it_is_in_three_places(land):
    text = made(Format.DXF).decode()
    drawing = ezdxf.read(io.StringIO(text))
    require_statement(dict(drawing.header.custom_vars.properties))
    words = drawing.modelspace().query("MTEXT").first.plain_text()
    for said in (ABOUT.question, "EPSG:9218", "X là bắc, Y là đông", "DỮ LIỆU TỔNG HỢP", SOURCE):
        assert said in words and said in text[:2000]


def test_gdal_reads_the_dxf_alike(land, tmp_path):
    table = pyogrio.read_dataframe(as_file(tmp_path, Format.DXF, "a.dxf"))
    lines = table[table["Layer"].str.startswith("10_RANH_THUA")].geometry
    outers = [line for n, line in enumerate(lines) if n != 3]  # after the field's outline comes its pond
    for line, held in zip(outers, table_geometries(), strict=True):
        assert shapely.hausdorff_distance(line, held.exterior) < MILLIMETRE
    assert set(table["Layer"]) >= {"10_RANH_THUA", "13_SO_THUA", "4_DIEN_TICH", "2_LOAI_DAT", "11_DIEM_NHAN_THUA"}


@pytest.mark.parametrize("form", list(Format))
def test_control_characters_break_no_file(land, tmp_path, form):
    about = replace(ABOUT, title="a\x00\x0b\ud800\tb", question="<x>&\"'\x1f\r\n=1")
    content = export_parcels(KEYS, form, about, OFFICER).content
    if form is Format.XLSX:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.properties.title == "a b" and book["Thông tin"]["B2"].value == "<x>&\"' =1"
    elif form is Format.GPKG:
        (tmp_path / "a.gpkg").write_bytes(content)
        assert pyogrio.read_info(tmp_path / "a.gpkg")["layer_metadata"]["question"] == "<x>&\"' =1"
    assert b"\x0b" not in content or form is not Format.CSV


def test_a_text_with_line_breaks_begins_no_tag_of_the_dxf(land):
    about = replace(ABOUT, question="một\n  0\nEOF\n{\\fArial;hai}\x00")
    content = export_parcels([MUI_NE], Format.DXF, about, OFFICER).content
    assert "một 0 EOF" in content.decode()
    drawing = ezdxf.read(io.StringIO(content.decode()))
    assert len(drawing.modelspace().query("MTEXT")) == 1 and content.count(b"\nEOF\n") == 1
