"""When somebody may change something about their own account, or about the people of their partner."""

from collections.abc import Iterable

from integration_hub.core.errors import HubError
from partners.domain.capacities import Capacity
from partners.domain.roles import (
    ADMINISTRATORS_AT_LEAST,
    NOT_DELEGABLE,
    NOT_GRANTED_BY_PARTNERS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)
from partners.models import Organisation, User

TOKENS_AT_MOST = 20


class SharedAccount(HubError):
    """A demonstration account belongs to everybody who tries the demonstration."""

    code = "demonstration_account"


class TooManyTokens(HubError):
    """A person keeps a number of tokens that they can still oversee."""

    code = "too_many_tokens"


class SecondFactorRequired(HubError):
    """What was asked is for people who have shown a second factor, or need none."""

    code = "second_factor_required"
    http_status = 403


def check_own_account(person: User) -> None:
    """Raise SharedAccount for a demonstration account, whose password and second factor stay as they are."""
    if person.is_demonstration:
        raise SharedAccount(
            "This is a demonstration account, which everybody who tries the demonstration shares, so its password and "
            "second factor cannot be changed. Sign in with an account of your own to do that."
        )


def check_room_for_token(count: int) -> None:
    """Raise TooManyTokens where the person already has as many as they may."""
    if count >= TOKENS_AT_MOST:
        raise TooManyTokens(
            f"You have {count} tokens, and {TOKENS_AT_MOST} is the most. Revoke one, then make this one."
        )


class OwnRole(HubError):
    """Somebody asked for a role, or for another's powers, for themselves."""

    code = "own_role"


class NotAnAdministratorsToGive(HubError):
    """The role is given by whoever runs the installation, never by a partner."""

    code = "role_not_granted_by_partners"


class TooFewAdministrators(HubError):
    """A partner that has two administrators keeps two."""

    code = "too_few_administrators"


class CannotBeDelegated(HubError):
    """The law or the partner lays this on one person; nobody stands in for them."""

    code = "cannot_be_delegated"


class NotAmongThePeople(HubError):
    """The person holds no role in the partner, or none any more."""

    code = "not_among_the_people"


def check_may_grant(by: User, person: User, role: Role) -> None:
    """Raise OwnRole or NotAnAdministratorsToGive. Demonstration accounts stay with the roles they were made with."""
    check_not_oneself(by, person, "grants a role to themselves")
    if role in NOT_GRANTED_BY_PARTNERS:
        raise NotAnAdministratorsToGive(
            f"The role of {role.words.lower()} is given by those who run this installation, not by a partner. "
            "Choose another role.",
            field="role",
            who_can_lift="whoever runs the installation",
        )


def check_not_oneself(by: User, person: User, words: str) -> None:
    """Raise OwnRole where a person would do to themselves what another has to do."""
    if by.pk == person.pk:
        raise OwnRole(
            f"Nobody {words}. Ask another administrator of the partner to do it.",
            who_can_lift="another administrator of the partner",
        )


def check_administrators_left(organisation: Organisation, *, now: int, then: int) -> None:
    """Raise TooFewAdministrators where a partner that has enough administrators would have fewer afterwards."""
    if now >= ADMINISTRATORS_AT_LEAST > then:
        raise TooFewAdministrators(
            f"{organisation} would be left with {then} administrator{'' if then == 1 else 's'}, and a partner that has "
            f"{ADMINISTRATORS_AT_LEAST} keeps {ADMINISTRATORS_AT_LEAST}, so that one is there when the other is away. "
            "Nothing was changed. Make somebody else administrator first.",
            who_can_lift=f"an administrator of {organisation}, by granting the role to another person",
        )


def check_capacity(role: Role, capacity: str) -> None:
    """Raise ValueError for a capacity beside a role that signs nothing; forms do not offer it."""
    if capacity and role is not Role.APPROVER:
        raise ValueError("only an approver signs in a capacity")


def check_deputy(principal: str, role: Role, capacity: str, wanted: Iterable[Permission]) -> None:
    """Raise CannotBeDelegated, with the reason, for the first permission that no deputy may use."""
    for permission in wanted:
        if permission not in ROLE_PERMISSIONS[role]:
            raise CannotBeDelegated(
                f"{permission.words}: {principal} cannot do this as {role.words.lower()}, so a deputy cannot either.",
                field="permissions",
            )
        in_person = Capacity(capacity).in_person_because if capacity else ""
        reason = NOT_DELEGABLE.get(permission) or (in_person if permission is Permission.RETURN_SIGN else "")
        if reason:
            raise CannotBeDelegated(
                f"{permission.words}: this cannot be delegated, because {reason}. Leave it out, or have another "
                "person given the role.",
                field="permissions",
            )
