"""A return given out as open data, with a line in the audit log."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from bcf_metrics.domain import content as contents
from bcf_metrics.presenters import open_data
from bcf_metrics.presenters.open_data import File
from bcf_metrics.selectors import returns
from bcf_metrics.selectors.shown import shown
from integration_hub.core import audit
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission


@service
def export(*, return_id: UUID, kind: str, by: User, at: datetime, number: int | None = None) -> File:
    """One of the files of open_data.FILES: of the version in force, else of the draft; `number` asks for a version."""
    held = returns.get(by, return_id)
    partner = permissions.acting_for(by, Permission.RETURN_EXPORT, among=held.readers)
    found = shown(held, by, on=timezone.localdate(at), number=number)
    made = open_data.FILES[kind](found.template, found.content)
    audit.record(
        "return.exported",
        target=held.quarterly_return,
        by=by,
        at=at,
        partner=partner,
        after={
            "file": made.filename,
            "version": found.version.number if found.version else None,
            "sha256": contents.digest(found.content),
        },
    )
    return made
