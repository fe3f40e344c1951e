"""Check that no row of the access log was changed, removed or put in between."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.access import log


class Command(BaseCommand):
    help = "Recompute the chain of hashes of the access log. Prints its head: keep it elsewhere, and give it next time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", default="", help="the head printed earlier; it must still be in the log")

    def handle(self, *args, **options) -> None:
        chain = log.verify(options["head"])
        if chain.broken_at is not None:
            raise CommandError(f"The access log is broken at row {chain.broken_at}: it or the row before was altered.")
        if not chain.head_known:
            raise CommandError("The access log was cut off: it no longer holds the row of the given head.")
        self.stdout.write(f"{chain.rows} rows, chain whole, head {chain.head or '(empty)'}")
