"""The field by which a form of any app names the decision or delegation that allows a movement of money."""

from collections.abc import Sequence
from typing import Any

from django import forms

from governance.domain.authority import Named
from governance.selectors.authority import AuthorityChoice
from integration_hub.core.formfields import RadioSelect

ASK = "Choose the decision or delegation that allows this"


class AuthorityField(forms.ChoiceField):
    """Radios, each with its limit as a hint; `offer` them in the form's __init__. Its value is a Named."""

    widget = RadioSelect

    def __init__(self, *, label: str = "What allows it", **kwargs: Any) -> None:
        messages = {"required": ASK, "invalid_choice": ASK} | kwargs.pop("error_messages", {})
        super().__init__(label=label, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> Named:
        """Which authority was chosen; a Named that is false for none, where the field is not required."""
        return Named.parse(super().clean(value))

    def offer(self, choices: Sequence[AuthorityChoice]) -> None:
        """What may be chosen (governance.selectors.authority.authorities_for)."""
        if isinstance(self.widget, RadioSelect):
            self.widget.hints = {choice.value: choice.hint for choice in choices}
        self.choices = [(choice.value, choice.words) for choice in choices]
