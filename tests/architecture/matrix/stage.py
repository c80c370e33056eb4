"""One world in one transaction, in which each request is undone again, and a fingerprint that notices any trace."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.template import Template
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from integration_hub.core.management.commands.prepare_database import grant
from partners.models import Session
from tests.architecture.matrix.actors import IN_ORDER, OUT, person
from tests.architecture.matrix.rows import Act, Row
from tests.factories import everything
from tests.factories.everything import Everything

APPLICATION_ROLE = "hub_app"
# What a request may write whatever it answers: the session of the browser.
NOT_OURS = {"partners_session", "django_content_type", "django_migrations", "auth_permission"}


@dataclass
class Stage:
    """The objects, a browser for each actor, and what the tables held before anybody came."""

    made: Everything
    browser: Client
    sessions: dict[str, str] = field(default_factory=dict)
    tables: list[tuple[str, int]] = field(default_factory=list)
    content: dict[str, str] = field(default_factory=dict)
    written: int = 0

    def ask(self, row: Row, method: str, actor: str) -> tuple[int, list[str]]:
        """The status of one request, and the tables whose content it changed; everything is undone again."""
        act = row.acts.get(method) or next((act for act in row.acts.values() if act.sends(self.made)), Act())
        with transaction.atomic():
            response = self.request(self.address(row), method, actor, act.sends(self.made), is_api=row.is_api)
            changed = self.changed()
            transaction.set_rollback(True)
        return response.status_code, changed

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is written inside is taken back."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def request(
        self, address: str, method: str, actor: str, sends: Mapping[str, Any] | None = None, *, is_api: bool = False
    ) -> Any:
        """What the site answers to an actor. A crash is a 500, as it would be for them."""
        cookies = SimpleCookie()
        if actor != OUT:
            cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        self.browser.cookies = cookies
        if method == "GET":
            return self.browser.get(address)
        body, content_type = _encoded(sends or {}, as_json=is_api)
        return self.browser.generic(method, address, body, content_type)

    def _part(self, given: str) -> str:
        """A part of a path: a text after "=", a secret of `everything` after "secret:", else an object's id."""
        if given.startswith("secret:"):
            return self.made.secrets[given.removeprefix("secret:")]
        return given.removeprefix("=") if given.startswith("=") else self.made.pk(given)

    def browser_of(self, actor: str) -> Client:
        """The browser, with the actor signed in."""
        self.browser.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: self.sessions[actor]})
        return self.browser

    def address(self, row: Row) -> str:
        """The path of a row with its objects in it."""
        parts = {name: self._part(given) for name, given in row.on.items()}
        return reverse(row.name, kwargs=parts) + (f"?{row.query}" if row.query else "")

    def changed(self) -> list[str]:
        """The tables whose rows differ from the beginning. The database's own counters tell when to look closely."""
        counted = self.count()
        if counted == self.written:
            return []
        self.written = counted
        now = self.read()
        return sorted(name for name in now if now[name] != self.content[name])

    def count(self) -> int:
        """How many rows this transaction has written so far, undone ones too. One query, no table is read."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t)"
                " + pg_stat_get_xact_tuples_deleted(t)), 0) FROM unnest(%s::oid[]) AS t",
                [[oid for _, oid in self.tables]],
            )
            return int(cursor.fetchone()[0])

    def gather_statistics(self) -> None:
        """Count the rows for the query planner, as the database does by itself once they are committed."""
        with connection.cursor() as cursor:
            cursor.execute(f"RESET ROLE; ANALYZE; SET LOCAL ROLE {APPLICATION_ROLE}")

    def read(self) -> dict[str, str]:
        """A hash of each table's rows."""
        parts = " UNION ALL ".join(
            f"SELECT '{name}', coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM {name} AS t"
            for name, _ in self.tables
        )
        with connection.cursor() as cursor:
            cursor.execute(parts)
            return dict(cursor.fetchall())


@contextmanager
def set_up(mark: str = "Southwark's", *, beside: Callable[[Everything], None] | None = None) -> Iterator[Stage]:
    """The world as the application's own database role sees it, in one transaction that is undone at the end.

    `beside` adds objects to it.
    """
    logging.disable(logging.WARNING)  # thousands of refusals are what it is about
    with transaction.atomic():
        with connection.cursor() as cursor:
            grant(cursor, APPLICATION_ROLE, append_only=settings.APPEND_ONLY_TABLES)
            cursor.execute(f"SET LOCAL ROLE {APPLICATION_ROLE}")
        made = everything.build(mark)
        if beside is not None:
            beside(made)
        stage = Stage(made, Client(raise_request_exception=False), tables=_tables())
        for actor in IN_ORDER:
            if actor != OUT:
                client = Client()
                client.force_login(person(stage.made, actor), backend="partners.backends.EmailBackend")
                stage.sessions[actor] = client.cookies[settings.SESSION_COOKIE_NAME].value
        # Its address names a session by its handle, not by its key.
        handle = Session.objects.get(session_key=stage.sessions["council finance"]).handle
        stage.made.objects["session_finance"] = SimpleNamespace(pk=handle)
        stage.content, stage.written = stage.read(), stage.count()
        try:
            # Neither whether the machines are well is asked here, nor how often somebody tries to sign in.
            with (
                override_settings(ACCOUNT_RATE_LIMITS=False),
                patch("integration_hub.core.health.readiness", return_value={"database": "ok"}),
                # Pages are drawn as they are outside of tests, which keep a copy of each template's context.
                patch.object(Template, "_render", lambda template, context: template.nodelist.render(context)),
            ):
                yield stage
        finally:
            logging.disable(logging.NOTSET)
            transaction.set_rollback(True)


def _tables() -> list[tuple[str, int]]:
    wanted = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - NOT_OURS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, oid FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname",
            [wanted],
        )
        found = [(name, int(oid)) for name, oid in cursor.fetchall()]
    return [(name, oid) for name, oid in found if not name.startswith("pghistory_")]


def _encoded(sends: Mapping[str, Any], *, as_json: bool) -> tuple[Any, str]:
    is_file = any(isinstance(value, UploadedFile) for value in sends.values())
    if as_json and not is_file:
        return json.dumps(sends), "application/json"
    return encode_multipart(BOUNDARY, sends), MULTIPART_CONTENT
