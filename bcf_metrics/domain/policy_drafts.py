"""A working copy of a year's policy: how it begins from another year, and its rows one by one."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from bcf_metrics.domain import policy_content
from bcf_metrics.domain.policy_content import Plain

# The parts that a person works on, each on its own page, with the words for one row.
PARTS = {
    "streams": ("funding_streams", "Funding streams", "funding stream"),
    "conditions": ("national_conditions", "National conditions", "condition"),
    "metrics": ("metrics", "Metrics", "metric"),
    "lineage": ("lineage", "Where metrics come from", "metric that came from another"),
    "signatories": ("signatories", "Signatories", "signatory"),
    "periods": ("reporting_periods", "Reporting periods", "reporting period"),
    "planning": ("planning", "Planning dates", "planning date"),
    "tabs": ("tabs", "Tabs of the return", "tab"),
    "fields": ("fields", "Fields of the return", "field"),
}
LAYOUT_PARTS = ("tabs", "fields")


def cloned(source: Plain, target: Plain) -> Plain:
    """The content of one year as another begins with it.

    What another year's documents say is no fact of this one: amounts and dates go, and nothing is checked.
    """
    begun = policy_content.empty(target) | {"kind": source["kind"]}
    for part in ("funding_streams", "national_conditions", "metrics", "reporting_periods", "signatories"):
        begun[part] = [{**row, "checked": False} for row in deepcopy(source.get(part, []))]
    for stream in begun["funding_streams"]:
        stream["england_millions"] = None
    for period in begun["reporting_periods"]:
        period |= {"due_on": None, "due_by": "", "note": "The date is not known yet. Enter it before publishing."}
    return begun


def cloned_layout(source: Plain, *, code: str, label: str, of: str) -> Plain:
    """A layout as another year begins with it, under a code of its own; nothing in it is checked."""
    layout = deepcopy(source)
    layout |= {
        "code": code,
        "title": f"Better Care Fund quarterly return, layout of {label}",
        "note": f"Begun from the layout of {of}. Not compared with a national document.",
    }
    for tab in layout["tabs"]:
        tab["checked"] = False
    for row in fields(layout):
        row["field"]["checked"] = False
    return layout


def fields(layout: Plain) -> list[dict[str, Any]]:
    """Each field and column of a layout with where it stands, in the order of the sheets."""
    found = []
    for tab in layout["tabs"]:
        for item in tab["fields"]:
            found.append({"tab": tab, "table": None, "field": item})
            found += [{"tab": tab, "table": item, "field": column} for column in item.get("columns", [])]
    return found


def rows(content: Plain, layout: Plain | None, part: str) -> list[dict[str, Any]]:
    """The rows of a part, those that a change writes to."""
    if part == "tabs":
        return list(layout["tabs"]) if layout else []
    if part == "fields":
        return [row["field"] for row in fields(layout)] if layout else []
    found: list[dict[str, Any]] = content.get(PARTS[part][0], [])
    return found


def put(content: Plain, layout: Plain | None, part: str, index: int | None, values: Mapping[str, Any]) -> None:
    """Write what was typed to a row, or to a new one at the end. `tab` in a new field's values says on which sheet."""
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}
    if index is not None:
        row = rows(content, layout, part)[index]
        row.update({key: value for key, value in plain.items() if value is not None or key in row})
        for key in [key for key, value in row.items() if value is None and part in LAYOUT_PARTS]:
            del row[key]
    elif part == "fields" and layout is not None:
        wanted = plain.pop("tab")
        tab = next(tab for tab in layout["tabs"] if tab["code"] == wanted)
        tab["fields"].append({key: value for key, value in plain.items() if value is not None})
    elif part == "tabs" and layout is not None:
        layout["tabs"].append(plain)
    else:
        # Lists that a year need not have are begun with their first row.
        listed: list[dict[str, Any]] = content.setdefault(PARTS[part][0], [])
        listed.append(plain)


def remove(content: Plain, layout: Plain | None, part: str, index: int) -> None:
    """Take a row out."""
    if part == "fields" and layout is not None:
        place = fields(layout)[index]
        holder = place["table"]["columns"] if place["table"] else place["tab"]["fields"]
        holder[:] = [item for item in holder if item is not place["field"]]
    elif part == "tabs" and layout is not None:
        del layout["tabs"][index]
    else:
        del rows(content, layout, part)[index]
