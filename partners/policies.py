"""When somebody may change something about their own account, the people of their partner, or the register."""

from collections.abc import Iterable
from datetime import date

from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError
from partners.domain import codes
from partners.domain.capacities import Capacity
from partners.domain.footprints import is_wider
from partners.domain.roles import (
    ADMINISTRATORS_AT_LEAST,
    NOT_DELEGABLE,
    NOT_GRANTED_BY_PARTNERS,
    ROLE_PERMISSIONS,
    Permission,
    Role,
)
from partners.models import Area, AreaCode, Footprint, Organisation, OrganisationCode, SingleSignOn, User

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


class ShowsNoAddress(HubError):
    """The provider sends no e-mail address by which a person could be known at their first sign-in."""

    code = "shows_no_address"


def check_single_sign_on_shows_who(provider: SingleSignOn, *, subject: str) -> None:
    """Raise ShowsNoAddress where only the provider's own id for a person could link them, and none is given."""
    if not subject and not provider.address_claim:
        raise ShowsNoAddress(
            f"{provider.name} sends no e-mail addresses. Enter the id that it has for this person.", field="subject"
        )


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


class NotYet(HubError):
    """A name or code is entered when it is in use, not before."""

    code = "not_yet"


class Ended(HubError):
    """The organisation's last day is past."""

    code = "organisation_ended"


class OutOfOrder(HubError):
    """A day lies before another that it must follow."""

    code = "out_of_order"


class SameName(HubError):
    """The organisation has this name already."""

    code = "same_name"


class CodeTaken(HubError):
    """A code has another holder on some of the same days."""

    code = "code_taken"


class CodeMalformed(HubError):
    """A code does not have the look of its scheme."""

    code = "code_malformed"
    http_status = 400


class CodeHasEnded(HubError):
    """A code ended already; its days stay as they are."""

    code = "code_ended"


class TooNarrow(HubError):
    """A footprint lies in a wider one only."""

    code = "footprint_too_narrow"


def check_begun(day: date, *, today: date) -> None:
    """Raise NotYet for a day to come."""
    if day > today:
        raise NotYet(f"{long_date(day)} is still to come. Enter this on that day or later.", field="starts_on")


def check_exists(organisation: Organisation, day: date) -> None:
    """Raise Ended after the last day of an organisation."""
    if organisation.valid_to is not None and day > organisation.valid_to:
        raise Ended(
            f"{organisation} ended on {long_date(organisation.valid_to)}. Give a day no later than that.",
            field="starts_on",
        )


def check_new_name(organisation: Organisation, name: str, day: date, *, began: date | None) -> None:
    """Raise SameName where nothing would change, and OutOfOrder unless the name in use had at least one day."""
    if name == organisation.name:
        raise SameName(f"{name} is the name already. Nothing was changed.", field="name")
    if began is not None and day <= began:
        raise OutOfOrder(
            f"The name in use began on {long_date(began)}. The new one begins on a later day.", field="starts_on"
        )


def check_code(scheme: str, code: str) -> None:
    """Raise CodeMalformed where a code does not have the look of its scheme."""
    if not codes.looks_right(scheme, code):
        known = codes.SCHEMES[scheme]
        raise CodeMalformed(f"A code of {known.words} is {known.looks}. “{code}” is not.", field="code")


def check_code_free(code: str, taken: OrganisationCode | AreaCode | None, holder: Organisation | Area | None) -> None:
    """Raise CodeTaken where the code has another holder, who is named with the days."""
    if taken is None:
        return
    since = f"since {long_date(taken.valid_from)}" if taken.valid_from else "since a day that is not known"
    until = f" until {long_date(taken.valid_to)}" if taken.valid_to else ""
    raise CodeTaken(
        f"{code} belongs to {holder} {since}{until}. End it there first, or give other days.",
        field="code",
        who_can_lift="an operator",
    )


def check_follows(last: OrganisationCode | AreaCode | None, day: date | None) -> None:
    """Raise OutOfOrder unless a new code begins after the last one of its scheme ended or, if in use, began."""
    if last is None:
        return
    if day is None:
        raise OutOfOrder(
            f"There is {last} already. Give the day on which the new code begins; one in use ends the day before.",
            field="starts_on",
        )
    if last.valid_to is not None and day <= last.valid_to:
        raise OutOfOrder(
            f"{last} was right until {long_date(last.valid_to)}. The new code begins on a later day.",
            field="starts_on",
        )
    if last.valid_from is not None and day <= last.valid_from:
        raise OutOfOrder(
            f"{last} has been in use since {long_date(last.valid_from)}. The new code begins on a later day.",
            field="starts_on",
        )


def check_open(code: OrganisationCode | AreaCode, day: date) -> None:
    """Raise CodeHasEnded for a code with a last day, and OutOfOrder for a last day before its first."""
    if code.valid_to is not None:
        raise CodeHasEnded(f"{code} ended on {long_date(code.valid_to)}. That day stays.")
    if code.valid_from is not None and day < code.valid_from:
        raise OutOfOrder(
            f"{code} has been in use since {long_date(code.valid_from)}. It cannot end before that.", field="ends_on"
        )


def check_holds(parent: Footprint, child: Footprint) -> None:
    """Raise TooNarrow unless the parent is of a wider kind than the child."""
    if not is_wider(parent.kind, child.kind):
        raise TooNarrow(f"{child.kind_words} cannot lie in {parent.kind_words.lower()}. Choose a wider one.")


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
