"""Field-level history by database trigger: every write, bulk and raw SQL included."""

from collections.abc import Callable

import pghistory
from django.db import models


def tracked(*, exclude: list[str] | None = None) -> Callable[[type[models.Model]], type[models.Model]]:
    """Keep each version of the model's rows (insert, update, delete) in an append-only event table."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=exclude,
        append_only=True,
        # The line outlives its row, as an audit must.
        obj_field=pghistory.ObjForeignKey(on_delete=models.DO_NOTHING, db_constraint=False, related_name="history"),
    )
