"""The fields of a scheme line by policy year: which there are, which must be filled in, and what they may hold.

The national planning template changed nearly every year. What each year asked for is general knowledge and not checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pooled_budgets.domain import value_lists

TYPE, SUB_TYPE, TYPE_OTHER, OBJECTIVE = "scheme_type", "sub_type", "type_other", "objective"
OUTPUTS, UNIT, AREA, AREA_OTHER = "outputs", "output_unit", "area_of_spend", "area_other"
COMMISSIONER, PERCENT, PROVIDER = "commissioner", "nhs_percent", "provider"
NEW, PREVIOUS, SHARE, COMMENTS = "new_or_existing", "previous_expenditure", "percent_of_spend", "comments"
IMPACTS: Final = {
    "impact_nea": "Impact on emergency admissions",
    "impact_dtoc": "Impact on delayed transfers of care",
    "impact_res": "Impact on residential admissions",
    "impact_rea": "Impact on reablement",
}
LABELS: Final = {
    "description": "Brief description",
    TYPE: "Scheme type",
    SUB_TYPE: "Sub-type",
    TYPE_OTHER: "What “Other” means",
    OBJECTIVE: "Primary objective",
    **IMPACTS,
    OUTPUTS: "Planned outputs",
    UNIT: "Unit of outputs",
    AREA: "Area of spend",
    AREA_OTHER: "What area “Other” means",
    COMMISSIONER: "Commissioner",
    PERCENT: "Commissioned by the NHS",
    PROVIDER: "Provider",
    NEW: "New or existing scheme",
    PREVIOUS: "Expenditure of the year before",
    SHARE: "Share of the overall spending",
    COMMENTS: "Comments",
}
OTHER, JOINT, EXISTING = "Other", "Joint", "Existing"
LOCAL_AUTHORITY: Final = "Local Authority"
NHS_COMMISSIONERS: Final = ("CCG", "NHS", "NHS England")
HUNDRED: Final = Decimal(100)

# From when (the year a financial year starts in) until when, both included, the template had a field.
_YEARS: Final[dict[str, tuple[int, int]]] = {
    "description": (2016, 2100),
    TYPE: (2016, 2100),
    SUB_TYPE: (2017, 2024),
    TYPE_OTHER: (2016, 2100),
    OBJECTIVE: (2025, 2100),
    **dict.fromkeys(IMPACTS, (2019, 2019)),
    OUTPUTS: (2019, 2024),
    UNIT: (2019, 2024),
    AREA: (2016, 2100),
    AREA_OTHER: (2016, 2100),
    COMMISSIONER: (2016, 2024),
    PERCENT: (2016, 2024),
    PROVIDER: (2016, 2100),
    NEW: (2016, 2024),
    PREVIOUS: (2016, 2016),
    SHARE: (2023, 2024),
    COMMENTS: (2025, 2100),
}
_REQUIRED: Final = ("description", TYPE, AREA, PROVIDER, COMMISSIONER, NEW, OBJECTIVE)
OUTPUTS_REQUIRED_FROM: Final = 2023
# The list that a field is chosen from, where it has one.
LISTS: Final = {
    TYPE: value_lists.TYPE,
    SUB_TYPE: value_lists.SUB_TYPE,
    UNIT: value_lists.UNIT,
    OBJECTIVE: value_lists.OBJECTIVE,
    AREA: value_lists.AREA,
    COMMISSIONER: value_lists.COMMISSIONER,
    PROVIDER: value_lists.PROVIDER,
    NEW: value_lists.NEW,
    **dict.fromkeys(IMPACTS, value_lists.IMPACT),
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field of a line."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Lists:
    """What the fields may hold in one year: the names of each list, sub-types and units by scheme type."""

    plain: Mapping[str, Sequence[str]] = field(default_factory=dict)
    of_type: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def is_loaded(self) -> bool:
        return bool(self.plain)

    def choices(self, name: str, scheme_type: str = "") -> Sequence[str]:
        """The values of a field; none where the year has no list for it, so that anything may be written."""
        kind = LISTS.get(name, "")
        if kind in (value_lists.SUB_TYPE, value_lists.UNIT):
            return self.of_type.get(kind, {}).get(scheme_type, ())
        return self.plain.get(kind, ())


def fields_of(year: int) -> list[str]:
    """The fields of the year's template, in its order. `year` is the one a financial year starts in."""
    return [name for name in LABELS if _YEARS[name][0] <= year <= _YEARS[name][1]]


def is_required(name: str, year: int) -> bool:
    """Whether the year's template asks for a field whatever stands in the others."""
    return name in _REQUIRED and name in fields_of(year)


def label(name: str, year: int) -> str:
    """What the year's template calls a field."""
    return "Activity" if name == TYPE and year >= 2025 else LABELS[name]


def settled(values: Mapping[str, Any], *, year: int, is_loaded: bool = True) -> dict[str, Any]:
    """The same with what follows: the NHS's per cent of a commissioner that is not joint; nothing the year lacks.

    Of a year that is not loaded nobody knows what it lacks.
    """
    asked = fields_of(year) if is_loaded else list(LABELS)
    found = {name: values.get(name, _empty(name)) for name in LABELS}
    for name in LABELS:
        if name not in asked:
            found[name] = _empty(name)
    if found[COMMISSIONER] in NHS_COMMISSIONERS:
        found[PERCENT] = HUNDRED
    elif found[COMMISSIONER] == LOCAL_AUTHORITY:
        found[PERCENT] = Decimal(0)
    return found


def check(values: Mapping[str, Any], *, year: int, lists: Lists) -> list[Problem]:
    """What is wrong with a line (as `settled` gives it), in the order of the fields; empty where it can be taken."""
    if not lists.is_loaded:
        # Nobody knows what the year's template asked for, so nothing can be demanded.
        return _in_order(_impossible(values))
    asked = fields_of(year)
    found = [
        Problem(name, "required", f"Fill in “{label(name, year)}”: the template of the year asks for it.")
        for name in LABELS
        if is_required(name, year) and not values[name]
    ]
    found += _not_in_lists(values, year, lists, asked)
    found += _dependent(values, year, lists, asked) + _impossible(values)
    return _in_order(found)


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    """The first of each field, in the order of the fields."""
    first = {problem.field: problem for problem in reversed(problems)}
    return [first[name] for name in LABELS if name in first]


def la_percent(nhs_percent: Decimal | None) -> Decimal | None:
    """The local authority's per cent of a line: the rest."""
    return None if nhs_percent is None else HUNDRED - nhs_percent


def _not_in_lists(values: Mapping[str, Any], year: int, lists: Lists, asked: Sequence[str]) -> list[Problem]:
    found = []
    for name in LISTS:
        value, choices = values[name], lists.choices(name, values[TYPE])
        if name not in asked or not value:
            continue
        if name == SUB_TYPE and not choices:
            if lists.of_type.get(value_lists.SUB_TYPE):
                found.append(
                    Problem(name, "not_in_list", f"“{values[TYPE]}” has no sub-types. Leave the sub-type empty.")
                )
        elif choices and value not in choices:
            of = f" of “{values[TYPE]}”" if name in (SUB_TYPE, UNIT) else ""
            found.append(
                Problem(
                    name,
                    "not_in_list",
                    f"“{value}” is not in the year's list “{label(name, year)}”{of}. Choose one of the list.",
                )
            )
    return found


def _dependent(values: Mapping[str, Any], year: int, lists: Lists, asked: Sequence[str]) -> list[Problem]:
    """Fields that are asked for because of what stands in another."""
    found = []
    if SUB_TYPE in asked and not values[SUB_TYPE] and lists.choices(SUB_TYPE, values[TYPE]):
        found.append(Problem(SUB_TYPE, "required", f"Choose a sub-type: “{values[TYPE]}” has sub-types."))
    if OTHER in (values[TYPE], values[SUB_TYPE]) and not values[TYPE_OTHER]:
        found.append(Problem(TYPE_OTHER, "required", "Say in words what “Other” means."))
    if values[AREA] == OTHER and not values[AREA_OTHER]:
        found.append(Problem(AREA_OTHER, "required", "Say in words which area “Other” means."))
    if values[COMMISSIONER] == JOINT and values[PERCENT] is None:
        found.append(
            Problem(PERCENT, "required", "Say how many per cent the NHS commissions; the rest is the local authority.")
        )
    bears_outputs = bool(lists.choices(UNIT, values[TYPE]))
    if bears_outputs and year >= OUTPUTS_REQUIRED_FROM and OUTPUTS in asked:
        if values[OUTPUTS] is None:
            found.append(Problem(OUTPUTS, "required", f"Enter the planned outputs: “{values[TYPE]}” has them counted."))
        if not values[UNIT]:
            found.append(Problem(UNIT, "required", "Choose the unit in which the outputs are counted."))
    if PREVIOUS in asked and values[NEW] == EXISTING and values[PREVIOUS] is None:
        found.append(Problem(PREVIOUS, "required", "Enter what the existing scheme spent in the year before."))
    return found


def _impossible(values: Mapping[str, Any]) -> list[Problem]:
    """What no year allows, with lists or without."""
    found = []
    for name in (PERCENT, SHARE):
        value = values[name]
        if value is not None and not 0 <= value <= HUNDRED:
            found.append(
                Problem(name, "per_cent", f"{value:f} per cent is not from 0 to 100. NHS and local authority make 100.")
            )
    if values[OUTPUTS] is not None and values[OUTPUTS] < 0:
        found.append(Problem(OUTPUTS, "negative", "Outputs are nought or more."))
    if values[UNIT] and values[OUTPUTS] is None:
        found.append(Problem(OUTPUTS, "required", "Enter how many, or leave the unit empty."))
    return found


def _empty(name: str) -> Any:
    return None if name in (OUTPUTS, PERCENT, PREVIOUS, SHARE) else ""
