"""Load the province's fact tables and the synthetic parcels. Repeating it changes nothing that has not changed."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers import geo
from layers.collections import registry
from layers.editing.models import Changeset
from layers.editing.publish import publish
from layers.errors import Fault
from layers.reading import items
from layers.reading.query import FeatureQuery
from layers.transfer import rule_book, tables


class Command(BaseCommand):
    help = "Publish the tables of data/ (facts) and a synthetic parcel fabric. Dry run unless --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--commit", action="store_true", help="write; without it only the files are checked")
        parser.add_argument("--parcels", type=int, default=20_000, help="synthetic parcels to make if there are none")

    def handle(self, *args, **options) -> None:
        try:
            self._load(commit=options["commit"])
        except Fault as fault:
            raise CommandError(fault.message) from fault
        parcels = registry.get("parcels")
        if options["commit"] and options["parcels"] and not items.count(parcels, FeatureQuery()):
            call_command("make_parcels", count=options["parcels"], commit=True, stdout=self.stdout)

    def _load(self, *, commit: bool) -> None:
        data = settings.DATA_DIR
        found = tables.fact_tables(data)
        if not commit:
            for table in found:
                self.stdout.write(f"{table.file}: {sum(1 for _ in tables.batch(data, table).csv)} rows")
            for found_batch in rule_book.procedure_batches(data):
                rows = sum(1 for _ in found_batch.csv)
                self.stdout.write(f"procedures, {found_batch.model._meta.model_name}: {rows} rows")
            self.stdout.write("Nothing was written. Add --commit to publish.")
            return
        changeset = Changeset(
            title="Bảng dữ liệu của dự án",
            reason="Nạp các bảng trong data/, nguồn từng dòng ghi trong bảng",
            kind=Changeset.Kind.LOAD,
            source="data/sources.toml",
            source_srid=geo.WGS84,
            actor_name="load_demo",
        )
        batches = [*(tables.batch(data, table) for table in found), *rule_book.procedure_batches(data)]
        counts = publish(changeset, batches)
        for name, count in counts.items():
            self.stdout.write(
                f"{name}: {count.created} created, {count.replaced} replaced, {count.unchanged} unchanged, "
                f"{count.kept} kept as edited here, {count.missing} in the database only"
            )
