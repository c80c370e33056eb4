"""National policy as its pages show it: tables of the parts, states and differences in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from bcf_metrics.domain import policy_drafts
from bcf_metrics.domain.lineage import KINDS, Kind
from bcf_metrics.domain.policy_changes import BASES, BETTER, Change, words_of
from bcf_metrics.domain.signatories import OF, Of
from bcf_metrics.models import PolicyYear
from integration_hub.core.tables import Column
from integration_hub.core.templatetags.components import tag
from partners.domain.capacities import capacity_words

NOT_LOADED = "Not loaded"
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class Table:
    """A part of a year, ready for a data table. `empty` is what stands there without rows."""

    part: str
    title: str
    columns: list[Column]
    rows: list[list[Any]]
    empty: str


def state(year: PolicyYear) -> SafeString:
    """Loaded, without a layout, or not loaded, as a tag."""
    if not year.loaded:
        return tag(NOT_LOADED, tone="attention")
    return tag("Loaded", tone="good") if year.template_id else tag("No layout", tone="attention")


def checked(row: Mapping[str, Any]) -> SafeString | str:
    """Whether it was compared with a document, as a tag where it was not."""
    return "Checked" if row.get("checked") else tag("Not checked", tone="attention")


def tables(content: Mapping[str, Any], layout: Mapping[str, Any] | None) -> list[Table]:
    """Every part of a year."""
    return [table(part, content, layout) for part in policy_drafts.PARTS]


def table(
    part: str, content: Mapping[str, Any], layout: Mapping[str, Any] | None, *, links: Sequence[str] = ()
) -> Table:
    """One part; `links` are the addresses at which each row is changed."""
    key, title, _ = policy_drafts.PARTS[part]
    columns, shown = _COLUMNS[part]
    if part == "fields":
        rows = [_field(row) for row in policy_drafts.fields(dict(layout))] if layout else []
    elif part == "tabs":
        rows = list(layout["tabs"]) if layout else []
    else:
        rows = content.get(key, [])
    made = [[*shown(row), checked(row)] for row in rows]
    if links:
        made = [[_link(link, row[0]), *row[1:]] for link, row in zip(links, made, strict=True)]
    heads = [Column(columns[0], header=True), *(Column(column) for column in columns[1:]), Column("State")]
    return Table(part, title, heads, made, f"{title}: {NOT_LOADED.lower()}.")


def marks(content: Mapping[str, Any], layout: Mapping[str, Any] | None) -> str:
    """How much of a year was compared with a document."""
    rows = [row for part in policy_drafts.PARTS for row in policy_drafts.rows(dict(content), _plain(layout), part)]
    number = sum(1 for row in rows if row.get("checked"))
    return f"{number} of {len(rows)} checked" if rows else NOT_LOADED


def differences(changes: Iterable[Change]) -> tuple[list[Column], list[list[str]]]:
    """Differences as a table: where, what, and from what to what."""
    columns = [Column("Part"), Column("What", header=True), Column("Change"), Column("From"), Column("To")]
    rows = [
        [
            change.part,
            change.name or "The year itself",
            f"{change.field} changed" if change.field else change.kind.capitalize(),
            change.before,
            change.after,
        ]
        for change in changes
    ]
    return columns, rows


def counted(changes: Sequence[Change]) -> str:
    """How many differences there are, in words."""
    return f"{len(changes)} {'difference' if len(changes) == 1 else 'differences'}" if changes else "No difference"


def _plain(layout: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(layout) if layout else None


def _link(address: str, words: Any) -> SafeString:
    return format_html('<a class="govuk-link" href="{}">{}</a>', address, words)


def _stream(row: Mapping[str, Any]) -> list[Any]:
    kinds = (("capital", "capital"), ("ring_fenced", "ring-fenced"), ("must_pool", "must be pooled"))
    said = ", ".join(words for key, words in kinds if row[key]) or "No rule"
    millions = row["england_millions"]
    return [row["name"], f"{row['payer']} to {row['payee']}", said, NOT_KNOWN if millions is None else millions]


def _condition(row: Mapping[str, Any]) -> list[Any]:
    return [f"{row['number']}. {row['name']}", row["text"]]


def _metric(row: Mapping[str, Any]) -> list[Any]:
    made_of = f"{row['numerator']} / {row['denominator']}" if row["numerator"] else NOT_KNOWN
    judged = f"{BETTER[row['better']]}; {BASES[row['basis']]}"
    return [f"{row['name']} ({row['code']})", made_of, row["unit"], judged, row["frequency"], row["source"]]


def _ancestor(row: Mapping[str, Any]) -> list[Any]:
    joined = f"Joined: times {row['factor']}" if row["factor"] else "Breaks"
    return [row["code"], f"{row['former']} of {row['former_year']}", KINDS[Kind(row["kind"])], joined, row["reason"]]


def _signatory(row: Mapping[str, Any]) -> list[Any]:
    held_by = ", ".join(capacity_words(held) for held in row["held_by"])
    vouches = ", ".join(row.get("sheets", ())) or "The whole return"
    return [row["name"], OF[Of(row["of"])], held_by, "Yes" if row["delegable"] else "No", vouches]


def _period(row: Mapping[str, Any]) -> list[Any]:
    due = words_of(row["due_on"]) if row["due_on"] else NOT_KNOWN
    due = f"{due}, {row['due_by']}" if row["due_by"] else due
    return [
        f"Quarter {row['quarter']}",
        "Yes" if row["national_return"] else "No",
        due if row["national_return"] else "Not due",
        row["note"],
    ]


def _planning(row: Mapping[str, Any]) -> list[Any]:
    return [row["name"], words_of(row["day"])]


def _tab(row: Mapping[str, Any]) -> list[Any]:
    return [row["title"], len(row["fields"]), row["help"]]


def _field(place: Mapping[str, Any]) -> dict[str, Any]:
    """A field or column as a row of its own."""
    table = place["table"]["label"] if place["table"] else ""
    return {**place["field"], "tab_title": place["tab"]["title"], "table_label": table}


def _field_row(row: Mapping[str, Any]) -> list[Any]:
    needed = row.get("required", "")
    required = {"always": "Always", "never": "Never", "": "By its columns"}
    asked = required[needed] if isinstance(needed, str) else "By a rule"
    return [row["label"], row["tab_title"], row["table_label"], row["type"].replace("_", " "), asked]


_COLUMNS: dict[str, tuple[list[str], Any]] = {
    "streams": (["Stream", "Paid by, and to", "What holds for it", "England, £ million"], _stream),
    "conditions": (["Condition", "What it asks"], _condition),
    "metrics": (
        ["Metric", "Numerator / denominator", "Unit", "Better when; compared with", "How often", "Source"],
        _metric,
    ),
    "lineage": (["Metric", "Came from", "What happened", "Its series", "Why"], _ancestor),
    "signatories": (["Signatory", "Signs for", "Held by", "Can be delegated", "Vouches for"], _signatory),
    "periods": (["Quarter", "National return", "Due on", "Note"], _period),
    "planning": (["What", "Day"], _planning),
    "tabs": (["Tab", "Fields", "Help"], _tab),
    "fields": (["Field", "Tab", "Table", "Type", "Must be answered"], _field_row),
}
