"""The official workbook of a quarter: taken in, its cell map kept, and filled in from a return."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.utils import timezone

from bcf_metrics.domain import cell_map, official
from bcf_metrics.domain import content as contents
from bcf_metrics.domain.cell_map import MapEntry
from bcf_metrics.models import CellMap, OfficialFile, OfficialFilling, ReturnVersion
from bcf_metrics.selectors import official as selectors
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Standing
from bcf_metrics.selectors.shown import shown
from integration_hub.core import audit
from integration_hub.core.errors import ChangedMeanwhile, HubError
from integration_hub.core.services import service
from integration_hub.core.spreadsheets.guard import MAXIMUM_BYTES, SheetRefused
from integration_hub.core.spreadsheets.patch import CellsRefused, Workbook
from integration_hub.core.spreadsheets.texts import download_name
from partners import permissions
from partners.models import User
from partners.permissions import Permission

MOST_ENTRIES = 600


class NoOfficialFile(HubError):
    """The return has no official workbook yet, or it has no map."""

    code = "no_official_file"


class MapRefused(HubError):
    """The cell map leads nowhere, or a cell may not be written; nothing was filled in."""

    code = "map_refused"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("Nothing was filled in. Put the cell map right, then fill the workbook in again.")
        self.problems = list(problems)


@service
def upload(*, return_id: UUID, file: IO[bytes], filename: str, by: User, at: datetime) -> OfficialFile:
    """Take in the empty official workbook with a first map: that of the file before, else what labels propose.

    Raises SheetRefused.
    """
    held = returns.locked(by, return_id)
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    if not filename.lower().endswith(".xlsx"):
        raise SheetRefused("name", "Upload the official workbook as it was sent out: its name ends in .xlsx.")
    data = file.read(MAXIMUM_BYTES + 1)
    workbook = Workbook(data)
    outlines = {name: workbook.outline(name) for name in workbook.sheets}

    quarterly_return = held.quarterly_return
    before = selectors.earlier_file(quarterly_return, by)
    entries = selectors.newest_map(before, by) if before else []
    if not entries:
        found = shown(held, by, on=timezone.localdate(at))
        entries = cell_map.propose(outlines, selectors.targets(found))
    own = OfficialFile.objects.visible_to(by).filter(quarterly_return=quarterly_return)
    kept = OfficialFile(
        quarterly_return=quarterly_return,
        number=own.count() + 1,
        filename=filename[:200],
        content=data,
        sha256=hashlib.sha256(data).hexdigest(),
        outline=[cell_map.outline_to_data(outline) for outline in outlines.values()],
        organisation=partner,
        uploaded_by=by,
        uploaded_by_name=by.acting_name(partner),
        uploaded_at=at,
    )
    kept.save(force_insert=True)
    _keep_map(kept, 1, entries, by=by, at=at, partner=partner)
    audit.record(
        "return.official_file_uploaded",
        target=quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={"file": kept.filename, "sha256": kept.sha256, "number": kept.number, "mapped": len(entries)},
    )
    return kept


@service
def change_map(*, return_id: UUID, replaces: str, entry: MapEntry | None, seen: int, by: User, at: datetime) -> CellMap:
    """Put one line of the newest map anew, add it, or take it out with None; answers with the map's next version.

    `seen` is the number of the version that the person was shown. Raises NoOfficialFile, ChangedMeanwhile.
    """
    held = returns.locked(by, return_id)
    partner = permissions.acting_for(by, Permission.RETURN_PREPARE, among=held.parties)
    standing = _standing(held, by)
    if standing.map.number != seen:
        raise ChangedMeanwhile(
            f"{standing.map.made_by_name} changed the cell map after you opened this page, so nothing was saved. "
            "Look at it again, then save your change."
        )
    entries = cell_map.changed(standing.entries, entry, replaces=replaces)
    if len(entries) > MOST_ENTRIES:
        raise HubError(f"A cell map has at most {MOST_ENTRIES} lines.", code="too_many")
    made = _keep_map(standing.file, seen + 1, entries, by=by, at=at, partner=partner)
    was = next((known for known in standing.entries if known.target == replaces), None)
    audit.record(
        "return.cell_map_changed",
        target=held.quarterly_return,
        by=by,
        at=at,
        partner=partner,
        before=cell_map.to_data([was])[0] if was else {},
        after={"number": made.number} | (cell_map.to_data([entry])[0] if entry else {"removed": replaces}),
    )
    return made


@service
def fill(*, return_id: UUID, by: User, at: datetime, number: int | None = None) -> OfficialFilling:
    """Fill the official workbook in from the return, all cells or none, and keep it with its proof.

    Raises NoOfficialFile, MapRefused.
    """
    held = returns.get(by, return_id)
    partner = permissions.acting_for(by, Permission.RETURN_EXPORT, among=held.parties)
    standing = _standing(held, by)
    found = shown(held, by, on=timezone.localdate(at), number=number)
    plan = official.filling(standing.entries, standing.outlines, selectors.targets(found))
    if plan.problems:
        raise MapRefused(plan.problems)
    if not plan.writes:
        raise NoOfficialFile("The cell map places no answer of this return. Add lines to the map first.")
    file = selectors.file_with_content(standing, by)
    try:
        patched = Workbook(bytes(file.content)).fill(plan.writes)
    except CellsRefused as refusal:
        raise MapRefused([problem.message for problem in refusal.problems]) from refusal
    kept = OfficialFilling(
        map=standing.map,
        version=found.version.number if found.version else None,
        content_sha256=contents.digest(found.content),
        filename=_filename(held, found.version),
        content=patched.content,
        sha256=hashlib.sha256(patched.content).hexdigest(),
        proof=official.proof_of(patched, plan.left),
        organisation=partner,
        filled_by_name=by.acting_name(partner),
        filled_at=at,
    )
    kept.save(force_insert=True)
    audit.record(
        "return.official_file_filled",
        target=held.quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "file": kept.filename,
            "version": kept.version,
            "content_sha256": kept.content_sha256,
            "blank_sha256": file.sha256,
            "map": standing.map.number,
            "cells": len(patched.written),
            "sha256": kept.sha256,
        },
    )
    return kept


def _standing(held: Standing, by: User) -> selectors.Standing:
    standing = selectors.of_return(held.quarterly_return, by)
    if standing is None:
        raise NoOfficialFile("There is no official workbook for this return yet. Upload the empty file first.")
    return standing


def _keep_map(
    file: OfficialFile, number: int, entries: Sequence[MapEntry], *, by: User, at: datetime, partner: Any
) -> CellMap:
    kept = CellMap(
        file=file,
        number=number,
        entries=cell_map.to_data(entries),
        organisation=partner,
        made_by_name=by.acting_name(partner),
        made_at=at,
    )
    kept.save(force_insert=True)
    return kept


def _filename(held: Standing, version: ReturnVersion | None) -> str:
    quarterly_return = held.quarterly_return
    state = f"version {version.number}" if version else "draft"
    area = quarterly_return.fund.agreement.area.name
    return download_name(f"BCF official return {area} {quarterly_return.period.label} {state}", "xlsx")
