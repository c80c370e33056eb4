"""New passwords: not like the person, not common, and not breached where a range service is there to ask."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django import Settings

from partners.models import User
from partners.validators import BreachedPasswordValidator

BREACHED = "purple monkey dishwasher"
UNKNOWN = "three unlikely words"
pytestmark = pytest.mark.enable_socket


class Service:
    """A range service that knows one password, keeps what it was asked, and can be slow to answer well."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.wait = threading.Event()
        self.is_slow = False


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    state = Service()
    digest = hashlib.sha1(BREACHED.encode()).hexdigest().upper()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            if state.is_slow:
                state.wait.wait(10)
            self.send_response(state.status)
            self.end_headers()
            self.wfile.write(f"{digest[5:]}:37\r\n{'0' * 35}:0\r\n".encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.BREACHED_PASSWORDS_URL = f"http://127.0.0.1:{server.server_port}/range"
    yield state
    state.wait.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_breached_password_is_refused_and_only_five_digits_of_its_hash_leave(service):
    with pytest.raises(ValidationError, match="stolen elsewhere"):
        BreachedPasswordValidator().validate(BREACHED)

    assert service.asked == [f"/range/{hashlib.sha1(BREACHED.encode()).hexdigest().upper()[:5]}"]


def test_unknown_password_is_taken(service):
    assert BreachedPasswordValidator().validate(UNKNOWN) is None
    assert len(service.asked) == 1


@pytest.mark.parametrize("trouble", ["error", "slow", "away"])
def test_service_that_does_not_answer_leaves_the_common_list(service, settings, caplog, trouble):
    service.status = 500 if trouble == "error" else 200
    service.is_slow = trouble == "slow"
    if trouble == "away":
        settings.BREACHED_PASSWORDS_URL = "http://127.0.0.1:9/"

    assert BreachedPasswordValidator().validate(UNKNOWN) is None
    with pytest.raises(ValidationError, match="too common"):
        BreachedPasswordValidator().validate("password1234")
    assert "Falling back" in caplog.text
    assert UNKNOWN not in caplog.text


@pytest.mark.parametrize("password", ["password1234", "southwark-officer", "too short", "123456789012"])
def test_weak_password_is_refused_without_any_service(password):
    person = User(email="southwark-officer@partner.example", name="Officer")
    with pytest.raises(ValidationError):
        validate_password(password, person)
