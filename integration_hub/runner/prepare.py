"""Everything between an empty database and a working installation, in one start of Django.

Run as a child of the runner: `python -m integration_hub.runner.prepare [--at start] [--static] [--accounts FILE]`.
"""

import argparse
import sys
from io import StringIO
from pathlib import Path

import dj_database_url
import django
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from integration_hub import env


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", default="", help="where the demonstration begins; `start`: its return still empty")
    parser.add_argument("--static", action="store_true", help="collect and compress the static files too")
    parser.add_argument("--accounts", type=Path, help="write the demonstration accounts to this file")
    options = parser.parse_args()
    django.setup()
    try:
        prepare(at=options.at, accounts=options.accounts, static=options.static)
    except CommandError as error:
        sys.exit(str(error))


def prepare(*, at: str, accounts: Path | None, static: bool) -> None:
    """Migrate and grant as the owner; load and collect as the application. It says what it is at."""
    step("bringing the database up to date")
    call_command("prepare_database", verbosity=0)
    become_the_application()
    step("loading calendars, policy years and other shipped data")
    call_if_known("load_reference_data")
    if settings.DEMO:
        step("loading the demonstration programme, where the database is empty")
        call_if_known("load_demo", "--if-empty", *([f"--at={at}"] if at else []))
        if accounts:
            words = StringIO()
            call_if_known("demo_accounts", stdout=words, no_color=True)
            accounts.write_text(words.getvalue(), encoding="utf-8")
    if static:
        step("collecting and compressing the files of the pages")
        call_command("collectstatic", "--no-input", "--clear", verbosity=0)


def step(words: str) -> None:
    print(words, flush=True)


def become_the_application() -> None:
    """From here on connect as the application's role: loading data needs no more than a page does."""
    connection.close()
    application = dj_database_url.parse(env.text("DATABASE_URL"))
    connection.settings_dict.update({key: application[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")})


def call_if_known(command: str, *arguments: str, **options: object) -> None:
    """Call a command of an app; a build without that app goes on without it."""
    if command in get_commands():
        call_command(command, *arguments, verbosity=0, **options)


if __name__ == "__main__":
    main()
