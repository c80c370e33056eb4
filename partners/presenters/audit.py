"""Audit lines in words, for the page that auditors read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integration_hub.core.models import AuditEvent


@dataclass(frozen=True)
class Change:
    """One field of a line: what stood there before, and after."""

    field: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """`draft → released`; a side that the line does not name is left out."""
        if self.after is None:
            return f"was {self.before}"
        return self.after if self.before is None else f"{self.before} → {self.after}"


@dataclass(frozen=True)
class Line:
    """One audit line as the page prints it."""

    at: datetime
    what: str
    target: str
    who: str
    changes: list[Change]
    reason: str
    request_id: str


def lines(events: Iterable[AuditEvent]) -> list[Line]:
    """The lines of one page, in the order given."""
    return [
        Line(
            at=event.at,
            what=kind_words(event.kind),
            target=event.target_name,
            who=event.actor_name or f"the system ({event.system})",
            changes=changes(event.before, event.after),
            reason=event.reason,
            request_id=event.request_id,
        )
        for event in events
    ]


def kind_words(kind: str) -> str:
    """`fund.released` as "Fund: released"."""
    noun, _, past = kind.partition(".")
    return f"{_spaced(noun).capitalize()}: {_spaced(past)}" if past else _spaced(kind).capitalize()


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Each field that the line names, in the order of its names."""
    return [Change(_spaced(name), _value(before, name), _value(after, name)) for name in sorted({*before, *after})]


def _value(values: dict[str, Any], name: str) -> str | None:
    if name not in values:
        return None
    value = values[name]
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(plain, value)) or "nothing"
    return plain(value) or "nothing"


def plain(value: Any) -> str:
    """One item of a list, or a value by itself; what lies deeper stands in brackets."""
    if isinstance(value, dict):
        return ", ".join(f"{_spaced(str(key))} {plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return f"({'; '.join(map(plain, value))})"
    return "nothing" if value is None else str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
