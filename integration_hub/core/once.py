"""A form that was sent twice, by a second click or a page that was sent again, does its work once."""

from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.db import models

from integration_hub.core.errors import HubError


class SentTwice(HubError):
    """The same form has done its work already; nothing was done a second time."""

    code = "sent_twice"


class OnceForm(forms.Form):
    """Carries a mark that was drawn when the page was, by which the second time is told from the first."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = uuid4


def claim(model: type[models.Model], once: UUID | None, *, sender: UUID, what: str) -> UUID:
    """The id for the row that a form makes. Called while whatever the row belongs to is held.

    It comes from the mark and from who sent it, so nobody chooses an id or finds out by one whether somebody else's row
    exists. Raises SentTwice where the row stands already; without a mark every time is the first.
    """
    if once is None:
        return uuid4()
    made = uuid5(sender, str(once))
    if model._default_manager.filter(pk=made).exists():
        raise SentTwice(f"{what} was saved already: the form was sent twice. Nothing was saved a second time.")
    return made
