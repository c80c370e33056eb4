"""Five wrong passwords lock an account for a quarter of an hour: the account, never the address it came from. Five
wrong codes or keys lock its second factor in the same way, counted by themselves: who gets as far knows the password.

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
from partners.models import User

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)


class LockedOut(HubError):
    """Too many wrong passwords; `seconds` until the next try is looked at."""

    code = "locked_out"
    http_status = 429
    words = (
        "Too many wrong passwords for this e-mail address, so signing in with it is closed for {}. "
        "Wait, then try again, or ask for a new password, which opens it at once. Other accounts are not affected."
    )

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        minutes = max(1, -(-seconds // 60))
        super().__init__(self.words.format(f"{minutes} more minute{'' if minutes == 1 else 's'}"))


class SecondFactorLockedOut(LockedOut):
    """Too many wrong codes or keys."""

    words = (
        "Too many wrong codes or keys for this account, so its second factor is closed for {}. "
        "Wait, then try again. Other accounts are not affected."
    )


@dataclass(frozen=True)
class Try:
    """One look at a password or second factor, in one of the five places under a key."""

    key: str


def begin(email: str) -> Try:
    """Take a place for one look at a password. Raises LockedOut, for the right password too."""
    return _begin(_key(email), LockedOut)


def begin_second_factor(person: User) -> Try:
    """Take a place for one look at a code or key. Raises SecondFactorLockedOut, for the right one too."""
    return _begin(f"second-factor:{person.pk}", SecondFactorLockedOut)


def _begin(key: str, refusal: type[LockedOut]) -> Try:
    until = cache.get(_lock(key))
    if until is not None:
        raise refusal(max(1, int(until - time.time())))
    for place in _places(key):
        if cache.add(place, 1, timeout=_seconds()):
            return Try(key)
    raise refusal(_seconds())


def failed(tried: Try) -> bool:
    """It was wrong: the place stays taken. True when that was one too many."""
    if any(cache.get(place) is None for place in _places(tried.key)):
        return False
    return cache.add(_lock(tried.key), time.time() + _seconds(), timeout=_seconds())


def succeeded(tried: Try) -> None:
    """It was right: what was counted is forgotten."""
    _free(tried.key)


def lift(email: str) -> None:
    """Open the account again, after a new password was set by a link that only its owner had."""
    _free(_key(email))
    cache.delete(_lock(_key(email)))


def _free(key: str) -> None:
    for place in _places(key):
        cache.delete(place)


def _seconds() -> int:
    return int(LOCKED_FOR.total_seconds())


def _key(email: str) -> str:
    # Hashed: a cache key may hold neither spaces nor everything that people type, and should name nobody.
    return f"sign-in:{hashlib.sha256(email.strip().lower().encode()).hexdigest()}"


def _places(key: str) -> list[str]:
    return [f"{key}:{number}" for number in range(FAILURES_ALLOWED)]


def _lock(key: str) -> str:
    return f"{key}:locked"
