"""The only writer of audit lines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import pghistory
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from integration_hub.core.models import AuditEvent
from integration_hub.core.requests import request_id


class Named(Protocol):
    """A person or partner as the audit log knows them: an id and a name."""

    pk: Any

    def __str__(self) -> str: ...


class OutsideTransaction(RuntimeError):
    """An audit line belongs to the change it tells of: both are kept or neither."""


def record(
    kind: str,
    *,
    target: models.Model,
    at: datetime,
    by: Named | None = None,
    partner: Named | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    system: str = "",
) -> AuditEvent:
    """Write one line, in the transaction of the change. `kind` is noun.past, such as "fund.released"."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    with pghistory.context() as context:
        event = AuditEvent(
            kind=kind,
            at=at,
            actor_id=str(by.pk) if by else "",
            actor_name=_actor_name(by, partner) if by else "",
            system="" if by else (system or "system"),
            partner_id=str(partner.pk) if partner else "",
            partner_name=str(partner) if partner else "",
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            target_name=str(target)[:300],
            before=_plain(before),
            after=_plain(after),
            reason=reason,
            request_id=request_id(),
            context_id=context.id,
        )
        event.save(force_insert=True)
    return event


def _actor_name(by: Named, partner: Named | None) -> str:
    """The person's name, or "N for M" where they did it as the deputy of somebody (partners' people know)."""
    named = getattr(by, "acting_name", None)
    return str(named(partner) if named else by)[:200]


def _plain(values: Mapping[str, object] | None) -> dict[str, object]:
    encoder = DjangoJSONEncoder()
    simple = (str, int, bool, type(None), list, dict)
    return {
        key: value if isinstance(value, simple) else encoder.default(value) for key, value in (values or {}).items()
    }
