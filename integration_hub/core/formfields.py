"""Fields and widgets that every app's forms share: money, dates, and choices with a hint each."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integration_hub.core import money
from integration_hub.core.dates import ENTER_PLAUSIBLE, is_plausible

DATE_FORMATS = ("%d/%m/%Y", "%d %m %Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")
DATE_HINT = "For example, 30 9 2014 or 30 September 2014"


class AffixInput(forms.TextInput):
    """A text input with words in front of it or after it that belong to the value: "£", "per cent"."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, prefix: str = "", suffix: str = "") -> None:
        self.prefix = prefix
        self.suffix = suffix
        super().__init__(attrs)


class MoneyInput(AffixInput):
    """A text input for pounds: the £ stands in front, the amount is shown as 8957000.00."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        shown = {"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"}
        super().__init__(shown | (attrs or {}), prefix="£")

    def format_value(self, value: Any) -> str | None:
        """What was typed stays as typed; a stored amount has two places."""
        return money.as_plain(value) if isinstance(value, Decimal) else super().format_value(value)


_IN_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


class MoneyField(forms.Field):
    """Pounds as people write them ("£5,621,000.00"), as Decimal with two places; None when left empty."""

    widget = MoneyInput

    def __init__(self, *, negative: bool = False, **kwargs: Any) -> None:
        self.negative = negative
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if not str(value).strip():
            return None
        try:
            return money.parse_pounds(str(value), negative=self.negative)
        except money.MoneyError as error:
            raise ValidationError(error.message, code=error.code) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the amount differs; "1,000" for 1000.00 does not."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DateInput(forms.DateInput):
    """One text input for a date, shown as "30 September 2014"; never the browser's calendar."""

    input_type = "text"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "govuk-input--width-10", "autocomplete": "off"} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return f"{value.day} {value:%B %Y}" if isinstance(value, date) else super().format_value(value)


class CountField(forms.IntegerField):
    """A whole number of nil or more, with or without commas between thousands: "8,050" and "8050"."""

    def __init__(self, *, what: str, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-10"})
        self.error_messages["invalid"] = f"Enter whole {what}, such as 8,050"

    def to_python(self, value: Any) -> int | None:
        text = str(value).strip() if value is not None else ""
        return super().to_python(text.replace(",", "") if _IN_THOUSANDS.fullmatch(text) else text)


class DateField(forms.DateField):
    """A date in one box, day first, with digits or the month's name."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": f"Enter a real date, day first. {DATE_HINT}."} | kwargs.pop("error_messages", {})
        kwargs.setdefault("help_text", DATE_HINT)
        super().__init__(input_formats=DATE_FORMATS, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> date | None:
        # Spaces come in any number when a date is copied from a document.
        return super().to_python(" ".join(value.split()) if isinstance(value, str) else value)


class PlausibleDateField(DateField):
    """A date of this century."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not is_plausible(day):
            raise ValidationError(ENTER_PLAUSIBLE, code="invalid")
        return day


class HintedChoices:
    """Gives each choice a hint of its own: `RadioSelect(hints={"nil": "Counts as 0.00"})`."""

    hints: Mapping[str, str]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]  # mixed in
        option["hint"] = self.hints.get(str(value), "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}-item-hint"
        return option


class RadioSelect(HintedChoices, forms.RadioSelect):
    """Radios, each with an optional hint; `inline` puts short ones (Yes, No) beside each other."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        self.hints = hints or {}
        self.inline = inline
        super().__init__(attrs, choices)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["inline"] = self.inline
        return context


class CheckboxSelectMultiple(HintedChoices, forms.CheckboxSelectMultiple):
    """Checkboxes, each with an optional hint."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        self.hints = hints or {}
        super().__init__(attrs, choices)
