"""The API described for people: a page made from the OpenAPI description, without scripts of anybody else's."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    summary: str
    parameters: list[dict[str, Any]]
    body: list[str]
    answers: list[tuple[str, str]]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path.replace('/', '-').replace('{', '').replace('}', '')}".rstrip("-").lower()


@dataclass
class Resource:
    """The operations under one first word of the path."""

    name: str
    operations: list[Operation] = field(default_factory=list)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """/api/v1/docs/: each resource with its addresses, parameters and answers."""
    if not request.user.is_authenticated:
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.get_full_path())
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return render(request, "pages/api_docs.html", {"resources": resources(schema)})


def resources(schema: dict[str, Any]) -> list[Resource]:
    """The description in the order of its paths."""
    found: dict[str, Resource] = {}
    for address, methods in schema.get("paths", {}).items():
        name = address.removeprefix("/api/v1/").split("/")[0]
        resource = found.setdefault(name, Resource(name))
        for method in METHODS:
            if method in methods:
                resource.operations.append(_operation(method, address, methods[method]))
    return list(found.values())


def _operation(method: str, address: str, details: dict[str, Any]) -> Operation:
    content = details.get("requestBody", {}).get("content", {})
    return Operation(
        method=method.upper(),
        path=address,
        summary=" ".join(str(details.get("description") or details.get("summary") or "").split()),
        parameters=[
            {
                "name": parameter["name"],
                "where": parameter["in"],
                "required": parameter.get("required", False),
                "text": parameter.get("description", ""),
            }
            for parameter in details.get("parameters", [])
        ],
        body=sorted(content),
        answers=[
            (status, str(answer.get("description", ""))) for status, answer in sorted(details["responses"].items())
        ],
    )
