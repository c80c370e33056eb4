"""What became of a ledger extract, in words."""

from integration_hub.core.models import StagedImport
from pooled_budgets.domain.words import moment


def fate(staged: StagedImport) -> str:
    """What became of an extract, in one sentence without its subject."""
    if staged.status == StagedImport.CONFIRMED and staged.confirmed_at:
        return f"was posted by {staged.confirmed_by_name} on {moment(staged.confirmed_at)}."
    if staged.status == StagedImport.UNDONE and staged.undone_at:
        return f"was posted, and taken back by {staged.undone_by_name} on {moment(staged.undone_at)}."
    if staged.status == StagedImport.DISCARDED:
        return "was put away; nothing of it was posted."
    return "has posted nothing yet."
