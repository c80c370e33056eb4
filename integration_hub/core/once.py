"""A form that was sent twice, by a second click or a page that was sent again, does its work once."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import models

from integration_hub.core.errors import HubError


class SentTwice(HubError):
    """The same form has done its work already; nothing was done a second time."""

    code = "sent_twice"


class OnceForm(forms.Form):
    """Carries the id of what it makes, drawn when the page was: the second time, the row is there already."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid4

    @property
    def new_id(self) -> UUID:
        """The id for the row that the form makes."""
        found: UUID | None = self.cleaned_data.get("once")
        return found or uuid4()


def check_not_made(model: type[models.Model], new_id: UUID | None, *, what: str) -> None:
    """Raise SentTwice where a row with the id stands already. Called while whatever the row belongs to is held."""
    if new_id is not None and model._default_manager.filter(pk=new_id).exists():
        raise SentTwice(f"{what} was saved already: the form was sent twice. Nothing was saved a second time.")
