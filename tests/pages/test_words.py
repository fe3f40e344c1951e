"""Words: two languages from the first string, numbers and days as each writes them."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from layers.pages import map_text, wording

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "layers" / "locale" / "en" / "LC_MESSAGES" / "django.po"
EXTRACT = ("--no-location", "--no-obsolete", "--keep-pot")


def test_every_word_of_the_interface_is_translated():
    done = subprocess.run(
        ["msgfmt", "--check-format", "--statistics", "-o", "/dev/null", str(CATALOGUE)],
        capture_output=True, text=True, check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )  # fmt: skip
    assert "untranslated" not in done.stderr
    assert "fuzzy" not in done.stderr
    assert "fuzzy" not in CATALOGUE.read_text(encoding="utf-8")


def test_no_word_in_the_sources_is_missing_from_the_catalogue(tmp_path, monkeypatch, settings):
    """`makemessages`, run on a copy, finds nothing that the committed catalogue does not hold."""
    without = shutil.ignore_patterns("frontend", "locale", "__pycache__")
    for part in ("layers", "templates", "gis_app"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=without)
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", "--locale=en", *EXTRACT, verbosity=0)
    found = (tmp_path / "locale" / "django.pot").read_text(encoding="utf-8")
    assert "Khám phá Bình Thuận" in msgids(found)
    assert msgids(found) - msgids(CATALOGUE.read_text(encoding="utf-8")) == set()


def msgids(text: str) -> set[str]:
    entries = re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\n)+)', text, flags=re.M)
    return {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', entry)) for entry in entries}


def test_the_map_and_the_server_name_the_same_words():
    source = (ROOT / "layers" / "frontend" / "map" / "text.ts").read_text(encoding="utf-8")
    body = source[source.index("export const TEXT = {") : source.index("} as const")]
    in_map = dict(re.findall(r"^\s*(\w+):\s*'(.*)',$", body, flags=re.M))
    assert map_text.texts() == in_map
    with translation.override("en"):
        assert {name for name, text in map_text.texts().items() if text == in_map[name]} == {"metre", "kilometre"}


@pytest.mark.parametrize(
    ("language", "day", "number", "area", "large"),
    [
        ("vi", "01/07/2025", "1.234,5", "9.999,9 m²", "1,00 ha"),
        ("en", "1 July 2025", "1,234.5", "9,999.9 m²", "1.00 ha"),
    ],
)
def test_days_numbers_and_areas(language, day, number, area, large):
    with translation.override(language):
        assert wording.day(date(2025, 7, 1)) == wording.day("2025-07-01") == day
        assert wording.number(1234.5) == number
        assert wording.area(9999.9) == area
        assert wording.area(10_000) == large
        assert wording.number(1000) in ("1.000", "1,000")
        assert wording.day(None) == wording.number(None) == wording.area(None) == ""


def test_a_period_names_its_last_day():
    first, end = date(2015, 5, 16), date(2025, 7, 1)
    assert wording.period(first, end) == "16/05/2015 – 30/06/2025"
    assert wording.period(end, None) == "từ 01/07/2025"
    assert wording.period(None, end) == "đến hết 30/06/2025"
    assert wording.period(None, None) == ""
