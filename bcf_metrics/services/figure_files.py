"""Metric figures of a quarter from a file: staged with what it would change, taken over all at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils import timezone

from bcf_metrics import policies, policies_loads
from bcf_metrics.domain import figure_sheet
from bcf_metrics.domain.entries import NOTHING, NOTHING_CODES
from bcf_metrics.domain.grid import FIGURE
from bcf_metrics.domain.round_trip import STALE, Loaded, Refused, stale_words
from bcf_metrics.presenters import figure_files as presenter
from bcf_metrics.selectors import figures as selectors
from bcf_metrics.selectors import loads, returns
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.services import figures
from bcf_metrics.services.figures import Entry
from bcf_metrics.services.loads import keep, record_act
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import StagedImport
from integration_hub.core.services import service
from integration_hub.core.spreadsheets import reader
from integration_hub.core.spreadsheets.reader import Workbook
from partners import permissions
from partners.models import Organisation, User
from partners.permissions import Permission
from pooled_budgets.domain.words import moment
from pooled_budgets.services.locking import hold_fund


def rows_of(held: Standing, by: User) -> tuple[Organisation, list[FigureRow]]:
    """The partner that the person enters figures for, and its metrics; PermissionDenied for none.

    Of one partner alone: the people of a partner read its files, and no other partner's drafts.
    """
    rows = selectors.for_quarter(held.quarterly_return.fund, held.quarterly_return.period, by)
    owners = {row.plan.owner_id: row.plan.owner for row in rows}
    partner = permissions.acting_for(by, Permission.FIGURE_RECORD, among=owners.values())
    own = [row for row in rows if row.plan.owner_id == partner.pk]
    # What makes a ratio a figure stands in the policy of the year: one query for all of them.
    prefetch_related_objects([row.plan.metric for row in own], "policy_year")
    return partner, own


def stage(*, return_id: UUID, file: IO[bytes], filename: str, by: User, at: datetime) -> StagedImport:
    """Read a file of figures, and keep it with what it would change; the figures stay as they are.

    Raises UnderSignOff; SheetRefused or FigureSheetRefused for a file that cannot be taken as a whole.
    """
    held = returns.get(by, return_id)
    rows_of(held, by)
    _check_open(held)
    # Reading may take seconds: no row is held meanwhile.
    book = reader.read(file, filename)
    file.seek(0)
    return _keep(return_id=return_id, book=book, content_of_file=file.read(), filename=filename, by=by, at=at)


@service
def _keep(
    *, return_id: UUID, book: Workbook, content_of_file: bytes, filename: str, by: User, at: datetime
) -> StagedImport:
    held = returns.locked(by, return_id)
    partner, rows = rows_of(held, by)
    _check_open(held)
    about = presenter.about(held.quarterly_return)
    found = figure_sheet.compare(book, about, presenter.known(rows), on=timezone.localdate(at))
    return keep(
        held,
        kind=loads.FIGURES,
        found=Loaded(found.changes, tuple(_told(row, rows) for row in found.refused)),
        content_of_file=content_of_file,
        filename=filename,
        partner=partner,
        by=by,
        at=at,
    )


@service
def confirm(*, import_id: UUID, by: User, at: datetime) -> StagedImport:
    """Take over exactly what the preview showed, or nothing.

    Raises LoadNotOpen, LoadHasProblems, UnderSignOff; FiguresChanged where a figure is not what it was then.
    """
    target = loads.target_of(import_id, by, kind=loads.FIGURES)
    # The fund is held before its return, here as everywhere.
    hold_fund(returns.get(by, target).quarterly_return.fund_id, by=by)
    staged, held = loads.held(import_id, by)
    partner, rows = rows_of(held, by)
    policies_loads.check_open(staged)
    policies_loads.check_clean(staged)
    changes = loads.preview(staged).changes
    _record(held, rows, {row.key: (row.seen, row.code) for row in changes}, by=by, at=at)
    staged.status, staged.confirmed_by_name, staged.confirmed_at = StagedImport.CONFIRMED, str(by), at
    staged.save(update_fields=["status", "confirmed_by_name", "confirmed_at"])
    record_act("return.loaded", staged, changes, partner=partner, by=by, at=at)
    return staged


def _record(
    held: Standing, rows: list[FigureRow], wanted: Mapping[str, tuple[str, str]], *, by: User, at: datetime
) -> None:
    """Write fields, given as "plan.field" with what was seen and what they become, through the one service for it."""
    by_plan: dict[str, dict[str, tuple[str, str]]] = {}
    for key, pair in wanted.items():
        plan, _, field = key.partition(".")
        by_plan.setdefault(plan, {})[field] = pair
    known = {row.key: row for row in rows}
    if set(by_plan) - set(known):
        raise ChangedMeanwhile(
            "A metric of the file is no longer one that you enter in this quarter. Nothing was changed. Upload the "
            "file again."
        )
    figures.record(
        fund=held.quarterly_return.fund,
        period=held.quarterly_return.period,
        entries=[_entry(known[plan], fields) for plan, fields in by_plan.items()],
        by=by,
        at=at,
    )


def _entry(row: FigureRow, fields: Mapping[str, tuple[str, str]]) -> Entry:
    period = presenter.usual_period(row) if FIGURE in fields else ""
    stands = row.entered or replace(NOTHING, value_period=period)
    codes = row.entered.codes() if row.entered else NOTHING_CODES
    return Entry(
        row.plan.pk,
        figure_sheet.entered_with(stands, {field: code for field, (_, code) in fields.items()}),
        codes | {field: seen for field, (seen, _) in fields.items()},
        has_figure=FIGURE in fields or row.entered is not None,
    )


def _told(row: Refused, rows: list[FigureRow]) -> Refused:
    """A stale figure with who changed it, and when."""
    if row.kind != STALE:
        return row
    found = next((one.figure for one in rows if one.key == row.key.partition(".")[0]), None)
    who, when = (str(found.entered_by), moment(found.entered_at)) if found else ("", "")
    return replace(row, message=stale_words(row, who, when))


def _check_open(held: Standing) -> None:
    policies.check_open(held.quarterly_return, held.newest, signatories=[party.name for party in held.parties])
