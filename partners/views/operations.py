"""The page of those who run the installation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners import permissions
from partners.requests import person_of
from partners.selectors import operations as selectors


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """/partners/operations/: numbers, background work, sealed secrets, idle accounts, single sign-on. For operators."""
    permissions.require_maintenance(person_of(request))
    now = timezone.now()
    context = {
        "numbers": selectors.numbers(on=timezone.localdate(now)),
        "work": selectors.work(at=now),
        "idle": selectors.idle_run(at=now),
        "providers": selectors.providers(),
        "earlier_keys": selectors.earlier_keys(),
    }
    return render(request, "partners/operations.html", context)
