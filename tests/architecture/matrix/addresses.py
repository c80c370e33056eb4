"""Every address of the site, as Django's resolver knows it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


def addresses() -> list[tuple[str, str]]:
    """Each address as (name with its namespaces, route)."""
    return list(_walk(get_resolver().url_patterns, "/", []))


def api_actions() -> dict[str, set[str]]:
    """For each address of a viewset, the methods that it has."""
    found: dict[str, set[str]] = {}
    for name, pattern in _patterns(get_resolver().url_patterns, []):
        actions = getattr(pattern.callback, "actions", None)
        if actions:
            found.setdefault(name, set()).update(method.upper() for method in actions)
    return found


def _walk(patterns: list[Any], prefix: str, namespaces: list[str]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or f"?{route}"]), route


def _patterns(patterns: list[Any], namespaces: list[str]) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
            yield from _patterns(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name or "?"]), pattern
