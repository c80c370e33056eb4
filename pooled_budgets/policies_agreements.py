"""When an act on an agreement is allowed. Each refusal says who stands in the way, why, and who can lift it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from integration_hub.core.dates import long_date
from integration_hub.core.errors import HubError, Malformed
from partners.models import Organisation, User
from pooled_budgets.domain import regulation, terms
from pooled_budgets.domain.merging import Conflict
from pooled_budgets.domain.terms import Terms
from pooled_budgets.domain.words import listed, moment
from pooled_budgets.models import Agreement, AgreementDraft, AgreementSignature, AgreementVersion


class DraftNotOpen(HubError):
    """The copy is with its signatories, agreed or withdrawn, so nobody writes in it."""

    code = "draft_not_open"


class NotComplete(HubError):
    """The regulation asks for something that the terms do not state."""

    code = "not_complete"


class OutOfDate(HubError):
    """Another variation was signed after this one was begun."""

    code = "out_of_date"


class VariationConflict(HubError):
    """Both this variation and one signed meanwhile change the same field or clause."""

    code = "variation_conflict"


class NotForSignature(HubError):
    """The version that the person was shown is not, or no longer, with its signatories."""

    code = "not_for_signature"


class PreparerCannotSign(HubError):
    """Who wrote in the terms never signs them."""

    code = "preparer_cannot_sign"


class AlreadySigned(HubError):
    """The partner or the person has signed this version."""

    code = "already_signed"


class NotInForce(HubError):
    """The agreement has not come about, or has ended."""

    code = "not_in_force"


def check_open(draft: AgreementDraft) -> None:
    """Raise DraftNotOpen unless the copy may be written in."""
    if draft.status == "open":
        return
    if draft.status == "for_signature" and draft.version is not None:
        parties = [party["name"] for party in draft.version.content["parties"]]
        raise DraftNotOpen(
            f"{draft} went to its signatories as version {draft.version.number}: {draft.version.prepared_by_name} sent "
            f"it on {moment(draft.version.prepared_at)}. Nobody changes what others are signing. Send it back first.",
            who_can_lift=f"An approver of {listed(parties)}, or who prepared it, by sending it back",
        )
    raise DraftNotOpen(
        f"{draft} is {draft.status_words.lower()}, so it changes no more. Begin a variation of the agreement instead.",
        who_can_lift="A variation that every party signs",
    )


def check_terms(found: Terms, *, owner: Organisation) -> None:
    """Raise Malformed where the terms contradict themselves."""
    parties = {party["id"] for party in found["parties"]}
    problems = []
    if str(owner.pk) not in parties:
        problems.append(("parties", f"{owner} prepares these terms, so it is one of the parties."))
    if len(parties) < 2:
        problems.append(("parties", "An agreement has at least two parties."))
    if found["host"] and found["host"] not in parties:
        problems.append(("host", "The host is one of the parties. Choose another, or add it to the parties."))
    begins, ends = terms.day(found, "commences_on"), terms.day(found, "expires_on")
    if begins and ends and ends < begins:
        problems.append(("expires_on", "The last day is before the commencement. Change one of them."))
    if found["excluded_confirmed"] and not found["excluded_by"]:
        problems.append(("excluded_by", "Enter who confirmed that no excluded function is in scope."))
    if problems:
        rows = [{"field": field, "code": "malformed", "message": words} for field, words in problems]
        raise Malformed(problems[0][1], problems=rows, field=problems[0][0])


def check_complete(found: Terms) -> None:
    """Raise NotComplete where something that was checked in the regulation is missing."""
    missing = [gap.words for gap in regulation.gaps(found) if gap.stops]
    if missing:
        raise NotComplete(
            f"{regulation.regulation(found['kind']).capitalize()} asks for more before the terms can be signed. "
            f"{'. '.join(missing)}."
        )


def check_up_to_date(draft: AgreementDraft, current: AgreementVersion | None) -> None:
    """Raise OutOfDate where a version was signed that the copy does not begin with."""
    if draft.based_on_id == (current.pk if current else None):
        return
    words = f"version {draft.based_on.number}" if draft.based_on else "no version"
    newest = f"Version {current.number} was signed meanwhile" if current else "The agreement has changed"
    raise OutOfDate(
        f"{draft} begins with {words}. {newest}. Bring it up to date, read what changed, then go on.",
        who_can_lift=f"Whoever prepares agreements for {draft.owner}, by bringing it up to date",
    )


def check_effective(draft: AgreementDraft) -> date:
    """The first day on which the terms hold; raise Malformed where it is missing or before what they vary."""
    if draft.based_on is None:
        begins = terms.day(draft.content, "commences_on")
        if begins is None:
            raise Malformed("Enter the day on which the agreement begins.", field="commences_on")
        return draft.effective_from or begins
    if draft.effective_from is None:
        raise Malformed("Enter the first day on which the variation holds.", field="effective_from")
    if draft.effective_from < draft.based_on.effective_from:
        raise Malformed(
            f"The variation cannot hold before what it varies, which holds from "
            f"{long_date(draft.based_on.effective_from)}. Enter a later day.",
            field="effective_from",
        )
    return draft.effective_from


def check_no_conflict(conflicts: Sequence[Conflict]) -> None:
    """Raise VariationConflict that names each field and clause that both change."""
    if conflicts:
        names = [f"“{terms.label(found.name)}”" for found in conflicts]
        raise VariationConflict(
            f"This variation and the one that was signed meanwhile both change {listed(names)}. Nothing was merged. "
            "Choose for each whether the wording of this variation stands, or change it to what was signed.",
            who_can_lift="Whoever prepares this variation, by choosing which wording stands",
        )


def check_can_vary(agreement: Agreement, *, on: date) -> None:
    """Raise NotInForce where there is nothing to vary: the first terms are not signed, or it has ended."""
    state = agreement.state_on(on)
    if state in {"draft", "with_partners"}:
        raise NotInForce(f"{agreement} is not signed yet, so its first terms are changed, and no variation of them.")
    check_not_ended(agreement, on=on)


def check_not_ended(agreement: Agreement, *, on: date) -> None:
    """Raise NotInForce once the agreement was terminated or has ended."""
    if agreement.terminated_on is not None:
        raise NotInForce(
            f"{agreement} was terminated with {long_date(agreement.terminated_on)}: {agreement.termination_reason}",
            who_can_lift="Nobody: partners that go on make a new agreement",
        )
    if agreement.state_on(on) in {"ended", "expired"}:
        ended = f" on {long_date(agreement.expires_on)}" if agreement.expires_on else ""
        raise NotInForce(f"{agreement} ended{ended}.", who_can_lift="Nobody: make a new agreement")


def check_for_signature(draft: AgreementDraft | None, version: AgreementVersion) -> None:
    """Raise NotForSignature unless this very version waits for signatures."""
    if draft is None or draft.status != "for_signature" or draft.version_id != version.pk:
        raise NotForSignature(
            f"{version} is not with its signatories: it was sent back, or every party has signed it. Read the "
            "agreement again."
        )


def check_signatory(
    version: AgreementVersion, by: User, organisation: Organisation, signatures: Iterable[AgreementSignature]
) -> None:
    """Raise PreparerCannotSign or AlreadySigned."""
    if str(by.pk) in {row["id"] for row in version.preparers}:
        raise PreparerCannotSign(
            f"You wrote in {version}, so you cannot sign it. Another approver of {organisation} signs it.",
            who_can_lift=f"An administrator of {organisation}, by naming another approver",
        )
    for signature in signatures:
        if signature.organisation_id == organisation.pk or signature.person_id == by.pk:
            raise AlreadySigned(
                f"{signature.person_name} signed {version} for {signature.organisation_name} on "
                f"{moment(signature.signed_at)}. Each partner, and each person, signs once."
            )


def check_duty(key: str, due: Collection[str]) -> None:
    """Raise NotInForce-like refusal where the duty is not one that waits."""
    if key not in due:
        raise DutyNotDue("That duty does not wait any more: somebody did it, or its date moved. Read the page again.")


class DutyNotDue(HubError):
    """The duty is done, or not due."""

    code = "duty_not_due"
