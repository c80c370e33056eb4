"""What differs between two states of a year's policy, or of a layout, in words: added, removed, changed from and to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bcf_metrics.domain import rules
from bcf_metrics.domain.shapes import parse_date

BETTER = {"lower": "it is lower", "higher": "it is higher"}
BASES = {
    "cumulative": "the year so far, with the profile to date",
    "same_period": "the same period",
    "point": "the latest figure, with the target as it stands",
    "average": "the average so far, with the average that is the target",
    "none": "not judged, shown for information",
}
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One difference. `field`, `before` and `after` are words, empty where a whole row came or went."""

    part: str
    name: str
    kind: str
    field: str = ""
    before: str = ""
    after: str = ""


# Each part of a year: its words, the key that tells its rows apart, and the words of its values.
PARTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "funding_streams": (
        "Funding streams",
        "code",
        {
            "name": "Name",
            "payer": "Paid by",
            "payee": "Paid to",
            "capital": "Capital",
            "ring_fenced": "Ring-fenced",
            "must_pool": "Must be pooled",
            "england_millions": "England, £ million",
            "note": "Note",
            "checked": "Checked",
        },
    ),
    "national_conditions": (
        "National conditions",
        "number",
        {"name": "Name", "text": "Condition", "checked": "Checked"},
    ),
    "metrics": (
        "Metrics",
        "code",
        {
            "name": "Name",
            "short_name": "Short name",
            "unit": "Unit in the year",
            "published_unit": "Published unit",
            "better": "Better when",
            "numerator": "Numerator",
            "denominator": "Denominator",
            "multiplier": "Multiplied by",
            "precision": "Decimal places",
            "frequency": "How often",
            "basis": "Judged",
            "source": "Source",
            "lag_note": "When it comes",
            "supplementary": "Supplementary",
            "checked": "Checked",
        },
    ),
    "reporting_periods": (
        "Reporting periods",
        "quarter",
        {
            "national_return": "National return",
            "due_on": "Due on",
            "due_by": "Due by",
            "note": "Note",
            "checked": "Checked",
        },
    ),
    "signatories": (
        "Signatories",
        "code",
        {
            "name": "Name",
            "of": "Of",
            "held_by": "Held by",
            "delegable": "Can be delegated",
            "sheets": "Vouches for",
            "note": "Note",
            "checked": "Checked",
        },
    ),
    "lineage": (
        "Where metrics come from",
        "code",
        {
            "former_year": "In the year",
            "former": "Came from",
            "kind": "What happened",
            "factor": "Joined by the factor",
            "reason": "Why",
            "checked": "Checked",
        },
    ),
    "planning": ("Planning dates", "name", {"day": "Day", "checked": "Checked"}),
}
YEAR = (
    "The year",
    {
        "kind": "Kind",
        "loaded": "Loaded",
        "checked": "Checked",
        "note": "Note",
        "return_template": "Layout of the return",
        "layout_note": "Note on the layout",
    },
)
TABS, FIELDS = "Tabs of the return", "Fields of the return"
_TAB = {"title": "Title", "help": "Help", "checked": "Checked", "not_asked_in": "Not asked in"}
_FIELD = {
    "label": "Label",
    "type": "Type",
    "required": "Must be answered",
    "help": "Help",
    "unit": "Unit",
    "limit": "Largest number",
    "max_length": "Most characters",
    "format": "Format",
    "choices": "Choices",
    "prefill": "Filled in from",
    "validation": "Validation",
    "checked": "Checked",
}
Row = Mapping[str, Any]


def compare(before: Row, after: Row) -> list[Change]:
    """How one year's policy differs from another's, part by part in the order of the pages."""
    found = list(_values(YEAR[0], "", YEAR[1], before, after))
    for key, (words, by, values) in PARTS.items():
        found += _rows(words, by, values, before.get(key, []), after.get(key, []))
    return found


def compare_layouts(before: Row | None, after: Row | None) -> list[Change]:
    """How one layout differs from another, tab by tab and field by field."""
    was, now = (before or {}).get("tabs", []), (after or {}).get("tabs", [])
    found = list(_rows(TABS, "code", _TAB, was, now))
    return found + list(_rows(FIELDS, "place", _FIELD, list(_fields(was)), list(_fields(now))))


def name_of(row: Row, by: str) -> str:
    """What people call a row: its name, with what tells it apart."""
    key = str(row[by])
    if by == "quarter":
        return f"Quarter {key}"
    if by == "number":
        return f"{key}. {row.get('name', '')}".strip()
    words = str(row.get("name") or row.get("title") or row.get("label") or "")
    return f"{words} ({key})" if words and words != key else key


def words_of(value: object) -> str:
    """A value as a person reads it: yes and no, dates in full, nothing where there is none."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(str(item) for item in value.values())
    found = parse_date(value) if isinstance(value, str) else None
    return day_words(found) if found else str(value)


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _fields(tabs: Sequence[Row]) -> Iterator[Row]:
    """Each field and column with its place, as rows that can be compared."""
    for tab in tabs:
        for item in tab["fields"]:
            columns = [(column, f"{item['code']}.{column['code']}") for column in item.get("columns", [])]
            for field, place in ((item, item["code"]), *columns):
                yield {**field, "place": place, "required": _required(field.get("required", "never"))}


def _required(rule: Any) -> str:
    """When a field must be answered, in words."""
    if isinstance(rule, str):
        return rule
    return "when " + rules.parse(rule).words(lambda field: field, lambda field, value: value)


def _rows(
    part: str, by: str, values: Mapping[str, str], before: Sequence[Row], after: Sequence[Row]
) -> Iterator[Change]:
    was, now = ({str(row[by]): row for row in rows} for rows in (before, after))
    for key, row in was.items():
        if key not in now:
            yield Change(part, name_of(row, by), REMOVED)
    for key, row in now.items():
        if key not in was:
            yield Change(part, name_of(row, by), ADDED)
        else:
            yield from _values(part, name_of(row, by), values, was[key], row)


def _values(part: str, name: str, values: Mapping[str, str], before: Row, after: Row) -> Iterator[Change]:
    for key, words in values.items():
        old, new = words_of(before.get(key)), words_of(after.get(key))
        if old != new:
            yield Change(part, name, CHANGED, words, old, new)
