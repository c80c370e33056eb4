"""Confirming while others write, each in a transaction: all of it moves or nothing of it, and nothing is lost."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from integration_hub.core import registry
from integration_hub.core.errors import HubError
from integration_hub.core.models import AuditEvent
from integration_hub.core.registry import SuccessionProvider
from partners import policies_succession
from partners.models import Organisation, OrganisationEnding, Succession, SuccessionMove, User
from partners.services import successions
from pooled_budgets.domain.entries import Entry
from pooled_budgets.domain.figures import Figure
from pooled_budgets.models import Forecast, Fund
from pooled_budgets.services import forecasts
from programme.models import Risk
from programme.services import register
from tests.factories.money import SchemeFactory, quarter
from tests.integration.partners.succeeding import THEN, Stage, paid

pytestmark = pytest.mark.django_db(transaction=True)

ROOMS = ("core", "partners", "governance", "pooled_budgets", "bcf_metrics", "programme", "reports")
PATIENCE = 30


@pytest.fixture
def stage() -> Stage:
    """Two CCGs with a fund each that go into one ICB; Newham's has people and a scheme."""
    found = Stage()
    found.organisation("icb", "icb", title="NHS North East London ICB")
    for name, amount in (("newham", "20000000.03"), ("barking", "12345678.90")):
        found.organisation(name, "ccg", name.capitalize(), title=f"NHS {name.capitalize()} CCG")
        found.fund(name, name.capitalize(), name, total="30000000.00")
        found.pays(name, name, amount)
        found.seat(name.capitalize(), name)
        Risk.objects.create(
            board=found.boards[name.capitalize()],
            owner=found.organisations[name],
            text=f"Beds close late in {name}",
            at=date(2022, 4, 1),
        )
    SchemeFactory(fund=found.funds["newham"], number="1")
    found.person("admin", "newham"), found.person("finance", "newham"), found.person("programme", "newham")
    for number in (1, 2, 3):
        found.operator(number)
    return found


@pytest.fixture
def draft(stage: Stage) -> Succession:
    """Agreed to by the one partner that has people."""
    written = stage.prepare("merger", stage.line("newham", "icb"), stage.line("barking", "icb"))
    stage.agree(written, "newham")
    return written


def again(person: User) -> User:
    """The person in a new request."""
    return User.objects.get(pk=person.pk)


def confirming(stage: Stage, draft: Succession, number: int = 2) -> Callable[[], Succession]:
    seen, operator = stage.preview(draft).sha256, again(stage.operator(number))
    return lambda: successions.confirm(succession_id=draft.pk, seen=seen, by=operator, at=THEN)


def content() -> dict[str, str]:
    """A hash of the rows of every table of the application, its history included."""
    tables = sorted(model._meta.db_table for name in ROOMS for model in apps.get_app_config(name).get_models())
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM {table} AS t"
                for table in tables
            )
        )
        return dict(cursor.fetchall())


class Act(threading.Thread):
    """One act in a thread and a connection of its own; `result` is what it answered or how it was refused."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.result, self.process = act, None, 0
        self.connected = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.process = cursor.fetchone()[0]
            self.connected.set()
            self.result = self.act()
        except (HubError, PermissionDenied, Http404, DatabaseError) as refusal:
            self.result = refusal
        finally:
            connection.close()

    def finish(self) -> Any:
        self.join(timeout=PATIENCE)
        assert not self.is_alive()
        return self.result

    def wait_until_held_up(self) -> None:
        """Until the database says that another transaction keeps this one waiting."""
        assert self.connected.wait(PATIENCE)
        for _ in range(PATIENCE * 50):
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.process])
                if cursor.fetchone()[0]:
                    return
            self.join(timeout=0.02)
            assert self.is_alive(), f"it did not wait: {self.result!r}"
        raise AssertionError("nothing held it up")


class Pause:
    """The middle of a confirmation: everything but the last app's things has moved, and nothing is committed."""

    def __init__(self) -> None:
        self.reached, self.over = threading.Event(), threading.Event()

    def move(self, takings: Any, **given: Any) -> None:
        self.reached.set()
        assert self.over.wait(PATIENCE)


@contextmanager
def last_move(monkeypatch: pytest.MonkeyPatch, move: Callable[..., None]) -> Iterator[None]:
    """Within, `move` is what the last provider does, after all the others moved what is theirs."""
    *others, last = registry.successions
    with monkeypatch.context() as patched:
        patched.setattr(registry, "successions", [*others, SuccessionProvider(holdings=last.holdings, move=move)])
        yield


def recording(stage: Stage, amount: str) -> Callable[[], forecasts.Saved]:
    officer, fund, period = again(stage.person("finance", "newham")), stage.funds["newham"], quarter(2022, 1)
    entry = Entry("1", Figure.stated(Decimal(amount)), seen_figure="")
    return lambda: forecasts.record(fund=fund, period=period, entries=[entry], by=officer, at=THEN)


def writing_a_risk(stage: Stage) -> Callable[[], Risk]:
    officer, board = again(stage.person("programme", "newham")), stage.boards["Newham"]
    words = register.RiskWords(text="Winter comes early")
    return lambda: register.add_risk(board_id=board.pk, words=words, by=officer, at=THEN)


def has_moved(draft: Succession) -> bool:
    return Succession.objects.get(pk=draft.pk).state == "confirmed"


def test_two_operators_who_confirm_at_once_move_everything_once(stage: Stage, draft: Succession):
    first, second = Act(confirming(stage, draft, 2)), Act(confirming(stage, draft, 3))
    first.start(), second.start()

    results = [first.finish(), second.finish()]

    assert sorted(type(result).__name__ for result in results) == ["NotADraft", "Succession"]
    refused = next(result for result in results if isinstance(result, policies_succession.NotADraft))
    assert "confirmed this succession" in refused.message
    assert paid(stage.funds["newham"]) == {"newham": Decimal("5000000.01"), "icb": Decimal("15000000.02")}
    assert OrganisationEnding.objects.count() == 2
    assert AuditEvent.objects.filter(kind="succession.confirmed").count() == 3  # one for each partner concerned


def test_two_successions_of_one_organisation_at_once_end_it_once(stage: Stage, draft: Succession):
    stage.organisation("other", "icb")
    rival = stage.prepare("merger", stage.line("newham", "other"))
    stage.agree(rival, "newham")
    first, second = Act(confirming(stage, draft, 2)), Act(confirming(stage, rival, 3))
    first.start(), second.start()

    results = [first.finish(), second.finish()]

    refused = [result for result in results if isinstance(result, HubError)]
    assert [refusal.code for refusal in refused] == ["lines_do_not_fit"]
    assert "has ended already" in refused[0].message
    assert Succession.objects.filter(state="confirmed").count() == 1
    assert OrganisationEnding.objects.filter(organisation__key="newham").count() == 1


def test_figure_saved_before_the_confirmation_reads_it_is_never_lost(stage, draft, monkeypatch):
    """The confirmation waits for the officer's transaction, and then sees another preview."""
    confirm, saved, go = Act(confirming(stage, draft)), threading.Event(), threading.Event()
    written = forecasts.write

    def slowly(*args: Any, **given: Any) -> Any:
        found = written(*args, **given)
        saved.set()
        assert go.wait(PATIENCE)
        return found

    monkeypatch.setattr(forecasts, "write", slowly)
    record = Act(recording(stage, "10.00"))
    record.start()
    assert saved.wait(PATIENCE)
    confirm.start()
    confirm.wait_until_held_up()
    go.set()

    assert isinstance(record.finish(), forecasts.Saved)
    assert isinstance(confirm.finish(), policies_succession.PreviewChanged)
    assert not has_moved(draft)
    assert not OrganisationEnding.objects.exists()
    assert [(row.owner.key, row.amount) for row in Forecast.objects.all()] == [("newham", Decimal("10.00"))]


def test_figure_saved_during_the_confirmation_is_refused_and_nothing_is_left_behind(stage, draft, monkeypatch):
    pause = Pause()
    with last_move(monkeypatch, pause.move):
        confirm = Act(confirming(stage, draft))
        confirm.start()
        assert pause.reached.wait(PATIENCE)
        record = Act(recording(stage, "10.00"))
        record.start()
        record.wait_until_held_up()
        pause.over.set()
        assert isinstance(confirm.finish(), Succession)

    assert isinstance(record.finish(), PermissionDenied | Http404)
    assert has_moved(draft)
    assert not Forecast.objects.exists()
    assert not AuditEvent.objects.filter(kind="forecasts.recorded").exists()


def test_risk_written_before_the_confirmation_reads_it_is_never_lost(stage, draft, monkeypatch):
    confirm, saved, go = Act(confirming(stage, draft)), threading.Event(), threading.Event()
    write = writing_a_risk(stage)

    def slowly() -> Any:
        with transaction.atomic():
            found = write()
            saved.set()
            assert go.wait(PATIENCE)
        return found

    risk = Act(slowly)
    risk.start()
    assert saved.wait(PATIENCE)
    confirm.start()
    confirm.wait_until_held_up()
    go.set()

    assert isinstance(risk.finish(), Risk)
    assert isinstance(confirm.finish(), policies_succession.PreviewChanged)
    assert not has_moved(draft)
    assert set(Risk.objects.values_list("owner__key", flat=True)) == {"newham", "barking"}


def test_risk_written_during_the_confirmation_is_refused_and_nothing_is_left_behind(stage, draft, monkeypatch):
    pause = Pause()
    with last_move(monkeypatch, pause.move):
        confirm, risk = Act(confirming(stage, draft)), Act(writing_a_risk(stage))
        confirm.start()
        assert pause.reached.wait(PATIENCE)
        risk.start()
        risk.wait_until_held_up()
        pause.over.set()
        assert isinstance(confirm.finish(), Succession)

    assert isinstance(risk.finish(), PermissionDenied | Http404)
    assert set(Risk.objects.values_list("owner__key", flat=True)) == {"icb"}


@pytest.mark.parametrize("end", ["an error", "the connection is cut"])
def test_confirmation_that_ends_in_the_middle_moves_nothing(stage, draft, monkeypatch, end):
    before = content()

    def fall(takings: Any, **given: Any) -> None:
        # Everything else has moved by now, in this transaction.
        assert set(Fund.objects.values_list("owner__key", flat=True)) == {"icb"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())" if end != "an error" else "SELECT 1 / 0")

    with last_move(monkeypatch, fall):
        confirm = Act(confirming(stage, draft))
        confirm.start()
        result = confirm.finish()

    assert isinstance(result, DatabaseError)
    assert content() == before
    # And it can be done again.
    again_ = Act(confirming(stage, draft, 3))
    again_.start()
    assert isinstance(again_.finish(), Succession)
    assert set(Fund.objects.values_list("owner__key", flat=True)) == {"icb"}
    assert SuccessionMove.objects.exists()
    assert Organisation.objects.get(key="newham").valid_to is not None
