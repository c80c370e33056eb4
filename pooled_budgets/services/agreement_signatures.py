"""Signatures under a version of an agreement, and what else binds its parties: sending back, ending, duties done."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from integration_hub.core import audit, reasons
from integration_hub.core.errors import Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets import policies_agreements as policies
from pooled_budgets.models import Agreement, AgreementDraft, AgreementSignature, AgreementVersion
from pooled_budgets.selectors import agreements as selectors
from pooled_budgets.services import agreement_drafts, agreements

LONGEST_CAPACITY = 120


@service
def sign(
    *, agreement_id: UUID, number: int, organisation: Organisation, capacity: str, by: User, at: datetime
) -> AgreementSignature:
    """Sign a version for a partner; when every party has signed, it holds from its first day on.

    Raises NotForSignature, OutOfDate, PreparerCannotSign, AlreadySigned, Malformed.
    """
    agreement, version = _version(agreement_id, number, by)
    permissions.require(by, Permission.AGREEMENT_SIGN, organisation=organisation)
    parties = list(agreement.parties.order_by("name", "pk"))
    agreement_drafts.check_party(organisation, parties, agreement)
    draft = _waiting(agreement)
    policies.check_for_signature(draft, version)
    if draft is None:
        raise RuntimeError("a version that waits for signatures has its working copy")
    policies.check_up_to_date(draft, agreement.current_version)
    signatures = selectors.signatures_of(version)
    policies.check_signatory(version, by, organisation, signatures)
    words = " ".join(capacity.split())
    if not words or len(words) > LONGEST_CAPACITY:
        raise Malformed(f"Say in which capacity you sign, in at most {LONGEST_CAPACITY} characters.", field="capacity")

    signature = AgreementSignature(
        version=version,
        organisation=organisation,
        organisation_name=organisation.name,
        person=by,
        person_name=by.acting_name(organisation),
        capacity=words,
        signed_at=at,
        sha256=version.sha256,
    )
    signature.save(force_insert=True)
    agreement_drafts.act(agreement, "signed", by=by, at=at, partner=organisation, version=version)
    signed = {row.organisation_id for row in signatures} | {organisation.pk}
    complete = {UUID(party["id"]) for party in version.content["parties"]} <= signed
    if complete:
        draft.status = "agreed"
        draft.save()
        agreement_drafts.act(agreement, "agreed", by=by, at=at, partner=organisation, version=version)
        agreements.put_in_force(agreement, version)
    audit.record(
        "agreement.signed",
        target=agreement,
        by=by,
        at=at,
        partner=organisation,
        after={"version": number, "sha256": version.sha256, "capacity": words, "every_party": complete},
    )
    return signature


@service
def send_back(*, agreement_id: UUID, number: int, reason: str, by: User, at: datetime) -> AgreementDraft:
    """Send a version back to who prepared it: its signatures fall with it, and it stays readable.

    An approver of a party does, or who prepares agreements for the partner that sent it.
    """
    agreement, version = _version(agreement_id, number, by)
    draft = _waiting(agreement)
    if draft is not None and permissions.can(by, Permission.AGREEMENT_PREPARE, organisation=draft.owner):
        partner = draft.owner
    else:
        parties = list(agreement.parties.order_by("name", "pk"))
        partner = permissions.acting_for(by, Permission.AGREEMENT_SIGN, among=parties)
    policies.check_for_signature(draft, version)
    if draft is None:
        raise RuntimeError("a version that waits for signatures has its working copy")
    words = reasons.given(reason, ask="Say what has to be put right before it is sent again.")
    fallen = [str(signature) for signature in selectors.signatures_of(version)]
    draft.status, draft.version = "open", None
    draft.save()
    agreement_drafts.act(agreement, "sent_back", by=by, at=at, partner=partner, version=version, reason=words)
    audit.record(
        "agreement.sent_back",
        target=agreement,
        by=by,
        at=at,
        partner=partner,
        before={"version": number, "signatures": fallen},
        reason=words,
    )
    return draft


@service
def terminate(*, agreement_id: UUID, last_day: date, reason: str, by: User, at: datetime) -> Agreement:
    """End an agreement before its time, with its last day and the reason. It is not taken back."""
    agreement = agreements.hold(selectors.get(by, agreement_id).pk)
    parties = list(agreement.parties.order_by("name", "pk"))
    partner = permissions.acting_for(by, Permission.AGREEMENT_SIGN, among=parties)
    policies.check_can_vary(agreement, on=timezone.localdate(at))
    words = reasons.given(reason, ask="Say why the agreement ends, and under which clause.")
    if agreement.commences_on is not None and last_day < agreement.commences_on:
        raise Malformed("The last day is before the agreement began. Enter a later day.", field="last_day")
    if agreement.expires_on is not None and last_day > agreement.expires_on:
        raise Malformed("The agreement ends before that day by itself. Enter an earlier day.", field="last_day")
    agreement.terminated_on, agreement.termination_reason = last_day, words
    agreement.save()
    agreement_drafts.act(agreement, "terminated", by=by, at=at, partner=partner, reason=words)
    audit.record(
        "agreement.terminated",
        target=agreement,
        by=by,
        at=at,
        partner=partner,
        after={"last_day": last_day},
        reason=words,
    )
    return agreement


@service
def duty_done(*, agreement_id: UUID, key: str, by: User, at: datetime) -> Agreement:
    """Say that a duty was done. Of the host's duties its own people say so."""
    agreement = agreements.hold(selectors.get(by, agreement_id).pk)
    parties = list(agreement.parties.order_by("name", "pk"))
    partner = permissions.acting_for(by, Permission.AGREEMENT_PREPARE, among=parties)
    current = agreement.current_version
    done = selectors.done_keys(list(selectors.acts_of(agreement)))
    found = selectors.due(agreement, current.content if current else None, on=timezone.localdate(at), done=done)
    waiting = {duty.key: duty for duty in found}
    policies.check_duty(key, waiting)
    if waiting[key].of_host and agreement.host is not None:
        permissions.require(by, Permission.AGREEMENT_PREPARE, organisation=agreement.host)
        partner = agreement.host
    agreement_drafts.act(agreement, "duty_done", by=by, at=at, partner=partner, subject=key, reason=waiting[key].words)
    audit.record(
        "agreement.duty_done",
        target=agreement,
        by=by,
        at=at,
        partner=partner,
        after={"duty": waiting[key].words, "due_on": waiting[key].due_on},
    )
    return agreement


def _version(agreement_id: UUID, number: int, by: User) -> tuple[Agreement, AgreementVersion]:
    version = selectors.version(by, agreement_id, number)
    return agreements.hold(version.agreement_id), version


def _waiting(agreement: Agreement) -> AgreementDraft | None:
    return (
        AgreementDraft.objects.select_for_update(of=("self",))
        .select_related("owner", "version", "based_on")
        .filter(agreement=agreement, status="for_signature")
        .first()
    )
