"""Make the first administrator's account, with a password made now and printed once."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

NAME = "quantri"


class Command(BaseCommand):
    help = "Create the administrator's account with a random password, if there is no administrator yet."

    def handle(self, *args, **options) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            self.stdout.write("An administrator exists. Forgot the password? ./run manage changepassword " + NAME)
            return
        password = secrets.token_urlsafe(15)
        users.create_superuser(NAME, password=password)
        self.stdout.write(f"Administrator: {NAME}\nPassword:      {password}\nWrite it down: it is shown only now.")
