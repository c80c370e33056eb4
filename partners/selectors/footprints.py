"""Footprints as a tree on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch

from partners.domain.footprints import Branch, branch, tops
from partners.models import Footprint, FootprintArea, FootprintLink, User
from partners.selectors import directory


@dataclass(frozen=True)
class Place:
    """A footprint with the areas that it covers on the day."""

    footprint: Footprint
    areas: list[FootprintArea]


@dataclass(frozen=True)
class Forest:
    """The footprints of a day: the keys of those that lie in no other, widest kinds first, and what lies in each."""

    roots: list[UUID]
    names: dict[UUID, str]
    children: dict[UUID, list[UUID]]


def on_day(user: User, on: date) -> Forest:
    """Every footprint that there is on a day, by name alone, and where each lies then. A constant number of queries."""
    if not directory.may_read(user):
        return Forest([], {}, {})
    names = dict(Footprint.objects.on(on).order_by("name", "pk").values_list("pk", "name"))
    parents = {
        child: parent
        for child, parent in FootprintLink.objects.on(on).values_list("child_id", "parent_id")
        if child in names and parent in names
    }
    children: dict[UUID, list[UUID]] = {}
    for key in names:
        if key in parents:
            children.setdefault(parents[key], []).append(key)
    # A tree is looked for before a footprint that stands alone.
    roots = sorted(tops(names, parents), key=lambda key: (key not in children, names[key]))
    return Forest(roots, names, children)


def trees(forest: Forest, roots: Sequence[UUID], on: date) -> list[Branch[Place]]:
    """Some roots of a forest, each with all that lies in it and the areas covered on the day. Two queries."""
    wanted, waiting = set(roots), list(roots)
    while waiting:
        below = forest.children.get(waiting.pop(), [])
        wanted.update(below)
        waiting += below
    covered = FootprintArea.objects.on(on).select_related("area").order_by("area__name", "pk")
    rows = Footprint.objects.filter(pk__in=wanted).select_related("body")
    places = {
        row.pk: Place(row, list(row.area_links.all())) for row in rows.prefetch_related(Prefetch("area_links", covered))
    }
    return [branch(root, places, forest.children) for root in roots]
