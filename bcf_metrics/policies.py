"""When an act on figures and returns is allowed. Each refusal says who, since when, why, and who can lift it."""

from collections.abc import Collection, Sequence
from typing import Protocol

from bcf_metrics.domain.completion import Completion
from bcf_metrics.domain.signatories import Signatory
from bcf_metrics.domain.status import FROZEN, SIGNED_OFF, ReturnStatus
from bcf_metrics.domain.words import listed
from bcf_metrics.models import PolicyYear, QuarterlyReturn, ReturnTemplate, ReturnVersion, Signature
from integration_hub.core.errors import HubError
from integration_hub.core.models import Period
from partners.domain.capacities import capacity_words
from partners.models import Organisation, User
from partners.permissions import Principal
from pooled_budgets.domain.words import moment
from pooled_budgets.models import Fund


class Needed(Protocol):
    """A signature that a version needs, as selectors.returns has it."""

    @property
    def organisation(self) -> Organisation: ...
    @property
    def signatory(self) -> Signatory: ...
    @property
    def words(self) -> str: ...


# How many of the things to put right a refusal names; the checklist has them all.
NAMED = 3


class UnderSignOff(HubError):
    """The return, and the figures that it reports, are with its signatories or signed."""

    code = "under_sign_off"


class PolicyYearNotLoaded(HubError):
    """No return can be made for a year whose policy is not known."""

    code = "policy_year_not_loaded"


class ReturnExists(HubError):
    """There is one return for a fund and quarter."""

    code = "return_exists"


class NotComplete(HubError):
    """Something that the return needs is not there."""

    code = "not_complete"


class NotForSignature(HubError):
    """The return is not with its signatories, or in another version."""

    code = "not_for_signature"


class AlreadySigned(HubError):
    """The partner, or the person, has signed this version."""

    code = "already_signed"


class PreparerCannotSign(HubError):
    """Whoever entered something in the return does not sign it, whatever other roles they hold."""

    code = "preparer_cannot_sign"
    http_status = 403


class NotInThatCapacity(HubError):
    """The register of roles does not name the person in the capacity that signs."""

    code = "not_in_that_capacity"
    http_status = 403


class NothingToSendBack(HubError):
    """The return is not with its signatories, nor signed."""

    code = "nothing_to_send_back"


class NothingToAmend(HubError):
    """The return can be changed as it is, or was accepted."""

    code = "nothing_to_amend"


class NothingToRelease(HubError):
    """There is no draft figure at the quarter."""

    code = "nothing_to_release"


class OtherYear(HubError):
    """The quarter, or the metric, belongs to another year than the fund."""

    code = "other_year"
    http_status = 400


def check_open(quarterly_return: QuarterlyReturn, version: ReturnVersion | None, *, signatories: Sequence[str]) -> None:
    """Raise UnderSignOff while the return is with its signatories or signed; `version` is the newest."""
    if version is None or ReturnStatus(quarterly_return.status) not in FROZEN:
        return
    lift = who_can_lift(signatories, quarterly_return.status)
    raise UnderSignOff(
        f"{lock_words(quarterly_return)} {version.prepared_by_name} sent it for sign-off on "
        f"{moment(version.prepared_at)} as version {version.number}. Nothing was changed. Who can lift this: {lift}.",
        who_can_lift=lift,
    )


def lock_words(quarterly_return: QuarterlyReturn) -> str:
    """What is locked, and why."""
    period, status = quarterly_return.period.label, ReturnStatus(quarterly_return.status)
    state = {
        ReturnStatus.WITH_SIGNATORIES: "with its signatories",
        ReturnStatus.SIGNED: "signed off",
        ReturnStatus.ACCEPTED: "accepted",
    }.get(status, "submitted")
    return f"The return of {period} is {state}, so its answers and figures cannot be changed."


def lock_reason(quarterly_return: QuarterlyReturn, number: int) -> str:
    """Why the fund's period is locked."""
    return f"Version {number} of the return of {quarterly_return.period.label} was sent for sign-off"


def who_can_lift(signatories: Sequence[str], status: str = ReturnStatus.WITH_SIGNATORIES) -> str:
    names = listed(list(signatories), last="or")
    if status == ReturnStatus.ACCEPTED:
        return f"a finance officer of {names}, by restating it"
    return f"an approver of {names}, by sending the return back, or whoever prepares it, by amending it"


def check_period_of_fund(fund: Fund, period: Period) -> None:
    """Raise OtherYear where the period is no quarter of the fund's year."""
    if period.financial_year != fund.financial_year or period.kind != Period.QUARTER:
        raise OtherYear(
            f"{period.label} is no quarter of {fund}. Choose a quarter of {fund.year.label}.", field="quarter"
        )


def check_can_open(
    fund: Fund, period: Period, year: PolicyYear | None, existing: QuarterlyReturn | None
) -> tuple[PolicyYear, ReturnTemplate]:
    """The year's policy and layout; PolicyYearNotLoaded without them, ReturnExists where there is a return already."""
    if existing is not None:
        raise ReturnExists(f"The return of {fund} for {period.label} is open already. Work on that one.")
    if year is None or not year.loaded or year.template is None:
        is_loaded = year is not None and year.loaded
        what = f"The {'layout of the return' if is_loaded else 'national policy'} of {fund.year.label}"
        raise PolicyYearNotLoaded(
            f"{what} is not loaded, so no return can be opened for it. Ask the operator to load it.",
            who_can_lift="the operator, by loading the policy year",
        )
    return year, year.template


def check_complete(completion: Completion) -> None:
    """Raise NotComplete, naming the first things to put right, unless the return can go to its signatories."""
    stops = [finding for finding in completion.findings if finding.stops]
    if not stops and completion.complete:
        return
    named = " ".join(finding.message for finding in stops[:NAMED])
    more = f" And {len(stops) - NAMED} more: see the checklist." if len(stops) > NAMED else ""
    raise NotComplete(f"The return cannot be sent for sign-off yet. {named}{more}")


def check_for_signature(quarterly_return: QuarterlyReturn, current: ReturnVersion | None, number: int) -> None:
    """Raise NotForSignature unless the version is the one that is with the signatories now."""
    waits = quarterly_return.status == ReturnStatus.WITH_SIGNATORIES
    if waits and current is not None and current.number == number:
        return
    if ReturnStatus(quarterly_return.status) in SIGNED_OFF:
        raise AlreadySigned(f"Version {number} is signed off by every partner already.")
    if waits and current is not None:
        raise NotForSignature(
            f"Version {number} was sent back. Version {current.number}, which {current.prepared_by_name} sent on "
            f"{moment(current.prepared_at)}, is the one to sign: read it first.",
            who_can_lift="",
        )
    raise NotForSignature(
        f"Version {number} is not with its signatories (the return is: {quarterly_return.status_words.lower()}), so it "
        "cannot be signed. Wait until it is sent for sign-off again.",
        who_can_lift="whoever prepares the return, by sending it for sign-off",
    )


def check_signatory(
    version: ReturnVersion,
    person: User,
    organisation: Organisation,
    given: Sequence[Signature],
    *,
    principal: Principal | None = None,
) -> None:
    """Raise PreparerCannotSign for whoever entered something, AlreadySigned for a person's second signature.

    Nor does a deputy sign for a `principal` who entered something.
    """
    preparers = {preparer["id"] for preparer in version.preparers}
    if principal is not None and principal.id in preparers:
        raise PreparerCannotSign(
            f"{principal.name}, whose deputy you are, entered something in version {version.number} or sent it for "
            f"sign-off, so somebody else has to sign it for {organisation}.",
            who_can_lift=f"another approver of {organisation}",
        )
    if str(person.pk) in preparers:
        raise PreparerCannotSign(
            f"You entered something in version {version.number} or sent it for sign-off, so somebody else has to sign "
            f"it for {organisation}, whatever other roles you hold.",
            who_can_lift=f"another approver of {organisation}",
        )
    for signature in given:
        if signature.person_id == person.pk:
            raise AlreadySigned(
                f"You signed version {version.number} for {signature.organisation_name} on "
                f"{moment(signature.signed_at)}. A person signs for one partner, and in one capacity."
            )


def check_capacity(
    wanted: Signatory, organisation: Organisation, held: Collection[str], *, principal: Principal | None = None
) -> None:
    """Raise NotInThatCapacity unless the register names the person in a capacity that the policy year asks for.

    `held` are the codes of their capacities; a deputy's are those of the `principal`.
    """
    if not wanted.code:
        return
    name = f"{wanted.name[0].lower()}{wanted.name[1:]}"
    if principal is not None and not wanted.delegable:
        raise NotInThatCapacity(
            f"The {name} signs in person: the policy year lets nobody sign instead. You are deputy of "
            f"{principal.name}. Nothing was signed.",
            who_can_lift=f"the {name} of {organisation}, by signing",
        )
    if not set(wanted.held_by) & set(held):
        asked = listed([capacity_words(code).lower() for code in wanted.held_by], last="or")
        raise NotInThatCapacity(
            f"This signature is that of the {name}. The register of roles does not name you as {asked} of "
            f"{organisation}, so nothing was signed.",
            who_can_lift=f"an administrator of {organisation}, by granting the role of approver with that capacity",
            field="signing_as",
        )


def check_unsigned(
    version: ReturnVersion, wanted: Needed, given: Sequence[Signature], *, waiting: Sequence[Needed]
) -> None:
    """Raise AlreadySigned where somebody signed in this place, or where those did whom the partner succeeded."""
    organisation = wanted.organisation
    for signature in given:
        if (signature.organisation_id, signature.capacity_code) == (organisation.pk, wanted.signatory.code):
            raise AlreadySigned(
                f"{signature.person_name} signed version {version.number} for {wanted.words} on "
                f"{moment(signature.signed_at)}. One signature is enough."
            )
    if wanted not in waiting:
        raise AlreadySigned(
            f"The partner that {organisation} succeeded signed version {version.number} before it ended, and that "
            "signature stands."
        )


def check_can_be_sent_back(quarterly_return: QuarterlyReturn) -> None:
    """Raise NothingToSendBack unless the return is with its signatories, signed or submitted, and not accepted."""
    if quarterly_return.status == ReturnStatus.ACCEPTED:
        raise NothingToSendBack(
            f"The return of {quarterly_return.period.label} was accepted, so it is restated, not sent back."
        )
    if ReturnStatus(quarterly_return.status) not in FROZEN:
        raise NothingToSendBack(
            f"The return of {quarterly_return.period.label} is not with its signatories (it is: "
            f"{quarterly_return.status_words.lower()}), so there is nothing to send back."
        )


def check_can_be_amended(quarterly_return: QuarterlyReturn) -> None:
    """Raise NothingToAmend unless the return is with its signatories, signed or submitted, and not accepted."""
    status = ReturnStatus(quarterly_return.status)
    if status is ReturnStatus.ACCEPTED:
        raise NothingToAmend(
            f"The return of {quarterly_return.period.label} was accepted, so it is restated, not amended."
        )
    if status not in FROZEN:
        raise NothingToAmend(
            f"The return of {quarterly_return.period.label} is not with its signatories (it is: "
            f"{quarterly_return.status_words.lower()}), so it can be changed as it is."
        )
