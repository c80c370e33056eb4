"""The API described for people: a page made from the OpenAPI description, without scripts of anybody else's."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from integration_hub.core.api_description import METHODS

PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Parameter:
    """Something in the path or the query; `values` are those that a choice takes."""

    name: str
    where: str
    text: str
    values: list[str]
    required: bool


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    parameters: list[Parameter]
    body: list[str]
    fields: list[str]
    answers: list[tuple[str, str]]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path.replace('/', '-').replace('{', '').replace('}', '')}".rstrip("-").lower()


@dataclass
class Resource:
    """The operations under one first word of the path."""

    name: str
    operations: list[Operation] = field(default_factory=list)


def page(request: HttpRequest) -> HttpResponse:
    """/api/v1/docs/: each resource with its addresses, parameters and answers. A page: who is signed out is led on."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    return _page(request)


@require_safe
def _page(request: HttpRequest) -> HttpResponse:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return render(request, "pages/api_docs.html", {"resources": resources(schema)})


def resources(schema: dict[str, Any]) -> list[Resource]:
    """The description in the order of its paths."""
    found: dict[str, Resource] = {}
    for address, methods in schema.get("paths", {}).items():
        name = address.removeprefix(PREFIX).split("/")[0]
        resource = found.setdefault(name, Resource(name))
        for method in METHODS:
            if method in methods:
                resource.operations.append(_operation(schema, method, address, methods[method]))
    return list(found.values())


def _operation(schema: dict[str, Any], method: str, address: str, details: dict[str, Any]) -> Operation:
    content: dict[str, Any] = details.get("requestBody", {}).get("content", {})
    first: dict[str, Any] = next(iter(content.values()), {})
    return Operation(
        method=method.upper(),
        path=address,
        summary=" ".join(str(details.get("description") or details.get("summary") or "").split()),
        parameters=[_parameter(schema, given) for given in details.get("parameters", [])],
        body=sorted(content),
        fields=_fields(schema, first.get("schema", {})),
        answers=[(status, _answer(status, answer)) for status, answer in sorted(details["responses"].items())],
    )


def _parameter(schema: dict[str, Any], given: dict[str, Any]) -> Parameter:
    of = _resolved(schema, given.get("schema", {}))
    return Parameter(
        name=given["name"],
        where="in the path" if given["in"] == "path" else "in the query string",
        text=" ".join(str(given.get("description", "")).split("\n\n")[0].split()).removesuffix("."),
        values=[str(value) for value in of.get("enum", []) if value not in ("", None)],
        required=given["in"] != "path" and given.get("required", False),
    )


def _fields(schema: dict[str, Any], sent: dict[str, Any]) -> list[str]:
    """The names of what is sent, those that must be there marked."""
    of = _resolved(schema, sent)
    required = of.get("required", [])
    return [f"{name} (required)" if name in required else name for name in of.get("properties", {})]


def _resolved(schema: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    """A schema, or the component that it refers to."""
    name = str(of.get("$ref", "")).rpartition("/")[2]
    found: dict[str, Any] = schema.get("components", {}).get("schemas", {}).get(name, {}) if name else of
    return found


def _answer(status: str, answer: dict[str, Any]) -> str:
    words = str(answer.get("description", ""))
    if words or status >= "300":
        return words
    kinds = list(answer.get("content", {}))
    return "as asked" if kinds in ([], ["application/json"]) else f"a file ({', '.join(kinds)})"
