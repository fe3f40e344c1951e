"""A broken rule is refused with its file, its id and the field."""

import copy

import pytest
import yaml

from layers.errors import Invalid
from layers.procedures.files import read_book
from layers.procedures.rule import parse
from tests.procedures.rulebook import FOLDER

GOOD = next(entry.body for entry in read_book(FOLDER) if entry.rule.id == "parcel.project-agreement")


def changed(path: str, value: object) -> dict:
    body = copy.deepcopy(dict(GOOD))
    *parents, last = path.split(".")
    place = body
    for name in parents:
        place = place[int(name)] if name.isdigit() else place[name]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("id", "Parcel Split", "id"),
        ("revision", 0, "revision"),
        ("valid", ..., "valid"),
        ("valid.from", "tomorrow", "from"),
        ("valid.to", "2025-06-30", "valid"),
        ("audience", ["everybody"], "audience"),
        ("targets", ["roads"], "targets"),
        ("where.relation", "near", "relation"),
        ("where.min_share", -0.1, "min_share"),
        ("where.layers", "x", "layers"),
        ("when", {"attr": "status", "like": "x"}, "when"),
        ("when", {"attr": "status", "eq": None}, "when"),
        ("when", {"attr": "status", "in": []}, "when"),
        ("when", {"and": [{"attr": "status", "eq": "x"}]}, "when.and"),
        ("when", {"xor": []}, "when"),
        ("then.outcome", "maybe", "outcome"),
        ("then.procedure", "1.01394", "procedure"),
        ("then.priority", True, "priority"),
        ("because_vi", "Thửa {owner_name} ở đây.", "because_vi"),
        ("because_en", "word " * 41, "because_en"),
        ("law", [], "law"),
        ("law.0.status", "sure", "status"),
        ("cases", GOOD["cases"][:3], "cases"),
        ("cases.0.expect", "yes", "expect"),
        ("cases.0.on", "2026-01-01", "on"),
        ("note", "x", "note"),
    ],
)
def test_a_fault_names_file_rule_and_field(path, value, field):
    body = changed(path, value)
    with pytest.raises(Invalid) as caught:
        parse(body, source="parcels-use.yaml")
    assert "parcels-use.yaml" in caught.value.message
    assert str(body["id"]) in caught.value.message
    assert field in caught.value.message


def test_a_rule_without_any_test_is_refused():
    body = changed("where", None)
    body["when"] = None
    body["because_vi"] = body["because_en"] = "Luôn luôn."
    with pytest.raises(Invalid, match="would show on everything"):
        parse(body, source="x.yaml")


def test_a_kind_of_case_that_is_missing_is_named():
    body = changed("cases", [case for case in GOOD["cases"] if case["kind"] != "boundary"] * 2)
    with pytest.raises(Invalid, match="no boundary case"):
        parse(body, source="x.yaml")


def test_a_law_outside_the_register_is_refused(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "laws.yaml").write_text("a: {document: X, article: '', title_vi: x, title_en: x, status: verified}")
    body = dict(GOOD) | {"law": ["b"]}
    (tmp_path / "rules" / "one.yaml").write_text(yaml.safe_dump([body], allow_unicode=True))
    with pytest.raises(Invalid, match=r"one\.yaml, rule parcel\.project-agreement, field law: 'b'"):
        read_book(tmp_path)


def test_two_rules_of_one_id_are_refused(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "laws.yaml").write_text("a: {document: X, article: '', title_vi: x, title_en: x, status: verified}")
    body = dict(GOOD) | {"law": ["a"]}
    (tmp_path / "rules" / "one.yaml").write_text(yaml.safe_dump([body, body], allow_unicode=True))
    with pytest.raises(Invalid, match="another rule has this id"):
        read_book(tmp_path)
