"""The official workbooks of a return, their cell maps, and what was filled in, for those who may read the return."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from bcf_metrics.domain import cell_map, official
from bcf_metrics.domain.cell_map import Difference, MapEntry, Outlines, Target
from bcf_metrics.models import CellMap, OfficialFile, OfficialFilling, QuarterlyReturn
from bcf_metrics.selectors.returns import Standing as ReturnStanding
from bcf_metrics.selectors.shown import Shown, shown
from partners.models import User


@dataclass(frozen=True)
class Standing:
    """The newest official file of a return with its newest map."""

    file: OfficialFile
    map: CellMap
    outlines: Outlines

    @property
    def entries(self) -> list[MapEntry]:
        return cell_map.from_data(self.map.entries)


def of_return(quarterly_return: QuarterlyReturn, user: User) -> Standing | None:
    """The newest file of a return; None before the first. Two queries."""
    file = (
        OfficialFile.objects.visible_to(user)
        .filter(quarterly_return=quarterly_return)
        .defer("content")
        .order_by("-number")
        .first()
    )
    if file is None:
        return None
    newest = CellMap.objects.visible_to(user).filter(file=file).order_by("-number")[:1].get()
    return Standing(file, newest, official.outlines_of(file.outline))


def earlier_file(
    quarterly_return: QuarterlyReturn, user: User, *, but: OfficialFile | None = None
) -> OfficialFile | None:
    """The agreement's file before this one: of the same return, else of the quarters before it."""
    files = OfficialFile.objects.visible_to(user).filter(
        quarterly_return__fund__agreement=quarterly_return.fund.agreement_id,
        quarterly_return__period__ends_on__lte=quarterly_return.period.ends_on,
    )
    if but is not None:
        files = files.exclude(pk=but.pk)
    return files.defer("content").order_by("-quarterly_return__period__ends_on", "-number").first()


def newest_map(file: OfficialFile, user: User) -> list[MapEntry]:
    found = CellMap.objects.visible_to(user).filter(file=file).order_by("-number").first()
    return cell_map.from_data(found.entries) if found else []


def differences(standing: Standing, quarterly_return: QuarterlyReturn, user: User) -> list[Difference] | None:
    """What is otherwise than in the file before; None where there is none before."""
    before = earlier_file(quarterly_return, user, but=standing.file)
    if before is None:
        return None
    return cell_map.differences(official.outlines_of(before.outline), standing.outlines, standing.entries)


def targets_of(held: ReturnStanding, user: User, *, on: date) -> list[Target]:
    """All that the return has to say on a day, to be placed by the map."""
    return targets(shown(held, user, on=on))


def targets(found: Shown) -> list[Target]:
    """All that the return has to say, whole columns that have no lines yet among them."""
    targets = cell_map.targets(found.template, found.content)
    known = {target.key for target in targets}
    return [*targets, *(column for column in cell_map.columns_of(found.template) if column.key not in known)]


def fillings(quarterly_return: QuarterlyReturn, user: User, *, limit: int) -> list[OfficialFilling]:
    """What was filled in for a return, newest first."""
    rows = OfficialFilling.objects.visible_to(user).filter(map__file__quarterly_return=quarterly_return)
    return list(rows.defer("content", "proof").order_by("-filled_at", "-recorded_at")[:limit])


def filling(quarterly_return: QuarterlyReturn, user: User, pk: UUID, *, whole: bool = False) -> OfficialFilling:
    """One filled workbook with its proof, and with its bytes where `whole`; Http404 for any other."""
    rows = OfficialFilling.objects.visible_to(user).filter(map__file__quarterly_return=quarterly_return)
    rows = rows.select_related("map__file").defer("map__file__content", "map__file__outline")
    return get_object_or_404(rows if whole else rows.defer("content"), pk=pk)


def file_with_content(standing: Standing, user: User) -> OfficialFile:
    """The same file with its bytes."""
    found = OfficialFile.objects.visible_to(user).filter(pk=standing.file.pk).first()
    if found is None:
        raise Http404("There is no such file.")
    return found
