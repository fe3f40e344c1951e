"""Compute the approximate outlines of the areas and the land of the plain base map, and write both files."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import Unavailable
from layers.transfer import outlines


class Command(BaseCommand):
    """Dry run unless --commit. Needs the packages of the optional group "outlines", and says so."""

    help = "Compute the approximate outlines of areas and the land of the base map. Dry run unless --commit."
    requires_system_checks = ()  # no database, no front end needed

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--commit", action="store_true", help="write the files")

    def handle(self, *, commit: bool, **_: object) -> None:
        root = Path(settings.BASE_DIR)
        try:
            places = outlines.read_places(outlines.package_file(outlines.PLACES_PACKAGE, "dataset.db"))
            land = outlines.read_land(
                outlines.package_file(outlines.LAND_PACKAGE, "gshhsmeta_f.dat"),
                outlines.package_file(outlines.LAND_PACKAGE, "gshhs_f.dat"),
            )
        except Unavailable as fault:
            raise CommandError(fault.message) from fault
        areas = outlines.read_areas(root / "data/areas/areas.csv")
        successions = outlines.read_successions(root / "data/areas/successions.csv")
        fabric = outlines.build_fabric(outlines.with_positions(places, areas), land)
        found = outlines.build_outlines(areas, successions, fabric)
        without = [row.key for row in areas if row.key not in found]
        self.stdout.write(f"{len(places)} places; {len(found)} of {len(areas)} areas have an outline.")
        self.stdout.write(f"No outline, because the position is unknown: {', '.join(without)}.")
        documents = {
            root / "data/areas/outlines.geojson": outlines.outlines_document(found),
            root / "layers/frontend/public/land.geojson": outlines.land_document(outlines.land_window(land)),
        }
        for file, document in documents.items():
            self._write(file, document, root, commit=commit)
        if not commit:
            self.stdout.write("Nothing written: run again with --commit to write the files.")

    def _write(self, file: Path, document: dict[str, object], root: Path, *, commit: bool) -> None:
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
        same = file.exists() and file.read_text(encoding="utf-8") == text
        state = "unchanged" if same else "changed"
        self.stdout.write(f"{file.relative_to(root)}: {len(text.encode()) // 1024} KiB, {state}.")
        if commit and not same:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
