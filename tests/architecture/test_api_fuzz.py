"""The API against its own description, with input that nobody would think of: no crash, nothing undocumented."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from pytest_django import DjangoDbBlocker
from schemathesis import Case
from schemathesis.checks import CHECKS, load_all_checks

from integration_hub.wsgi import application
from tests.architecture.matrix.stage import Stage, set_up

EXAMPLES = 6
# What is fetched by password has a rate limit of its own, and tests of its own.
LEFT_OUT = {"/api/v1/token/"}
METHODS = ("get", "post", "put", "patch", "delete")

load_all_checks()
HOLDING = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
pytestmark = pytest.mark.django_db


def operations() -> list[tuple[str, str]]:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        (method, address)
        for address, methods in schema["paths"].items()
        for method in METHODS
        if method in methods and address not in LEFT_OUT
    ]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), set_up() as made:
        yield made


@pytest.fixture(scope="module")
def api() -> Iterator[schemathesis.BaseSchema]:
    """The description, asked of the application itself; the connection of this transaction stays open between."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    schema.app = application
    yield schema
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("method", "address"), operations())
def test_operation_answers_as_it_is_described(stage: Stage, api, method: str, address: str):
    headers = {"Authorization": f"Token {stage.made.secrets['finance']}", "Host": "testserver"}

    @given(case=api[address][method.upper()].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def answers(case: Case) -> None:
        with stage.undone():
            case.call_and_validate(base_url="http://testserver", headers=headers, checks=HOLDING)

    answers()
