"""Error pages: each says what happened and what to do. The API gets problem details instead."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integration_hub.core.api import API_PREFIX, problem_response
from integration_hub.core.requests import request_id


def _answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem_response(request, status, code, message)
    return render(request, f"{status}.html", {"message": message, "request_id": request_id()}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Django's own refusals of suspicious requests are of other classes, and their words are not for people.
    said = f"{exception} " if type(exception) is BadRequest else "The request could not be read. "
    return _answer(request, 400, "malformed", f"{said}Go back, check what you entered and send it again.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = str(exception) or "Your roles do not allow this."
    return _answer(request, 403, "permission_denied", message)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = "There is nothing here, or it belongs to partners that you do not act for."
    return _answer(request, 404, "not_found", message)


def server_error(request: HttpRequest) -> HttpResponse:
    message = (
        "Something went wrong on our side. Nothing of your last step was saved. "
        "Try again; if it happens again, report the number."
    )
    return _answer(request, 500, "error", message)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = (
        "Your session ended or the page was open for too long, so nothing was saved. "
        "Go back, reload the page and send it again: what you typed is kept in this browser."
    )
    if request.path.startswith(API_PREFIX):
        return problem_response(request, 403, "csrf_failed", message)
    return render(request, "403_csrf.html", {"message": message}, status=403)
