"""Five wrong passwords lock an account for a quarter of an hour: the account, never the address it came from.

A place is taken before the password is looked at, so that a hundred guesses at once are still five. The counting is
the same for an address that has no account, and tells nobody which is which. Counted in Redis, in PostgreSQL while
Redis is away (core.cache).
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache

from integration_hub.core.errors import HubError

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)


class LockedOut(HubError):
    """Too many wrong passwords; `seconds` until the next try is looked at."""

    code = "locked_out"
    http_status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes = max(1, -(-seconds // 60))
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(
            "Too many wrong passwords for this e-mail address, so signing in with it is closed for "
            f"{minutes} more {unit}. Wait, then try again, or ask for a new password, which opens it at once. "
            "Other accounts are not affected."
        )


@dataclass(frozen=True)
class Try:
    """One look at a password, in one of the five places."""

    email: str


def begin(email: str) -> Try:
    """Take a place for one look at a password. Raises LockedOut, for the right password too."""
    until = cache.get(_lock(email))
    if until is not None:
        raise LockedOut(max(1, int(until - time.time())))
    for place in _places(email):
        if cache.add(place, 1, timeout=_seconds()):
            return Try(email)
    raise LockedOut(_seconds())


def failed(tried: Try) -> bool:
    """The password was wrong: the place stays taken. True when that locked the account."""
    if any(cache.get(place) is None for place in _places(tried.email)):
        return False
    return cache.add(_lock(tried.email), time.time() + _seconds(), timeout=_seconds())


def succeeded(tried: Try) -> None:
    """The password was right: what was counted is forgotten."""
    _free(tried.email)


def lift(email: str) -> None:
    """Open the account again, after a new password was set by a link that only its owner had."""
    _free(email)
    cache.delete(_lock(email))


def _free(email: str) -> None:
    for place in _places(email):
        cache.delete(place)


def _seconds() -> int:
    return int(LOCKED_FOR.total_seconds())


def _key(email: str) -> str:
    # Hashed: a cache key may hold neither spaces nor everything that people type, and should name nobody.
    return f"sign-in:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"


def _places(email: str) -> list[str]:
    return [f"{_key(email)}:{number}" for number in range(FAILURES_ALLOWED)]


def _lock(email: str) -> str:
    return f"{_key(email)}:locked"
