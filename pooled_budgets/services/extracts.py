"""Ledger extracts: staged, posted all at once or not at all, and taken back as one batch."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.http import Http404

from integration_hub.core import audit, money
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import Period, StagedImport
from integration_hub.core.services import service
from integration_hub.core.spreadsheets import reader
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from pooled_budgets import policies
from pooled_budgets.domain import ledger_sheet
from pooled_budgets.domain.ledger_sheet import SHOWN, Controls, Extract
from pooled_budgets.models import Fund, LedgerCode, ParkedRow, Transaction
from pooled_budgets.selectors import extracts, periods
from pooled_budgets.services.locking import hold_fund
from pooled_budgets.services.postings import line_of

# The rows as they were read, each with the line of its code and the month of its number: one statement, however many.
_FROM_ROWS = """
    FROM core_stagedimport AS i
    CROSS JOIN jsonb_array_elements(i.rows) AS row (cells)
    JOIN unnest(%(codes)s::text[], %(lines)s::uuid[]) AS c (code, line) ON c.code = row.cells->>1
    JOIN unnest(%(numbers)s::int[], %(periods)s::uuid[]) AS m (number, period) ON m.number = (row.cells->>2)::int
    WHERE i.id = %(import)s AND (row.cells->>4)::numeric <> 0
"""
_POST = f"""
    INSERT INTO pooled_budgets_transaction (
        id, fund_id, line_id, period_id, kind, amount, description, reference, at, reason, batch, row,
        entered_by_id, entered_at, owner_id, released_at
    )
    SELECT gen_random_uuid(), %(fund)s, c.line, m.period, 'actual', (row.cells->>4)::numeric, row.cells->>5,
        row.cells->>6, (row.cells->>3)::date, '', i.id, (row.cells->>0)::int, %(by)s, %(moment)s, %(owner)s, %(moment)s
    {_FROM_ROWS}
"""
_PARK = f"""
    INSERT INTO pooled_budgets_parkedrow (
        id, fund_id, batch, row, code, period_id, at, amount, description, reference, owner_id
    )
    SELECT gen_random_uuid(), %(fund)s, i.id, (row.cells->>0)::int, row.cells->>1, m.period, (row.cells->>3)::date,
        (row.cells->>4)::numeric, row.cells->>5, row.cells->>6, %(owner)s
    {_FROM_ROWS}
"""
# A row and its posting share their id.
_POST_PARKED = """
    INSERT INTO pooled_budgets_transaction (
        id, fund_id, line_id, period_id, kind, amount, description, reference, at, reason, batch, row,
        entered_by_id, entered_at, owner_id, released_at
    )
    SELECT p.id, p.fund_id, %s, p.period_id, 'actual', p.amount, p.description, p.reference, p.at, '', p.batch, p.row,
        %s, %s, p.owner_id, %s
    FROM pooled_budgets_parkedrow AS p WHERE p.id = ANY(%s)
"""
# Each posting of the batch that still stands, with the opposite amount.
_TAKE_BACK = """
    INSERT INTO pooled_budgets_transaction (
        id, fund_id, line_id, period_id, kind, amount, description, reference, at, reverses_id, reason, batch, row,
        entered_by_id, entered_at, owner_id, released_at
    )
    SELECT gen_random_uuid(), t.fund_id, t.line_id, t.period_id, t.kind, -t.amount, t.description, t.reference, t.at,
        t.id, %s, t.batch, t.row, %s, %s, %s, %s
    FROM pooled_budgets_transaction AS t
    WHERE t.batch = %s AND t.fund_id = %s AND t.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM pooled_budgets_transaction AS r WHERE r.reverses_id = t.id)
"""


class CodesChanged(ChangedMeanwhile):
    """The lines that the codes belong to are not those that the preview showed."""

    code = "codes_changed"


def stage(*, fund: Fund, file: IO[bytes], filename: str, stated: Controls, by: User, at: datetime) -> StagedImport:
    """Read an extract and keep it with what it would post; the ledger stays as it is.

    `stated` are the control totals that the person gives. Raises SheetRefused or ExtractRefused for a file that cannot
    be taken, AlreadyImported for one that was posted before.
    """
    permissions.require(by, Permission.FORECAST_RECORD, organisation=fund.owner)
    # Reading may take seconds: no row is held meanwhile.
    extract = ledger_sheet.read_extract(reader.read(file, filename), year=fund.year)
    file.seek(0)
    return _keep(fund=fund, extract=extract, stated=stated, content=file.read(), filename=filename, by=by, at=at)


@service
def _keep(
    *, fund: Fund, extract: Extract, stated: Controls, content: bytes, filename: str, by: User, at: datetime
) -> StagedImport:
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    digest = hashlib.sha256(content).hexdigest()
    read = ledger_sheet.digest(extract.rows)
    policies.check_not_posted(_same_file(held, digest, read))

    # The same file once more before it was posted: the newer preview takes the place of the older.
    StagedImport.objects.filter(
        kind=extracts.EXTRACT,
        target_id=str(held.pk),
        content_sha256=digest,
        status__in=[StagedImport.STAGED, StagedImport.REFUSED],
    ).update(status=StagedImport.DISCARDED)
    problems = [*ledger_sheet.compare(extract, stated), *extract.problems]
    staged = StagedImport(
        kind=extracts.EXTRACT,
        target_type=held._meta.label_lower,
        target_id=str(held.pk),
        owner_id=str(held.owner_id),
        filename=filename[:200],
        content=content,
        content_sha256=digest,
        rows=[row.as_list() for row in extract.rows],
        changes=[portion.as_list() for portion in ledger_sheet.portions(extract.rows)],
        problems=[problem.as_dict() for problem in problems[:SHOWN]],
        fingerprint=read,
        before={"refused": len(problems), "stated": _told(stated), "file": _told(extract.controls)},
        status=StagedImport.REFUSED if problems else StagedImport.STAGED,
        uploaded_by_id=str(by.pk),
        uploaded_by_name=str(by),
        uploaded_at=at,
    )
    staged.save(force_insert=True)
    audit.record(
        "ledger.staged",
        target=staged,
        by=by,
        at=at,
        partner=held.owner,
        after={"fund": str(held), "sha256": digest, "rows": len(extract.rows), "refused": len(problems)},
    )
    return staged


@service
def confirm(*, import_id: UUID, seen: str, by: User, at: datetime) -> StagedImport:
    """Post every row whose code has a line, and park the others: all of it or nothing.

    `seen` is the digest of the codes that the preview showed (Preview.seen): raises CodesChanged where they changed.
    Raises PeriodLocked and NotYetBegun for the months of the rows.
    """
    staged, held = _held(import_id, by=by)
    policies.check_import_open(staged)
    policies.check_extract_clean(staged)
    policies.check_not_posted(_same_file(held, staged.content_sha256, staged.fingerprint))
    lines = extracts.codes_of(held)
    if ledger_sheet.fingerprint(lines) != seen:
        raise CodesChanged(
            "The lines that ledger codes belong to changed after this preview was shown. Nothing was posted. Look at "
            "the preview as it is now, and post it."
        )
    portions = extracts.portions_of(staged)
    months = _open_months(held, {portion.month for portion in portions}, by=by, at=at)

    found = ledger_sheet.sort(portions, lines)
    posted = {portion.code: line for portion, line in found.posted}
    parked = dict.fromkeys((portion.code for portion in found.parked), None)
    _insert(_POST, staged, held, posted, months, rows=found.posted_sum.rows, by=by, at=at)
    _insert(_PARK, staged, held, parked, months, rows=found.parked_sum.rows, by=by, at=at)
    staged.status, staged.confirmed_by_name, staged.confirmed_at = StagedImport.CONFIRMED, str(by), at
    staged.save(update_fields=["status", "confirmed_by_name", "confirmed_at"])
    audit.record(
        "ledger.imported",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={
            "file": staged.filename,
            "import": str(staged.pk),
            "posted": found.posted_sum.rows,
            "amount": money.as_plain(found.posted_sum.amount),
            "parked": found.parked_sum.rows,
            "parked_amount": money.as_plain(found.parked_sum.amount),
        },
    )
    return staged


@service
def undo(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Take back all that an extract posted, by reversals in the same months, and its parked rows; nothing is deleted.

    Raises PeriodLocked where one of its months was closed since.
    """
    staged, held = _held(import_id, by=by)
    policies.check_import_confirmed(staged)
    standing = Transaction.objects.filter(batch=staged.pk, fund=held, reverses__isnull=True, reversed_by__isnull=True)
    months = set(standing.order_by().values_list("period__number", flat=True).distinct())
    _open_months(held, months, by=by, at=at)

    reason = f"The extract {staged.filename} was taken back"[:300]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [reason, by.pk, at, held.owner_id, at, staged.pk, held.pk])
        reversed_rows = cursor.rowcount
    waiting = ParkedRow.objects.filter(batch=staged.pk, posted__isnull=True, taken_back_at__isnull=True)
    taken_back = waiting.update(taken_back_at=at)
    staged.status, staged.undone_by_name, staged.undone_at = StagedImport.UNDONE, str(by), at
    staged.save(update_fields=["status", "undone_by_name", "undone_at"])
    audit.record(
        "ledger.import_undone",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        before={"import": str(staged.pk), "file": staged.filename},
        after={"reversed": reversed_rows, "parked_taken_back": taken_back},
    )
    return staged


@service
def discard(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Put an extract away that nobody wants to post."""
    staged, held = _held(import_id, by=by)
    policies.check_import_open(staged)
    staged.status = StagedImport.DISCARDED
    staged.save(update_fields=["status"])
    audit.record("ledger.discarded", target=staged, by=by, at=at, partner=held.owner, after={"fund": str(held)})
    return staged


@service
def assign(*, fund: Fund, code: str, line_id: UUID, by: User, at: datetime) -> int:
    """Give a parked code a line, for this and every later extract, and post its rows; answers how many.

    Raises PeriodLocked where a month of the rows was closed since.
    """
    held = hold_fund(fund.pk, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    rows = list(extracts.waiting(held, by).filter(code__iexact=code).select_related("period").order_by("batch", "row"))
    if not rows:
        raise policies.NothingParked(f"No row with the code {code[:60]} waits for a line any more.", field="code")
    line = line_of(held, line_id)
    known = extracts.codes_of(held)
    key = rows[0].code.strip().casefold()
    if known.get(key, line.pk) != line.pk:
        raise Malformed(f"The code {rows[0].code} belongs to several lines. Correct the codes first.", field="code")
    _open_months(held, {row.period.number for row in rows}, by=by, at=at)

    LedgerCode.objects.get_or_create(line=line, organisation=held.owner, code=rows[0].code)
    waiting = [row.pk for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_POST_PARKED, [line.pk, by.pk, at, at, waiting])
    ParkedRow.objects.filter(pk__in=waiting).update(posted_id=F("pk"))
    audit.record(
        "ledger.code_assigned",
        target=held,
        by=by,
        at=at,
        partner=held.owner,
        after={
            "code": rows[0].code,
            "scheme": line.scheme.number,
            "line": line.position,
            "posted": len(rows),
            "amount": money.as_plain(money.total(row.amount for row in rows)),
        },
    )
    return len(rows)


def _held(import_id: UUID, *, by: User) -> tuple[StagedImport, Fund]:
    """The extract and its fund, both locked, the fund first; Http404 where the person may not know of it."""
    target = extracts.extracts(by).filter(pk=import_id).values_list("target_id", flat=True).first()
    if target is None:
        raise Http404("There is no such extract.")
    held = hold_fund(target, by=by)
    permissions.require(by, Permission.FORECAST_RECORD, organisation=held.owner)
    return extracts.extracts(by).select_for_update(of=("self",)).get(pk=import_id), held


def _same_file(held: Fund, digest: str, read: str) -> StagedImport | None:
    """The import that stands in the fund's ledger and has the very same bytes, or the very same rows: a spreadsheet
    program that saves a file again changes its bytes alone."""
    rows = StagedImport.objects.filter(
        Q(content_sha256=digest) | Q(fingerprint=read),
        kind=extracts.EXTRACT,
        target_id=str(held.pk),
        status=StagedImport.CONFIRMED,
    )
    return rows.defer("content", "rows").first()


def _open_months(held: Fund, numbers: Iterable[int], *, by: User, at: datetime) -> dict[int, Period]:
    """The months by number, each of them open and begun."""
    wanted = set(numbers)
    months = {month.number: month for month in periods.months(held) if month.number in wanted}
    if missing := wanted - months.keys():
        raise Malformed(f"Month {min(missing)} of {held.year.label} is not set up. Ask the operator to load it.")
    policies.check_begun(list(months.values()), at=at)
    policies.check_months_open(held, list(months.values()), by=by, at=at)
    return months


def _insert(
    statement: str,
    staged: StagedImport,
    held: Fund,
    lines: Mapping[str, UUID | None],
    months: Mapping[int, Period],
    *,
    rows: int,
    by: User,
    at: datetime,
) -> None:
    """Write the rows of these codes, of which there must be as many as were shown."""
    if not rows:
        return
    given: dict[str, Any] = {
        "import": staged.pk,
        "fund": held.pk,
        "owner": held.owner_id,
        "by": by.pk,
        "moment": at,
        "codes": list(lines),
        "lines": list(lines.values()),
        "numbers": list(months),
        "periods": [month.pk for month in months.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        if cursor.rowcount != rows:
            raise RuntimeError(f"{cursor.rowcount} rows of {staged.pk} were written instead of {rows}")


def _told(controls: Controls) -> dict[str, object]:
    return {
        "count": controls.count,
        "total": None if controls.total is None else money.as_plain(controls.total),
    }
