"""The rule book as the tests read it: once, from the files that are loaded."""

from __future__ import annotations

from pathlib import Path

from layers.procedures.files import read_rules
from layers.procedures.rule import Case, Rule

FOLDER = Path(__file__).resolve().parents[2] / "data" / "procedures"
RULES = read_rules(FOLDER)
CASES = [(rule, case) for rule in RULES for case in rule.cases]


def case_id(pair: tuple[Rule, Case]) -> str:
    return f"{pair[0].id}: {pair[1].name}"
