"""An administrator looks as a role or a person of their own partner: read-only, logged, and never wider."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import InternalError
from django.urls import reverse
from django.utils import timezone

from governance.models import Board
from integration_hub.core.models import AuditEvent
from integration_hub.core.readonly import is_refused, read_only
from partners import permissions
from partners.domain.roles import READING_ROLES, Permission, Role
from partners.domain.viewing import Lens
from partners.middleware import BACKGROUND
from partners.models import Area, Membership, Organisation, Session, User
from partners.selectors import viewing
from partners.services import invitations, leaving, links, sessions, tidying
from partners.sessions import USED
from pooled_budgets.models import Fund
from tests.factories.money import AgreementFactory, FundFactory, join_agreement
from tests.factories.partners import UserFactory, give_role


@pytest.fixture
def address(world):
    return f"/partners/{world.council.pk}/view-as/"


@pytest.fixture
def admin(signed_in, world):
    return signed_in(world.person("admin"))


def look(client, address, **chosen):
    return client.post(address, {"role": "", "person": ""} | chosen)


def lines(kind):
    return AuditEvent.objects.filter(kind=kind)


@pytest.mark.parametrize(
    ("role", "partner", "status"),
    [
        ("admin", "council", 302),
        ("finance", "council", 403),
        ("auditor", "council", 403),
        ("operator", "council", 403),
        ("admin", "ccg", 403),
        ("admin", "hackney", 403),
    ],
)
def test_looking_is_for_administrators_of_the_partner(signed_in, world, address, role, partner, status):
    client = signed_in(world.person(role, partner))

    response = look(client, address, role="finance")

    assert response.status_code == status
    assert lines("viewing.started").exists() is (status == 302)
    assert (viewing.KEY in client.session) is (status == 302)


def test_looking_is_404_for_whoever_may_not_know_of_the_partner(signed_in, own_account, address):
    assert look(signed_in(own_account), address, role="finance").status_code == 404


def test_page_is_then_that_roles_with_a_banner(world, admin, address):
    monitoring = f"/funds/{world.fund.pk}/monitoring/"
    assert admin.get(monitoring).status_code == 200
    before = admin.get(f"/funds/{world.fund.pk}/").content.decode()

    look(admin, address, role="finance")
    page = admin.get(f"/funds/{world.fund.pk}/").content.decode()

    assert "Enter projected outturns" not in before
    assert "Enter projected outturns" in page
    assert "Admin of council</strong>, you are looking as <strong>Finance officer of Southwark Council" in page
    assert "Leave this view" in page


def test_person_of_the_partner_is_looked_as_by_name(world, admin, address):
    finance = world.person("finance")

    assert look(admin, address, person=str(finance.pk)).status_code == 302

    assert "you are looking as <strong>Finance of council of Southwark" in admin.get("/").content.decode()
    line = lines("viewing.started").get()
    assert (line.actor_name, line.partner_id, line.after) == (
        "Admin of council",
        str(world.council.pk),
        {"looked_as": "Finance of council of Southwark Council"},
    )


@pytest.mark.parametrize("chosen", [{}, {"role": "finance", "person": "own"}, {"role": "king"}, {"person": "ccg"}])
def test_choice_that_is_none_or_of_another_partner_is_400_and_changes_nothing(world, admin, address, chosen):
    given = {"own": str(world.person("finance").pk), "ccg": str(world.person("finance", "ccg").pk)}

    response = look(admin, address, **{key: given.get(value, value) for key, value in chosen.items()})

    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()
    assert not lines("viewing.started").exists()
    assert viewing.KEY not in admin.session


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/programme/boards/{board}/risks/new/", "/api/v1/forecasts/", "/account/tokens/"])
def test_unsafe_methods_are_403_in_words_and_change_nothing(world, admin, address, method, path):
    look(admin, address, role="finance")
    counted = AuditEvent.objects.count()

    response = getattr(admin, method)(path.format(board=world.board.pk), {"text": "A risk"})

    assert response.status_code == 403
    assert "Nothing can be changed while you do. Leave the view first" in response.content.decode()
    assert AuditEvent.objects.count() == counted


def test_view_as_cannot_be_begun_from_within_a_view(admin, address):
    look(admin, address, role="admin")

    assert look(admin, address, role="finance").status_code == 403
    assert lines("viewing.started").count() == 1


def test_files_are_refused_while_looking(world, admin, address):
    url = reverse("pooled_budgets:plan_template", args=[world.fund.pk])
    assert admin.get(url).status_code == 200

    look(admin, address, role="finance")
    response = admin.get(url)

    assert response.status_code == 403
    assert "No file can be taken away" in response.content.decode()


def test_api_in_the_same_browser_answers_as_the_role_and_changes_nothing(world, admin, address):
    look(admin, address, role="operator")

    assert admin.get("/api/v1/funds/").json()["count"] == 0
    assert admin.get(f"/api/v1/funds/{world.fund.pk}/").status_code == 404
    response = admin.post("/api/v1/reports/", {"board": str(world.board.pk)}, content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (403, "application/problem+json")


def test_leaving_ends_it_and_both_ends_are_logged(world, admin, address):
    look(admin, address, role="member")

    response = admin.post("/account/view-as/leave/")

    assert response.status_code == 302
    assert "you are looking as" not in admin.get("/").content.decode()
    assert lines("viewing.ended").get().actor_name == "Admin of council"
    assert admin.post("/account/view-as/leave/").status_code == 302
    assert lines("viewing.ended").count() == 1


def test_signing_out_ends_it(admin, address):
    look(admin, address, role="member")

    admin.post("/account/logout/")

    assert lines("viewing.ended").get().reason == "signed out"


def test_it_ends_by_itself_after_an_hour(admin, address):
    look(admin, address, role="member")
    session = admin.session
    session[viewing.KEY] |= {"since": (timezone.now() - timedelta(minutes=61)).isoformat()}
    session.save()

    page = admin.get("/").content.decode()

    assert "You see the pages as yourself again: an hour is over." in page
    assert lines("viewing.ended").get().reason == "an hour is over"


def test_it_ends_when_the_administrators_role_does(world, admin, address):
    look(admin, address, role="finance")
    # It ran out by itself, and the night's work has not signed the person out yet.
    yesterday = timezone.localdate() - timedelta(days=1)
    world.person("admin").memberships.update(ends_on=yesterday)

    assert admin.get(f"/funds/{world.fund.pk}/").status_code == 404
    assert lines("viewing.ended").get().reason.startswith("it is no longer allowed")


def test_it_ends_when_the_person_leaves_the_partner(world, admin, address):
    finance = world.person("finance")
    look(admin, address, person=str(finance.pk))
    finance.is_active = False
    finance.save(update_fields=["is_active"])

    assert "you are looking as" not in admin.get("/").content.decode()


def test_invitation_is_not_taken_up_while_looking_and_can_be_afterwards(world, admin, address):
    person, by = world.person("admin"), world.person("admin", "ccg")
    User.objects.filter(pk=person.pk).update(is_demonstration=False)
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    invitation = invitations.invite(
        organisation=world.ccg,
        email=person.email,
        name=person.name,
        roles=[Role.FINANCE],
        starts_on=timezone.localdate(),
        ends_on=None,
        site="http://testserver/",
        by=by,
        at=timezone.now(),
    )
    link = reverse("partners:invitation", args=[links.make(invitation_id=invitation.pk, at=timezone.now()).secret])
    look(admin, address, role="finance")
    before = AuditEvent.objects.count()

    page = admin.get(link).content.decode()
    response = admin.post(link)

    assert "Leave this view, then accept." in page
    assert ">Accept<" not in page
    assert response.status_code == 403
    assert "Nothing can be changed while you do. Leave the view first" in response.content.decode()
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert not Membership.objects.filter(person=person, organisation=world.ccg).exists()
    assert AuditEvent.objects.count() == before

    admin.post("/account/view-as/leave/")
    assert admin.post(link).status_code == 302
    assert Membership.objects.get(person=person, organisation=world.ccg).role == "finance"


def test_staying_signed_in_while_looking_answers_and_goes_on_looking(admin, address):
    look(admin, address, role="finance")
    session = admin.session
    session[USED] = time.time() - 600
    session.save()

    response = admin.post("/account/session/", headers={BACKGROUND: "1"})

    assert response.status_code == 200
    assert response.json()["left"] >= settings.SESSION_IDLE.total_seconds() - 60
    assert viewing.KEY in admin.session


def test_account_pages_stay_the_real_persons(world, admin, address):
    look(admin, address, person=str(world.person("finance").pk))

    page = admin.get("/account/").content.decode()

    assert "admin@council.example" in page
    assert "finance@council.example" not in page


def test_person_is_never_seen_with_their_other_partners_or_seats(world, admin, address):
    both = UserFactory(name="Works for two")
    give_role(both, world.council, Role.FINANCE)
    give_role(both, world.hackney, Role.FINANCE)
    elsewhere = Board.objects.create(key="x", name="Hackney only", kind="hwb", area=Area.objects.get())
    elsewhere.seats.create(person=both, title="Member", starts_on=timezone.localdate())
    agreement = AgreementFactory(key="hackney", title="Hackney's own", area=Area.objects.get())
    join_agreement(agreement, world.hackney)
    hidden = FundFactory(agreement=agreement, owner=world.hackney, name="Hackney's fund")
    assert Fund.objects.visible_to(both).filter(pk=hidden.pk).exists()
    assert Board.objects.visible_to(both).filter(pk=elsewhere.pk).exists()

    look(admin, address, person=str(both.pk))

    assert admin.get(f"/funds/{hidden.pk}/").status_code == 404
    assert admin.get(f"/boards/{elsewhere.pk}/").status_code == 404
    assert admin.get(f"/funds/{world.fund.pk}/").status_code == 200
    shown = admin.get(f"/partners/{world.hackney.pk}/")
    assert shown.context["shown"].people is None


@pytest.mark.parametrize("role", list(Role))
def test_role_sees_never_more_than_the_administrator(world, role):
    admin = world.person("admin")
    give_role(admin, world.hackney, Role.ADMIN)
    seen = viewing.seen_as_role(world.council, role, by=admin)

    assert set(Organisation.objects.acted_for_by(seen)) == ({world.council} if role in READING_ROLES else set())
    assert set(Fund.objects.visible_to(seen)) <= set(Fund.objects.visible_to(admin))
    assert not permissions.can(seen, Permission.MEMBERSHIP_GRANT, organisation=world.hackney)


def test_lens_through_a_lens_is_never_wider(world):
    both = UserFactory()
    for partner in (world.council, world.hackney):
        give_role(both, partner, Role.FINANCE)
    council = viewing.narrowed(both, Lens(organisation=world.council.pk))

    assert set(Organisation.objects.acted_for_by(council)) == {world.council}
    for other in (Lens(organisation=world.hackney.pk), Lens(board=world.board.pk), Lens()):
        assert not Organisation.objects.acted_for_by(viewing.narrowed(council, other)).exists()
    assert set(Organisation.objects.acted_for_by(both)) == {world.council, world.hackney}


def test_a_page_that_wrote_would_be_refused_by_the_database(world):
    with pytest.raises(InternalError) as refused, read_only():
        Board.objects.filter(pk=world.board.pk).update(note="Written")

    assert is_refused(refused.value)
    Board.objects.filter(pk=world.board.pk).update(note="Written after it")
    assert Board.objects.get(pk=world.board.pk).note == "Written after it"


def test_looking_costs_a_constant_number_of_queries(admin, address, django_assert_max_num_queries):
    look(admin, address, role="member")

    with django_assert_max_num_queries(12):
        assert admin.get("/funds/").status_code == 200


def outside(world, how):
    """What ends a session from elsewhere, and who is told to have done it."""
    admin, now = world.person("admin"), timezone.now()
    # Sessions of a shared demonstration account are left alone.
    admin.is_demonstration = False
    admin.save(update_fields=["is_demonstration"])
    if how == "the administrator signs out everywhere else":
        sessions.end_others(this="another", by=admin, at=now)
    elif how == "the administrator ends this session":
        session = Session.objects.get(person=admin)
        sessions.end(handle=session.handle, this="another", by=admin, at=now)
    elif how == "the administrator leaves":
        for number in range(2):
            give_role(UserFactory(email=f"other{number}@council.example"), world.council, Role.ADMIN)
        other = User.objects.get(email="other0@council.example")
        leaving.leave(person=admin, organisation=world.council, reason="Left", by=other, at=now)
    else:
        Session.objects.filter(person=admin).update(expire_date=now - timedelta(minutes=1))
        tidying.tidy(at=now)


@pytest.mark.parametrize(
    ("how", "reason", "actor", "system"),
    [
        ("the administrator signs out everywhere else", "the session was ended", "Admin of council", ""),
        ("the administrator ends this session", "the session was ended by the person", "Admin of council", ""),
        ("the administrator leaves", "the session was ended: roles ended", "", ""),
        ("the session runs out", "the session ran out", "", "tidying"),
    ],
)
def test_a_look_that_ends_from_outside_is_logged(world, admin, address, how, reason, actor, system):
    look(admin, address, role="finance")
    assert lines("viewing.started").count() == 1

    outside(world, how)

    line = lines("viewing.ended").get()
    assert line.reason.startswith(reason)
    assert line.before == {"looked": "Admin of council"}
    assert line.partner_id == str(world.council.pk)
    if actor:
        assert line.actor_name == actor
    assert line.system == system


def test_sessions_in_which_nobody_looks_as_another_end_without_such_a_line(world, admin):
    outside(world, "the session runs out")

    assert not Session.objects.exists()
    assert not lines("viewing.ended").exists()
