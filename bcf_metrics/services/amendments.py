"""A return marked as ready, and an amendment after it went out: signatures that are touched fall, the rest stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies
from bcf_metrics.domain import changes, sections
from bcf_metrics.domain.changes import Difference
from bcf_metrics.domain.status import EventKind
from bcf_metrics.models import QuarterlyReturn, ReturnVersion, Signature
from bcf_metrics.selectors import content
from bcf_metrics.selectors.returns import Standing, key_of
from bcf_metrics.services import events
from bcf_metrics.services import sections as section_services
from bcf_metrics.services.holding import hold
from integration_hub.core import audit, reasons
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.services import periods


@service
def mark_ready(*, return_id: UUID, by: User, at: datetime) -> QuarterlyReturn:
    """Say that the return is complete and can be sent. Raises NotComplete, UnderSignOff."""
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(quarterly_return, held.newest, signatories=[party.name for party in held.parties])
    draft = content.draft(quarterly_return, by, on=timezone.localdate(at), parties=held.parties)
    policies.check_complete(draft.completion)

    before = quarterly_return.status_words
    said = sections.fingerprint_of_all(draft.cells, draft.content)
    events.write(held, EventKind.READY, by=by, at=at, partner=partner, sha256=said)
    audit.record(
        "return.ready",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before={"status": before},
        after={"status": quarterly_return.status_words},
    )
    return quarterly_return


@service
def begin(
    *, return_id: UUID, reason: str, by: User, at: datetime, named: Mapping[str, str] | None = None
) -> QuarterlyReturn:
    """Open a return that is with its signatories, signed or submitted, so that its preparers can change it.

    Its signatures stand until it is sent again: then those fall whose sheets changed, and the others are carried over.
    `named` has the reason of each section that is to be changed, by its tab.
    Raises NothingToAmend, reasons.ReasonMissing, Malformed.
    """
    held = hold(return_id, by)
    quarterly_return = held.quarterly_return
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_can_be_amended(quarterly_return)
    words = reasons.given(reason, ask="Say what is changed and why: whoever signed it reads this.")

    before = quarterly_return.status_words
    number = held.newest.number if held.newest else None
    events.write(held, EventKind.AMENDED, by=by, at=at, partner=partner, version=number, reason=words)
    told = section_services.name_sections(held, named or {}, by=by, at=at, partner=partner, version=number)
    periods.lift(fund=quarterly_return.fund, period=quarterly_return.period, by=by, at=at, reason=f"Amended: {words}")
    audit.record(
        "return.amended",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before={"status": before, "version": number},
        after={"status": quarterly_return.status_words} | ({"sections": told} if told else {}),
        reason=words,
    )
    return quarterly_return


def carry_over(
    held: Standing, version: ReturnVersion, former: ReturnVersion, *, by: User, at: datetime, partner: Organisation
) -> None:
    """After an amendment went out as `version`: the signatures of the former one that stand, and those that fall."""
    differences = compare(held.quarterly_return, former, version)
    asked = {row.slot.key: row for row in held.needed(version)}
    preparers = {row["id"] for row in version.preparers}
    for given in former.signatures.all():
        row = asked.get(key_of(given))
        why = changes.why_it_falls(row.signatory if row else None, str(given.person_id), differences, preparers)
        name = f"{given.person_name}, {given.capacity}, {given.organisation_name}"
        if not why:
            _carry(given, version)
        events.write(
            held,
            EventKind.FALLEN if why else EventKind.CARRIED,
            by=by,
            at=at,
            partner=given.organisation,
            version=version.number,
            capacity_code=given.capacity_code,
            reason=f"{name}. {why}." if why else f"{name}. Nothing that it vouches for changed.",
            by_name=by.acting_name(partner),
        )


def compare(quarterly_return: QuarterlyReturn, former: ReturnVersion, version: ReturnVersion) -> Sequence[Difference]:
    """What differs between two versions of a return, as they were sent. Their contents are loaded."""
    old, new = (content.frozen(quarterly_return, row) for row in (former, version))
    return changes.between(old.cells, new.cells, old.content, new.content)


def _carry(given: Signature, version: ReturnVersion) -> None:
    """The signature's row in the next version: it points to the one that was given, and keeps its day and digest."""
    carried = Signature(
        version=version,
        organisation_id=given.organisation_id,
        organisation_name=given.organisation_name,
        person_id=given.person_id,
        person_name=given.person_name,
        capacity=given.capacity,
        capacity_code=given.capacity_code,
        carried_from_id=given.carried_from_id or given.pk,
        signed_at=given.signed_at,
        sha256=given.sha256,
    )
    carried.save(force_insert=True)
