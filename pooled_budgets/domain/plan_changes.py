"""What a scheme plan would change: the plan as it stands set against the plan as the sheet has it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integration_hub.core import emptyfigures, money
from integration_hub.core.states import AmountState
from pooled_budgets.domain import figures
from pooled_budgets.domain.plan_sheet import PlanScheme, Problem
from pooled_budgets.domain.words import listed

ADDED, CHANGED, REMOVED, SAME = "added", "changed", "removed", "same"
NOTHING, REFUSED = "nothing recorded", "refused"


@dataclass(frozen=True)
class Standing:
    """A scheme as it stands in the fund's plan; `outturn` is the code of its figure at the sheet's quarter.

    `holds` says in words what keeps it from being removed: figures, ledger codes, virements. `moved`: whether
    virements have changed its budget, which only another one changes then. `details`: what its lines say that a sheet
    does not, so that what was entered since is noticed before an import is undone.
    """

    number: str
    name: str
    note: str
    position: int
    budget: Decimal | None
    budget_state: str
    lines: int = 1
    outturn: str = ""
    holds: tuple[str, ...] = ()
    moved: bool = False
    details: str = ""

    @property
    def budget_words(self) -> str:
        return budget_words(self.budget, self.budget_state)


@dataclass(frozen=True)
class Field:
    """One field of a scheme before and after, in the words in which it is printed."""

    name: str
    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Change:
    """What happens to one scheme: added, changed, removed or the same."""

    kind: str
    number: str
    name: str
    fields: tuple[Field, ...]

    def as_dict(self) -> dict[str, Any]:
        values = [
            {"field": field.name, "label": field.label, "before": field.before, "after": field.after}
            for field in self.fields
        ]
        return {"kind": self.kind, "number": self.number, "name": self.name, "values": values}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Change":
        fields = tuple(Field(row["field"], row["label"], row["before"], row["after"]) for row in kept["values"])
        return cls(kept["kind"], kept["number"], kept["name"], fields)

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def compare(standing: Sequence[Standing], wanted: Sequence[PlanScheme]) -> list[Change]:
    """Each scheme of the sheet in its order, then each that the sheet leaves out and the import would remove."""
    by_number = {scheme.number: scheme for scheme in standing}
    changes = [_change(by_number.get(scheme.number), scheme) for scheme in wanted]
    kept = {scheme.number for scheme in wanted}
    return changes + [_removal(scheme) for scheme in standing if scheme.number not in kept]


def obstacles(standing: Sequence[Standing], wanted: Sequence[PlanScheme]) -> list[Problem]:
    """What the plan forbids the sheet: removing a scheme with figures, changing a budget of several lines, or one that
    virements have moved.
    """
    by_number = {scheme.number: scheme for scheme in wanted}
    found = []
    for scheme in standing:
        new = by_number.get(scheme.number)
        if new is None and scheme.holds:
            found.append(
                Problem(
                    code="in_use",
                    row_name=f"Scheme {scheme.number}: {scheme.name}",
                    message=(
                        f"The sheet leaves out scheme {scheme.number}, which cannot be removed: it has "
                        f"{listed(scheme.holds)}. Add it to the sheet, with a budget of 0.00 if it has ended, and "
                        "upload the sheet again."
                    ),
                    expected=f"a row for scheme {scheme.number}",
                )
            )
        wanted_words = budget_words(new.budget, new.budget_state) if new else REFUSED
        if scheme.moved and wanted_words not in (REFUSED, scheme.budget_words):
            found.append(
                Problem(
                    code="moved_by_virement",
                    row_name=f"Scheme {scheme.number}: {scheme.name}",
                    message=(
                        f"Virements have changed the budget of scheme {scheme.number} to {scheme.budget_words}. A plan "
                        "cannot take that back. Give it that budget in the sheet, or move money by another virement."
                    ),
                    expected=scheme.budget_words,
                )
            )
        elif scheme.lines > 1 and wanted_words not in (REFUSED, scheme.budget_words):
            found.append(
                Problem(
                    code="several_lines",
                    row_name=f"Scheme {scheme.number}: {scheme.name}",
                    message=(
                        f"Scheme {scheme.number} has {scheme.lines} budget lines of {scheme.budget_words} together. A "
                        "plan with one amount for each scheme cannot say which line changes. Give it that budget in "
                        "the sheet."
                    ),
                    expected=scheme.budget_words,
                )
            )
    return found


def changes_plan(standing: Sequence[Standing], wanted: Sequence[PlanScheme]) -> bool:
    """Whether the sheet adds, changes, removes or moves any scheme; outturns are no part of the plan."""
    then = [(scheme.number, scheme.name, scheme.note, scheme.budget_words) for scheme in standing]
    notes = {scheme.number: scheme.note for scheme in standing}
    now = [
        (
            scheme.number,
            scheme.name,
            # A sheet without notes leaves them as they are.
            notes.get(scheme.number, "") if scheme.note is None else scheme.note,
            budget_words(scheme.budget, scheme.budget_state),
        )
        for scheme in wanted
    ]
    return then != now


def fingerprint(standing: Sequence[Standing]) -> str:
    """A digest of everything that the preview was made against: SHA-256 in hexadecimal."""
    state = [
        [
            scheme.number,
            scheme.name,
            scheme.note,
            scheme.position,
            scheme.budget_words,
            scheme.lines,
            scheme.outturn,
            # Nothing where there are none, as previews that were made before lines had any.
            *([scheme.details] if scheme.details else []),
        ]
        for scheme in sorted(standing, key=lambda scheme: scheme.number)
    ]
    return hashlib.sha256(json.dumps(state, ensure_ascii=True).encode()).hexdigest()


def differences(before: Sequence[Mapping[str, Any]], standing: Sequence[Standing]) -> list[str]:
    """How the plan differs from what a preview saw (`snapshot`), in words: one for each scheme."""
    seen = {row["number"]: row for row in before}
    now = {row["number"]: row for row in snapshot(standing)}
    words = []
    for number in sorted(seen.keys() | now.keys()):
        old, new = seen.get(number), now.get(number)
        if old == new:
            continue
        if old is None:
            words.append(f"scheme {number} was added")
        elif new is None:
            words.append(f"scheme {number} was removed")
        else:
            changed = [key for key in old if old[key] != new[key]]
            parts = [f"{key} was {old[key] or 'empty'} and is {new[key] or 'empty'}" for key in changed]
            words.append(f"scheme {number}: {', '.join(parts)}")
    return words


def snapshot(standing: Sequence[Standing]) -> list[dict[str, str]]:
    """The plan as words by scheme, for keeping beside a preview."""
    return [
        {
            "number": scheme.number,
            "name": scheme.name,
            "budget": scheme.budget_words,
            "outturn": figures.words_of(scheme.outturn),
            "note": scheme.note,
            "place": str(scheme.position),
        }
        for scheme in standing
    ]


def budget_words(amount: Decimal | None, state: str) -> str:
    """A budget as it is printed; "refused" where the sheet has one that cannot be read."""
    if amount is None and state == AmountState.STATED:
        return REFUSED
    return emptyfigures.words(state) if amount is None else money.pounds(amount)


def _change(old: Standing | None, new: PlanScheme) -> Change:
    outturn = figures.words_of(new.outturn.code) if new.outturn else ""
    before_outturn = figures.words_of(old.outturn) if old else NOTHING
    fields = [
        Field("name", "Name", old.name if old else "", new.name),
        Field("budget", "Budget", old.budget_words if old else "", budget_words(new.budget, new.budget_state)),
        # An empty outturn cell leaves what is recorded as it is.
        Field("outturn", "Projected outturn", before_outturn, outturn or before_outturn),
    ]
    if new.note is not None:
        fields.append(Field("note", "Notes", old.note if old else "", new.note))
    if old is None:
        return Change(ADDED, new.number, new.name, tuple(fields))
    kind = CHANGED if any(field.is_changed for field in fields) else SAME
    return Change(kind, new.number, new.name, tuple(fields))


def _removal(old: Standing) -> Change:
    fields = (Field("name", "Name", old.name, ""), Field("budget", "Budget", old.budget_words, ""))
    return Change(REMOVED, old.number, old.name, fields)
