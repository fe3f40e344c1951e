"""Put real boundaries in place of the approximate outlines of administrative areas."""

from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from layers.editing.models import Changeset
from layers.editing.publish import publish
from layers.errors import Fault
from layers.transfer import boundaries


class Command(BaseCommand):
    help = "Replace approximate outlines by the boundaries in FILE, matched by code. Dry run unless --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON, GeoPackage or Shapefile: one feature per unit")
        parser.add_argument("--source", required=True, help="who made the boundaries, when, and their licence")
        parser.add_argument("--code-field", default="code", help="field with the unit's code (default: code)")
        parser.add_argument("--on", type=date.fromisoformat, help="the day these boundaries held (default: today)")
        parser.add_argument("--commit", action="store_true", help="write; without it the file is only checked")

    def handle(self, *args, **options) -> None:
        on = options["on"] or timezone.localdate()
        try:
            batch, srid = boundaries.batch(
                options["file"], code_field=options["code_field"], on=on, source=options["source"]
            )
            if not options["commit"]:
                self.stdout.write(f"{sum(1 for _ in batch.csv)} boundaries are good. Add --commit to publish them.")
                return
            changeset = Changeset(
                title=f"Ranh giới thật: {options['file'].name}",
                reason="Thay ranh giới gần đúng bằng ranh giới thật",
                kind=Changeset.Kind.IMPORT,
                source=options["source"],
                source_srid=srid,
                actor_name="load_boundaries",
            )
            count = publish(changeset, [batch])["area"]
        except Fault as fault:
            raise CommandError(fault.message) from fault
        self.stdout.write(f"{count.replaced} boundaries replaced, {count.unchanged} unchanged.")
