"""Files of parcels: who may have them, that nothing is left out, and that each file says what it holds."""

import io
import zipfile

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pyarrow import parquet

from layers.access.reader import PUBLIC
from layers.errors import Invalid, NotAllowed, NotFound
from layers.transfer.export import Format, export_parcels
from tests.cast import HAM_TIEN, MUI_NE, OWNER, OWNER_NO, PHUOC_HOI, alice, bob, charlie, sue
from tests.transfer.parcels import ABOUT, FIELD, KEYS, OLD

pytestmark = pytest.mark.django_db
every_format = pytest.mark.parametrize("form", list(Format))


def unpacked(content: bytes) -> bytes:
    """The bytes, and what they hold where they are compressed."""
    if content.startswith(b"PAR1"):
        return content + str(parquet.read_table(io.BytesIO(content)).to_pydict()).encode()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join([content, *(archive.read(name) for name in archive.namelist())])


def test_only_people_of_the_desk_get_a_file(land):
    for reader in (alice(), bob(), charlie(), sue()):
        assert export_parcels([MUI_NE], Format.CSV, ABOUT, reader).count == 1
    with pytest.raises(NotAllowed, match="đăng nhập"):
        export_parcels([MUI_NE], Format.CSV, ABOUT, PUBLIC)


def test_where_parcels_are_not_public_only_those_of_the_territory(land):
    reader = alice()
    with override_settings(PUBLIC_PARCELS=False):
        assert export_parcels([MUI_NE, HAM_TIEN], Format.CSV, ABOUT, reader).count == 2
        with pytest.raises(NotFound, match=f"ngoài địa bàn của bạn: {PHUOC_HOI}"):
            export_parcels([MUI_NE, PHUOC_HOI], Format.CSV, ABOUT, reader)
        with pytest.raises(NotAllowed):
            export_parcels([MUI_NE], Format.CSV, ABOUT, PUBLIC)
    assert export_parcels([MUI_NE, PHUOC_HOI], Format.CSV, ABOUT, reader).count == 2


@every_format
def test_no_owner_is_in_any_byte(land, form):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM layers_party WHERE name = %s AND identity_no = %s", [OWNER, OWNER_NO])
        assert cursor.fetchone()[0], "there must be an owner who could leak"
    content = unpacked(export_parcels([*KEYS, PHUOC_HOI], form, ABOUT, alice()).content)
    assert "Phường Mũi Né".encode() in content, "the bytes must be readable"
    for word in (OWNER, "Bí Mật", OWNER_NO, "r-22915", "party"):
        for encoding in ("utf-8", "utf-16-le"):
            assert word.encode(encoding) not in content, word


@every_format
def test_unknown_keys_are_named_and_nothing_is_written(land, form):
    keys = [MUI_NE, *(f"không-có-{n}" for n in range(7)), "nul\x00"]
    with pytest.raises(NotFound) as fault:
        export_parcels(keys, form, ABOUT, alice())
    assert "không-có-0, không-có-1" in fault.value.message and "không-có-5" not in fault.value.message
    assert "Và 3 thửa nữa" in fault.value.message and fault.value.parameter == "keys"


@pytest.mark.parametrize("hostile", ["'; DROP TABLE layers_parcel; --", "%s", "\x00", "x" * 10_000, ""])
def test_hostile_keys_are_unknown_ones(land, hostile):
    with pytest.raises(NotFound) as fault:
        export_parcels([hostile], Format.CSV, ABOUT, alice())
    assert len(fault.value.message) < 200 and "\x00" not in fault.value.message


def test_none_and_too_many_are_refused_in_words(land):
    reader = alice()
    with pytest.raises(Invalid, match="Chưa chọn thửa"):
        export_parcels([], Format.CSV, ABOUT, reader)
    with CaptureQueriesContext(connection) as asked:
        with pytest.raises(Invalid, match=r"20\.001 thửa, nhiều hơn giới hạn 20\.000 thửa"):
            export_parcels([str(n) for n in range(20_001)], Format.CSV, ABOUT, reader)
        with pytest.raises(NotFound):  # the limit itself is allowed
            export_parcels([str(n) for n in range(20_000)], Format.CSV, ABOUT, reader)
    assert len(asked) == 1, "too many are refused before the database is asked"


def test_one_statement_reads_and_a_key_counts_once(land):
    reader = alice()
    with CaptureQueriesContext(connection) as asked:
        assert export_parcels([MUI_NE, OLD, MUI_NE], Format.GEOJSON, ABOUT, reader).count == 2
    assert len(asked) == 1


@every_format
def test_the_same_rows_give_the_same_bytes(land, form):
    reader = alice()
    first, second = (export_parcels(KEYS, form, ABOUT, reader).content for _ in range(2))
    if form is Format.DXF:  # the library gives each drawing an identity of its own
        first, second = (set(each.split(b"\n")) for each in (first, second))
        assert len(first ^ second) <= 8
    else:
        assert first == second


def test_names_and_types_of_files(land):
    reader, day = alice(), timezone.localdate()
    made = {form: export_parcels(KEYS, form, ABOUT, reader) for form in Format}
    endings = {form: each.file_name.partition(f"{day}.")[2] for form, each in made.items()}
    assert set(endings.values()) == {"csv", "xlsx", "geojson", "gpkg", "shp.zip", "dxf", "parquet"}
    assert made[Format.CSV].file_name == f"dat-o-chua-cap-giay-{day}.csv"
    assert made[Format.GEOJSON].media_type == "application/geo+json"


@every_format
def test_a_failing_writer_leaves_no_file_behind(land, form, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    reader = alice()
    export_parcels([FIELD], form, ABOUT, reader)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr("pyogrio.write_arrow", _broken)
    if form in (Format.GPKG, Format.SHP):
        with pytest.raises(OSError, match="disk"):
            export_parcels([FIELD], form, ABOUT, reader)
    assert list(tmp_path.iterdir()) == []


def _broken(*args, **kwargs):
    raise OSError("disk is full")


@every_format
def test_english_files_speak_english(land, form):
    with translation.override("en"):
        content = unpacked(export_parcels(KEYS, form, ABOUT, alice()).content)
    if form is not Format.GEOPARQUET:  # its metadata are seen by a reader of its own
        assert b"4 of the parcels are SYNTHETIC DATA" in content
    if form in (Format.CSV, Format.XLSX):
        assert "X – north (m)".encode() in content and "Phường".encode() not in content
