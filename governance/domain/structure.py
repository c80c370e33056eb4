"""The structure of boards as an outline: who accounts to whom, from any board downwards. A graph, so loops are cut."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Outline(Generic[Item]):
    """One board with those that account to it. A board with two parents stands under both."""

    item: Item
    children: list["Outline[Item]"] = field(default_factory=list)


def outline(root: Key, items: Mapping[Key, Item], links: Iterable[tuple[Key, Key]]) -> Outline[Item]:
    """The outline below `root`; `links` are (parent, child) pairs, in the order in which children are shown.

    Links to boards that are not among `items` (the reader may not know of them) are left out.
    """
    children: dict[Key, list[Key]] = {}
    for parent, child in links:
        if parent in items and child in items:
            children.setdefault(parent, []).append(child)
    return _below(root, items, children, above=frozenset())


def tops(items: Mapping[Key, Item], links: Iterable[tuple[Key, Key]]) -> list[Key]:
    """The boards that account to none of the others, in the order of `items`; of a pure loop, its first board."""
    pairs = [(parent, child) for parent, child in links if parent in items and child in items]
    accountable = {child for _, child in pairs}
    found = [key for key in items if key not in accountable]
    reached = set(found)
    _spread(reached, pairs)
    for key in items:
        if key not in reached:
            found.append(key)
            reached.add(key)
            _spread(reached, pairs)
    return found


def _spread(reached: set[Key], pairs: list[tuple[Key, Key]]) -> None:
    before = -1
    while len(reached) != before:
        before = len(reached)
        reached.update(child for parent, child in pairs if parent in reached)


def _below(
    key: Key, items: Mapping[Key, Item], children: Mapping[Key, list[Key]], *, above: frozenset[Key]
) -> Outline[Item]:
    path = above | {key}
    below = [_below(child, items, children, above=path) for child in children.get(key, []) if child not in path]
    return Outline(items[key], below)
