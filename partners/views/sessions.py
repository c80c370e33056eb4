"""Where one is signed in, and staying signed in."""

from uuid import UUID

from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners import policies
from partners.presenters.sessions import rows
from partners.requests import person_of, session_of, whence
from partners.selectors import sessions as session_rows
from partners.services import sessions


@never_cache
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """/account/sessions/: the browsers that are signed in to this account."""
    person, this = person_of(request), key_of(request.session)
    found = rows(session_rows.open_for(person, at=timezone.now(), this=this), this=this)
    context = {
        "sessions": found,
        "others": sum(not row.is_this for row in found),
        "limits_words": session_of(request).limits_words,
    }
    return render(request, "partners/sessions.html", context)


@require_POST
def session_end(request: HttpRequest, handle: UUID) -> HttpResponse:
    """End one session at once; this one is a sign-out."""
    this = key_of(request.session)
    ended = sessions.end(handle=handle, this=this, by=person_of(request), at=timezone.now())
    if ended.session_key == this:
        request.session.flush()
        return redirect("account_login")
    messages.success(request, "That session has ended.")
    return redirect("partners:sessions")


@require_POST
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    try:
        ended = sessions.end_others(this=key_of(request.session), by=person_of(request), at=timezone.now())
    except policies.SharedAccount as refusal:
        context = {"refusal": refusal, "back_url": reverse("partners:sessions")}
        return render(request, "partners/shared_account.html", context, status=refusal.http_status)
    messages.success(request, "No other session was open." if not ended else f"Other sessions ended: {ended}.")
    return redirect("partners:sessions")


@never_cache
@require_http_methods(["GET", "POST"])
def session_left(request: HttpRequest) -> HttpResponse:
    """/account/session/: seconds that the session has left. POST says that the person wants to stay."""
    if request.method == "POST":
        session_of(request).use(**whence(request))
    session = session_of(request)
    return JsonResponse({"left": session.seconds_left, "most": session.seconds_at_most})


def key_of(session: SessionBase) -> str:
    """The key of the session that asks; the middleware lets nobody here without one."""
    return session.session_key or ""
