"""The OpenAPI description: made without a warning, valid, and complete in what it says of refusals."""

import pytest
import yaml
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
# Where nobody need be signed in.
PUBLIC = {("post", "/api/v1/token/")}


@pytest.fixture(scope="module")
def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(schema: dict) -> list[tuple[str, str, dict]]:
    return [
        (method, address, methods[method])
        for address, methods in schema["paths"].items()
        for method in METHODS
        if method in methods
    ]


def test_description_is_valid_and_made_without_a_warning(tmp_path):
    written = tmp_path / "schema.yml"

    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(written))

    assert len(yaml.safe_load(written.read_text(encoding="utf-8"))["paths"]) > 30


def undocumented(operations, status: str, applies) -> list[str]:
    return [
        f"{method.upper()} {address}"
        for method, address, operation in operations
        if applies(method, address, operation) and status not in operation["responses"]
    ]


def test_every_operation_tells_of_the_missing_sign_in(operations):
    assert undocumented(operations, "401", lambda *_: True) == []


def test_every_operation_behind_the_sign_in_tells_that_it_may_not_be_allowed(operations):
    assert undocumented(operations, "403", lambda method, address, _: (method, address) not in PUBLIC) == []


def test_every_address_of_an_object_tells_that_it_may_not_be_there(operations):
    assert undocumented(operations, "404", lambda _, address, __: "{" in address) == []


def test_whatever_takes_a_body_tells_of_malformed_ones(operations):
    assert undocumented(operations, "400", lambda _, __, operation: "requestBody" in operation) == []


def test_every_refusal_has_the_one_shape(operations):
    differing = [
        f"{method.upper()} {address}: {status}"
        for method, address, operation in operations
        for status, answer in operation["responses"].items()
        if status >= "400"
        and answer.get("content") != {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    ]

    assert differing == []


def test_every_operation_says_what_it_does(operations):
    assert [
        f"{method} {address}" for method, address, operation in operations if not operation.get("description")
    ] == []


def test_every_list_comes_in_pages_and_its_rows_have_an_id_and_an_address(schema, operations):
    lists = [
        (address, operation)
        for method, address, operation in operations
        if method == "get" and "{" not in address and any(p["name"] == "page" for p in operation.get("parameters", []))
    ]
    wrong = []
    for address, operation in lists:
        page = resolved(schema, operation["responses"]["200"]["content"]["application/json"]["schema"])
        if set(page["properties"]) != {"count", "next", "previous", "results"}:
            wrong.append(f"{address}: no pages")
        if "id" not in resolved(schema, page["properties"]["results"]["items"])["properties"]:
            wrong.append(f"{address}: rows without an id")
        if not any(other in schema["paths"] for other in (f"{address}{{id}}/", f"{address}{{pk}}/")):
            wrong.append(f"{address}: no address of a row")

    assert wrong == []
    assert len(lists) >= 12


def test_money_is_text_with_two_decimals(schema):
    """Whatever is called an amount, budget or total is a string in the description, and never a number."""
    wrong = [
        f"{name}.{field}: {of}"
        for name, component in schema["components"]["schemas"].items()
        for field, of in component.get("properties", {}).items()
        if field in MONEY and of.get("type") != "string" and "$ref" not in of and "allOf" not in of
    ]

    assert wrong == []


MONEY = {"amount", "budget", "total", "outturn", "variance", "fund_total", "unallocated"}


def resolved(schema: dict, of: dict) -> dict:
    name = of.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name] if name else of
