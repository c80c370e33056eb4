"""Tokens: shown once, kept as a digest, with a scope and an end; and the one for an hour by e-mail and password."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import get_resolver
from django.utils import timezone

from integration_hub.core import jobs
from integration_hub.core.models import AuditEvent, Job
from partners import policies
from partners.domain import scopes
from partners.domain.roles import Role
from partners.models import ApiToken
from partners.selectors import tokens as rows
from partners.services import lockout, mail, tokens
from tests.factories.partners import NOON, OrganisationFactory, UserFactory, give_role

PASSWORD = "correct horse battery"
PAGE = "/account/tokens/"
FETCH = "/api/v1/token/"
ME = "/api/v1/users/me/"


def make(person, *, scopes=tokens.READ_AND_WRITE, lasts=timedelta(days=1), at=None):
    return tokens.make(name="figures", scopes=scopes, lasts=lasts, by=person, at=at or timezone.now())


def use(api, secret):
    api.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
    return api


def test_page_makes_a_token_and_shows_it_once(signed_in, api, own_account):
    client = signed_in(own_account)

    response = client.post(PAGE, {"name": "Monthly figures", "scope": "read", "days": "90"})

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    made = response.context["made"]
    assert made.secret in response.content.decode()
    token = ApiToken.objects.get()
    assert (token.name, token.scopes, token.person) == ("Monthly figures", ["read"], own_account)
    assert token.expires_at - token.created_at == timedelta(days=90)
    assert made.secret not in str(ApiToken.objects.values_list("digest", "name"))
    page = client.get(PAGE).content.decode()
    assert "Monthly figures" in page
    assert made.secret not in page
    assert use(api, made.secret).get(ME).status_code == 200
    line = AuditEvent.objects.get(kind="token.made")
    assert made.secret not in str([line.after, line.target_name])


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"name": "", "scope": "read", "days": "1"}, "Enter what the token is for"),
        ({"name": "x", "days": "1"}, "Choose what the token may do"),
        ({"name": "x", "scope": "all", "days": "1"}, "Select a valid choice"),
        ({"name": "x", "scope": "read", "days": "0"}, "Enter 1 to 90 days"),
        ({"name": "x", "scope": "read", "days": "91"}, "Enter 1 to 90 days"),
        ({"name": "x", "scope": "read", "days": "ten"}, "Enter a whole number of days"),
    ],
)
def test_page_with_something_wrong_is_400_and_makes_nothing(signed_in, own_account, sent, message):
    response = signed_in(own_account).post(PAGE, sent)

    assert response.status_code == 400
    assert message in response.content.decode()
    assert not ApiToken.objects.exists()


def test_page_lists_only_ones_own_usable_tokens(signed_in, own_account):
    colleague = UserFactory()
    make(colleague)
    make(own_account, at=timezone.now() - timedelta(days=2))
    revoked = make(own_account).token
    tokens.revoke(token_id=revoked.pk, by=own_account, at=timezone.now())
    shown = make(own_account).token

    assert list(signed_in(own_account).get(PAGE).context["tokens"]) == [shown]


def test_the_twenty_first_token_is_409_and_not_made(signed_in, own_account):
    for _ in range(policies.TOKENS_AT_MOST):
        make(own_account)

    response = signed_in(own_account).post(PAGE, {"name": "x", "scope": "read", "days": "1"})

    assert response.status_code == 409
    assert "Revoke one, then make this one" in response.content.decode()
    assert own_account.api_tokens.count() == policies.TOKENS_AT_MOST


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=90, seconds=1)])
def test_make_refuses_a_time_outside_the_limits(own_account, lasts):
    with pytest.raises(ValueError, match="90 days"):
        make(own_account, lasts=lasts)
    assert not ApiToken.objects.exists()


def test_revoked_token_answers_401_at_once(signed_in, api, own_account):
    made = make(own_account)
    assert use(api, made.secret).get(ME).status_code == 200

    response = signed_in(own_account).post(f"{PAGE}{made.token.pk}/revoke/")

    assert response["Location"] == PAGE
    assert api.get(ME).status_code == 401
    assert AuditEvent.objects.filter(kind="token.revoked").count() == 1


def test_revoking_twice_changes_nothing(own_account):
    token = make(own_account).token
    first = tokens.revoke(token_id=token.pk, by=own_account, at=timezone.now()).revoked_at

    assert tokens.revoke(token_id=token.pk, by=own_account, at=timezone.now()).revoked_at == first
    assert AuditEvent.objects.filter(kind="token.revoked").count() == 1


def test_revoking_somebody_elses_token_is_404_and_leaves_it(signed_in, own_account):
    token = make(UserFactory()).token

    assert signed_in(own_account).post(f"{PAGE}{token.pk}/revoke/").status_code == 404
    with pytest.raises(Http404):
        tokens.revoke(token_id=token.pk, by=own_account, at=timezone.now())

    token.refresh_from_db()
    assert token.revoked_at is None


def test_token_of_a_closed_account_answers_401(api, own_account):
    made = make(own_account)
    own_account.is_active = False
    own_account.save()

    assert use(api, made.secret).get(ME).status_code == 401


def test_expired_token_answers_401(api, own_account):
    made = make(own_account, at=timezone.now() - timedelta(days=1, seconds=1))

    assert use(api, made.secret).get(ME).status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token hub_unknown", "token hub_unknown"])
def test_header_that_opens_nothing_answers_401_with_how_to_sign_in(api, db, header):
    api.credentials(HTTP_AUTHORIZATION=header)

    response = api.get(ME)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
    assert response["Content-Type"] == "application/problem+json"


def test_token_to_read_may_not_write(api, own_account):
    made = make(own_account, scopes=tokens.READ_ONLY)

    response = use(api, made.secret).post("/api/v1/areas/", {})

    assert response.status_code == 403
    assert "This token may not write" in response.json()["detail"]


AREAS = {"register": "organisations", "boards": "boards", "funds": "funds", "returns": "returns", "reports": "reports"}


@pytest.mark.parametrize("area", AREAS)
def test_token_of_an_area_opens_that_area_alone(api, world, area):
    use(api, make(world.person("finance"), scopes=scopes.scopes(writes=True, areas=[area])).secret)

    statuses = {name: api.get(f"/api/v1/{resource}/").status_code for name, resource in AREAS.items()}

    assert statuses == {name: 200 if name == area else 403 for name in AREAS}
    assert api.get(ME).status_code == 200
    refused = api.get("/api/v1/funds/" if area != "funds" else "/api/v1/returns/").json()
    assert "This token may not read" in refused["detail"]
    assert "Make one with that scope at /account/tokens/." in refused["detail"]


def test_token_that_reads_an_area_may_not_write_there(api, world):
    use(api, make(world.person("finance"), scopes=("funds:read",)).secret)

    response = api.post("/api/v1/forecasts/", {}, format="json")

    assert response.status_code == 403
    assert "This token may not write funds." in response.json()["detail"]


def test_every_app_of_the_api_is_an_area():
    served = {
        pattern.callback.cls.__module__.partition(".")[0]
        for pattern in _patterns(get_resolver().url_patterns)
        if hasattr(pattern.callback, "cls")
    }

    assert served - {"drf_spectacular"} == set(scopes.AREAS)


def _patterns(found):
    for each in found:
        if hasattr(each, "url_patterns"):
            yield from _patterns(each.url_patterns)
        else:
            yield each


def test_page_makes_a_token_for_some_areas_and_says_so(signed_in, api, own_account):
    client = signed_in(own_account)
    sent = {"name": "Ledger", "scope": "read", "days": "30", "areas": ["funds", "returns"]}

    made = client.post(PAGE, sent).context["made"]

    assert made.token.scopes == ["funds:read", "returns:read"]
    words = "Reads, only in: Agreements, funds, schemes and forecasts; Metrics and returns."
    assert words in client.get(PAGE).content.decode()
    assert use(api, made.secret).get("/api/v1/boards/").status_code == 403
    assert client.post(PAGE, sent | {"areas": ["everything"]}).status_code == 400


@pytest.mark.parametrize("wrong", [["all:read"], ["funds"], []])
def test_scope_that_is_none_is_refused_by_the_database(own_account, wrong):
    token = make(own_account).token

    with pytest.raises(IntegrityError, match="api_token_scopes"), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(scopes=wrong)


def test_last_use_is_kept_at_most_once_a_minute(own_account):
    token = make(own_account).token

    for seconds, expected in [(0, 0), (30, 0), (59, 0), (60, 60), (61, 60)]:
        fresh = ApiToken.objects.get(pk=token.pk)
        tokens.note_use(fresh, at=NOON + timedelta(seconds=seconds))
        assert ApiToken.objects.get(pk=token.pk).last_used_at == NOON + timedelta(seconds=expected)


def test_request_with_a_token_used_a_moment_ago_costs_one_query(api, own_account, django_assert_num_queries):
    own_account.is_demonstration = True  # no second factor to ask about
    own_account.save()
    secret = make(own_account).secret
    tokens.note_use(rows.find(secret, at=timezone.now()), at=timezone.now())

    with django_assert_num_queries(2):  # the token with its person, and the roles that the answer names
        assert use(api, secret).get(ME).status_code == 200


def test_fetch_gives_a_token_for_an_hour(api, own_account):
    before = timezone.now()

    response = api.post(FETCH, {"email": "Officer@partner.example", "password": PASSWORD}, format="json")

    assert response.status_code == 200
    assert set(response.json()) == {"token", "expires"}
    token = ApiToken.objects.get()
    assert timedelta(minutes=59) < token.expires_at - before < timedelta(minutes=61)
    assert use(api, response.json()["token"]).get(ME).json()["email"] == own_account.email
    assert response["Cache-Control"] == "no-store"


def test_fetch_with_a_wrong_password_is_401_the_same_for_every_address(api, own_account):
    bodies = []
    for email in (own_account.email, "nobody@partner.example"):
        response = api.post(FETCH, {"email": email, "password": "wrong"}, format="json")
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")
        bodies.append(response.json() | {"request_id": ""})

    assert bodies[0] == bodies[1]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"email": "x", "password": "y"}, {"email": "a@b.example"}, []])
def test_fetch_with_the_wrong_shape_is_400(api, db, sent):
    response = api.post(FETCH, sent, format="json")

    assert response.status_code == 400
    assert response.json()["errors"]


def test_fetch_is_locked_together_with_the_page(api, client, own_account):
    for _ in range(lockout.FAILURES_ALLOWED - 1):
        client.post("/account/login/", {"login": own_account.email, "password": "wrong"})
    assert api.post(FETCH, {"email": own_account.email, "password": "wrong"}, format="json").status_code == 401

    response = api.post(FETCH, {"email": own_account.email, "password": PASSWORD}, format="json")

    assert (response.status_code, response.json()["code"]) == (429, "locked_out")
    assert 0 < int(response["Retry-After"]) <= 900
    assert client.post("/account/login/", {"login": own_account.email, "password": PASSWORD}).status_code == 429
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("why", ["must have", "has"])
def test_fetch_is_403_for_whoever_has_or_must_have_a_second_factor(api, own_account, why):
    if why == "has":
        Authenticator.objects.create(user=own_account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    else:
        give_role(own_account, OrganisationFactory(), Role.ADMIN)

    response = api.post(FETCH, {"email": own_account.email, "password": PASSWORD}, format="json")

    assert (response.status_code, response.json()["code"]) == (403, "second_factor_required")
    assert not ApiToken.objects.exists()
    wrong = api.post(FETCH, {"email": own_account.email, "password": "wrong"}, format="json")
    assert wrong.status_code == 401


def test_fetch_gives_a_demonstration_approver_a_token(api, world):
    person = world.person("approver")

    response = api.post(FETCH, {"email": person.email, "password": PASSWORD}, format="json")

    assert response.status_code == 200


def test_fetch_takes_no_notice_of_an_old_token_sent_along(api, own_account):
    use(api, "hub_old")

    response = api.post(FETCH, {"email": own_account.email, "password": PASSWORD}, format="json")

    assert response.status_code == 200


def test_token_that_ends_in_a_week_is_marked_and_its_person_told_once(own_account, signed_in):
    now = timezone.now()
    for name, days in (("Ledger", 7), ("Metrics", 30)):
        tokens.make(name=name, scopes=tokens.READ_ONLY, lasts=timedelta(days=days), by=own_account, at=now)

    nights = [tokens.tell_of_ends(at=now + timedelta(days=day, minutes=1)) for day in range(-1, 2)]
    jobs.run(job_id=Job.objects.get(kind=mail.TELL).pk)

    assert nights == [0, 1, 0]
    assert [message.to for message in outbox.outbox] == [[own_account.email]]
    assert "a token for the API that you made ends in a week" in outbox.outbox[0].body
    assert signed_in(own_account).get(PAGE).content.decode().count("Ends soon") == 1
