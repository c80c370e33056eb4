"""What a return that was begun would lose by another layout or another policy: answers that would have no place."""

from collections.abc import Iterator, Mapping
from typing import Any

from bcf_metrics.domain.policy_content import Plain
from bcf_metrics.domain.policy_drafts import fields

CONDITIONS = "conditions"


def lost(given: Mapping[str, str], before: Plain, after: Plain, *, conditions: set[str]) -> list[str]:
    """The labels of the answers that have no place any more, in the order of the layout that they were given in.

    `given` has the answers by key, "narrative" or "conditions.2.answer"; `conditions` the numbers that the policy has.
    """
    was, now = places(before), places(after)
    found = {}
    for key, answer in given.items():
        place, number = _place(key)
        if not answer.strip() or place not in was:
            continue
        (label, kind), stays = was[place], now.get(place)
        if number and place.startswith(f"{CONDITIONS}.") and number not in conditions:
            found[key] = f"{label} of condition {number}"
        elif stays is None or stays[1] != kind:
            found[key] = label
    order = list(was)
    return list(dict.fromkeys(found[key] for key in sorted(found, key=lambda key: (order.index(_place(key)[0]), key))))


def places(layout: Plain) -> dict[str, tuple[str, str]]:
    """Where an answer can stand, with its label and type: "narrative", "conditions.answer"."""
    return dict(_places(layout))


def empty_tabs(layout: Plain | None) -> list[str]:
    """The titles of the tabs that ask nothing."""
    return [tab["title"] for tab in (layout or {}).get("tabs", []) if tab["kind"] != "checklist" and not tab["fields"]]


def unknown_sheets(content: Plain, layout: Plain | None) -> list[str]:
    """The signatories that vouch for a tab which the layout does not have, each with it."""
    if layout is None:
        return []
    known = {tab["code"] for tab in layout["tabs"]}
    return [
        f"{row['name']} vouches for {sheet}"
        for row in content.get("signatories", [])
        for sheet in row.get("sheets", [])
        if sheet not in known
    ]


def _places(layout: Plain) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in fields(layout):
        table: dict[str, Any] | None = row["table"]
        field = row["field"]
        if "columns" in field:
            continue
        yield (f"{table['rows']}.{field['code']}" if table else field["code"]), (field["label"], field["type"])


def _place(key: str) -> tuple[str, str]:
    """The place of a key, and the row that it is in, where it is in a table."""
    parts = key.split(".")
    return (f"{parts[0]}.{parts[-1]}", parts[1]) if len(parts) == 3 else (key, "")
