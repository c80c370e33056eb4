"""What is known of the request, job or command in hand: its id, for logs and audit lines."""

import re
import uuid
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("hub_request_id", default="")
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id() -> str:
    """The id of what is in hand; empty outside any request, job or command."""
    return _request_id.get()


def begin(given: str = "") -> str:
    """Take over an id from outside where it is harmless, else make one."""
    value = given if ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
    _request_id.set(value)
    return value
