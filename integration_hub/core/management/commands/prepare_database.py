import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.utils import ProgrammingError
from psycopg2 import sql

from integration_hub import env

EXTENSIONS = ("btree_gist", "citext", "pg_trgm", "unaccent")
# Any number will do as long as it stays: two of these commands at once wait for each other on it.
ADVISORY_LOCK = 7_202_014
ROLE_FOR_APPLICATION = "NOSUPERUSER NOCREATEDB NOCREATEROLE LOGIN"


class Command(BaseCommand):
    """Migrates as the owner of the tables, then gives the application's role exactly what it needs.

    Safe to run at every start and on several machines at once. DATABASE_OWNER_URL names the owner, DATABASE_URL the
    application's role; with DATABASE_URL alone everything belongs to one role, which the last line says.
    """

    # The checks of the whole application belong to `make check`; a start need not wait for them.
    requires_system_checks = []
    help = "Migrate, then grant the application's role what it needs and no more."

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        with advisory_lock():
            make_extensions()
            call_command("migrate", verbosity=verbosity, interactive=False)
            application = urlsplit(env.text("DATABASE_URL", ""))
            role = unquote(application.username or "")
            with connection.cursor() as cursor:
                owner = value(cursor, "SELECT current_user")
                if not role or role == owner:
                    self.stderr.write(
                        f"One role, {owner}, both owns the tables and runs the application: the protection of the "
                        "audit log by a second role is off. To turn it on, set DATABASE_OWNER_URL to the owner and "
                        "DATABASE_URL to a role that owns nothing, then run this again."
                    )
                    return
                make_role(cursor, role, password=unquote(application.password or ""))
                with transaction.atomic():
                    grant(cursor, role, append_only=settings.APPEND_ONLY_TABLES)
        if verbosity:
            self.stdout.write(f"The database is up to date; {role} may use it and owns nothing.")


@contextlib.contextmanager
def advisory_lock() -> Iterator[None]:
    """Hold the database's own lock, so that two machines that start together migrate one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def make_extensions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        missing = set(EXTENSIONS) - {name for (name,) in cursor}
        for name in sorted(missing):
            try:
                cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
            except ProgrammingError as error:
                raise CommandError(
                    f"The extension {name} is missing and this role may not create it. As an administrator of the "
                    f"database run: CREATE EXTENSION {name};  ({error})"
                ) from error


def make_role(cursor: CursorWrapper, role: str, *, password: str) -> None:
    """Make the application's role where it is missing and we may; refuse one that could do anything."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found is None:
        create = sql.SQL("CREATE ROLE {} " + ROLE_FOR_APPLICATION).format(sql.Identifier(role))
        if password:
            create += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
        try:
            with transaction.atomic():
                cursor.execute(create)
        except ProgrammingError as error:
            raise CommandError(
                f"The role {role} of DATABASE_URL does not exist and this role may not create it. As an administrator "
                f"of the database run: CREATE ROLE {role} {ROLE_FOR_APPLICATION} PASSWORD '…';  ({error})"
            ) from error
    elif found[0]:
        raise CommandError(
            f"The role {role} of DATABASE_URL is a superuser, so no protection would hold. Give the application a "
            f"role of its own: CREATE ROLE hub_app {ROLE_FOR_APPLICATION} PASSWORD '…';"
        )
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND relowner = %s::regrole ORDER BY relname LIMIT 3",
        [sql.Identifier(role).as_string(cursor.connection)],
    )
    owned = [name for (name,) in cursor]
    if owned:
        raise CommandError(
            f"The role {role} of DATABASE_URL owns tables ({', '.join(owned)}, …), so it could empty them. Give them "
            f"to the owner: REASSIGN OWNED BY {role} TO CURRENT_USER; and run this again."
        )


def grant(cursor: CursorWrapper, role: str, *, append_only: list[str]) -> None:
    """Read and write rows, nothing else; of append-only tables read and add; of the list of migrations read."""
    names = {
        "role": sql.Identifier(role),
        "database": sql.Identifier(value(cursor, "SELECT current_database()")),
    }
    statements = [
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    for statement in statements:
        cursor.execute(sql.SQL(statement).format(**names))
    tables = set(connection.introspection.table_names(cursor))
    for table in sorted(tables.intersection(append_only)):
        revoke = sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {role}")
        cursor.execute(revoke.format(table=sql.Identifier(table), **names))


def value(cursor: CursorWrapper, query: str) -> str:
    """The one value of a query that has one row."""
    cursor.execute(query)
    return str(cursor.fetchall()[0][0])
