"""Loading the province's tables and real boundaries: complete, repeatable, all or nothing, clear about faults."""

import io
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings

from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.parcels.models import LandUse
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.models import Change, Changeset, Version
from tests.factories import FIRST_LIST, REFORM, given

pytestmark = pytest.mark.django_db

# Boundaries of the 45 units as a public data set gives them; beside the checkout where tests may read it.
REAL_BOUNDARIES = Path(__file__).resolve().parents[2] / "shared" / "geo" / "binhthuan_wards_2025.geojson"


def run(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def boundaries(tmp_path: Path, *features: dict, name: str = "units.geojson") -> str:
    path = tmp_path / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return str(path)


def unit(code: str = "22918", ring: list | None = None, **properties) -> dict:
    ring = ring or [[108.2, 10.9], [108.3, 10.9], [108.3, 11.0], [108.2, 11.0], [108.2, 10.9]]
    return {
        "type": "Feature",
        "properties": {"code": code, **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_it_loads_every_table_and_a_second_time_changes_nothing():
    run("load_demo", "--commit", "--parcels=0")

    assert (TourismSite.objects.count(), Agency.objects.count(), LandUse.objects.count()) == (109, 178, 80)
    communes = Area.objects.filter(level="commune")
    on = {
        day: communes.filter(valid_from__lte=day).exclude(valid_to__lte=day).count()
        for day in (FIRST_LIST, date(2020, 1, 1), date(2024, 12, 1), REFORM)
    }
    assert list(on.values()) == [127, 124, 121, 45]
    changes = Change.objects.count()
    assert changes >= 109 + 178 + 80 + 189

    run("load_demo", "--commit", "--parcels=0")

    assert (Change.objects.count(), Version.objects.count()) == (changes, 0)


def test_every_unit_of_2015_leads_to_a_unit_of_today():
    run("load_demo", "--commit", "--parcels=0")
    following: dict[str, set[str]] = {}
    for old, new in Succession.objects.exclude(to_key=None).values_list("from_key", "to_key"):
        following.setdefault(old, set()).add(new)
    today = set(Area.objects.filter(level="commune", valid_to=None).values_list("key", flat=True))

    def ends(key: str) -> set[str]:
        return {key} if key in today else {end for new in following.get(key, ()) for end in ends(new)}

    first = Area.objects.filter(level="commune", valid_from=FIRST_LIST).values_list("key", flat=True)
    assert len(first) == 127
    assert all(ends(key) and ends(key) <= today for key in first)
    assert ends("22978-2015") == {"22978-2025", "22972-2025"}  # Phong Phú was split


def test_a_dry_run_writes_nothing():
    assert "Add --commit" in run("load_demo")
    assert not Changeset.objects.exists()


def test_real_boundaries_replace_approximate_ones_and_stay(tmp_path):
    run("load_demo", "--commit", "--parcels=0")
    assert Area.objects.get(key="22918-2025").approximate

    run("load_boundaries", boundaries(tmp_path, unit()), "--source", "survey 2026", "--commit")

    area = Area.objects.get(key="22918-2025")
    assert (area.approximate, area.outline_source, area.version) == (False, "survey 2026", 2)
    assert area.geom.extent == (108.2, 10.9, 108.3, 11.0)
    assert Version.objects.get(record_id=area.pk).state["approximate"] is True
    run("load_demo", "--commit", "--parcels=0")
    assert not Area.objects.get(key="22918-2025").approximate


@pytest.mark.parametrize("path", [REAL_BOUNDARIES] if REAL_BOUNDARIES.exists() else [])
def test_the_real_boundaries_of_all_45_units_load(path):
    run("load_demo", "--commit", "--parcels=0")

    said = run("load_boundaries", str(path), "--source", "thanglequoc/vietnamese-provinces-database", "--commit")

    assert "45 boundaries replaced" in said
    assert Area.objects.filter(level="commune", valid_to=None, approximate=False).count() == 45


def test_boundaries_of_the_past_are_matched_on_their_day(tmp_path):
    run("load_demo", "--commit", "--parcels=0")
    run("load_boundaries", boundaries(tmp_path, unit()), "--source", "s", "--on", "2016-01-01", "--commit")
    assert not Area.objects.get(key="22918-2015").approximate
    assert Area.objects.get(key="22918-2025").approximate


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ([unit("99999")], "99999"),
        ([unit(), unit()], "twice"),
        ([unit(ring=[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])], "Self-intersection"),
        ([unit(ring=[[2, 48], [3, 48], [3, 49], [2, 48]])], "outside the province"),
        ([{"type": "Feature", "properties": {"code": "22918"}, "geometry": None}], "polygon"),
        ([{"type": "Feature", "properties": {"name": "x"}, "geometry": None}], "no field 'code'"),
    ],
)
def test_a_bad_boundary_file_is_refused_whole(tmp_path, features, said):
    given(Area)
    with pytest.raises(CommandError, match=said):
        run("load_boundaries", boundaries(tmp_path, *features), "--source", "s", "--commit")
    assert Area.objects.get().version == 1


def test_a_file_that_is_no_map_is_refused(tmp_path):
    path = tmp_path / "units.geojson"
    path.write_text("hello")
    with pytest.raises(CommandError, match="cannot be read"):
        run("load_boundaries", str(path), "--source", "s")


def test_the_first_administrator_gets_a_password_shown_once():
    said = run("ensure_administrator")
    password = said.split("Password:")[1].split()[0]
    user = get_user_model().objects.get()
    assert user.is_superuser and user.check_password(password) and len(password) >= 20
    assert password not in run("ensure_administrator")
    assert get_user_model().objects.count() == 1


def test_a_row_far_from_the_province_is_named_before_anything_is_written(tmp_path):
    shutil.copytree(settings.DATA_DIR, tmp_path / "data")
    path = tmp_path / "data" / "tourism_sites.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace(",10.9", ",110.9", 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with override_settings(DATA_DIR=tmp_path / "data"):
        for words in (["load_demo"], ["load_demo", "--commit", "--parcels=0"]):
            with pytest.raises(CommandError, match=r"tourism_sites.csv, row 2: lat 110.9"):
                run(*words)
    assert not Changeset.objects.exists()
