"""The plan of the house, held by tests: who may import whom, what a face may not touch, what must be described."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from layers.collections.registry import COLLECTIONS

ROOT = Path(__file__).resolve().parent.parent
FACES = ("ogc", "pages", "management")
SOURCES = sorted(
    path for path in (ROOT / "layers").rglob("*.py") if not {"migrations", "frontend", "node_modules"} & set(path.parts)
)
FORBIDDEN_NAMES = {"common", "core", "utils", "helpers", "misc", "manager"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def room(path: Path) -> str:
    return path.relative_to(ROOT / "layers").parts[0]


def test_rooms_import_downward_only():
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in SOURCES if room(p) in FACES], ids=relative)
def test_a_face_touches_no_rows_cursor_or_transaction(path):
    text = path.read_text(encoding="utf-8")
    if path.name == "ensure_administrator.py":
        return  # accounts are Django's own and no collection
    found = re.findall(r"\.objects\b|\.cursor\(|transaction\.atomic|connection\b(?!s)", text)
    assert not found, f"{path.name}: {found}; ask reading, or change things by the verbs of editing"


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if room(p) not in (*FACES, "templatetags", "admin.py")], ids=relative
)
def test_nothing_below_the_faces_knows_http(path):
    http = ("django.http", "django.urls", "django.shortcuts", "django.views")
    assert not {name for name in imported(path) if name.startswith(http)}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_heavy_libraries_stay_in_their_rooms(path):
    names = imported(path)
    if room(path) not in ("transfer", "reports"):
        assert not {n for n in names if n.split(".")[0] in ("geopandas", "pandas")}
    if room(path) != "reports":
        assert not {n for n in names if n.split(".")[0] in ("folium", "weasyprint", "segno")}


def test_published_rows_are_written_in_one_place():
    """Only editing/publish.py names INSERT, UPDATE or DELETE on a table, or saves rows of collections."""
    for path in SOURCES:
        if path.name == "publish.py":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(INSERT INTO|UPDATE|DELETE FROM) +[\"{]?layers_", text), path
        assert not re.search(r"\.(bulk_create|bulk_update|update_or_create|get_or_create)\(", text), path


def test_srids_are_numbers_in_geo_only():
    for path in SOURCES:
        if path.name.startswith("geo"):
            continue
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        numbers = {node.value for node in nodes if isinstance(node, ast.Constant)}
        assert not numbers & {4326, 3857, 9218, 4756, 3405, 3406}, path


def test_no_room_is_a_junk_drawer():
    for path in (ROOT / "layers").rglob("*"):
        if "node_modules" not in path.parts:
            assert path.stem not in FORBIDDEN_NAMES, path


def test_nothing_is_inline_in_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"", text), path
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script or "application/" in script, path


def test_every_package_says_what_it_is():
    for path in (ROOT / "layers").rglob("__init__.py"):
        if {"migrations", "commands", "templatetags", "node_modules"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{path} has no docstring"
        assert len(tree.body) == 1, f"{path} holds more than its docstring"


def test_commands_settings_and_collections_are_documented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for name, app in get_commands().items():
        if app == "layers":
            assert f"`{name}`" in readme + architecture or f"manage {name}" in readme + architecture, name
    for name in re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', (ROOT / "gis_app" / "settings.py").read_text()):
        assert f"`{name}`" in architecture, name
    for collection in COLLECTIONS:
        assert f"`{collection.id}`" in architecture, collection.id


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_the_checks_find_nothing():
    call_command("check", fail_level="WARNING", databases=["default"])
