"""The rows that a person may know of, written into SQL once for a request and then named by every query of it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from partners.models.user import User

WRITTEN = "_hub_known"
NOTHING = Q(pk__in=())


def known(user: User, rows: Callable[[User], models.QuerySet[Any]]) -> RawSQL | models.QuerySet[Any]:
    """The ids of `rows(user)`, to stand behind `__in`; `rows` is a manager's method, such as `Fund.objects.shared_now`.

    Scopes lie in each other: a scheme's asks for the fund's, the fund's for the agreement's, the agreement's for the
    board's. Building that anew for each of ten queries was half of a page's time. Where a request loaded for whom the
    person reads (`User.scope`), the text of it depends on that alone, so it is kept with the person; the rows are still
    asked of the database each time. Anybody else, and whoever looks through a lens, gets the query itself.
    """
    if not isinstance(user, User) or user.scope is None:
        return rows(user)
    written: dict[object, RawSQL | models.QuerySet[Any]] = user.__dict__.setdefault(WRITTEN, {})
    key = _key(rows)
    if key not in written:
        written[key] = _written(rows(user))
    return written[key]


def may_have_left(user: User) -> bool:
    """Whether a partner of the person may have left boards or agreements to a successor."""
    return not isinstance(user, User) or user.scope is None or user.scope.left


def _key(rows: Any) -> tuple[type[models.Model], str]:
    return rows.__self__.model, rows.__name__


def _written(rows: models.QuerySet[Any]) -> RawSQL | models.QuerySet[Any]:
    try:
        sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return rows
    return RawSQL(sql, tuple(parameters))  # noqa: S611  # text of Django's own, values apart
