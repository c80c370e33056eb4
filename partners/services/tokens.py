"""Tokens of the API: made by a person, shown once, kept as a digest, revoked by the person."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from integration_hub.core import audit
from integration_hub.core.services import service
from partners import policies
from partners.domain import scopes as known_scopes
from partners.models import ApiToken, User
from partners.selectors import memberships, tokens
from partners.services import mail

PREFIX = "hub_"  # a leaked token is found by searching for it
READ_ONLY, READ_AND_WRITE = known_scopes.scopes(writes=False), known_scopes.scopes(writes=True)
DAYS_AT_MOST = 90
HOUR = timedelta(hours=1)
NOTICE, A_DAY = timedelta(days=7), timedelta(days=1)
USED_AT_MOST_EVERY = timedelta(minutes=1)
BY_PASSWORD = "For an hour, by e-mail and password"  # noqa: S105  # the name of a token, not a secret


@dataclass(frozen=True)
class MadeToken:
    """A token with its text, which exists nowhere else and is shown this once."""

    token: ApiToken
    secret: str


@service
def make(*, name: str, scopes: tuple[str, ...], lasts: timedelta, by: User, at: datetime) -> MadeToken:
    """Make a token with the person's own rights as far as its scopes let it, for 90 days at the most."""
    if not timedelta(0) < lasts <= timedelta(days=DAYS_AT_MOST):
        raise ValueError(f"a token lasts up to {DAYS_AT_MOST} days")
    # Two at once would both count nineteen.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    policies.check_room_for_token(tokens.usable_by(by, at=at).exclude(name=BY_PASSWORD).count())
    return _make(name=name, scopes=scopes, lasts=lasts, by=by, at=at)


@service
def make_by_password(*, person: User, at: datetime) -> MadeToken:
    """A token for an hour for a person who has just shown their password. Raises policies.SecondFactorRequired."""
    check_may_use_password_alone(person)
    return _make(name=BY_PASSWORD, scopes=READ_AND_WRITE, lasts=HOUR, by=person, at=at)


def check_may_use_password_alone(person: User) -> None:
    """Raise SecondFactorRequired for whoever has, or must have, a second factor; demonstration accounts excepted."""
    if person.is_demonstration:
        return
    if memberships.standing(person).asking or memberships.has_second_factor(person):
        raise policies.SecondFactorRequired(
            "A password alone is not enough for this account, which has or must have a second factor. Sign in with "
            "your browser and make a token at /account/tokens/."
        )


def _make(*, name: str, scopes: tuple[str, ...], lasts: timedelta, by: User, at: datetime) -> MadeToken:
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=by,
        name=name,
        digest=tokens.digest_of(secret),
        scopes=list(scopes),
        created_at=at,
        expires_at=at + lasts,
    )
    token.save(force_insert=True)
    audit.record(
        "token.made",
        target=token,
        by=by,
        partner=memberships.standing(by).only_partner,
        at=at,
        after={"name": name, "scopes": list(scopes), "expires_at": token.expires_at},
    )
    return MadeToken(token, secret)


@service
def revoke(*, token_id: object, by: User, at: datetime) -> ApiToken:
    """Close one of the person's own tokens for good; Http404 for anybody else's. Revoking twice changes nothing."""
    token = tokens.get(by, token_id, locked=True)
    if token.revoked_at is not None:
        return token
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record(
        "token.revoked",
        target=token,
        by=by,
        partner=memberships.standing(by).only_partner,
        at=at,
        before={"revoked_at": None},
        after={"revoked_at": at},
    )
    return token


@service
def tell_of_ends(*, at: datetime) -> int:
    """Ask for a message to each person with a token that ends in a week; how many. For the nightly job: once a day."""
    people = {token.person for token in tokens.ending(after=at + NOTICE - A_DAY, before=at + NOTICE)}
    for person in people:
        mail.ask_to_tell(person, template="partners/email/token_ends", at=at)
    return len(people)


def note_use(token: ApiToken, *, at: datetime) -> None:
    """Keep when the token was last used, to the minute: a busy program must not write at every request."""
    if token.last_used_at is not None and at - token.last_used_at < USED_AT_MOST_EVERY:
        return
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USED_AT_MOST_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=at)
