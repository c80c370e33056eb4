"""Signing in and out: one message for every wrong password, a lock on the account alone, an audit line each."""

import re

import pytest
import redis
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from integration_hub.core.models import AuditEvent
from partners.domain.roles import Role
from partners.models import Session, User
from partners.services import lockout
from tests.factories.partners import OrganisationFactory, UserFactory, give_role

PASSWORD = "correct horse battery"
LOGIN = "/account/login/"


def post(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": email, "password": password} | more)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_sign_in_with_the_right_password_goes_where_the_person_wanted(client, own_account):
    response = post(client, "  Officer@Partner.example ", next="/partners/roles/")

    assert (response.status_code, response["Location"]) == (302, "/partners/roles/")
    assert client.session["_auth_user_id"] == str(own_account.pk)


def test_sign_in_never_leads_to_another_site(client, own_account):
    response = post(client, own_account.email, next="https://elsewhere.example/")

    assert response["Location"] == "/"


def test_sign_in_with_a_wrong_password_says_the_same_whether_or_not_there_is_an_account(client, own_account):
    closed = UserFactory(email="closed@partner.example", is_active=False, is_demonstration=False)
    answers = [
        post(client, own_account.email, "wrong"),
        post(client, "nobody@partner.example", "wrong"),
        post(client, closed.email, "wrong"),
        post(client, closed.email, PASSWORD),
    ]

    assert {answer.status_code for answer in answers} == {400}
    texts = {
        words(answer).replace(email, "…")
        for answer, email in zip(
            answers, [own_account.email, "nobody@partner.example", closed.email, closed.email], strict=True
        )
    }
    assert len(texts) == 1
    assert "The e-mail address or the password is not right." in texts.pop()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"login": "", "password": "x"}, "Enter your e-mail address"),
        ({"login": "nobody", "password": "x"}, "Enter an e-mail address, such as"),
        ({"login": "a@b.example", "password": ""}, "Enter your password"),
    ],
)
def test_sign_in_with_something_missing_is_400_and_names_it(client, db, sent, message):
    response = client.post(LOGIN, sent)

    assert response.status_code == 400
    assert message in words(response)
    assert AuditEvent.objects.count() == 0


def test_lock_out_after_five_failures_refuses_the_right_password_too(client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED):
        assert post(client, own_account.email, "wrong").status_code == 400

    response = post(client, own_account.email)

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 900
    assert "closed for 15 more minutes" in words(response)
    assert "ask for a new password, which opens it at once" in words(response)
    assert "_auth_user_id" not in client.session


def test_lock_out_leaves_other_accounts_behind_the_same_address_alone(client, own_account):
    colleague = UserFactory(email="colleague@partner.example", is_demonstration=False)
    for _ in range(lockout.FAILURES_ALLOWED + 1):
        post(client, own_account.email, "wrong")

    assert post(Client(), colleague.email, next="/partners/roles/").status_code == 302


def test_lock_out_of_an_address_without_account_looks_the_same(client, own_account):
    for email in (own_account.email, "nobody@partner.example"):
        for _ in range(lockout.FAILURES_ALLOWED):
            post(client, email, "wrong")

    known, unknown = post(client, own_account.email, "wrong"), post(client, "nobody@partner.example", "wrong")

    assert known.status_code == unknown.status_code == 429
    assert words(known).replace(own_account.email, "") == words(unknown).replace("nobody@partner.example", "")


def test_lock_out_is_the_same_for_the_address_written_in_another_way(client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED):
        post(client, " OFFICER@partner.EXAMPLE", "wrong")

    assert post(client, own_account.email).status_code == 429


def test_the_right_password_forgets_earlier_failures(client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED - 1):
        post(client, own_account.email, "wrong")
    assert post(client, own_account.email, next="/partners/roles/").status_code == 302
    other = Client()
    for _ in range(lockout.FAILURES_ALLOWED - 1):
        assert post(other, own_account.email, "wrong").status_code == 400

    assert post(other, own_account.email, next="/partners/roles/").status_code == 302


def test_lock_out_is_counted_in_redis_for_a_quarter_of_an_hour(client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED):
        post(client, own_account.email, "wrong")

    server: redis.Redis = cache.redis._cache.get_client()
    key = lockout._key(own_account.email)
    keys = [cache.redis.make_and_validate_key(lockout._lock(key))]
    keys += [cache.redis.make_and_validate_key(place) for place in lockout._places(key)]
    assert all(880 < server.ttl(key) <= 900 for key in keys)


def test_lock_out_with_redis_away_is_counted_in_the_database(client, own_account, redis_away):
    for _ in range(lockout.FAILURES_ALLOWED):
        assert post(client, own_account.email, "wrong").status_code == 400

    assert post(client, own_account.email).status_code == 429
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(expires) > now() + interval '14 minutes' FROM core_cache WHERE cache_key LIKE %s",
            ["%sign-in:%"],
        )
        assert cursor.fetchone() == (lockout.FAILURES_ALLOWED + 1, True)
    assert post(client, UserFactory().email, next="/partners/roles/").status_code == 302


def test_a_hundred_guesses_begun_at_once_are_still_five(own_account):
    begun = []
    for _ in range(lockout.FAILURES_ALLOWED):
        begun.append(lockout.begin(own_account.email))

    with pytest.raises(lockout.LockedOut):
        lockout.begin(own_account.email)
    assert [lockout.failed(tried) for tried in begun].count(True) == 1


def test_lock_out_opens_when_a_new_password_is_set_by_the_link(client, own_account, deliver):
    for _ in range(lockout.FAILURES_ALLOWED):
        post(client, own_account.email, "wrong")
    client.post(reverse("account_reset_password"), {"email": own_account.email})
    deliver()
    address = re.search(r"/account/password/reset/key/\S+", mail.outbox[0].body).group()
    form = client.get(address, follow=True).redirect_chain[-1][0]

    new = "three unlikely words"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302

    assert post(Client(), own_account.email, new, next="/partners/roles/").status_code == 302


def test_sign_in_is_audited_with_the_partner_where_it_is_one(client):
    council = OrganisationFactory(name="Southwark Council")
    person = UserFactory(email="finance@council.example", name="Finance officer")
    give_role(person, council, Role.FINANCE)

    post(client, person.email, next="/partners/roles/")

    line = AuditEvent.objects.get(kind="person.signed_in")
    assert (line.actor_name, line.partner_name, line.after) == (
        "Finance officer",
        "Southwark Council",
        {"second_factor": False},
    )
    assert line.request_id


def test_failed_sign_in_is_audited_without_password_or_unknown_address(client, own_account):
    post(client, own_account.email, "my secret guess")
    post(client, "my-secret-guess@partner.example", "x")

    known, unknown = AuditEvent.objects.filter(kind="person.sign_in_failed").order_by("recorded_at", "at")
    assert (known.system, known.target_id) == ("sign-in", str(own_account.pk))
    assert unknown.target_name == "an address without an account"
    for line in (known, unknown):
        assert "secret" not in str([line.before, line.after, line.target_name, line.reason, line.actor_name])


def test_the_fifth_failure_is_audited_as_the_one_that_locked(client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED + 2):
        post(client, own_account.email, "wrong")

    lines = AuditEvent.objects.filter(kind="person.sign_in_failed").order_by("at")
    assert [line.after["locked"] for line in lines] == [False, False, False, False, True]


def test_session_gets_a_new_key_at_sign_in_and_ends_at_sign_out(client, own_account):
    session = client.session  # of nobody yet, and known to whoever planted it
    session["before"] = "here"
    session.save()
    first = session.session_key

    post(client, own_account.email, next="/partners/roles/")
    second = client.session.session_key
    assert second != first
    assert not Session.objects.filter(session_key=first).exists()

    response = client.post("/account/logout/")
    assert response["Location"] == LOGIN
    assert not Session.objects.filter(session_key=second).exists()
    assert AuditEvent.objects.filter(kind="person.signed_out", actor_id=str(own_account.pk)).count() == 1
    thief = Client()
    thief.cookies["hub_session"] = second
    assert thief.get("/account/").status_code == 302


def test_sign_out_asks_first(signed_in, own_account):
    client = signed_in(own_account)

    response = client.get("/account/logout/")

    assert response.status_code == 200
    assert "What you typed and did not save is lost" in words(response)
    assert client.get("/account/").status_code == 200


def test_a_closed_account_is_signed_out_at_once(signed_in, own_account):
    client = signed_in(own_account)
    assert client.get("/account/").status_code == 200

    User.objects.filter(pk=own_account.pk).update(is_active=False)

    assert client.get("/account/").status_code == 302


def test_sign_in_page_lists_the_demonstration_accounts_by_partner(client, settings):
    settings.DEMO, settings.DEMO_PASSWORD = True, "the-demo-password"
    council = OrganisationFactory(name="Southwark Council")
    for role in (Role.FINANCE, Role.APPROVER):
        person = UserFactory(email=f"{role.value}@southwark-council.example", name=role.words)
        give_role(person, council, role)
    UserFactory(email="real@partner.example", is_demonstration=False)

    page = words(client.get(LOGIN))

    assert "Southwark Council" in page
    assert "Finance officer finance@southwark-council.example" in page
    assert "These accounts, and only these, need no second factor." in page
    assert "the-demo-password" in page
    assert "real@partner.example" not in page


def test_sign_in_page_outside_a_demonstration_lists_nobody(client, db, settings):
    settings.DEMO = False
    UserFactory(email="finance@southwark-council.example")

    page = words(client.get(LOGIN))

    assert "finance@southwark-council.example" not in page
    assert settings.DEMO_PASSWORD not in page


def test_sign_in_page_costs_two_queries_for_any_number_of_accounts(client, settings, django_assert_max_num_queries):
    settings.DEMO = True
    UserFactory.create_batch(90)

    with django_assert_max_num_queries(2):
        client.get(LOGIN)


def test_nobody_signs_up_or_changes_an_address_by_themselves(client, signed_in, own_account):
    for path in ("/account/signup/", "/account/email/", "/account/confirm-email/", "/account/login/code/"):
        assert client.get(path).status_code == 404
        assert signed_in(own_account).get(path).status_code == 404


def test_a_whole_council_signs_in_behind_one_address_in_a_minute(db):
    people = UserFactory.create_batch(40, is_demonstration=False)

    answers = [post(Client(), person.email, next="/partners/roles/").status_code for person in people]

    assert answers == [302] * 40
