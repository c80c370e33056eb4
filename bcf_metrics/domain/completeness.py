"""How far a return is, for whoever looks across areas: its state, its sections, its days. Never what it says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bcf_metrics.domain import completion
from bcf_metrics.domain.rules import NEVER
from bcf_metrics.domain.status import FROZEN, SUBMITTED, ReturnStatus
from bcf_metrics.domain.templates import Field, FieldType, Tab, Table, Template

NOT_OPENED = "not_opened"
# What the filter offers beside the states.
OVERDUE, LATE = "overdue", "late"
# No answer that a rule asks about is longer; what follows is never read.
LONGEST_READ = 200
# Where a return shows what the last signed one answered.
PREVIOUS = "previous."
# From these on every section was complete.
WHOLE = FROZEN | {ReturnStatus.READY}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """One area in one quarter. `number` of `among` tells the returns of an area with several apart; 0 without one.

    `sections` and `signatures` are (done, all); None where there are none to count.
    """

    area: str
    ons_code: str
    status: str
    due_on: date | None
    on: date
    submitted_on: date | None = None
    number: int = 0
    among: int = 0
    sections: tuple[int, int] | None = None
    signatures: tuple[int, int] | None = None
    is_asked: bool = True

    @property
    def days_overdue(self) -> int:
        """Calendar days since it was due, while it has not been submitted."""
        if self.due_on is None or self.submitted_on is not None or self.status in SUBMITTED or not self.is_asked:
            return 0
        return max((self.on - self.due_on).days, 0)

    @property
    def days_late(self) -> int:
        """Calendar days by which it was first submitted too late: a late return stays late."""
        if self.due_on is None or self.submitted_on is None:
            return 0
        return max((self.submitted_on - self.due_on).days, 0)

    def answers(self, wanted: str) -> bool:
        """Whether a filter keeps it; no filter keeps all."""
        if wanted == OVERDUE:
            return self.days_overdue > 0
        if wanted == LATE:
            return self.days_late > 0
        return wanted in ("", self.status)


def sections(
    template: Template,
    *,
    year: str,
    status: str,
    given: Mapping[str, str],
    conditions: Collection[int],
    previous: Mapping[str, str],
) -> tuple[int, int]:
    """How many sections are complete, of how many.

    Sections that take figures from partners count when the return is ready: before that, whether a partner has entered
    one is its own business. The others count when each question that must be answered is. `previous` has what the last
    signed return answered to the questions of PREVIOUS.
    """
    asked = [tab for tab in template.asked(year) if tab.kind != "checklist"]
    if status in WHOLE:
        return len(asked), len(asked)
    judged = replace(template, tabs=tuple(_own_questions(tab) for tab in asked))
    content: dict[str, Any] = {
        "as_at": "2000-01-01",
        "period": {"financial_year": year},
        "answers": given,
        "previous": previous,
        "conditions": [_condition(number, given) for number in sorted(conditions)],
    }
    _, sheets = completion.checked(judged, content)
    own = {tab.code for tab in asked if not _takes_figures(tab)}
    return sum(sheet.complete for sheet in sheets if sheet.tab.code in own), len(asked)


def from_previous(template: Template) -> list[str]:
    """The questions whose last signed answer a return shows: a rule may ask about them."""
    return [
        field.prefill.removeprefix(PREVIOUS) for field in template.single_fields() if field.prefill.startswith(PREVIOUS)
    ]


def _takes_figures(tab: Tab) -> bool:
    return any(_is_of_figures(item) for item in tab.fields)


def _is_of_figures(item: Field | Table) -> bool:
    return isinstance(item, Table) and item.type is not FieldType.CONDITION_TABLE


def _own_questions(tab: Tab) -> Tab:
    """Without partners' figures, and without the need of what the Hub fills in."""
    kept = [item for item in tab.fields if not _is_of_figures(item)]
    asked = [replace(item, required=NEVER) if isinstance(item, Field) and item.prefill else item for item in kept]
    return replace(tab, fields=tuple(asked))


def _condition(number: int, given: Mapping[str, str]) -> dict[str, Any]:
    key = f"conditions.{number}"
    found = {name: given.get(f"{key}.{name}") for name in ("answer", "expected_on", "comment")}
    return {"number": number, "text": str(number), "plan": None, **found}
