"""The product as it runs: a database of its own, loaded by the commands people run, behind granian."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
PARCELS = 4000


class Database:
    """Made on entry and loaded with the demo data, dropped on exit, whatever happened between."""

    def __init__(self) -> None:
        parts = urlsplit(os.environ["DATABASE_URL"])
        self.name = f"{parts.path[1:]}_served_{os.getpid()}"
        self.url = urlunsplit(parts._replace(path=f"/{self.name}"))
        self.web_url = ""
        self.accounts: dict[str, str] = {}  # password by name

    def __enter__(self) -> Database:
        self._administer(f'CREATE DATABASE "{self.name}"')
        try:
            self.manage("migrate")
            self.manage("load_demo", "--commit", f"--parcels={PARCELS}")
            self.web_url = self._url_of_web_role()
            made = self.manage("make_demo_accounts", "--commit")
            self.accounts.update(line.split()[:2] for line in made.splitlines() if line.startswith("mau."))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *fault: object) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def rows(self, query: str) -> list[tuple]:
        """What the served database really holds, behind the back of the product."""
        with _connected(self.name) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def manage(self, *command: str) -> str:
        """Run a command of the project; returns what it printed."""
        environment = server_environment(self) | {"STATEMENT_TIMEOUT_MS": "0"}
        made = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    def _url_of_web_role(self) -> str:
        """The server works as the role `web`, as `./run` has it; empty for a server elsewhere, whose `web` has a
        password we do not know."""
        parts = urlsplit(self.url)
        if parts.password:
            return ""
        self.manage("grant_web_role", "--role=web")
        return urlunsplit(parts._replace(netloc=f"web@{parts.netloc.rpartition('@')[2]}"))

    def _administer(self, command: str) -> None:
        connection = _connected("postgres")
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(command)
        finally:
            connection.close()


def server_environment(database: Database) -> dict[str, str]:
    environment = {**os.environ, "DATABASE_URL": database.url, "STATEMENT_TIMEOUT_MS": "5000", "DEBUG": "0"}
    environment.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
    if database.web_url:
        environment["WEB_DATABASE_URL"] = database.web_url
    return environment


class Server:
    """granian as `./run` starts it, on a free port; entering gives its address."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = environment

    def __enter__(self) -> str:
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(self.port)]
        command += ["--workers", "1", "--blocking-threads", "4", "gis_app.wsgi:application"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment)
        address = f"http://127.0.0.1:{self.port}"
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{address}/conformance", timeout=2):
                    return address
            except (URLError, OSError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.process.kill()
        raise AssertionError("the server did not start")

    def __exit__(self, *fault: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def _connected(name: str):
    from django.conf import settings

    known = settings.DATABASES["default"]
    return psycopg2.connect(
        dbname=name, user=known["USER"], password=known["PASSWORD"], host=known["HOST"], port=known["PORT"]
    )
