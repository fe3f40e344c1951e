"""Make the synthetic parcels, people, plan zones and coverage around Phan Thiết–Mũi Né."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers import geo
from layers.editing.models import Changeset
from layers.editing.publish import publish
from layers.errors import Fault
from layers.transfer import synthetic


class Command(BaseCommand):
    help = "Publish a synthetic, gap-free parcel fabric. Dry run unless --commit; the same seed makes the same rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=synthetic.DEFAULT_COUNT, help="about how many parcels")
        parser.add_argument("--seed", type=int, default=synthetic.DEFAULT_SEED)
        parser.add_argument("--processes", type=int, default=2, help="processes that make rows (1: none beside this)")
        parser.add_argument(
            "--people-share", type=float, help="share of parcels with rights; default all, 0.1 above 100,000"
        )
        parser.add_argument("--commit", action="store_true", help="write; without it the rows are made and counted")

    def handle(self, *args, **options) -> None:
        self.begin = time.monotonic()
        try:
            made = self._lay_out(options["count"], options["seed"], options["people_share"])
            self._make(made, options["processes"], commit=options["commit"])
        except Fault as fault:
            raise CommandError(fault.message) from fault

    def _lay_out(self, count: int, seed: int, people_share: float | None) -> synthetic.Fabric:
        areas = settings.DATA_DIR / "areas"
        communes = synthetic.read_communes(areas / "outlines.geojson", areas / "areas.csv")
        return synthetic.fabric(synthetic.choose(communes, count), count, seed, people_share)

    def _make(self, made: synthetic.Fabric, processes: int, *, commit: bool) -> None:
        self.stdout.write(f"{len(made.lattice.communes)} communes of 2015, {made.source}")
        batches = synthetic.batches(made, processes)
        if not commit:
            for batch in batches:
                rows = sum(chunk.count(b"\n") for chunk in batch.csv)
                self.stdout.write(f"{batch.model._meta.model_name}: {rows} rows")
            self.stdout.write("Nothing was written. Add --commit to publish.")
            return
        synthetic.refuse_another_fabric(made)
        parcels = 0
        for name, rows in publish(self._changeset(made), batches).items():
            parcels = parcels or rows.created + rows.replaced + rows.unchanged + rows.kept
            self.stdout.write(
                f"{name}: {rows.created} created, {rows.replaced} replaced, {rows.unchanged} unchanged, "
                f"{rows.kept} kept as edited here, {rows.missing} in the database only"
            )
        seconds = time.monotonic() - self.begin
        self.stdout.write(f"{seconds:.1f} s, {parcels / seconds:,.0f} parcels/s with all that belongs to them")

    def _changeset(self, made: synthetic.Fabric) -> Changeset:
        return Changeset(
            title="Thửa đất và quy hoạch mẫu (dữ liệu tổng hợp)",
            reason="Dữ liệu thửa đất thật không được công khai; bản đồ được trình bày trên dữ liệu mẫu",
            kind=Changeset.Kind.LOAD,
            source=made.source,
            source_srid=geo.VN2000,
            actor_name="make_parcels",
        )
