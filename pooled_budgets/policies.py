"""When an act on a fund is allowed. Each check raises an error that says who stands in the way, since when and why."""

from collections.abc import Sequence

from integration_hub.core.errors import HubError
from integration_hub.core.models import Period, StagedImport
from pooled_budgets.domain.words import moment
from pooled_budgets.models import Fund, PeriodLock


class PeriodLocked(HubError):
    """The fund's period takes no more changes until its lock is lifted."""

    code = "period_locked"


class NothingToRelease(HubError):
    """There is no draft figure at the period."""

    code = "nothing_to_release"


class ImportNotOpen(HubError):
    """The import was already confirmed, undone or discarded."""

    code = "import_not_open"


class ImportHasProblems(HubError):
    """Cells of the sheet are still refused, so nothing of it can be imported."""

    code = "import_has_problems"


class AlreadyImported(HubError):
    """The very same file stands in the fund's plan already."""

    code = "already_imported"


class OtherYear(HubError):
    """The period belongs to another financial year than the fund."""

    code = "other_year"
    http_status = 400


def check_period_open(fund: Fund, period: Period) -> None:
    """Raise PeriodLocked while a lock on the fund's period is in force."""
    lock = PeriodLock.objects.filter(fund=fund, period=period, lifted_at__isnull=True).select_related("period").first()
    if lock is not None:
        raise PeriodLocked(_lock_words(lock, fund), who_can_lift=lock.who_can_lift)


def check_plan_open(fund: Fund, locks: Sequence[PeriodLock]) -> None:
    """Raise PeriodLocked while any quarter of the fund is locked: its budgets and variances rest on the plan."""
    if locks:
        raise PeriodLocked(
            f"The schemes and budgets of {fund} cannot change while a quarter of it is locked. Nothing was imported. "
            + " ".join(_lock_words(lock, fund) for lock in locks),
            who_can_lift="; ".join(dict.fromkeys(lock.who_can_lift for lock in locks)),
        )


def check_period_of_fund(fund: Fund, period: Period) -> None:
    """Raise OtherYear where the period is not one of the fund's year."""
    if period.financial_year != fund.financial_year:
        raise OtherYear(
            f"{period.label} is not in the year of {fund}. Choose a quarter of {fund.year.label}.", field="period"
        )


def check_import_open(staged: StagedImport) -> None:
    """Raise ImportNotOpen unless the import still waits for correction or confirmation."""
    if staged.status in (StagedImport.STAGED, StagedImport.REFUSED):
        return
    raise ImportNotOpen(f"{staged.filename} {_fate(staged)} Upload it again if you need it.")


def check_import_clean(staged: StagedImport) -> None:
    """Raise ImportHasProblems while any cell is refused."""
    if staged.status == StagedImport.REFUSED:
        raise ImportHasProblems(
            f"{staged.filename} still has refused cells. Correct them on this page, or upload a corrected sheet."
        )


def check_import_confirmed(staged: StagedImport) -> None:
    """Raise ImportNotOpen unless the import is in the plan, so that it can be undone."""
    if staged.status == StagedImport.CONFIRMED:
        return
    if staged.status in (StagedImport.STAGED, StagedImport.REFUSED):
        raise ImportNotOpen(f"{staged.filename} has not been confirmed, so there is nothing to undo.")
    raise ImportNotOpen(f"{staged.filename} {_fate(staged)} There is nothing to undo.")


def check_not_what_stands(latest: StagedImport | None, digest: str) -> None:
    """Raise AlreadyImported where the fund's latest import, unless undone, was of the same bytes."""
    if latest is not None and latest.confirmed_at is not None and latest.content_sha256 == digest:
        raise AlreadyImported(
            f"This file was imported already, as {latest.filename}: {latest.confirmed_by_name} confirmed it on "
            f"{moment(latest.confirmed_at)}, and nothing was imported since. Undo that import first if you want to "
            "import it again.",
            field="file",
        )


def _lock_words(lock: PeriodLock, fund: Fund) -> str:
    return (
        f"{lock.period.label} of {fund.name} is locked: {lock.reason.rstrip('.')}. {lock.locked_by_name} locked it on "
        f"{moment(lock.locked_at)}. Who can lift the lock: {lock.who_can_lift.rstrip('.')}."
    )


def _fate(staged: StagedImport) -> str:
    if staged.status == StagedImport.UNDONE and staged.undone_at is not None:
        return f"was imported and then undone by {staged.undone_by_name} on {moment(staged.undone_at)}."
    if staged.status == StagedImport.CONFIRMED and staged.confirmed_at is not None:
        return f"was already imported by {staged.confirmed_by_name} on {moment(staged.confirmed_at)}."
    return "was discarded; nothing was imported."
