"""The kinds of object that have a page: how each may be seen, and where its history is kept.

Each app registers its own in AppConfig.ready(). "Why can I see this?" and the timelines read them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from partners.models import Organisation, User, Ways, either

Scope = Callable[[User], Q]
FORMER = "former"  # the way of those whose partner has left by its ending


def everything(user: User) -> Q:
    """Versions that hold nothing of one partner alone: whoever sees the object sees them."""
    return Q(pgh_id__isnull=False)


def owned_versions(user: User) -> Q:
    """Versions of the reader's own partners, and of others those alone that were released when they stood.

    What a partner had not released yet stays its own for ever, also in the history of a row released later.
    """
    return Q(owner__in=Organisation.objects.acted_for_by(user)) | Q(released_at__isnull=False)


def events_of(model: type[models.Model]) -> type[models.Model]:
    """The table in which the database keeps every version of the model's rows."""
    events: type[models.Model] = model.pgh_event_model  # type: ignore[attr-defined]  # set by pghistory.track
    return events


@dataclass(frozen=True)
class Part:
    """Rows whose history belongs to an object: the object itself, or what it is made of.

    `of` says which versions are the object's, `scope` which of them a reader may see; `label` is an expression for the
    words that tell one row from its neighbours.
    """

    events: type[models.Model]
    noun: str
    of: Callable[[Any], Q]
    scope: Scope = owned_versions
    label: Any = None


@dataclass(frozen=True)
class Kind:
    """A kind of object. `ways` are the very conditions that its `visible_to` joins; `rules` puts each into words.

    A rule's key is a way, or "way by seat" where a seat on a board leads to other words.
    """

    slug: str
    noun: str
    model: type[models.Model]
    ways: Callable[[User], Ways]
    rules: Mapping[str, str]
    address: Callable[[Any], str]
    parts: Sequence[Part]
    # For a kind with the way FORMER: the moment (a queryset of one row and column) after which a reader whom that way
    # alone lets in sees no version any more.
    until: Callable[[User, Any], QuerySet[Any, Any]] | None = None
    # Which audit lines beside its own tell what was done to rows of the object that never change and have no versions:
    # those of rows alone that the reader may see. Of other partners' the act and the partner are told.
    deeds: Callable[[User, Any], Q] | None = None
    # Whether the audit lines are for those alone who may read the partner's audit log.
    needs_audit_right: bool = False

    def versions_seen(self, user: User, found: Any, *, at: str = "pgh_created_at") -> Q:
        """Of the versions of an object that the person may know of, those that stood while they were let in; the same
        of audit lines by their moment `at`."""
        if self.until is None:
            return Q()
        lasting = either({way: q for way, q in self.ways(user).items() if way != FORMER})
        lets_in = Exists(self.model._default_manager.filter(lasting, pk=found.pk))
        return Q(lets_in) | Q(**{f"{at}__lt": Subquery(self.until(user, found))})

    def get(self, user: User, pk: object) -> models.Model:
        """One object that the person may know of; Http404 for any other."""
        return get_object_or_404(self.model._default_manager.filter(either(self.ways(user))), pk=pk)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; adding it again changes nothing."""
    _kinds[kind.slug] = kind


def named(slug: str) -> Kind:
    """The kind of an address; Http404 for any other word."""
    if slug not in _kinds:
        raise Http404("There is no such kind.")
    return _kinds[slug]


def every() -> list[Kind]:
    """All kinds, in the order of registration."""
    return list(_kinds.values())
