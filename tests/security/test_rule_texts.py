"""Texts an editor of rules could send to stop the service: all refused at once, in words."""

import time

import pytest

from layers.errors import Invalid
from layers.procedures.files import as_text, read_text
from layers.procedures.models import Rule
from tests.procedures.conftest import rule_book  # noqa: F401

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
TEXTS = {
    "aliases that grow": BOMB,
    "open brackets": "a: " + "[" * 15_000,
    "closed brackets": "a: " + "[" * 3000 + "]" * 3000,
    "a long list": "a: [" + "1," * 400_000 + "]",
    "a number without end": "a: " + "9" * 10_000,
    "a day that is none": "a: 2001-99-99",
    "bytes": "a: !!binary aGVsbG8=",
    "a set": "a: !!set {x}",
    "infinity": "a: .inf",
    "NUL": 'a: "x\\0y"',
    "an object": "a: !!python/object/apply:os.system ['true']",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_hostile_text_is_refused_at_once(text):
    begin = time.perf_counter()
    with pytest.raises(Invalid):
        read_text(text, source="editor")
    assert time.perf_counter() - begin < 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("priority: ", "priority: 9999999999"),
        ("revision: ", "revision: 9999999999"),
        ("site: {", "site: [1, 2]\n  other: {"),
        ("valid: {", "where: {layer: nowhere, relation: overlaps}\nvalid: {"),
        ("because_en: ", "because_en: <script>alert(1)</script>{certificate.__class__} "),
    ],
)
def test_the_editor_answers_a_faulty_rule_with_words(admin_client, rule_book, old, new):  # noqa: F811
    admin_client.raise_request_exception = False
    rule = Rule.objects.get(key="parcel.split-merge")
    text = as_text(rule.body).replace(old, new)
    assert text != as_text(rule.body)
    for path in (f"/quan-tri/layers/rule/{rule.pk}/change/", "/quan-tri/layers/rule/preview/"):
        answer = admin_client.post(path, {"text": text, "reason": "x"})
        assert answer.status_code == 200 and b"<script>alert" not in answer.content
    rule.refresh_from_db()
    assert rule.version == 1
