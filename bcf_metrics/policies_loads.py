"""When a file that was loaded may be taken over, put away or undone."""

from integration_hub.core.errors import HubError
from integration_hub.core.models import StagedImport
from pooled_budgets.domain.words import moment


class LoadNotOpen(HubError):
    """The file was already taken over, undone or put away."""

    code = "load_not_open"


class LoadHasProblems(HubError):
    """Cells of the file are wrong, or it changes nothing."""

    code = "load_has_problems"


def check_open(staged: StagedImport) -> None:
    """Raise LoadNotOpen unless the file still waits for its confirmation."""
    if staged.status not in (StagedImport.STAGED, StagedImport.REFUSED):
        raise LoadNotOpen(f"{staged.filename} {fate(staged)} Upload it again if you need it.")


def check_clean(staged: StagedImport) -> None:
    """Raise LoadHasProblems while a cell is wrong, and for a file that changes nothing."""
    if staged.status == StagedImport.REFUSED:
        raise LoadHasProblems(
            f"{staged.filename} has cells that cannot be taken as they are. Nothing was changed. Correct them in the "
            "file, and upload it again."
        )
    if not staged.changes:
        raise LoadHasProblems(f"{staged.filename} changes nothing, so there is nothing to confirm.")


def check_confirmed(staged: StagedImport) -> None:
    """Raise LoadNotOpen unless the file was taken over, so that it can be undone."""
    if staged.status != StagedImport.CONFIRMED:
        raise LoadNotOpen(f"{staged.filename} {fate(staged)} There is nothing to undo.")


def fate(staged: StagedImport) -> str:
    """What became of an upload, in one sentence without its subject."""
    if staged.status == StagedImport.CONFIRMED and staged.confirmed_at:
        return f"was taken over by {staged.confirmed_by_name} on {moment(staged.confirmed_at)}."
    if staged.status == StagedImport.UNDONE and staged.undone_at:
        return f"was taken over, and undone by {staged.undone_by_name} on {moment(staged.undone_at)}."
    if staged.status == StagedImport.DISCARDED:
        return "was put away. Nothing of it was taken over."
    return "has changed nothing yet."
