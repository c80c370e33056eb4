"""Agreements with their versions, working copies and duties, as the reader may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.http import Http404

from integration_hub.core.working_days import load_calendar
from partners.models import Organisation, User, prepared_for
from pooled_budgets.domain import duties, life
from pooled_budgets.domain.duties import Duty
from pooled_budgets.domain.merging import Conflict, merge
from pooled_budgets.domain.terms import Terms, flat
from pooled_budgets.models import (
    Agreement,
    AgreementAct,
    AgreementAttachment,
    AgreementDraft,
    AgreementSignature,
    AgreementVersion,
    Fund,
)

REFERENCES = ("agreement__area", "agreement__owner", "agreement__current_version", "owner", "version", "based_on")


@dataclass(frozen=True)
class Standing:
    """An agreement as its page shows it: `version` holds on the day asked for, and may be none."""

    agreement: Agreement
    parties: list[Organisation]
    versions: list[AgreementVersion]
    agreed: dict[int, date]
    version: AgreementVersion | None
    drafts: list[AgreementDraft]
    acts: list[AgreementAct]
    funds: list[Fund]

    def terms(self) -> Terms | None:
        return self.version.content if self.version else None


def agreements(user: User, *, on: date) -> QuerySet[Agreement]:
    """The agreements that the person may read, each with its `state` on a day, for lists and filters."""
    return (
        Agreement.objects.visible_to(user)
        .select_related("area", "host", "board", "owner")
        .annotate(state=_state(on))
        .order_by("title", "key")
    )


def _state(on: date) -> Case:
    """What domain.life.state_on says, in the database's words; a test holds them together."""
    return Case(
        When(terminated_on__lt=on, then=Value("terminated")),
        When(~Q(status="signed"), then=F("status")),
        When(commences_on__gt=on, then=Value("signed")),
        When(expires_on__lt=on, then=Value("expired")),
        default=Value("in_force"),
        output_field=CharField(),
    )


def get(user: User, pk: UUID) -> Agreement:
    """One agreement, or Http404."""
    found = (
        Agreement.objects.visible_to(user)
        .select_related("area", "host", "board", "owner", "current_version")
        .filter(pk=pk)
    )
    row = found.first()
    if row is None:
        raise Http404("There is no such agreement.")
    return row


def standing(user: User, pk: UUID, *, on: date, number: int | None = None) -> Standing:
    """An agreement with all that the reader may see of it, as at a day, or with one version by its number."""
    agreement = get(user, pk)
    versions = list(AgreementVersion.objects.visible_to(user).filter(agreement=agreement).order_by("number"))
    done = set(
        AgreementVersion.objects.visible_to(user).filter(agreement=agreement).agreed().values_list("number", flat=True)
    )
    agreed = {version.number: version.effective_from for version in versions if version.number in done}
    shown = number if number is not None else life.version_on(agreed, on)
    version = next((row for row in versions if row.number == shown), None)
    if number is not None and version is None:
        raise Http404("There is no such version.")
    return Standing(
        agreement=agreement,
        parties=list(agreement.parties.order_by("name", "pk")),
        versions=versions,
        agreed=agreed,
        version=version,
        drafts=list(
            AgreementDraft.objects.visible_to(user)
            .filter(agreement=agreement)
            .select_related("owner", "version", "based_on")
            .order_by("-prepared_at", "pk")
        ),
        acts=list(acts_of(agreement)) if _is_party(user, agreement) else [],
        funds=list(Fund.objects.visible_to(user).filter(agreement=agreement).order_by("-financial_year", "name")),
    )


def _is_party(user: User, agreement: Agreement) -> bool:
    if agreement.status == "draft":
        return True  # only its preparer sees it at all
    return Agreement.objects.of_parties(user).filter(pk=agreement.pk).exists()


def acts_of(agreement: Agreement) -> QuerySet[AgreementAct]:
    """What happened to an agreement that the reader may see, the latest first."""
    return (
        AgreementAct.objects.filter(agreement=agreement).select_related("organisation", "version").order_by("-number")
    )


def signatures_of(version: AgreementVersion) -> list[AgreementSignature]:
    """Who signed a version that the reader may see."""
    return list(AgreementSignature.objects.filter(version=version).order_by("signed_at", "organisation_name"))


def draft(user: User, agreement_pk: UUID, pk: UUID) -> AgreementDraft:
    """A working copy, or Http404."""
    found = AgreementDraft.objects.visible_to(user).select_related(*REFERENCES)
    row = found.filter(pk=pk, agreement=agreement_pk).first()
    if row is None:
        raise Http404("There is no such working copy.")
    return row


def held_draft(user: User, pk: UUID) -> AgreementDraft:
    """A working copy that the person may see, held until the end of the transaction; Http404 for any other."""
    found = AgreementDraft.objects.visible_to(user).select_for_update(of=("self",)).select_related(*REFERENCES)
    row = found.filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such working copy.")
    return row


def agreement_of_draft(user: User, pk: UUID) -> UUID:
    """The agreement of a working copy that the person may see, so that it can be held first; or Http404."""
    found = AgreementDraft.objects.visible_to(user).filter(pk=pk).values_list("agreement", flat=True).first()
    if found is None:
        raise Http404("There is no such working copy.")
    return found


def versions(user: User) -> QuerySet[AgreementVersion]:
    """Every version that the person may read, by agreement, the newest first."""
    return AgreementVersion.objects.visible_to(user).order_by("agreement", "-number")


def no_versions() -> QuerySet[AgreementVersion]:
    """What the API's description is made from: no row of anybody."""
    return AgreementVersion.objects.none()


def version(user: User, agreement_pk: UUID, number: int) -> AgreementVersion:
    """One version by its number, or Http404."""
    found = AgreementVersion.objects.visible_to(user).select_related("agreement", "based_on")
    row = found.filter(agreement=agreement_pk, number=number).first()
    if row is None:
        raise Http404("There is no such version.")
    return row


def attachment(user: User, agreement_pk: UUID, pk: UUID) -> AgreementAttachment:
    """A document of an agreement, or Http404."""
    row = AgreementAttachment.objects.visible_to(user).filter(pk=pk, draft__agreement=agreement_pk).first()
    if row is None:
        raise Http404("There is no such document.")
    return row


def seen_content(row: AgreementDraft, revision: int) -> tuple[Terms, str, date | None] | None:
    """Terms, reason and first day of a working copy as they were at a revision; None where there was none such."""
    found: Any = row.history.filter(revision=revision).order_by("-pgh_id").first()  # type: ignore[attr-defined]  # pghistory
    return (found.content, found.reason, found.effective_from) if found else None


def due(agreement: Agreement, terms: Terms | None, *, on: date, done: Collection[str]) -> list[Duty]:
    """The duties of an agreement that fall due soon or are late."""
    if terms is None or agreement.commences_on is None or agreement.state_on(on) not in {"in_force", "signed"}:
        return []
    ends = [day for day in (agreement.expires_on, agreement.terminated_on) if day is not None]
    return duties.due(
        terms,
        begins=agreement.commences_on,
        ends=min(ends) if ends else None,
        on=on,
        calendar=load_calendar(),
        done=done,
    )


def done_keys(acts: Sequence[AgreementAct]) -> set[str]:
    return {act.subject for act in acts if act.kind == "duty_done"}


def asking(user: User) -> list[Agreement]:
    """Agreements of the person's partners that ask something of people: those signed, with the duties that are `done`,
    and those with a version that waits for signatures (`to_sign`: number, preparers, parties, partners that signed)."""
    return _asking(user)


@prepared_for
def _asking(user: User) -> QuerySet[Agreement]:
    acts = AgreementAct.objects.filter(agreement=OuterRef("pk"), kind="duty_done")
    signatures = AgreementSignature.objects.filter(version=OuterRef("pk"))
    waiting = AgreementVersion.objects.visible_to(user).filter(agreement=OuterRef("pk"), drafts__status="for_signature")
    row = JSONObject(
        number="number",
        preparers="preparers",
        parties="content__parties",
        signed=ArraySubquery(signatures.values("organisation")),
    )
    return (
        Agreement.objects.of_parties(user)
        .filter(Q(status="signed", terminated_on__isnull=True) | Exists(waiting))
        .select_related("current_version", "host")
        .annotate(
            done=ArraySubquery(acts.order_by().values("subject").distinct()),
            to_sign=ArraySubquery(waiting.order_by("number").values(row=row)),
        )
        .order_by("title", "pk")
    )


def narrowed(rows: QuerySet[Any], *, title: str, kind: str, state: str) -> QuerySet[Any]:
    """Of a list of agreements, those that fit; an empty word fits everything."""
    if title:
        rows = rows.filter(title__icontains=title)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(state=state) if state else rows


def parties(agreement: Agreement) -> list[Organisation]:
    """The parties to an agreement that the reader may see, by name."""
    return list(agreement.parties.order_by("name", "pk"))


def waiting(user: User, version: AgreementVersion) -> AgreementDraft | None:
    """The working copy behind a version that waits for signatures; None for any other version."""
    found = AgreementDraft.objects.visible_to(user).select_related("owner")
    return found.filter(version=version, status="for_signature").first()


def conflicts(draft: AgreementDraft) -> tuple[Conflict, ...]:
    """What both a variation and the version signed meanwhile change differently."""
    current = draft.agreement.current_version
    if current is None:
        return ()
    base = flat(draft.based_on.content) if draft.based_on else {}
    return merge(base, flat(current.content), flat(draft.content)).conflicts
