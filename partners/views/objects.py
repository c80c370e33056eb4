"""Why somebody may see an object, and its timeline: pages that any object of a registered kind has."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.presenters import history as words
from partners.requests import person_of
from partners.selectors import history, kinds
from partners.selectors import why as selectors

HEADS = 100


@require_safe
def why(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Which role or seat lets the reader see the object, and by which rule; for htmx the part alone."""
    of = kinds.named(kind)
    found = of.get(person_of(request), pk)
    context = {"kind": of, "object": found, "address": of.address(found)}
    context["reasons"] = selectors.reasons(person_of(request), of, found.pk)
    part = request.headers.get("HX-Request")
    return render(request, "partners/why_part.html" if part else "partners/why.html", context)


@require_safe
def timeline(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Who changed what of the object, before and after, as far as the reader may see it."""
    of = kinds.named(kind)
    found = of.get(person_of(request), pk)
    page = Paginator(history.heads(person_of(request), of, found), HEADS).get_page(request.GET.get("page"))
    shown = words.items(history.timeline(person_of(request), of, found, page.object_list))
    context = {"kind": of, "object": found, "address": of.address(found), "page": page, "items": shown}
    return render(request, "partners/history.html", context)
