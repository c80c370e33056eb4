"""The session engine: Django's sessions in PostgreSQL, which end without use and at the end of a working day.

Whoever is signed in has `STARTED` and `USED` in their session, in seconds since 1970. Only what a person does moves
`USED` (partners.middleware.ActivityMiddleware); a page that asks by itself how a report is getting on does not.
"""

import time
import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

STARTED, USED, ADDRESS, DEVICE = "_hub_started", "_hub_used", "_hub_address", "_hub_device"
HANDLE = "_hub_handle"


class SessionStore(DatabaseStore):
    """Django's store with two limits: so long without use, and so long altogether."""

    @classmethod
    def get_model_class(cls) -> Any:
        from partners.models import Session

        return Session

    def get_session_cookie_age(self) -> int:
        """Seconds until the session ends by itself, as the row will say."""
        return max(0, self.seconds_left)

    @property
    def seconds_left(self) -> int:
        """Seconds until the session ends if nobody does anything; before sign-in a full idle time."""
        now = time.time()
        idle_end = float(self.get(USED, now)) + settings.SESSION_IDLE.total_seconds()
        return int(min(idle_end, self._last_end(now)) - now)

    @property
    def seconds_at_most(self) -> int:
        """Seconds until the session ends whatever is done."""
        now = time.time()
        return int(self._last_end(now) - now)

    def _last_end(self, now: float) -> float:
        return float(self.get(STARTED, now)) + settings.SESSION_AT_MOST.total_seconds()

    @property
    def limits_words(self) -> str:
        """The two limits, for a page."""
        idle, most = settings.SESSION_IDLE, settings.SESSION_AT_MOST
        hours = int(most.total_seconds() // 3600)
        minutes = int(idle.total_seconds() // 60)
        return (
            f"{minutes} minute{'s' if minutes != 1 else ''} without opening or saving anything, "
            f"and {hours} hour{'s' if hours != 1 else ''} after sign-in"
        )

    def start(self, *, address: str | None, device: str) -> None:
        """Begin both limits anew: somebody has just signed in."""
        self[STARTED] = time.time()
        self.use(address=address, device=device)

    def use(self, *, address: str | None, device: str) -> None:
        """The person did something now."""
        self[USED] = time.time()
        self[ADDRESS], self[DEVICE] = address, device[:300]

    def save(self, must_create: bool = False) -> None:
        if self.session_key is not None:
            data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
            # However somebody was signed in, no session is without limits.
            if SESSION_KEY in data and STARTED not in data:
                data[STARTED] = data[USED] = time.time()
            # A new key is another row, for a moment beside the old one.
            if must_create or HANDLE not in data:
                data[HANDLE] = str(uuid.uuid4())
        super().save(must_create=must_create)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with the columns by which its person finds it."""
        row: Any = super().create_model_instance(data)
        row.handle = data[HANDLE]
        if SESSION_KEY in data:
            row.person_id = data[SESSION_KEY]
            row.started_at, row.used_at = _moment(data.get(STARTED)), _moment(data.get(USED))
            row.address, row.device = data.get(ADDRESS), data.get(DEVICE, "")
        return row


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
