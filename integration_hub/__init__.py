"""Assembly of the Integration Hub. `celery_app` is made on first use: most commands never send anything."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from celery import Celery


def __getattr__(name: str) -> "Celery":
    if name == "celery_app":
        from integration_hub.celery import app

        return app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
