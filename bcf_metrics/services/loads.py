"""A return's workbook loaded back: staged with what it would change, taken over all at once, undone as one batch."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import IO
from uuid import UUID

from django.utils import timezone

from bcf_metrics import policies, policies_loads
from bcf_metrics.domain import content as contents
from bcf_metrics.domain import round_trip
from bcf_metrics.domain.answers import Wanted
from bcf_metrics.domain.round_trip import STALE, Change, Loaded, Refused, Stamp
from bcf_metrics.selectors import content, loads, returns
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import answers
from integration_hub.core import audit
from integration_hub.core.models import StagedImport
from integration_hub.core.services import service
from integration_hub.core.spreadsheets import reader
from integration_hub.core.spreadsheets.reader import Workbook
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.words import moment


def stage(*, return_id: UUID, file: IO[bytes], filename: str, by: User, at: datetime) -> StagedImport:
    """Read the workbook of a return, and keep it with what it would change; the return stays as it is.

    Raises UnderSignOff; SheetRefused or StampRefused for a file that cannot be taken as a whole.
    """
    held = returns.get(by, return_id)
    _allowed(held, by)
    # Reading may take seconds: no row is held meanwhile.
    book = reader.read(file, filename)
    stamp = round_trip.read_stamp(book)
    file.seek(0)
    return _keep(
        return_id=return_id, book=book, stamp=stamp, content_of_file=file.read(), filename=filename, by=by, at=at
    )


@service
def _keep(
    *, return_id: UUID, book: Workbook, stamp: Stamp, content_of_file: bytes, filename: str, by: User, at: datetime
) -> StagedImport:
    held = returns.locked(by, return_id)
    partner = _allowed(held, by)
    found = _compared(held, book, stamp, by=by, at=at)
    return keep(
        held,
        kind=loads.RETURN,
        found=found,
        content_of_file=content_of_file,
        filename=filename,
        partner=partner,
        by=by,
        at=at,
    )


def keep(
    held: Standing,
    *,
    kind: str,
    found: Loaded,
    content_of_file: bytes,
    filename: str,
    partner: Organisation,
    by: User,
    at: datetime,
) -> StagedImport:
    """Keep a file that was read, with what it would change. The return is held by the caller."""
    digest = hashlib.sha256(content_of_file).hexdigest()
    # The same file once more before it was confirmed: the newer preview takes the place of the older.
    StagedImport.objects.filter(
        kind=kind,
        target_id=str(held.quarterly_return.pk),
        owner_id=str(partner.pk),
        content_sha256=digest,
        status__in=[StagedImport.STAGED, StagedImport.REFUSED],
    ).update(status=StagedImport.DISCARDED)
    staged = StagedImport(
        kind=kind,
        target_type=held.quarterly_return._meta.label_lower,
        target_id=str(held.quarterly_return.pk),
        owner_id=str(partner.pk),
        status=StagedImport.REFUSED if found.wrong else StagedImport.STAGED,
        filename=filename[:200],
        content=content_of_file,
        content_sha256=digest,
        changes=[asdict(row) for row in found.changes],
        problems=[asdict(row) for row in found.refused],
        fingerprint=hashlib.sha256("\n".join(f"{row.key}\t{row.seen}" for row in found.changes).encode()).hexdigest(),
        uploaded_by_id=str(by.pk),
        uploaded_by_name=str(by),
        uploaded_at=at,
    )
    staged.save(force_insert=True)
    audit.record(
        "return.load_staged",
        target=staged,
        by=by,
        at=at,
        partner=partner,
        after={
            "return": str(held.quarterly_return),
            "kind": kind,
            "sha256": digest,
            "changes": [row.key for row in found.changes],
            "refused": {row.where: row.kind for row in found.refused},
        },
    )
    return staged


@service
def confirm(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Take over exactly what the preview showed, or nothing.

    Raises LoadNotOpen, LoadHasProblems, UnderSignOff; AnswersChanged where an answer is not what it was then.
    """
    staged, held = loads.held(import_id, by, kind=loads.RETURN)
    partner = _allowed(held, by)
    policies_loads.check_open(staged)
    policies_loads.check_clean(staged)
    changes = loads.preview(staged).changes
    wanted = [Wanted(row.key, row.code, row.seen) for row in changes]
    answers.record(return_id=held.quarterly_return.pk, wanted=wanted, by=by, at=at)
    staged.status, staged.confirmed_by_name, staged.confirmed_at = StagedImport.CONFIRMED, str(by), at
    staged.save(update_fields=["status", "confirmed_by_name", "confirmed_at"])
    record_act("return.loaded", staged, changes, partner=partner, by=by, at=at)
    return staged


@service
def undo(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Bring back every answer that the file changed; raises AnswersChanged where one was changed again since."""
    staged, held = loads.held(import_id, by, kind=loads.RETURN)
    partner = _allowed(held, by)
    policies_loads.check_confirmed(staged)
    changes = loads.preview(staged).changes
    wanted = [Wanted(row.key, row.seen, row.code) for row in changes]
    answers.record(return_id=held.quarterly_return.pk, wanted=wanted, by=by, at=at)
    staged.status, staged.undone_by_name, staged.undone_at = StagedImport.UNDONE, str(by), at
    staged.save(update_fields=["status", "undone_by_name", "undone_at"])
    record_act("return.load_undone", staged, changes, partner=partner, by=by, at=at)
    return staged


@service
def discard(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Put an upload away that nobody wants to take over."""
    staged, held = loads.held(import_id, by)
    partner = next(party for party in held.parties if str(party.pk) == staged.owner_id)
    permissions.require(by, loads.PERMISSIONS[staged.kind], organisation=partner)
    policies_loads.check_open(staged)
    staged.status = StagedImport.DISCARDED
    staged.save(update_fields=["status"])
    record_act("return.load_discarded", staged, (), partner=partner, by=by, at=at)
    return staged


def _allowed(held: Standing, by: User) -> Organisation:
    """The partner that the person prepares the return for; PermissionDenied, or UnderSignOff while it is locked."""
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    policies.check_open(held.quarterly_return, held.newest, signatories=[party.name for party in held.parties])
    return partner


def _compared(held: Standing, book: Workbook, stamp: Stamp, *, by: User, at: datetime) -> Loaded:
    """What the file would change in the return as it stands, each stale cell with who changed it and when."""
    quarterly_return, today = held.quarterly_return, timezone.localdate(at)
    draft = content.draft(quarterly_return, by, on=today, parties=held.parties)
    wanted = round_trip.head_of(
        draft.content, return_id=str(quarterly_return.pk), digest=contents.digest(draft.content)
    )
    round_trip.check_belongs(stamp.head, wanted)
    found = round_trip.compare(stamp, book, draft.cells, on=today)
    writers = loads.writers(quarterly_return, round_trip.keys(found.refused))

    def told(row: Refused) -> Refused:
        if row.kind != STALE:
            return row
        who, when = writers.get(row.key, ("", None))
        return replace(row, message=round_trip.stale_words(row, who, moment(when) if when else ""))

    return Loaded(found.changes, tuple(told(row) for row in found.refused))


def record_act(
    verb: str, staged: StagedImport, changes: Sequence[Change], *, partner: Organisation, by: User, at: datetime
) -> None:
    audit.record(
        verb,
        target=staged,
        by=by,
        at=at,
        partner=partner,
        after={"file": staged.filename, "answers": [row.key for row in changes]},
    )
