"""The OpenAPI description, with the refusals that every operation shares: one shape, one wording, nobody repeats it."""

from typing import Any

PROBLEM = "Problem"
MEDIA_TYPE = "application/problem+json"
METHODS = ("get", "post", "put", "patch", "delete")
WRITING = frozenset({"post", "put", "patch", "delete"})
REFUSALS = {
    "400": "Malformed: `errors` names each field",
    "401": "Not signed in, or the token is unknown, expired or revoked",
    "403": "You may see it but not do this, or the token may not",
    "404": "Not there, or not yours to see",
    "409": "At the wrong moment, or changed meanwhile: `detail` says who, when and why",
    "415": "Sent in a form that this address does not read",
}
# The shape of every error (RFC 9457).
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, in words for people and a code for programs.",
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Tell it to whoever runs this installation"},
        "who_can_lift": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "Such as groups[0].shares"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["field", "code", "message"],
            },
        },
    },
    "required": ["type", "status", "code", "detail", "request_id"],
}


def document_refusals(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular: give each operation the refusals that apply to it, all in the shape of a problem."""
    result.setdefault("components", {}).setdefault("schemas", {})[PROBLEM] = PROBLEM_SCHEMA
    for address, methods in result.get("paths", {}).items():
        for method in METHODS:
            if method in methods:
                _document(address, method, methods[method])
    return result


def _document(address: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status in _applying(address, method, operation):
        answers.setdefault(status, {"description": REFUSALS[status]})
    for status, answer in answers.items():
        if status >= "400":
            answer.setdefault("description", REFUSALS.get(status, ""))
            answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}}


def _applying(address: str, method: str, operation: dict[str, Any]) -> list[str]:
    """Which refusals an operation can answer with, whatever it does."""
    is_public = not any(operation.get("security", [{"token": []}]))
    found = ["400"] if "requestBody" in operation or operation.get("parameters") else []
    if not is_public:
        # A token that may only read, or a missing second factor.
        found += ["401", "403"]
    if "{" in address or _is_list(operation):
        found.append("404")
    if method in WRITING and not is_public:
        found.append("409")
    if "requestBody" in operation:
        found.append("415")
    return found


def _is_list(operation: dict[str, Any]) -> bool:
    """A list answers 404 to a page past its end."""
    return any(parameter.get("name") == "page" for parameter in operation.get("parameters", []))
