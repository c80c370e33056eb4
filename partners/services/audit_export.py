"""The audit log of a partner taken away as a file, which is itself an act that the log tells of."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from integration_hub.core import audit as log
from integration_hub.core.models import AuditEvent
from integration_hub.core.services import service
from partners import permissions
from partners.models import User
from partners.permissions import Permission
from partners.selectors import audit, directory


@service
def export(
    *, organisation_id: UUID | str, wanted: Mapping[str, object], by: User, at: datetime
) -> QuerySet[AuditEvent]:
    """The lines that the filters leave, newest first, to be read one by one; the export stands in the log before it."""
    organisation = get_object_or_404(directory.visible_to(by), pk=organisation_id)
    permissions.require(by, Permission.AUDIT_READ, organisation=organisation)
    lines = audit.of_partner(organisation, **wanted)  # type: ignore[arg-type]  # the form's own fields
    log.record(
        "audit.exported",
        target=organisation,
        partner=organisation,
        by=by,
        at=at,
        after={"lines": lines.count(), **{name: value for name, value in wanted.items() if value}},
    )
    return lines
