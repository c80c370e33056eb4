"""Idle accounts: three notices, each once, then closed by the named system actor; both Sundays of the clock change."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from integration_hub.core.models import AuditEvent, Job
from integration_hub.core.tasks import queue_for_day
from partners import tasks
from partners.domain.roles import Role
from partners.models import IdleNotice, Membership, User
from partners.services import idle
from tests.factories.partners import UserFactory, give_role

SIGNED_IN = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def idle_person(world):
    person = UserFactory(email="idle@council.example", name="Idle officer", is_demonstration=False)
    give_role(person, world.council, Role.FINANCE)
    give_role(person, world.ccg, Role.METRICS)
    User.objects.filter(pk=person.pk).update(last_login=SIGNED_IN, date_joined=SIGNED_IN - timedelta(days=300))
    return person


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T06:00:00+00:00")


def test_look_gives_three_notices_once_each_and_closes_on_the_ninetieth_day(idle_person, run_jobs, time_machine):
    told, closed = {}, None
    for number in range(70, 100):
        now = SIGNED_IN.replace(hour=6) + timedelta(days=number)
        time_machine.move_to(now, tick=False)
        looked = [idle.look(at=now), idle.look(at=now)]
        assert (looked[1].notices, looked[1].closed) == (0, 0)
        for mail in run_jobs():
            told[number] = mail.subject
        if looked[0].closed:
            closed = number

    assert told == {
        80: "Integration Hub: your account is closed in 10 days",
        87: "Integration Hub: your account is closed in 3 days",
        89: "Integration Hub: your account is closed tomorrow",
    }
    assert closed == 90
    idle_person.refresh_from_db()
    assert not idle_person.is_active
    assert not Membership.objects.on(timezone.localdate()).filter(person=idle_person).exists()
    lines = AuditEvent.objects.filter(target_id=str(idle_person.pk), kind__in=["person.left", "person.closed"])
    assert {(line.kind, line.system, line.partner_name) for line in lines} == {
        ("person.left", "idle accounts", "Southwark Council"),
        ("person.left", "idle accounts", "NHS Southwark CCG"),
        ("person.closed", "idle accounts", ""),
    }


def test_letter_names_the_day_and_has_no_link(idle_person, run_jobs, time_machine):
    time_machine.move_to(at("2026-03-22"), tick=False)
    idle.look(at=timezone.now())

    (mail,) = run_jobs()

    assert mail.to == ["idle@council.example"]
    assert "Yours is closed on 1 April 2026" in mail.body
    assert "since 1 January 2026" in mail.body
    assert "://" not in mail.body


def test_signing_in_after_a_notice_starts_anew_and_stops_the_letter(idle_person, run_jobs, time_machine):
    time_machine.move_to(at("2026-03-22"), tick=False)
    idle.look(at=timezone.now())
    User.objects.filter(pk=idle_person.pk).update(last_login=timezone.now())

    assert run_jobs() == []
    assert idle.look(at=at("2026-04-02")).closed == 0
    assert idle.look(at=at("2026-06-10")).notices == 1
    assert IdleNotice.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"is_demonstration": True}, {"is_active": False}, {"reopened_at": at("2026-03-20")}]
)
def test_demonstration_closed_and_reopened_accounts_are_left_alone(idle_person, change):
    User.objects.filter(pk=idle_person.pk).update(**change)

    assert idle.look(at=at("2026-03-25")) == idle.Looked(0, 0)
    assert not IdleNotice.objects.exists()


def test_somebody_who_never_signed_in_counts_from_the_day_the_account_was_made(idle_person):
    User.objects.filter(pk=idle_person.pk).update(last_login=None, date_joined=at("2026-01-05"))

    assert idle.look(at=at("2026-03-25")).notices == 0
    assert idle.look(at=at("2026-03-26")).notices == 1
    assert IdleNotice.objects.get().idle_since.isoformat() == "2026-01-05"


def test_the_setting_says_after_how_many_days(idle_person, settings):
    settings.IDLE_ACCOUNT_DAYS = 30

    assert idle.look(at=at("2026-01-20")).notices == 0
    assert idle.look(at=at("2026-01-21")).notices == 1


def _all_told(person, closes_on):
    for days in (10, 3, 1):
        IdleNotice.objects.create(
            person=person, idle_since=SIGNED_IN.date(), days_before=days, closes_on=closes_on, at=SIGNED_IN
        )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OPERATOR])
def test_the_last_administrator_and_operator_stay_open_and_the_log_says_so(idle_person, world, caplog, role):
    held = give_role(idle_person, world.council, role)
    _all_told(idle_person, at("2026-04-01").date())
    logging.getLogger("partners").setLevel(logging.INFO)

    assert idle.look(at=at("2026-04-02")).closed == 0
    assert "stays open: it is the last" in caplog.text
    idle_person.refresh_from_db()
    assert idle_person.is_active

    give_role(UserFactory(), held.organisation, role)
    assert idle.look(at=at("2026-04-03")).closed == 1


@pytest.mark.parametrize(
    ("first_hour", "sunday"),
    [("2026-03-28T22:00:00+00:00", "2026-03-29"), ("2026-10-24T22:00:00+00:00", "2026-10-25")],
)
def test_each_notice_goes_out_once_over_the_sundays_of_the_clock_change(
    idle_person, run_jobs, time_machine, first_hour, sunday
):
    """Ticks every half hour from the evening before to the Monday, as if the timetable were late and early."""
    start = datetime.fromisoformat(first_hour)
    User.objects.filter(pk=idle_person.pk).update(last_login=at(sunday) - timedelta(days=80))
    told = []
    for half_hours in range(70):
        now = start + timedelta(minutes=30 * half_hours)
        time_machine.move_to(now, tick=False)
        queue_for_day(kind=tasks.CLOSE_IDLE, from_hour=6)
        told += [(timezone.localdate(now).isoformat(), mail.subject) for mail in run_jobs()]
        told += [(timezone.localdate(now).isoformat(), mail.subject) for mail in run_jobs()]

    assert told == [(sunday, "Integration Hub: your account is closed in 10 days")]
    periods = list(Job.objects.filter(kind=tasks.CLOSE_IDLE).order_by("period").values_list("period", flat=True))
    # The evening of the Saturday, the Sunday and the Monday: one job each.
    assert len(periods) == len(set(periods)) == 3
    assert periods[1] == sunday
