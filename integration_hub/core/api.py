"""What all of the API shares: pages of 50, filters, and one shape for every problem (RFC 9457)."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, JsonResponse
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from integration_hub.core.errors import HubError, Malformed
from integration_hub.core.requests import request_id

API_PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"


class Pagination(PageNumberPagination):
    """{count, next, previous, results} in pages of 50 by ?page=."""

    page_size = 50


class IdFilterSet(django_filters.FilterSet):
    """Filters another object by its id alone: one that the reader may not know of answers as one that is not there."""

    FILTER_DEFAULTS = django_filters.FilterSet.FILTER_DEFAULTS | {
        models.ForeignKey: {"filter_class": django_filters.UUIDFilter}
    }


class FilterBackend(DjangoFilterBackend):
    """Makes `filterset_fields` of a view into an IdFilterSet."""

    filterset_base = IdFilterSet


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every foreseen error as problem details; anything else stays a 500 with its request id."""
    request = context.get("request")
    if request is not None and hasattr(request, "accepted_renderer"):
        # Whatever an address gives when all is well, a file too: what is wrong is always JSON.
        request.accepted_renderer = JSONRenderer()
    if isinstance(error, HubError):
        return _problem(error.http_status, error.code, error.message, **_lift(error), **_errors(error))
    if isinstance(error, exceptions.MethodNotAllowed) and _hidden(context):
        error = exceptions.NotFound()
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(detail=str(error) or None)
    answer = exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        body = {"errors": list(flatten(error.get_full_details()))}
        problem = _problem(
            status.HTTP_400_BAD_REQUEST, "malformed", "Something that was sent has the wrong shape.", **body
        )
    else:
        code = getattr(error, "default_code", "error")
        problem = _problem(answer.status_code, str(code), str(getattr(error, "detail", "")))
    for header, value in answer.headers.items():
        if header.lower() != "content-type":
            problem[header] = value
    return problem


def problem_response(request: HttpRequest, status_code: int, code: str, message: str) -> JsonResponse:
    """The same shape outside the API framework, for answers that Django gives by itself."""
    body = {"type": "about:blank", "status": status_code, "code": code, "detail": message, "request_id": request_id()}
    return JsonResponse(body, status=status_code, content_type=CONTENT_TYPE)


def flatten(detail: Any, field: str = "") -> Any:
    """Yield {"field": "groups[0].shares", "code", "message"} for each error of a nested structure."""
    if isinstance(detail, dict) and set(detail) == {"message", "code"}:
        yield {"field": field, "code": str(detail["code"]), "message": str(detail["message"])}
    elif isinstance(detail, dict):
        for key, value in detail.items():
            name = "" if key == "non_field_errors" else str(key)
            yield from flatten(value, f"{field}.{name}" if field and name else field or name)
    elif isinstance(detail, list):
        leaves = all(isinstance(item, dict) and set(item) == {"message", "code"} for item in detail)
        for index, item in enumerate(detail):
            yield from flatten(item, field if leaves else f"{field}[{index}]")


def _hidden(context: dict[str, Any]) -> bool:
    """Whether the address names an object that the reader may not know of: then every method answers 404."""
    view = context.get("view")
    if view is None or not context.get("kwargs") or not hasattr(view, "get_object"):
        return False
    try:
        view.get_object()
    except (Http404, exceptions.NotFound):
        return True
    except (PermissionDenied, exceptions.APIException):
        return False
    return False


def _lift(error: HubError) -> dict[str, Any]:
    return {"who_can_lift": error.who_can_lift} if error.who_can_lift else {}


def _errors(error: HubError) -> dict[str, Any]:
    if isinstance(error, Malformed):
        return {"errors": error.problems}
    if error.field:
        return {"errors": [{"field": error.field, "code": error.code, "message": error.message}]}
    return {}


def _problem(status_code: int, code: str, message: str, **more: Any) -> Response:
    body = {"type": "about:blank", "status": status_code, "code": code, "detail": message, "request_id": request_id()}
    return Response(body | more, status=status_code, content_type=CONTENT_TYPE)
