"""Make one demo account per role, with passwords made now and printed once."""

from django.core.management.base import BaseCommand, CommandParser

from layers.access import people


class Command(BaseCommand):
    help = "Create a demo account for each role, with random passwords printed once. Dry run unless --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--commit", action="store_true", help="write; without it the accounts are only listed")

    def handle(self, *args, **options) -> None:
        if not options["commit"]:
            for name, full_name, agency, role, _areas in people.DEMO:
                self.stdout.write(f"{name}: {full_name}, {role.value}, {agency}")
            self.stdout.write("Nothing was written. Add --commit to make those that are missing.")
            return
        made = people.make_demo_accounts()
        for account in made:
            self.stdout.write(f"{account.name:<14} {account.password}   ({account.post})")
        self.stdout.write(
            "Write the passwords down: they are shown only now." if made else "The demo accounts exist already."
        )
