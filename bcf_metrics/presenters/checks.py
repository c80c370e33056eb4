"""What the checks found in a figure, as a page shows it: a mark, a strength in words, and what is to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bcf_metrics.domain.completion import Level
from bcf_metrics.models import MetricWaiver
from bcf_metrics.selectors.checks import Found, waiver_words
from integration_hub.core.dates import long_date
from pooled_budgets.domain.words import moment

# A mark that is told apart without colour, and the words beside it.
ICONS = {Level.BLOCK: "\N{MULTIPLICATION X}", Level.JUSTIFY: "!", Level.INFORM: "i"}
WORDS = {Level.BLOCK: "Cannot be", Level.JUSTIFY: "Needs a reason", Level.INFORM: "For information"}
TONES = {Level.BLOCK: "bad", Level.JUSTIFY: "attention", Level.INFORM: "neutral"}


@dataclass(frozen=True)
class FlagLine:
    """One flag. `asks` says that a reason is still to be given."""

    tag: str
    tone: str
    message: str
    reason: str = ""
    waiver: str = ""
    asks: bool = False


@dataclass(frozen=True)
class WaiverLine:
    """One waiver in the list of a metric."""

    pk: UUID
    check: str
    until: str
    state: str
    given: str
    reason: str
    ended: str
    is_in_force: bool


def lines(found: Iterable[Found], reasons: Mapping[str, str]) -> list[FlagLine]:
    """The flags of one figure; `reasons` are those given in the return, by their key."""
    return [_line(one, reasons.get(one.key, "")) for one in found]


def waivers(rows: Iterable[MetricWaiver], *, on: date) -> list[WaiverLine]:
    return [
        WaiverLine(
            pk=row.pk,
            check=row.check_words,
            until=long_date(row.until),
            state="Ended" if row.ended_at else "Expired" if row.until < on else "In force",
            given=f"{row.given_by}, {moment(row.given_at)}",
            reason=row.reason,
            ended=f"{row.ended_by}, {moment(row.ended_at)}: {row.ended_reason}" if row.ended_at else "",
            is_in_force=row.ended_at is None and row.until >= on,
        )
        for row in rows
    ]


def _line(found: Found, reason: str) -> FlagLine:
    level, message = found.flag.level, found.flag.message
    if found.waiver is not None:
        return FlagLine(f"{ICONS[Level.INFORM]} Waived", "neutral", message, waiver=waiver_words(found.waiver))
    if level is Level.JUSTIFY and reason:
        return FlagLine(f"{ICONS[Level.INFORM]} Reason given", "good", message, reason=reason)
    return FlagLine(f"{ICONS[level]} {WORDS[level]}", TONES[level], message, asks=level is Level.JUSTIFY)
