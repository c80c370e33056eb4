"""Invitations: a link that opens once, roles for whoever reads the mail, and nothing told about other accounts."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integration_hub.core.models import AuditEvent, Job
from partners import permissions, policies
from partners.domain.roles import Permission, Role
from partners.models import Invitation, Membership, User
from partners.services import invitations
from tests.factories.partners import UserFactory, give_role

PASSWORD = "three unlikely words"
ADDRESS = "new.officer@elsewhere.example"
LINK = re.compile(r"https?://\S+/account/invitation/\S+/")


@pytest.fixture
def invite(world):
    def send(**given):
        now = timezone.now()
        values = {
            "organisation": world.council,
            "email": ADDRESS,
            "name": "New officer",
            "roles": [Role.FINANCE],
            "starts_on": timezone.localdate(),
            "ends_on": None,
            "site": "http://testserver/",
            "by": world.person("admin"),
            "at": now,
        } | given
        return invitations.invite(**values)

    return send


@pytest.fixture
def letter(invite, run_jobs):
    """An invitation's link, as it stands in the mail."""

    def send(**given):
        invite(**given)
        (mail,) = run_jobs()
        return LINK.search(mail.body).group()

    return send


def state():
    return User.objects.count(), Membership.objects.count(), Invitation.objects.count(), AuditEvent.objects.count()


def form(**given):
    return {"email": ADDRESS, "name": "New officer", "roles": ["finance"], "starts_on": _day()} | given


def _day(days=0):
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


# Inviting


def test_invite_sends_one_letter_with_a_link_that_is_kept_as_a_digest(world, signed_in, run_jobs):
    client = signed_in(world.person("admin"))

    response = client.post(reverse("partners:invite", args=[world.council.pk]), form())

    assert response["Location"] == reverse("partners:people", args=[world.council.pk])
    (mail,) = run_jobs()
    assert mail.to == [ADDRESS]
    assert "Finance officer" in mail.body
    secret = LINK.search(mail.body).group().rstrip("/").rpartition("/")[2]
    invitation = Invitation.objects.get()
    assert invitation.digest not in ("", None, secret)
    assert secret not in str(list(Job.objects.values())) + str(list(AuditEvent.objects.values()))
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    line = AuditEvent.objects.get(kind="invitation.made")
    assert (line.actor_name, line.partner_id) == ("Admin of council", str(world.council.pk))


def test_invite_says_and_asks_the_same_whether_or_not_the_address_has_an_account_elsewhere(
    world, signed_in, django_assert_num_queries, run_jobs
):
    give_role(UserFactory(email="known@hackney.example"), world.hackney, Role.FINANCE)
    client = signed_in(world.person("admin"))
    address = reverse("partners:invite", args=[world.council.pk])
    client.post(address, form(email="first@nobody.example"), follow=True)  # what is kept for good is read now
    pages, counts, letters = [], [], []
    for email in ("known@hackney.example", "unknown@hackney.example"):
        with django_assert_num_queries(100, exact=False) as asked:
            response = client.post(address, form(email=email), follow=True)
        counts.append(len(asked))
        pages.append(response.content.decode().replace(email, "…"))
    for mail in sorted(run_jobs(), key=lambda mail: mail.to)[1:]:
        letters.append(LINK.sub("…", mail.body))

    plain = [re.sub(r"csrf\S+ value=\S+|notification\S+|[0-9a-f-]{36}|\d\d:\d\d|left=\S+", "", page) for page in pages]
    assert plain[0].split("Invitations")[0] == plain[1].split("Invitations")[0]
    # The second page lists one invitation more, at no further query.
    assert counts[0] == counts[1]
    assert letters[0] == letters[1]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"email": ""}, "Enter the e-mail address"),
        ({"email": "nobody"}, "Enter an e-mail address, such as"),
        ({"name": " "}, "Enter the person&#x27;s name"),
        ({"roles": []}, "Choose at least one role"),
        ({"roles": ["operator"]}, "Select a valid choice"),
        ({"capacity": "chief_executive"}, "Only an approver signs"),
        ({"starts_on": "1/1/2020"}, "A role begins today at the earliest"),
        ({"ends_on": "1/1/2020"}, "The last day is before the first"),
    ],
)
def test_invite_with_something_wrong_is_400_and_changes_nothing(world, signed_in, sent, words):
    client, before = signed_in(world.person("admin")), state()

    response = client.post(reverse("partners:invite", args=[world.council.pk]), form(**sent))

    assert response.status_code == 400
    assert words in response.content.decode()
    assert state() == before


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_invite_by_somebody_who_may_not_is_refused(world, invite, role):
    person, _ = world.person(role), world.person("admin")
    before = state()

    with pytest.raises(PermissionDenied):
        invite(by=person)

    assert state() == before


def test_invite_to_run_the_installation_is_refused(world, invite):
    world.person("admin")
    before = state()

    with pytest.raises(policies.NotAnAdministratorsToGive, match="those who run this installation"):
        invite(roles=[Role.OPERATOR])

    assert state() == before


def test_invite_one_of_the_partners_own_people_is_refused(world, invite):
    person = world.person("finance")
    world.person("admin")
    before = state()

    with pytest.raises(invitations.AlreadyHere, match="Give that person the role instead"):
        invite(email=person.email.upper())

    assert state() == before


def test_invite_twice_is_refused_until_the_first_is_withdrawn(world, invite):
    first = invite()
    before = state()
    with pytest.raises(invitations.AlreadyInvited, match="Send that one again"):
        invite()
    assert state() == before

    invitations.withdraw(invitation_id=first.pk, by=world.person("admin"), at=timezone.now())

    assert invite().pk != first.pk


# Accepting


def test_accept_without_an_account_makes_one_signs_in_and_gives_the_roles(letter, world):
    link, client = letter(), Client()
    page = client.get(link)
    assert page.status_code == 200
    assert "Finance officer" in page.content.decode()
    assert "no-store" in page["Cache-Control"]

    response = client.post(link, {"name": "New Officer", "password1": PASSWORD, "password2": PASSWORD})

    assert response["Location"] == "/"
    person = User.objects.get(email=ADDRESS)
    assert (person.name, person.check_password(PASSWORD), person.is_demonstration) == ("New Officer", True, False)
    assert permissions.can(person, Permission.FORECAST_RECORD, organisation=world.council)
    assert client.get("/account/").status_code == 200
    granted = AuditEvent.objects.filter(kind="membership.granted", target_name__startswith="New Officer").get()
    assert (granted.system, granted.reason[:28]) == ("invitation", "Invited by Admin of council ")
    assert AuditEvent.objects.get(kind="invitation.accepted").actor_id == str(person.pk)


def test_accept_for_a_role_with_a_second_factor_leads_to_set_one_up(letter):
    link, client = letter(roles=[Role.APPROVER], capacity="section_151_officer"), Client()

    client.post(link, {"name": "New Officer", "password1": PASSWORD, "password2": PASSWORD})

    assert client.get("/")["Location"].startswith("/account/second-factor/app/")
    assert client.get("/account/second-factor/app/").status_code == 200
    assert Membership.objects.get(person__email=ADDRESS).role_words == "Approver (section 151 officer)"


def test_accept_uses_the_link_up(letter):
    link = letter()
    Client().post(link, {"name": "New Officer", "password1": PASSWORD, "password2": PASSWORD})
    before = state()

    for response in (
        Client().get(link),
        Client().post(link, {"name": "X", "password1": PASSWORD, "password2": PASSWORD}),
    ):
        assert response.status_code == 404
    assert state() == before


def test_accept_withdrawn_old_and_unknown_links_are_all_the_same_404(letter, world):
    withdrawn = letter()
    invitations.withdraw(invitation_id=Invitation.objects.get().pk, by=world.person("admin"), at=timezone.now())
    old = letter(email="old@elsewhere.example")
    Invitation.objects.filter(email="old@elsewhere.example").update(expires_at=timezone.now())
    superseded = letter(email="again@elsewhere.example")
    again = Invitation.objects.get(email="again@elsewhere.example")
    later = timezone.now() + timedelta(hours=1)
    invitations.send_again(invitation_id=again.pk, site="http://x/", by=world.person("admin"), at=later)
    before = state()

    pages = {
        re.sub(r"/account/\S+|[0-9a-f-]{36}", "", Client().get(link).content.decode())
        for link in (withdrawn, old, superseded, "/account/invitation/unknown/")
    }

    assert len(pages) == 1
    assert Client().post(old, {"name": "X", "password1": PASSWORD, "password2": PASSWORD}).status_code == 404
    assert state() == before


def test_accept_when_the_inviter_administers_no_more_is_404(letter, world, second_administrator):
    link = letter(by=second_administrator)
    Membership.objects.filter(person=second_administrator).update(ended_at=timezone.now(), ends_on=timezone.localdate())

    assert Client().get(link).status_code == 404


def test_send_again_renews_an_old_invitation_with_another_link(invite, run_jobs, world, signed_in):
    invitation = invite()
    first = LINK.search(run_jobs()[0].body).group()
    Invitation.objects.update(expires_at=timezone.now())

    signed_in(world.person("admin")).post(reverse("partners:invitation_send_again", args=[invitation.pk]))

    (mail,) = run_jobs()
    second = LINK.search(mail.body).group()
    assert second != first
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert AuditEvent.objects.filter(kind="invitation.sent_again").count() == 1


def test_send_again_within_an_hour_is_refused_and_says_when_again(invite, run_jobs, world, signed_in, time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    invitation = invite()
    run_jobs()
    people = reverse("partners:people", args=[world.council.pk])
    again = reverse("partners:invitation_send_again", args=[invitation.pk])

    time_machine.move_to("2026-03-02T10:59:59Z", tick=False)
    client = signed_in(world.person("admin"))
    before = state()
    page = client.post(again, follow=True).content.decode()

    assert "was sent at 10:00. It can be sent again from 11:00 on 2 March 2026." in page
    assert "It can be sent again from 11:00." in client.get(people).content.decode()
    assert state() == before
    assert run_jobs() == []
    with pytest.raises(invitations.SentTooOften):
        _send_again(invitation, world)

    time_machine.move_to("2026-03-02T11:00:00Z", tick=False)
    assert "Send again" in client.get(people).content.decode()
    client.post(again)
    assert len(run_jobs()) == 1
    with pytest.raises(invitations.SentTooOften, match=r"sent at 11:00\. It can be sent again from 12:00"):
        _send_again(invitation, world)


def test_withdrawing_and_inviting_anew_is_no_way_round_the_limit(invite, world, time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    for _ in range(invitations.INVITED_A_DAY):
        withdrawn = invite()
        invitations.withdraw(invitation_id=withdrawn.pk, by=world.person("admin"), at=timezone.now())
    before = state()

    with pytest.raises(invitations.SentTooOften, match=r"invited 5 times within a day\. .* from 10:00 on 3 March 2026"):
        invite()

    assert state() == before
    assert invite(email="another@elsewhere.example").pk
    time_machine.move_to("2026-03-03T10:00:00Z", tick=False)
    assert invite().pk


def _send_again(invitation, world):
    invitations.send_again(invitation_id=invitation.pk, site="http://x/", by=world.person("admin"), at=timezone.now())


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"password2": "another one here"}, "The two passwords are not the same"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"password1": ADDRESS, "password2": ADDRESS}, "too similar"),
        ({"name": ""}, "Enter your name"),
    ],
)
def test_accept_with_a_bad_password_is_400_and_changes_nothing(letter, sent, words):
    link, before = letter(), state()

    response = Client().post(link, {"name": "New", "password1": PASSWORD, "password2": PASSWORD} | sent)

    assert response.status_code == 400
    assert words in response.content.decode()
    assert state() == before


def test_accept_with_an_account_asks_to_sign_in_and_never_makes_a_second_one(letter, world, signed_in):
    person = UserFactory(email=ADDRESS, name="Known", is_demonstration=False)
    give_role(person, world.hackney, Role.FINANCE)
    link, accounts = letter(), User.objects.count()
    stranger = Client()

    assert "Sign in to accept" in stranger.get(link).content.decode()
    response = stranger.post(link, {"name": "X", "password1": PASSWORD, "password2": PASSWORD})
    assert response.status_code == 409
    assert not person.check_password(PASSWORD)
    assert not Membership.objects.filter(person=person, organisation=world.council).exists()

    client = signed_in(person)
    assert "Accept" in client.get(link).content.decode()
    assert client.post(link)["Location"] == "/"

    assert User.objects.count() == accounts
    assert {held.organisation for held in Membership.objects.filter(person=person)} == {world.council, world.hackney}
    person.refresh_from_db()
    assert person.name == "Known"


def test_accept_signed_in_as_somebody_else_is_refused(letter, world, signed_in):
    link, before = letter(), None
    client = signed_in(world.person("finance", "hackney"))
    page = client.get(link).content.decode()
    before = state()

    response = client.post(link)

    assert ADDRESS not in page
    assert response.status_code == 409
    assert state() == before


def test_accept_of_a_closed_account_opens_it_and_asks_to_sign_in(letter, world):
    person = UserFactory(email=ADDRESS, name="Back again", is_demonstration=False)
    person.is_active = False
    person.save()
    link, client = letter(), Client()

    response = client.post(link, {"name": "Other", "password1": PASSWORD, "password2": PASSWORD})

    assert response["Location"] == "/account/login/"
    person.refresh_from_db()
    assert (person.is_active, person.name, person.check_password(PASSWORD)) == (True, "Back again", True)
    assert client.get("/account/").status_code == 302
    assert AuditEvent.objects.get(kind="person.opened_again").partner_id == ""


def test_accept_keeps_a_role_that_was_given_meanwhile(letter, world, signed_in):
    person = UserFactory(email=ADDRESS, is_demonstration=False)
    link = letter(roles=[Role.FINANCE, Role.METRICS])
    give_role(person, world.council, Role.FINANCE)

    signed_in(person).post(link)

    assert sorted(person.memberships.values_list("role", flat=True)) == ["finance", "metrics"]


def test_accept_service_with_an_unknown_link_is_404(world):
    with pytest.raises(Http404):
        invitations.accept(secret="x", person=world.person("finance"), at=timezone.now())


def test_a_letter_whose_invitation_was_withdrawn_before_is_not_sent(invite, run_jobs, world):
    invitation = invite()
    invitations.withdraw(invitation_id=invitation.pk, by=world.person("admin"), at=timezone.now())

    assert run_jobs() == []
    with pytest.raises(invitations.NoLongerWaiting, match="withdrawn already"):
        invitations.withdraw(invitation_id=invitation.pk, by=world.person("admin"), at=timezone.now())


def test_letter_waits_while_the_mail_server_is_away_and_goes_out_later(invite, run_jobs, monkeypatch):
    invite()
    with monkeypatch.context() as away:
        away.setattr(EmailMessage, "send", _refuse)
        assert run_jobs() == []
    (job,) = Job.objects.all()
    assert job.status == Job.Status.QUEUED

    (mail,) = run_jobs()

    assert Client().get(LINK.search(mail.body).group()).status_code == 200


def _refuse(*args, **kwargs):
    raise ConnectionRefusedError
