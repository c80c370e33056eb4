"""A loaded file in words: its list, and what its page says."""

from collections.abc import Iterable
from dataclasses import dataclass

from bcf_metrics.domain.round_trip import FIXED, GONE, MOVED, STALE, Refused
from bcf_metrics.selectors.loads import Preview
from integration_hub.core.models import StagedImport
from pooled_budgets.domain.words import count, moment

STATES = {
    StagedImport.STAGED: ("Waits for confirmation", "waiting"),
    StagedImport.REFUSED: ("Has wrong cells", "bad"),
    StagedImport.CONFIRMED: ("Taken over", "good"),
    StagedImport.UNDONE: ("Undone", "neutral"),
    StagedImport.DISCARDED: ("Put away", "neutral"),
}
KINDS = {STALE: "Changed here too", FIXED: "Not typed here", MOVED: "Moved", GONE: "No longer asked"}


@dataclass(frozen=True)
class UploadRow:
    """A line of the list of uploads."""

    staged: StagedImport
    uploaded: str
    state_words: str
    tone: str


@dataclass(frozen=True)
class LeftRow:
    """A cell that is left as it is."""

    row: Refused
    kind_words: str


def uploads(found: Iterable[StagedImport]) -> list[UploadRow]:
    return [UploadRow(staged, moment(staged.uploaded_at), *STATES[staged.status]) for staged in found]


def left(preview: Preview) -> list[LeftRow]:
    return [LeftRow(row, KINDS[row.kind]) for row in preview.left]


def summary(preview: Preview) -> str:
    """ "3 answers changed, 1 cell left as it is"."""
    parts = [f"{count(len(preview.changes), 'answer', 'answers')} changed"]
    if preview.left:
        parts.append(
            f"{count(len(preview.left), 'cell', 'cells')} left as it is"
            if len(preview.left) == 1
            else (f"{count(len(preview.left), 'cell', 'cells')} left as they are")
        )
    return ", ".join(parts)
