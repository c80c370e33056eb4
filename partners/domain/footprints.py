"""Footprints: the geographies in which health and care is planned, from the widest to the narrowest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

KINDS: Final[dict[str, str]] = {
    "nation": "Nation",
    "region": "Region",
    "ics": "Integrated care system",
    "stp": "Sustainability and transformation partnership",
    "local_system": "Local system",
    "area": "Area of a Health and Wellbeing Board",
    "locality": "Locality",
    "pcn": "Primary care network",
}
# Those for which somebody can be given the view of how far the returns of all areas are.
OVERSEEN: Final = ("nation", "region")
# How wide a kind is; a footprint lies in a wider one only.
_RANK: Final = {"nation": -2, "region": -1, "ics": 0, "stp": 0, "local_system": 1, "area": 2, "locality": 3, "pcn": 4}

Item = TypeVar("Item")


@dataclass(frozen=True)
class Branch(Generic[Item]):
    """A footprint with all that lies in it."""

    item: Item
    below: "list[Branch[Item]]"


def is_wider(parent: str, child: str) -> bool:
    """Whether a footprint of the kind `parent` can hold one of the kind `child`."""
    return _RANK[parent] < _RANK[child]


def wider_than(child: str | None) -> list[str]:
    """The kinds that can hold a footprint of a kind; of no kind in particular: those that can hold any."""
    return [kind for kind in KINDS if any(is_wider(kind, held) for held in ([child] if child else KINDS))]


def tops(items: Collection[UUID], parents: Mapping[UUID, UUID]) -> list[UUID]:
    """Those that lie in none of the others, in the order given."""
    known = set(items)
    return [key for key in items if parents.get(key) not in known]


def within(key: UUID, parents: Mapping[UUID, UUID]) -> set[UUID]:
    """A footprint with all that lies in it, however deep."""
    found = {key}
    while lower := {child for child, parent in parents.items() if parent in found} - found:
        found |= lower
    return found


def branch(key: UUID, items: Mapping[UUID, Item], children: Mapping[UUID, list[UUID]]) -> Branch[Item]:
    """A footprint with those below it, in the order of `children`. The links hold no cycle: the database refuses it."""
    return Branch(items[key], [branch(child, items, children) for child in children.get(key, []) if child in items])
