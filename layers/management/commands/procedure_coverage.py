"""How much of the map leads to a procedure. Reads only."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from layers.access.reader import PUBLIC
from layers.errors import Fault
from layers.procedures.coverage import Report, report
from layers.procedures.rule import TARGETS

ENOUGH = 0.95


class Command(BaseCommand):
    help = "Report the share of features with a procedure, an explicit none, or not enough data. Exit 1 under 95 %."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="day asked, 2026-08-01; default today")
        parser.add_argument("--collection", action="append", choices=TARGETS, help="only this one; may be repeated")
        parser.add_argument("--rules", action="store_true", help="also list each rule with its counts")

    def handle(self, *args, **options) -> None:
        try:
            found = report(options["on"] or timezone.localdate(), PUBLIC, options["collection"] or TARGETS)
        except Fault as fault:
            raise CommandError(fault.message) from fault
        self._print(found, rules=options["rules"])
        short = [share.collection for share in found.shares if share.answered < ENOUGH or share.blank]
        if short:
            raise CommandError(f"Too many features without an answer in: {', '.join(short)}.")

    def _print(self, found: Report, *, rules: bool) -> None:
        self.stdout.write(f"On {found.on}:")
        for share in found.shares:
            self.stdout.write(
                f"  {share.collection:15} {share.total:>7} features: {share.with_procedure} with a procedure, "
                f"{share.none} none, {share.not_enough_data} not enough data, {share.blank} blank "
                f"({share.answered:.1%} answered)"
            )
        self.stdout.write(f"  {len(found.unreached_procedures)} procedures of the catalogue are reached by no feature")
        if rules:
            for name, counts in found.rules.items():
                self.stdout.write(f"  {name}: " + ", ".join(f"{verdict} {count}" for verdict, count in counts.items()))
