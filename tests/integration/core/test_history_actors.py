"""Every way to write leaves a version with a named actor, and no history or audit table can be changed afterwards."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from governance.models import Board, Meeting
from integration_hub.core import jobs
from integration_hub.core.commands import WritingCommand
from integration_hub.core.models import AuditEvent, Job
from partners.services import tokens
from tests.factories.money import quarter
from tests.factories.partners import NOON

BoardVersion, MeetingVersion = Board.pgh_event_model, Meeting.pgh_event_model


def newest(model):
    return model.objects.select_related("pgh_context").order_by("-pgh_id").first()


def said(version):
    return version.pgh_context.metadata


def test_page_names_the_person(world):
    client = Client()
    client.force_login(world.person("governance"), backend="partners.backends.EmailBackend")

    client.post(f"/boards/{world.board.pk}/meetings/new/", {"held_on": "27/11/2014", "title": "Extra"})

    version = newest(MeetingVersion)
    assert version.title == "Extra"
    assert (said(version)["person_name"], said(version)["person"]) == (
        "Governance of council",
        str(world.person("governance").pk),
    )
    line = AuditEvent.objects.get(context_id=version.pgh_context_id)
    assert (line.actor_name, line.system) == ("Governance of council", "")


def test_name_stays_as_it_was_on_the_day(world):
    person, client = world.person("governance"), Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    client.post(f"/boards/{world.board.pk}/meetings/new/", {"held_on": "27/11/2014", "title": "Extra"})

    person.name = "Another name since the wedding"
    person.save(update_fields=["name"])

    assert said(newest(MeetingVersion))["person_name"] == "Governance of council"
    assert AuditEvent.objects.filter(kind__startswith="meeting.").latest("recorded_at").actor_name == (
        "Governance of council"
    )


def test_api_with_a_token_names_the_person(world):
    person = world.person("finance")
    scheme = world.fund.schemes.create(owner=world.council, number="1", position=1, name="Scheme")
    quarter(2014, 2)
    made = tokens.make(
        name="Ledger", scopes=tokens.READ_AND_WRITE, lasts=timedelta(days=1), by=person, at=timezone.now()
    )
    api = APIClient()
    body = {"scheme": str(scheme.pk), "quarter": 2, "amount": "12.00"}

    response = api.post("/api/v1/forecasts/", body, format="json", headers={"Authorization": f"Token {made.secret}"})

    assert response.status_code == 201, response.content
    version = newest(scheme.forecasts.model.pgh_event_model)
    assert said(version)["person_name"] == "Finance of council"
    assert AuditEvent.objects.get(context_id=version.pgh_context_id).actor_name == "Finance of council"


def rename(attempt):
    Board.objects.filter(pk=attempt.arguments["board"]).update(note="Written by a job")


def test_job_names_itself_and_whoever_asked(world, monkeypatch):
    monkeypatch.setitem(jobs._handlers, "test.rename", rename)
    for by in (None, world.person("finance")):
        job = jobs.enqueue("test.rename", at=NOON, arguments={"board": str(world.board.pk)}, by=by)
        Board.objects.filter(pk=world.board.pk).update(note="")
        jobs.run(job_id=job.pk)
        assert Job.objects.get(pk=job.pk).status == Job.Status.READY
        version = newest(BoardVersion)
        assert version.note == "Written by a job"
        assert said(version)["system"] == "job test.rename"
        assert said(version).get("person_name") == ("Finance of council" if by else None)


class Renaming(WritingCommand):
    def handle(self, *args, **options):
        Board.objects.bulk_update([Board(pk=options["board"], note="Written by a command")], ["note"])


def test_command_names_itself(world):
    Renaming().execute(board=world.board.pk, force_color=False, no_color=False, skip_checks=True)

    version = newest(BoardVersion)
    assert (version.note, said(version)["system"]) == ("Written by a command", "command test_history_actors")


def test_every_command_of_ours_that_writes_names_itself():
    from django.core.management import get_commands, load_command_class

    # They write no tracked row: a file, accounts printed, and the schema itself.
    allowed = {"make_bank_holidays", "demo_accounts", "prepare_database"}
    ours = {
        name: app
        for name, app in get_commands().items()
        if (isinstance(app, str) and app.split(".")[0] in {"integration_hub", "partners", "reports", "governance"})
        or app in {"pooled_budgets", "bcf_metrics", "programme"}
    }

    assert ours
    assert {
        name for name, app in ours.items() if not isinstance(load_command_class(app, name), WritingCommand)
    } <= allowed


def test_bulk_writes_leave_a_version_of_each_row(world):
    before = BoardVersion.objects.count()
    with transaction.atomic(), pghistory.context(system="test of bulk writes"):
        rows = Board.objects.bulk_create(
            Board(key=f"bulk-{number}", name=f"Board {number}", kind="hwb", area=world.area) for number in range(5)
        )
        for row in rows:
            row.note = "Changed"
        Board.objects.bulk_update(rows, ["note"])

    versions = list(BoardVersion.objects.order_by("pgh_id").select_related("pgh_context"))[before:]
    assert [version.pgh_label for version in versions] == ["insert"] * 5 + ["update"] * 5
    assert {said(version)["system"] for version in versions} == {"test of bulk writes"}


def test_raw_sql_without_any_context_names_the_databases_role(world):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("hub_app",)
        cursor.execute("UPDATE governance_board SET note = 'Raw'")
        cursor.execute("UPDATE governance_board SET note = 'Raw again'")

    versions = BoardVersion.objects.filter(note__startswith="Raw").select_related("pgh_context")
    assert [said(version) for version in versions] == [{"system": "database role hub_app"}] * 2
    assert len({version.pgh_context_id for version in versions}) == 1


def test_context_is_added_to_but_never_renamed(world):
    with pghistory.context(system="first name") as context:
        Board.objects.update(note="One")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(context.id), '{"system": "forged", "more": "yes"}'],
        )
        cursor.execute("UPDATE governance_board SET note = 'Two'")

    assert said(newest(BoardVersion)) == {"system": "first name", "more": "yes"}


def protected_tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND (relname = ANY(%s) OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid"
            " AND attname = 'pgh_label')) ORDER BY relname",
            [settings.APPEND_ONLY_TABLES],
        )
        return [name for (name,) in cursor.fetchall()]


ATTEMPTS = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table}",
    "alter": "ALTER TABLE {table} ADD COLUMN forged text",
    "disable trigger": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "drop trigger": "DROP TRIGGER {trigger} ON {table}",
    "rule": "CREATE RULE forged AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "drop": "DROP TABLE {table}",
    "replica": "SET session_replication_role = replica",
}


def a_row_in(cursor, table):
    """Row triggers only speak where there is a row: put one in where the table is empty, as the application may."""
    cursor.execute(f'SELECT count(*) FROM "{table}"')
    return cursor.fetchone()[0] > 0


def test_no_history_or_audit_table_can_be_changed_by_the_application(world):
    tables, went_through, empty = protected_tables(), [], []
    AuditEvent.objects.create(kind="x.y", at=NOON, system="test", target_type="x", target_id="1", target_name="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("hub_app",)
        for table in tables:
            cursor.execute(
                "SELECT a.attname, coalesce((SELECT tgname FROM pg_trigger WHERE tgrelid = a.attrelid"
                " AND NOT tgisinternal LIMIT 1), 'none') FROM pg_attribute a"
                " WHERE a.attrelid = %s::regclass AND a.attnum = 1",
                [table],
            )
            column, trigger = cursor.fetchone()
            if not a_row_in(cursor, table):
                empty.append(table)
            for name, attempt in ATTEMPTS.items():
                if table in empty and name in {"update", "delete"}:
                    continue
                try:
                    with transaction.atomic():
                        cursor.execute(attempt.format(table=f'"{table}"', column=f'"{column}"', trigger=trigger))
                        went_through.append(f"{name} {table}")
                        transaction.set_rollback(True)
                except DatabaseError:
                    pass

    assert len(tables) > 30
    assert went_through == []
    # Of these no row was made: their trigger is the same and is looked for instead.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%%append_only%%' AND tgenabled = 'O'"
        )
        guarded = {name.strip('"') for (name,) in cursor.fetchall()}
    assert set(tables) - {"pghistory_context"} <= guarded
