"""A block in which the database refuses every write, whoever tries it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InternalError, connection, transaction
from psycopg2.errors import ReadOnlySqlTransaction


@contextmanager
def read_only() -> Iterator[None]:
    """Run in a transaction that is read-only and undone at the end. A write raises InternalError (`is_refused`)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        try:
            yield
        finally:
            transaction.set_rollback(True)


def is_refused(error: InternalError) -> bool:
    """Whether the error came of a write inside `read_only`."""
    return isinstance(error.__cause__, ReadOnlySqlTransaction)
