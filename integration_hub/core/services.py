"""What makes a function a service: one verb, one transaction, one history context."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

from integration_hub.core.requests import request_id

P = ParamSpec("P")
R = TypeVar("R")


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run in one transaction, and join each row's history to the audit line by one context id."""

    @wraps(function)
    def verb(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), pghistory.context(request_id=request_id()):
            return function(*args, **kwargs)

    return verb
