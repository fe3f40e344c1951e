"""Tell the database what the web server's own role may do: what the server needs, and no personal table."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.access import database
from layers.errors import Fault


class Command(BaseCommand):
    help = "Grant the role of WEB_DATABASE_URL its rights on the tables as they are now. Run it after each migrate."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default="", help="the role, instead of the one in WEB_DATABASE_URL")

    def handle(self, *args, **options) -> None:
        role = options["role"] or settings.WEB_ROLE
        if not role:
            raise CommandError("WEB_DATABASE_URL is not set, and no --role is given.")
        try:
            granted = database.grant_web_role(role)
        except Fault as fault:
            raise CommandError(fault.message) from fault
        self.stdout.write(f"{role}: {granted.tables} tables{', role made' if granted.made else ''}")
        if not granted.quiet:
            lines = " ".join(f'ALTER ROLE "{role}" SET {setting};' for setting in database.QUIET)
            self.stdout.write(f"The database's own log may quote what this role asks. A superuser stops it by: {lines}")
