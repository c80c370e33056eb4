"""Files that were loaded into a return, for the people of the partner that uploaded them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import Http404

from bcf_metrics.domain.round_trip import WRONG, Change, Refused
from bcf_metrics.models import QuarterlyReturn, ReturnAnswer
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.returns import Standing
from integration_hub.core.models import StagedImport
from partners.models import Organisation, User
from partners.permissions import Permission

RETURN, FIGURES = "bcf_metrics.return", "bcf_metrics.figures"
# What somebody needs who loads a file of each kind.
PERMISSIONS = {RETURN: Permission.RETURN_PREPARE, FIGURES: Permission.FIGURE_RECORD}


@dataclass(frozen=True)
class Preview:
    """A staged file ready for its page: what it would change, and what of it is not taken."""

    staged: StagedImport
    changes: tuple[Change, ...]
    wrong: tuple[Refused, ...]
    left: tuple[Refused, ...]

    @property
    def is_open(self) -> bool:
        return self.staged.status in (StagedImport.STAGED, StagedImport.REFUSED)

    @property
    def is_ready(self) -> bool:
        """Whether it can be confirmed as it is."""
        return self.staged.status == StagedImport.STAGED and bool(self.changes)

    @property
    def is_confirmed(self) -> bool:
        return self.staged.status == StagedImport.CONFIRMED


def loads(user: User) -> QuerySet[StagedImport]:
    """What the person's partners uploaded, newest first, without the bytes of their files."""
    # Ids are text in core.
    partners = Organisation.objects.acted_for_by(user).values(as_text=Cast("pk", TextField()))
    return (
        StagedImport.objects.filter(kind__in=list(PERMISSIONS), owner_id__in=partners)
        .defer("content")
        .order_by("-uploaded_at", "pk")
    )


def of_return(quarterly_return: QuarterlyReturn, user: User, *, kind: str = "") -> QuerySet[StagedImport]:
    """The uploads for one return, of one kind or of all."""
    found = loads(user).filter(target_id=str(quarterly_return.pk))
    return found.filter(kind=kind) if kind else found


def target_of(import_id: UUID, by: User, *, kind: str = "") -> str:
    """The id of the return that an upload is for; Http404 where the person may not know of it, or of another kind."""
    found = loads(by).filter(pk=import_id).values_list("target_id", "kind").first()
    if found is None or (kind and found[1] != kind):
        raise Http404("There is no such file.")
    return found[0]


def held(import_id: UUID, by: User, *, kind: str = "") -> tuple[StagedImport, Standing]:
    """The upload and its return, both locked, the return first; Http404 where the person may not know."""
    standing = returns.locked(by, target_of(import_id, by, kind=kind))
    return loads(by).select_for_update(of=("self",)).get(pk=import_id), standing


def preview(staged: StagedImport) -> Preview:
    """What is kept of an upload, in shape for its page. No query."""
    refused = [Refused(**row) for row in staged.problems]
    return Preview(
        staged=staged,
        changes=tuple(Change(**row) for row in staged.changes),
        wrong=tuple(row for row in refused if row.kind == WRONG),
        left=tuple(row for row in refused if row.kind != WRONG),
    )


def writers(quarterly_return: QuarterlyReturn, keys: Iterable[str]) -> Mapping[str, tuple[str, datetime]]:
    """Who gave each of these answers as it stands, and when. One query, none for no key."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows: Any = ReturnAnswer.objects.filter(quarterly_return=quarterly_return, field__in=wanted)
    return {row.field: (str(row.entered_by), row.entered_at) for row in rows.select_related("entered_by")}
