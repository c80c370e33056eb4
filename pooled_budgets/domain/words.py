"""Moments and lists in words, the same on every page and in every refusal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from integration_hub.core import emptyfigures

LONDON: Final = ZoneInfo("Europe/London")


def moment(at: datetime) -> str:
    """When something was done: "14 July 2014 at 13:05", in London's time."""
    local = at.astimezone(LONDON)
    return f"{emptyfigures.day(local.date())} at {local:%H:%M}"


def listed(items: Sequence[str]) -> str:
    """ "1", "1 and 2", "1, 2 and 3"."""
    return items[0] if len(items) == 1 else " and ".join([", ".join(items[:-1]), items[-1]] if items else [])


def schemes(numbers: Sequence[str]) -> str:
    """ "scheme 11" or "schemes 7 and 11"."""
    return f"{'scheme' if len(numbers) == 1 else 'schemes'} {listed(numbers)}"


def count(number: int, one: str, many: str) -> str:
    """ "1 scheme", "7 schemes"."""
    return f"{number} {one if number == 1 else many}"
