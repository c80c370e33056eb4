"""What every page knows: where the person can go, whom they act for, and whether this is the demonstration."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

# Label and name of address. An area whose app serves no such page yet is left out.
AREAS = (
    ("My tasks", "home"),
    ("Partners", "partners:directory"),
    ("Boards", "governance:boards"),
    ("Agreements", "agreements:agreements"),
    ("Funds", "pooled_budgets:funds"),
    ("Returns", "bcf_metrics:returns"),
    ("Reports", "reports:reports"),
    ("Programme", "programme:programme"),
)
FOOTER = (
    ("Accessibility statement", "core:accessibility"),
    ("Privacy", "core:privacy"),
    ("What is kept and for how long", "core:retention"),
    ("Licences", "core:licences"),
)


@dataclass(frozen=True)
class NavigationItem:
    """One link of the navigation; `current` on every page below it."""

    label: str
    href: str
    current: bool


def hub(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, footer links, the partners that the person acts for, the demonstration banner."""
    # Lazy, so that the page for a failure does not ask a database that may be the failure.
    return {
        "navigation": SimpleLazyObject(lambda: items(AREAS, request.path) if _signed_in(request) else []),
        "footer_links": items(FOOTER, request.path),
        "acting_for": SimpleLazyObject(lambda: _acting_for(request)),
        "demonstration": settings.DEMO,
        "own_session": SimpleLazyObject(lambda: getattr(request, "session", None) if _signed_in(request) else None),
    }


def _signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def _acting_for(request: HttpRequest) -> str:
    # partners stands above core: its user model says by itself whom the person acts for.
    return getattr(request.user, "acts_for_words", "") if _signed_in(request) else ""


def items(entries: tuple[tuple[str, str], ...], path: str) -> list[NavigationItem]:
    """The entries whose address exists, in order, the one that holds `path` marked as current."""
    found = []
    for label, name in entries:
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        current = path == href if href == "/" else path.startswith(href)
        found.append(NavigationItem(label, href, current))
    return found
