"""Files that were loaded into a return, for the people of the partner that uploaded them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from bcf_metrics.domain.round_trip import WRONG, Change, Refused
from bcf_metrics.models import QuarterlyReturn, ReturnAnswer
from integration_hub.core.models import StagedImport
from partners.models import Organisation, User

RETURN = "bcf_metrics.return"
KINDS = (RETURN,)


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
        StagedImport.objects.filter(kind__in=KINDS, owner_id__in=partners)
        .defer("content")
        .order_by("-uploaded_at", "pk")
    )


def of_return(quarterly_return: QuarterlyReturn, user: User, *, kind: str) -> QuerySet[StagedImport]:
    """The uploads for one return."""
    return loads(user).filter(target_id=str(quarterly_return.pk), kind=kind)


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
