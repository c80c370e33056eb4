"""Sessions: seen and ended by their person, ended by themselves, and kept alive by what a person does alone."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Session
from partners.services import agreement_check, memberships
from tests.factories.partners import NOON, OrganisationFactory, UserFactory, give_role

PASSWORD = "correct horse battery"
LEFT = "/account/session/"
BACKGROUND = {"Hub-Background": "1"}
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def sign_in(person, **extra) -> Client:
    client = Client(**extra)
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(LEFT, headers=BACKGROUND).status_code == 200


@pytest.fixture
def clock(time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    return time_machine


def test_list_shows_each_browser_and_marks_this_one(own_account):
    sign_in(own_account, REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX)
    here = sign_in(own_account, REMOTE_ADDR="192.0.2.8", HTTP_USER_AGENT="curl/8")
    sign_in(UserFactory(is_demonstration=False), REMOTE_ADDR="192.0.2.9")

    response = here.get("/account/sessions/")
    page = response.content.decode()

    assert [row.is_this for row in response.context["sessions"]].count(True) == 1
    assert "Firefox on Windows" in page
    assert "does not say what it is" in page
    assert "192.0.2.7" in page
    assert "192.0.2.8" in page
    assert "192.0.2.9" not in page


def test_list_costs_the_same_for_many_sessions(own_account, signed_in, django_assert_num_queries):
    client = signed_in(own_account)

    def queries() -> int:
        with django_assert_num_queries(6, exact=False) as counted:
            client.get("/account/sessions/")
        return len(counted)

    few = queries()
    for _ in range(20):
        sign_in(own_account)
    assert queries() == few


def test_ending_one_session_signs_that_browser_out_and_is_audited(own_account):
    there, here = sign_in(own_account), sign_in(own_account)
    handle = Session.objects.get(session_key=there.session.session_key).handle

    assert here.post(f"/account/sessions/{handle}/end/")["Location"] == "/account/sessions/"

    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert AuditEvent.objects.get(kind="person.sessions_ended").after == {"ended": 1}


def test_ending_this_session_is_a_sign_out(own_account):
    here = sign_in(own_account)
    handle = Session.objects.get(person=own_account).handle

    assert here.post(f"/account/sessions/{handle}/end/")["Location"] == "/account/login/"
    assert not is_signed_in(here)
    assert not Session.objects.filter(person=own_account).exists()


def test_session_of_somebody_else_is_404_and_goes_on(own_account):
    other = UserFactory(is_demonstration=False)
    there, here = sign_in(other), sign_in(own_account)
    handle = Session.objects.get(person=other).handle

    for unknown in (handle, uuid.uuid4()):
        assert here.post(f"/account/sessions/{unknown}/end/").status_code == 404
    assert is_signed_in(there)
    assert not AuditEvent.objects.filter(kind="person.sessions_ended").exists()


def test_ending_all_others_leaves_this_one(own_account):
    others, here = [sign_in(own_account), sign_in(own_account)], sign_in(own_account)

    here.post("/account/sessions/end-others/")

    assert [is_signed_in(client) for client in (*others, here)] == [False, False, True]
    assert AuditEvent.objects.get(kind="person.sessions_ended").after == {"ended": 2}


def test_demonstration_account_sees_and_ends_its_own_session_alone(world, signed_in):
    person = world.person("finance")
    there, here = signed_in(person), signed_in(person)
    handle = Session.objects.get(session_key=there.session.session_key).handle

    assert len(here.get("/account/sessions/").context["sessions"]) == 1
    assert here.post(f"/account/sessions/{handle}/end/").status_code == 404
    assert here.post("/account/sessions/end-others/").status_code == 409
    assert is_signed_in(there)


def test_session_ends_after_half_an_hour_without_use(own_account, clock):
    client = sign_in(own_account)
    clock.shift(timedelta(minutes=29))
    assert client.get("/account/").status_code == 200
    clock.shift(timedelta(minutes=29))
    assert client.get("/account/").status_code == 200
    clock.shift(timedelta(minutes=31))

    assert client.get("/account/")["Location"].startswith("/account/login/")


def test_what_a_page_asks_by_itself_does_not_prolong(own_account, clock):
    client = sign_in(own_account)
    for _ in range(6):
        clock.shift(timedelta(minutes=4))
        assert client.get("/account/", headers=BACKGROUND).status_code == 200
    assert client.get(LEFT, headers=BACKGROUND).json()["left"] == 6 * 60
    clock.shift(timedelta(minutes=6, seconds=1))

    assert client.get("/account/").status_code == 302


def test_staying_prolongs_up_to_twelve_hours_after_sign_in(own_account, clock):
    client = sign_in(own_account)
    for _ in range(28):
        clock.shift(timedelta(minutes=25))
        assert client.post(LEFT).status_code == 200
    assert client.post(LEFT).json() == {"left": 20 * 60, "most": 20 * 60}
    clock.shift(timedelta(minutes=21))

    assert client.post(LEFT).status_code == 302
    assert not is_signed_in(client)


def test_signing_in_again_begins_twelve_new_hours(own_account, clock):
    client = sign_in(own_account)
    clock.shift(timedelta(minutes=20))
    client.post("/account/logout/")
    client.post("/account/login/", {"login": own_account.email, "password": PASSWORD})

    assert client.get(LEFT).json()["most"] == 12 * 3600


def test_activity_is_written_once_a_minute(own_account, clock, django_assert_num_queries):
    client = sign_in(own_account)
    clock.shift(timedelta(seconds=61))
    with django_assert_num_queries(9, exact=False) as writing:
        client.get("/account/sessions/")
    with django_assert_num_queries(9, exact=False) as reading:
        client.get("/account/sessions/")

    def updates(queries) -> int:
        return sum(query["sql"].startswith("UPDATE") for query in queries.captured_queries)

    assert (updates(writing), updates(reading)) == (1, 0)


def test_a_new_password_ends_the_other_sessions(own_account):
    there, here = sign_in(own_account), sign_in(own_account)
    new = "three unlikely words"

    response = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert response.status_code == 302
    assert not is_signed_in(there)
    assert is_signed_in(here)
    assert Session.objects.filter(person=own_account).count() == 1
    assert AuditEvent.objects.get(kind="person.sessions_ended").reason == "the password changed"


@pytest.mark.parametrize(("role", "stays"), [(Role.APPROVER, False), (Role.FINANCE, True)])
def test_losing_a_role_that_needs_a_second_factor_ends_all_sessions(own_account, role, stays):
    partner = OrganisationFactory()
    administrator = UserFactory()
    give_role(administrator, partner, Role.ADMIN)
    held = give_role(own_account, partner, role)
    client = Client()
    client.force_login(own_account, backend="partners.backends.EmailBackend")

    yesterday = NOON.date() - timedelta(days=1)
    memberships.end(membership_id=held.pk, ends_on=yesterday, reason="Moved on", by=administrator, at=NOON)

    assert Session.objects.filter(person=own_account).exists() is stays


def test_a_role_that_runs_out_ends_all_sessions_at_night(own_account):
    now = timezone.now()
    held = give_role(own_account, OrganisationFactory(), Role.ADMIN)
    held.ends_on = timezone.localdate() - timedelta(days=1)
    held.save()
    Client().force_login(own_account, backend="partners.backends.EmailBackend")
    assert Session.objects.filter(person=own_account).exists()

    agreement_check.leave_lapsed_groups(at=now)

    assert not Session.objects.filter(person=own_account).exists()
    assert AuditEvent.objects.get(kind="person.sessions_ended").system == agreement_check.SYSTEM


def test_session_made_without_our_sign_in_has_limits_too(own_account, signed_in):
    row = Session.objects.get(session_key=signed_in(own_account).session.session_key)

    assert row.person == own_account
    assert row.expire_date <= timezone.now() + timedelta(minutes=30)
    assert row.started_at is not None
