"""Three ways to one: what two people made of the same beginning, put together, or the names on which they differ."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

ABSENT: Final = object()


@dataclass(frozen=True)
class Conflict:
    """A name that both changed, each to something else. A side that has no such name is ABSENT."""

    name: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Merged:
    """Values by name, and the names on which nobody can decide but people; those keep what the base had."""

    values: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any], *, keep: Collection[str] = ()
) -> Merged:
    """Put the changes of both sides together; for names in `keep`, mine stand wherever both changed.

    A name that one side added and the other did not touch is there; one that one side took away is gone.
    """
    values: dict[str, Any] = {}
    conflicts = []
    for name in sorted({*base, *theirs, *mine}):
        was, their, my = (side.get(name, ABSENT) for side in (base, theirs, mine))
        if their == my or my == was:
            chosen = their
        elif their == was or name in keep:
            chosen = my
        else:
            conflicts.append(Conflict(name, was, their, my))
            chosen = was
        if chosen is not ABSENT:
            values[name] = chosen
    return Merged(values, tuple(conflicts))
