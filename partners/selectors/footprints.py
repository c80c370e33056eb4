"""Footprints as a tree on a day."""

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
    """The footprints of a day: the keys of those that lie in no other, widest kinds first, and how to draw each."""

    roots: list[UUID]
    places: dict[UUID, Place]
    children: dict[UUID, list[UUID]]

    def tree(self, root: UUID) -> Branch[Place]:
        """A root with all that lies in it."""
        return branch(root, self.places, self.children)


def on_day(user: User, on: date) -> Forest:
    """Every footprint that there is on a day, and where each lies then. A constant number of queries."""
    if not directory.may_read(user):
        return Forest([], {}, {})
    covered = FootprintArea.objects.on(on).select_related("area").order_by("area__name", "pk")
    rows = Footprint.objects.on(on).select_related("body").prefetch_related(Prefetch("area_links", covered))
    known = {row.pk: Place(row, list(row.area_links.all())) for row in rows.order_by("name", "pk")}
    parents = {
        child: parent
        for child, parent in FootprintLink.objects.on(on).values_list("child_id", "parent_id")
        if child in known and parent in known
    }
    children: dict[UUID, list[UUID]] = {}
    for key in known:
        if key in parents:
            children.setdefault(parents[key], []).append(key)
    # A tree is looked for before a footprint that stands alone.
    roots = sorted(tops(known, parents), key=lambda key: (key not in children, known[key].footprint.name))
    return Forest(roots, known, children)
