"""Editing a rule in the admin: checked, previewed, published with who and why, and never half."""

from __future__ import annotations

from datetime import date

import pytest

from layers.access.reader import PUBLIC
from layers.collections.parcels.models import Parcel
from layers.editing.models import Changeset, Version
from layers.editing.publish import publish
from layers.procedures.catalogue import procedures_of
from layers.procedures.files import as_text, read_text
from layers.procedures.models import Rule
from layers.transfer.rule_book import procedure_batches
from tests.factories import changeset, given
from tests.procedures.conftest import DATA

KEY = "parcel.split-merge"


@pytest.fixture
def alice(admin_client, mui_ne):
    given(Parcel)
    return admin_client


def address(rule: Rule) -> str:
    return f"/quan-tri/layers/rule/{rule.pk}/change/"


def contrary(rule: Rule) -> str:
    """The rule's text asking for parcels without a certificate instead, its cases with it."""
    return as_text(rule.body).replace("issued", "§").replace("none", "issued").replace("§", "none")


def shown() -> set[str]:
    found = procedures_of("parcels", "22915-2015-45-123", PUBLIC, on=date(2026, 8, 1))
    return {card.code for _level, cards in found.groups for card in cards}


def test_every_stored_rule_reads_back_from_its_text(rule_book):
    for rule in Rule.objects.all():
        assert read_text(as_text(rule.body), source="editor").body == rule.body


def test_an_edit_is_published_with_who_and_why_and_the_old_state_kept(alice):
    rule = Rule.objects.get(key=KEY)
    assert "1.012784" in shown()
    text = contrary(rule)
    answer = alice.post(address(rule), {"text": text, "reason": "Thử đổi điều kiện"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    rule.refresh_from_db()
    assert (rule.version, rule.changeset.reason, rule.changeset.actor_name) == (2, "Thử đổi điều kiện", "admin")
    assert Version.objects.filter(record_type="rule", record_id=rule.pk, version=1).count() == 1
    assert "1.012784" not in shown()
    publish(changeset(), procedure_batches(DATA))
    rule.refresh_from_db()
    assert rule.version == 2, "loading the files again does not undo what was edited here"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("1.012784", "1.999999", "no procedure 1.999999"),
        ("outcome: permit", "outcome: maybe", "field outcome"),
        ("id: parcel.split-merge", "id: parcel.other", "Mã quy tắc không đổi được"),
        ("eq: issued", "eq: none", "case “thửa đã có Giấy chứng nhận”: expected applies"),
        ("cases:", "sight: 1\ncases:", "field sight"),
        ("id: parcel", "id: [parcel", "not readable as YAML"),
    ],
)
def test_a_faulty_text_is_refused_with_the_reason_and_changes_nothing(alice, old, new, sentence):
    rule = Rule.objects.get(key=KEY)
    text = as_text(rule.body).replace(old, new)
    assert text != as_text(rule.body)
    answer = alice.post(address(rule), {"text": text, "reason": "x"})
    assert answer.status_code == 200 and sentence in answer.content.decode()
    rule.refresh_from_db()
    assert rule.version == 1 and not Changeset.objects.filter(kind="edit").exists()


def test_a_rule_that_would_tie_is_refused(alice):
    rule = Rule.objects.get(key="parcel.purpose.rice.organisation")
    text = as_text(rule.body).replace("priority: 75", "priority: 80")
    answer = alice.post(address(rule), {"text": text, "reason": "x"})
    assert answer.status_code == 200 and "tie" in answer.content.decode()


def test_the_preview_shows_draft_and_stored_counts(alice):
    rule = Rule.objects.get(key=KEY)
    text = contrary(rule)
    answer = alice.post("/quan-tri/layers/rule/preview/", {"text": text})
    assert answer.status_code == 200
    assert answer.context["rows"][0]["cells"] == [(0, 1), (0, 0), (0, 0), (1, 0)]
    assert "1 / 1" in answer.content.decode()
    assert "field then" in alice.post("/quan-tri/layers/rule/preview/", {"text": "id: a"}).content.decode()


def test_only_an_administrator_edits_rules(client, mui_ne):
    rule = Rule.objects.get(key=KEY)
    for path in (address(rule), "/quan-tri/layers/rule/preview/"):
        answer = client.post(path, {"text": as_text(rule.body), "reason": "x"})
        assert answer.status_code == 302 and "login" in answer["Location"]


def test_rules_and_procedures_are_not_deleted_and_procedures_not_changed(alice):
    rule = Rule.objects.get(key=KEY)
    assert alice.post(f"/quan-tri/layers/rule/{rule.pk}/delete/").status_code == 403
    assert alice.get("/quan-tri/layers/procedure/").status_code == 200
    assert alice.get("/quan-tri/layers/procedure/add/").status_code == 403
    assert "Xem trước" in alice.get(address(rule)).content.decode()
