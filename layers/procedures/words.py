"""Sentences for people from stored reasons, in both languages. Numbers and dates as each language writes them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext

from layers.collections import registry
from layers.collections.base import Collection
from layers.procedures.evaluate import Answer, Missing, Seen, Verdict
from layers.procedures.observed import Facts
from layers.procedures.rule import PLACEHOLDER, Law, Rule
from layers.written import day, number

LANGUAGES = ("vi", "en")


def title(collection: Collection, language: str) -> str:
    return collection.title_en if language == "en" else collection.title_vi


def field_title(collection: Collection, name: str, language: str) -> str:
    """What people call an attribute; derived attributes have words of their own."""
    field = collection.field(name)
    if field is not None:
        return field.title_en if language == "en" else field.title_vi
    return _DERIVED.get(name, (name, name))[language == "en"]


_DERIVED = {
    "in_force": ("Còn hiệu lực vào ngày này", "In force on this day"),
    "sheet_area_in_force": ("Đơn vị hành chính trên tờ bản đồ còn tồn tại", "Unit named on the map sheet still exists"),
    "key": ("Mã", "Key"),
}
_YES_NO = {True: ("có", "yes"), False: ("không", "no")}


def value_text(collection: Collection, name: str, value: Any, language: str) -> str:
    """A stored value as people read it: the label of a code, a number, a date; a dash when there is none."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _YES_NO[value][language == "en"]
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, int | float):
        return number(value, language)
    field = collection.field(name)
    for code, vi, en in field.choices if field else ():
        if code == value:
            return en if language == "en" else vi
    return str(value)


def because(answer: Answer, facts: Facts, language: str) -> str:
    """The rule's sentence with what was seen; for borders, with how little it is."""
    template = answer.because_en if language == "en" else answer.because_vi
    sentence = _fill(template, answer, facts, language)
    return f"{_near(answer.seen[0], language)} {sentence}" if answer.verdict is Verdict.BORDERS else sentence


def outcome_title(code: str) -> str:
    """The word for what follows from a rule, in the active language."""
    names = {
        "prohibited": gettext("Không được phép"),
        "missing_information": gettext("Cần thêm thông tin"),
        "permit": gettext("Phải được chấp thuận"),
        "notify": gettext("Phải đăng ký hoặc thông báo"),
        "exempt": gettext("Được miễn"),
        "information": gettext("Có thể làm"),
        "out_of_scope": gettext("Ngoài phạm vi"),
    }
    return names.get(code, code)


def rule_text(rule: Rule, language: str) -> str:
    """The rule's sentence without a feature: each value it would show is named instead, as [loại đất trên giấy]."""
    template = rule.because_en if language == "en" else rule.because_vi
    collection = registry.get(rule.targets[0])
    layer = registry.get(rule.where.layer) if rule.where else collection

    def named(found: re.Match) -> str:
        word = found[1]
        if word in _GENERAL:
            return f"[{_GENERAL[word][language == 'en']}]"
        own, name = (layer, word.removeprefix("zone.")) if word.startswith("zone.") else (collection, word)
        return f"[{field_title(own, name, language).lower()}]"

    return PLACEHOLDER.sub(named, template)


_GENERAL = {
    "name": ("tên", "name"),
    "overlap_m2": ("số", "number"),
    "overlap_percent": ("số", "number"),
    "edge_m": ("số", "number"),
}


def _near(seen: Seen, language: str) -> str:
    if seen.edge_m is not None:
        return (
            f"Near the boundary ({number(seen.edge_m, 'en')} m): ask to be certain."
            if language == "en"
            else f"Giáp ranh (cách đường ranh {number(seen.edge_m, 'vi')} m): cần hỏi lại cho chắc."
        )
    return (
        f"Only touches ({number(seen.area_m2, 'en')} m²): ask to be certain."
        if language == "en"
        else f"Giáp ranh (chỉ chạm {number(seen.area_m2, 'vi')} m²): cần hỏi lại cho chắc."
    )


def _fill(template: str, answer: Answer, facts: Facts, language: str) -> str:
    seen = answer.seen[0] if answer.seen else None
    return PLACEHOLDER.sub(lambda found: _word(found[1], seen, facts, language), template)


def _word(word: str, seen: Seen | None, facts: Facts, language: str) -> str:
    """The value one placeholder of a sentence stands for."""
    if word == "name":
        return str(facts.attributes.get(f"name_{language}") or facts.attributes.get("name_vi") or facts.key)
    if word.startswith("zone.") or word in _GENERAL:
        return _spatial_word(word, seen, language) if seen else "–"
    return value_text(registry.get(facts.collection), word, facts.attributes.get(word), language)


def _spatial_word(word: str, seen: Seen, language: str) -> str:
    if word.startswith("zone."):
        name = word.removeprefix("zone.")
        return value_text(registry.get(seen.layer), name, seen.attributes.get(name), language)
    amounts = {"overlap_m2": seen.area_m2, "overlap_percent": seen.share * 100, "edge_m": seen.edge_m or 0.0}
    return number(amounts[word], language)


def source_text(answer: Answer, facts: Facts, language: str) -> str:
    """Which layers the reason was read from, of what date, and who checked them when."""
    own = title(registry.get(facts.collection), language)
    parts = [f"{own}, {day(facts.data_date, language)}" if facts.data_date else own]
    for layer in sorted({seen.layer for seen in answer.seen}):
        seen = next(seen for seen in answer.seen if seen.layer == layer)
        parts.append(_layer_text(seen, language))
    return "; ".join(parts)


def _layer_text(seen: Seen, language: str) -> str:
    text = title(registry.get(seen.layer), language)
    if seen.data_date:
        text += f", {day(seen.data_date, language)}"
    if seen.checked_on:
        text += (
            f", checked {day(seen.checked_on, 'en')} by {seen.checked_by}"
            if language == "en"
            else f", rà soát {day(seen.checked_on, 'vi')} ({seen.checked_by})"
        )
    return text


def law_text(law: Law, language: str) -> str:
    """“Điều 220 Luật Đất đai 31/2024/QH15 – Tách thửa đất, hợp thửa đất”. The document keeps its Vietnamese name."""
    place = f"{law.article} {law.document}".strip()
    return f"{place} – {law.title_en if language == 'en' else law.title_vi}"


def missing_text(missing: Missing, collection: Collection, language: str) -> str:
    """One sentence: what would have to be known."""
    english = language == "en"
    if missing.kind == "attribute":
        name = field_title(collection, missing.name, language)
        return f"Not known here: {name.lower()}." if english else f"Chưa có dữ liệu: {name.lower()}."
    layer = registry.get(missing.layer)
    called = title(layer, language)
    if missing.kind == "coverage":
        return (
            f"The layer “{called}” has not been checked here."
            if english
            else f"Lớp “{called}” chưa được rà soát tại đây."
        )
    if missing.kind == "layer":
        return (
            f"The layer “{called}” does not answer at the moment." if english else f"Lớp “{called}” hiện không trả lời."
        )
    name = field_title(layer, missing.name, language).lower()
    return f"The layer “{called}” does not say: {name}." if english else f"Lớp “{called}” chưa ghi: {name}."
