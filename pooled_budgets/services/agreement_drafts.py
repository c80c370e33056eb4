"""Working copies of an agreement's terms: begun, written in, shown to the partners, sent for signature, brought up to
date with what was signed meanwhile, withdrawn.
"""

import hashlib
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.utils.text import slugify

from governance.models import Board
from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile, HubError, Malformed
from integration_hub.core.once import claim
from integration_hub.core.services import service
from partners import permissions
from partners.models import Area, Organisation, User
from partners.permissions import Permission
from pooled_budgets import policies_agreements as policies
from pooled_budgets.domain import terms
from pooled_budgets.domain.file_names import kept_name
from pooled_budgets.domain.merging import merge
from pooled_budgets.domain.terms import Terms
from pooled_budgets.domain.words import listed
from pooled_budgets.models import (
    Agreement,
    AgreementAct,
    AgreementAttachment,
    AgreementDraft,
    AgreementParty,
    AgreementVersion,
)
from pooled_budgets.selectors import agreements as selectors
from pooled_budgets.services import agreements

LARGEST: Final = 10 * 1024 * 1024
PDF, WORD = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OWN_LABELS: Final = {"effective_from": "First day", "reason": "Reason for the variation"}


class DocumentRefused(HubError):
    """A file that is not taken, and why."""

    code = "document_refused"
    http_status = 400


@dataclass(frozen=True)
class Upload:
    """A file as it came, before anybody looked into it."""

    filename: str
    content: bytes


@service
def begin(
    *,
    owner: Organisation,
    title: str,
    kind: str,
    area: Area,
    board: Board | None,
    parties: Sequence[Organisation],
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> AgreementDraft:
    """Begin a new agreement as a draft that the owner's people alone see. The owner is one of its parties.

    `once` is the mark of the form: raises SentTwice where the form has begun it already.
    """
    permissions.require(by, Permission.AGREEMENT_PREPARE, organisation=owner)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    new_id = claim(AgreementDraft, once, sender=by.pk, what="The agreement")
    named = [{"id": str(party.pk), "name": party.name} for party in parties]
    found = terms.empty(title=title, kind=kind, parties=named)
    policies.check_terms(found, owner=owner)
    agreement = Agreement(
        key=f"{slugify(title)[:60].strip('-') or 'agreement'}-{uuid4().hex[:8]}",
        title=title,
        kind=kind,
        status="draft",
        area=area,
        board=board,
        owner=owner,
    )
    agreement.save(force_insert=True)
    AgreementParty.objects.bulk_create(AgreementParty(agreement=agreement, organisation=party) for party in parties)
    draft = _draft(agreement, owner=owner, content=found, by=by, at=at)
    draft.pk = new_id
    draft.save(force_insert=True)
    act(agreement, "begun", by=by, at=at, partner=owner)
    audit.record(
        "agreement.begun",
        target=agreement,
        by=by,
        at=at,
        partner=owner,
        after={"title": title, "kind": kind, "parties": [party["name"] for party in named]},
    )
    return draft


@service
def vary(*, agreement_id: UUID, reason: str, once: UUID | None = None, by: User, at: datetime) -> AgreementDraft:
    """Begin a variation: a copy of what is signed, or, of an agreement recorded from its papers, its first terms.

    `once` is the mark of the form: raises SentTwice where the form has begun it already.
    """
    agreement = _hold(agreement_id, by)
    parties = list(agreement.parties.order_by("name", "pk"))
    partner = permissions.acting_for(by, Permission.AGREEMENT_PREPARE, among=parties)
    new_id = claim(AgreementDraft, once, sender=by.pk, what="The variation")
    policies.check_can_vary(agreement, on=at.date())
    words = reasons.given(reason, ask="Say what the variation is to change, and why.")
    current = agreement.current_version
    content = current.content if current else _from_record(agreement, parties)
    draft = _draft(agreement, owner=partner, content=content, by=by, at=at)
    draft.pk, draft.based_on, draft.reason = new_id, current, words
    draft.save(force_insert=True)
    act(agreement, "begun", by=by, at=at, partner=partner, reason=words)
    audit.record(
        "agreement.variation_begun",
        target=agreement,
        by=by,
        at=at,
        partner=partner,
        after={"based_on": current.number if current else None},
        reason=words,
    )
    return draft


@service
def edit(*, draft_id: UUID, changes: Mapping[str, Any], seen: int, by: User, at: datetime) -> AgreementDraft:
    """Write in a working copy. `changes` are names of terms.flat, `effective_from` or `reason`, with their values;
    `seen` is the revision that the person was shown.

    Raises DraftNotOpen, ChangedMeanwhile where somebody changed the same since, Malformed.
    """
    agreement, draft = _write(draft_id, by)
    _edit(agreement, draft, changes, seen=seen, by=by, at=at)
    return draft


@service
def set_clause(
    *,
    draft_id: UUID,
    letter: str,
    reference: str,
    summary: str,
    upload: Upload | None,
    seen: int,
    by: User,
    at: datetime,
) -> AgreementDraft:
    """State where a matter of the regulation stands and what it says; a file replaces the one before."""
    agreement, draft = _write(draft_id, by)
    if letter not in terms.CLAUSES:
        raise Malformed("A matter of the regulation is one of (a) to (g).", field="letter")
    changes: dict[str, Any] = {f"clauses.{letter}.reference": reference, f"clauses.{letter}.summary": summary}
    if upload is not None:
        changes[f"clauses.{letter}.attachment"] = _attach(draft, upload, by=by, at=at)
    _edit(agreement, draft, changes, seen=seen, by=by, at=at)
    return draft


@service
def set_document(*, draft_id: UUID, upload: Upload, seen: int, by: User, at: datetime) -> AgreementDraft:
    """Attach the agreement itself as a document."""
    agreement, draft = _write(draft_id, by)
    _edit(agreement, draft, {"document": _attach(draft, upload, by=by, at=at)}, seen=seen, by=by, at=at)
    return draft


@service
def share(*, draft_id: UUID, by: User, at: datetime) -> AgreementDraft:
    """Show a working copy to the parties named in it. It can be written in until it is sent for signature."""
    agreement, draft = _write(draft_id, by)
    if draft.released_at is None:
        draft.released_at = at
        draft.save()
    if agreement.status == "draft":
        agreement.status = "with_partners"
        agreement.save()
    _audited(agreement, draft, "shared", "agreement.shared", by=by, at=at)
    return draft


@service
def send(*, draft_id: UUID, seen: int, by: User, at: datetime) -> AgreementVersion:
    """Freeze a working copy as the agreement's next version, and send it to the parties for signature.

    Raises DraftNotOpen, ChangedMeanwhile, OutOfDate, NotComplete, Malformed, and DraftNotOpen for another that waits.
    """
    agreement, draft = _write(draft_id, by)
    if seen != draft.revision:
        raise ChangedMeanwhile("Somebody wrote in it after you opened this page, so nothing was sent. Read it again.")
    for other in AgreementDraft.objects.filter(agreement=agreement, status="for_signature").select_related("version"):
        policies.check_open(other)
    policies.check_not_ended(agreement, on=at.date())
    policies.check_up_to_date(draft, agreement.current_version)
    policies.check_terms(draft.content, owner=draft.owner)
    policies.check_complete(draft.content)
    effective_from = policies.check_effective(draft)
    number = agreements.next_version(agreement)
    version = AgreementVersion(
        agreement=agreement,
        number=number,
        based_on=draft.based_on,
        content=draft.content,
        sha256=terms.digest(draft.content),
        effective_from=effective_from,
        reason=draft.reason or ("" if number == 1 else "Sent again after it was sent back"),
        prepared_by=by,
        prepared_by_name=by.acting_name(draft.owner),
        preparers=_with(draft.preparers, by),
        prepared_at=at,
    )
    version.save(force_insert=True)
    draft.status, draft.version = "for_signature", version
    draft.released_at = draft.released_at or at
    draft.save()
    if agreement.status == "draft":
        agreement.status = "with_partners"
        agreement.save()
    _audited(agreement, draft, "sent", "agreement.sent_for_signature", by=by, at=at, version=version)
    return version


@service
def renew(*, draft_id: UUID, keep: Collection[str] = (), by: User, at: datetime) -> AgreementDraft:
    """Bring a variation up to date with the version that was signed meanwhile, by a three-way merge.

    `keep` names what stands as this variation has it where both changed. Raises VariationConflict for any other.
    """
    agreement, draft = _write(draft_id, by)
    current = agreement.current_version
    if current is None or draft.based_on_id == current.pk:
        return draft
    base = terms.flat(draft.based_on.content) if draft.based_on else {}
    merged = merge(base, terms.flat(current.content), terms.flat(draft.content), keep=keep)
    policies.check_no_conflict(merged.conflicts)
    before = draft.content
    draft.content, draft.based_on = terms.whole(merged.values), current
    _keep(agreement, draft, before, by=by, at=at, kind="agreement.brought_up_to_date")
    return draft


@service
def withdraw(*, draft_id: UUID, reason: str, by: User, at: datetime) -> AgreementDraft:
    """Put a working copy away for good; it stays readable."""
    agreement, draft = _write(draft_id, by)
    words = reasons.given(reason, ask="Say why it is withdrawn.")
    draft.status = "withdrawn"
    draft.save()
    _audited(agreement, draft, "withdrawn", "agreement.draft_withdrawn", by=by, at=at, reason=words)
    return draft


def act(
    agreement: Agreement,
    kind: str,
    *,
    by: User,
    at: datetime,
    partner: Organisation,
    version: AgreementVersion | None = None,
    reason: str = "",
    subject: str = "",
) -> None:
    """Write the next line of what happened to an agreement that is held."""
    AgreementAct(
        agreement=agreement,
        number=AgreementAct.objects.filter(agreement=agreement).count() + 1,
        kind=kind,
        at=at,
        by_name=by.acting_name(partner),
        organisation=partner,
        version=version,
        subject=subject,
        reason=reason,
    ).save(force_insert=True)


def _hold(agreement_id: UUID, by: User) -> Agreement:
    """The agreement that the person may read, held; Http404 for any other."""
    return agreements.hold(selectors.get(by, agreement_id).pk)


def _write(draft_id: UUID, by: User) -> tuple[Agreement, AgreementDraft]:
    """The agreement and its working copy, both held, that the person may write in now."""
    agreement = agreements.hold(selectors.agreement_of_draft(by, draft_id))
    draft = selectors.held_draft(by, draft_id)
    permissions.require(by, Permission.AGREEMENT_PREPARE, organisation=draft.owner)
    policies.check_open(draft)
    return agreement, draft


def _edit(
    agreement: Agreement, draft: AgreementDraft, changes: Mapping[str, Any], *, seen: int, by: User, at: datetime
) -> None:
    shown = selectors.seen_content(draft, seen)
    if shown is None:
        raise Malformed("The page was made from a copy that never was. Open it again.", field="seen")
    base = _flat(*shown)
    theirs = _flat(draft.content, draft.reason, draft.effective_from)
    mine = {name: value for name, value in base.items() if not (name.startswith("parties.") and "parties" in changes)}
    for name, value in changes.items():
        mine |= {f"parties.{party['id']}": party["name"] for party in value} if name == "parties" else {name: value}
    merged = merge(base, theirs, mine)
    if merged.conflicts:
        told = []
        for found in merged.conflicts:
            label = OWN_LABELS.get(found.name) or terms.label(found.name)
            told.append(
                f"{label}: they wrote “{_shown(found.name, found.theirs)}”, you “{_shown(found.name, found.mine)}”"
            )
        raise ChangedMeanwhile(
            f"Somebody changed the same after you opened this page, so nothing was saved. {'. '.join(told)}."
        )
    before = draft.content
    values = merged.values
    draft.reason = values.pop("reason")
    first = values.pop("effective_from")
    draft.effective_from = date.fromisoformat(first) if first else None
    draft.content = terms.whole(values)
    _keep(agreement, draft, before, by=by, at=at, kind="agreement.draft_changed")


def _keep(agreement: Agreement, draft: AgreementDraft, before: Terms, *, by: User, at: datetime, kind: str) -> None:
    """Save a changed working copy. The row of an agreement that nobody has signed yet follows its first terms."""
    policies.check_terms(draft.content, owner=draft.owner)
    draft.revision += 1
    draft.preparers = _with(draft.preparers, by)
    draft.save()
    if agreement.status in {"draft", "with_partners"}:
        agreements.repeat(agreement, draft.content)
        agreement.save()
        agreements.set_parties(agreement, draft.content)
    changed = [change.label for change in terms.difference(before, draft.content)]
    audit.record(
        kind,
        target=agreement,
        by=by,
        at=at,
        partner=draft.owner,
        after={"revision": draft.revision, "changed": changed},
    )


def _audited(
    agreement: Agreement,
    draft: AgreementDraft,
    kind: str,
    audited: str,
    *,
    by: User,
    at: datetime,
    version: AgreementVersion | None = None,
    reason: str = "",
) -> None:
    act(agreement, kind, by=by, at=at, partner=draft.owner, version=version, reason=reason)
    after: dict[str, object] = {"draft": str(draft.pk)}
    if version is not None:
        after |= {"version": version.number, "sha256": version.sha256, "effective_from": version.effective_from}
    audit.record(audited, target=agreement, by=by, at=at, partner=draft.owner, after=after, reason=reason)


def _draft(agreement: Agreement, *, owner: Organisation, content: Terms, by: User, at: datetime) -> AgreementDraft:
    return AgreementDraft(
        agreement=agreement,
        owner=owner,
        content=content,
        prepared_by=by,
        prepared_by_name=by.acting_name(owner),
        prepared_at=at,
        preparers=_with([], by),
    )


def _from_record(agreement: Agreement, parties: Sequence[Organisation]) -> Terms:
    """First terms of an agreement that was recorded from its papers."""
    named = [{"id": str(party.pk), "name": party.name} for party in parties]
    found = terms.empty(title=agreement.title, kind=agreement.kind, parties=named)
    host = str(agreement.host_id) if agreement.host_id else ""
    return found | {
        "statutory_basis": agreement.statutory_basis,
        "host": host if host in {party["id"] for party in named} else "",
    }


def _with(preparers: Sequence[Mapping[str, str]], by: User) -> list[dict[str, str]]:
    kept = [dict(row) for row in preparers if row["id"] != str(by.pk)]
    return [*kept, {"id": str(by.pk), "name": str(by)}]


def _flat(content: Terms, reason: str, effective_from: date | None) -> dict[str, Any]:
    first = effective_from.isoformat() if effective_from else ""
    return terms.flat(content) | {"reason": reason, "effective_from": first}


def _shown(name: str, value: Any) -> str:
    return str(value) if name in OWN_LABELS else terms.words(name, value, parties={})


def _attach(draft: AgreementDraft, upload: Upload, *, by: User, at: datetime) -> dict[str, str]:
    """Keep a document with the working copy; the same bytes are kept once."""
    content_type = _checked(upload)
    sha256 = hashlib.sha256(upload.content).hexdigest()
    known = AgreementAttachment.objects.filter(draft=draft, sha256=sha256).first()
    if known is None:
        known = AgreementAttachment(
            draft=draft,
            filename=kept_name(upload.filename),
            content_type=content_type,
            content=upload.content,
            size=len(upload.content),
            sha256=sha256,
            added_by_name=by.acting_name(draft.owner),
            added_at=at,
        )
        known.save(force_insert=True)
    return {"id": str(known.pk), "filename": known.filename, "sha256": sha256}


def _checked(upload: Upload) -> str:
    """What the file is, by its first bytes and not by its name. Raises DocumentRefused."""
    if not upload.content:
        raise DocumentRefused("The file is empty. Save it again and attach that.", field="file")
    if len(upload.content) > LARGEST:
        raise DocumentRefused(
            f"The file has {len(upload.content) / 1024 / 1024:.1f} MB; at most {LARGEST // 1024 // 1024} MB are taken.",
            field="file",
        )
    if upload.content.startswith(b"%PDF-"):
        return PDF
    if upload.content.startswith(b"PK\x03\x04"):
        try:
            names = set(zipfile.ZipFile(BytesIO(upload.content)).namelist())
        except zipfile.BadZipFile:
            names = set()
        if "word/document.xml" in names:
            if any(name.endswith("vbaProject.bin") for name in names):
                raise DocumentRefused("The document holds macros. Save it without them as .docx.", field="file")
            return WORD
    raise DocumentRefused("Attach a PDF or a Word document (.pdf or .docx).", field="file")


def check_party(organisation: Organisation, parties: Collection[Organisation], agreement: Agreement) -> None:
    """Raise PermissionDenied where somebody would act for a partner that is no party."""
    if organisation not in parties:
        names = listed([str(party) for party in parties])
        raise PermissionDenied(f"{organisation} is no party to {agreement}; its parties are {names}.")
