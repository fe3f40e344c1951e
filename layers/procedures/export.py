"""The same answers for machines: the JSON face of a feature's procedures, and CPSV-AP as JSON-LD."""

from __future__ import annotations

from typing import Any

from layers.procedures.bodies import Handler
from layers.procedures.cards import Card, Channel, Reason, Related, channels
from layers.procedures.models import FIELDS, Procedure
from layers.procedures.words import law_text

CONTEXT = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "adms": "http://www.w3.org/ns/adms#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def related_json(related: Related, language: str) -> dict[str, Any]:
    """Every card once, with reasons and handlers; what is not known; and the outcome of each set."""
    cards = {card.code: card for _level, group in related.groups for card in group}
    full = {card.code: card for card in related.top}
    order = list(dict.fromkeys([*full, *cards]))
    levels = {code: [card for _level, group in related.groups for card in group if card.code == code] for code in order}
    return {
        "answer": related.answer.value,
        "total": related.total,
        "top": [card.code for card in related.top],
        "procedures": [_card(cards[code], levels[code], language) for code in order],
        "groups": {level: [card.code for card in group] for level, group in related.groups},
        "noneReason": related.none_reason(language) or None,
        "notEnoughData": [
            {"what": unknown.sentence(language), "procedures": [code for code, *_ in unknown.procedures]}
            for unknown in related.unknown
        ],
        "outcomeOfSets": {name: outcome.value for name, outcome in related.sets},
        "area": related.area_code,
        "areaApproximate": related.area_approximate,
    }


def _card(card: Card, at_levels: list[Card], language: str) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": card.name(language),
        "shortName": card.short(language),
        "verdict": card.verdict.value,
        "outcome": card.outcome.value,
        "handlers": [_handler(found.handler, language) for found in at_levels],
        "channels": [_channel(channel, language) for channel in card.channels],
        "limitNote": (card.limit_note_en if language == "en" else card.limit_note_vi) or None,
        "codeStatus": card.code_status,
        "checkedOn": card.checked_on or None,
        "portal": card.portal_url or None,
        "reasons": [_reason(reason, language) for reason in card.reasons],
    }


def _handler(handler: Handler, language: str) -> dict[str, Any]:
    def body(found):
        return {"key": found.key, "name": found.name(language)} if found else None

    return {
        "level": handler.level,
        "agency": body(handler.agency),
        "counter": body(handler.counter),
        "reason": (handler.reason_en if language == "en" else handler.reason_vi) or None,
        "status": handler.status,
    }


def _channel(channel: Channel, language: str) -> dict[str, Any]:
    english = language == "en"
    return {
        "channel": channel.code,
        "name": channel.name_en if english else channel.name_vi,
        "limit": (channel.limit_en if english else channel.limit_vi) or None,
        "fee": (channel.fee_en if english else channel.fee_vi) or None,
        "sourceText": channel.source_vi or None,
    }


def _reason(reason: Reason, language: str) -> dict[str, Any]:
    return {
        "rule": reason.rule_id,
        "revision": reason.rule_revision,
        "verdict": reason.verdict.value,
        "sentence": reason.sentence(language),
        "source": reason.source_en if language == "en" else reason.source_vi,
        "observed": [
            {
                "attribute": seen.attribute,
                "operator": seen.operator,
                "value": seen.value,
                "feature": f"{seen.source}/{seen.source_key}",
                "date": seen.data_date.isoformat() if seen.data_date else None,
            }
            for seen in reason.answer.observations
        ],
        "layers": [
            {
                "layer": seen.layer,
                "feature": seen.key,
                "areaM2": round(seen.area_m2, 1),
                "share": round(seen.share, 4),
                "edgeM": None if seen.edge_m is None else round(seen.edge_m, 1),
                "date": seen.data_date.isoformat() if seen.data_date else None,
                "checkedOn": seen.checked_on.isoformat() if seen.checked_on else None,
                "checkedBy": seen.checked_by or None,
            }
            for seen in reason.answer.seen
        ],
        "law": [
            {
                "text": law_text(law, language),
                "document": law.document,
                "article": law.article or None,
                "status": law.status,
            }
            for law in reason.law
        ],
    }


def cpsv_ap(procedure: Procedure, *, page_url: str = "") -> dict[str, Any]:
    """One procedure as JSON-LD in the words of CPSV-AP 3.2. What CPSV-AP cannot say (kind of day, status of the code)
    stands in schema.org's additionalProperty. xsd:duration is given only for calendar days: it has no working days."""
    field = next(((vi, en) for code, vi, en in FIELDS if code == procedure.field), (procedure.field, procedure.field))
    service = {
        "@context": CONTEXT,
        "@type": "cpsv:PublicService",
        "dct:identifier": procedure.code,
        "dct:title": [_text(procedure.name_vi, "vi"), _text(procedure.name_en, "en")],
        "cv:thematicArea": [_text(field[0], "vi"), _text(field[1], "en")],
        "cv:isClassifiedBy": procedure.levels.split(),
        "dct:audience": (procedure.audience or "").split() or None,
        "cv:hasLegalResource": {"@type": "eli:LegalResource", "dct:identifier": procedure.decision}
        if procedure.decision
        else None,
        "adms:status": procedure.status,
        "cv:hasCompetentAuthority": {"@type": "cv:PublicOrganisation", "dct:title": _text(procedure.agency_vi, "vi")}
        if procedure.agency_vi
        else None,
        "cv:hasChannel": [_cpsv_channel(procedure, channel) for channel in channels(procedure)],
        "cpsv:produces": {"@type": "cv:Output", "dct:title": _text(procedure.result_vi, "vi")}
        if procedure.result_vi
        else None,
        "foaf:page": page_url or None,
        "dct:source": procedure.detail_url,
        "schema:additionalProperty": [
            {"@type": "schema:PropertyValue", "schema:name": "codeStatus", "schema:value": procedure.code_status},
            {"@type": "schema:PropertyValue", "schema:name": "checkedOn", "schema:value": procedure.checked_on},
        ],
    }
    return {name: value for name, value in service.items() if value is not None}


def _cpsv_channel(procedure: Procedure, channel: Channel) -> dict[str, Any]:
    prefix = {1: "counter", 2: "online", 3: "post"}[channel.code]
    amount, kind = getattr(procedure, f"{prefix}_amount"), getattr(procedure, f"{prefix}_day_kind")
    found = {
        "@type": "cv:Channel",
        "dct:type": str(channel.code),
        "dct:title": [_text(channel.name_vi, "vi"), _text(channel.name_en, "en")],
    }
    if amount and kind == "calendar":
        found["cv:processingTime"] = {"@type": "xsd:duration", "@value": f"P{amount}D"}
    if amount:
        found["schema:additionalProperty"] = [
            {
                "@type": "schema:PropertyValue",
                "schema:name": "processingTime",
                "schema:value": amount,
                "schema:unitText": f"{kind} days",
            }
        ]
    if channel.fee_vi:
        found["cv:hasCost"] = {
            "@type": "cv:Cost",
            "dct:description": [_text(channel.fee_vi, "vi"), _text(channel.fee_en, "en")],
        }
    return found


def _text(value: str, language: str) -> dict[str, str]:
    return {"@value": value, "@language": language}
