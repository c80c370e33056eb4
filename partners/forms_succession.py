"""Shapes of what is typed about a succession: what it is, and a row for each successor of each predecessor."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from integration_hub.core.formfields import DateField, RadioSelect
from partners.models.succession import KINDS
from partners.selectors import successions
from partners.services.successions import Wanted

ROWS = 6
LARGEST_PART = 1_000_000
SHARE = re.compile(r"(\d{1,7})\s*(?:/\s*(\d{1,7}))?|(\d{1,3}(?:\.\d{1,4})?)\s*(?:%|per cent)")
HINTS = {
    "merger": "One or more organisations end, and another follows them whole",
    "split": "An organisation ends, and several follow it: each in some of its areas, or each with a share",
    "boundary_change": "An area moves from one organisation to another, and both go on",
    "rename": "The organisation is the same and takes another name",
}


class ShareField(forms.CharField):
    """A part of the whole as "3/5", "60%" or "1", as an exact fraction."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return Fraction(1)
        match = SHARE.fullmatch(text)
        if match is None:
            raise ValidationError(f'"{text[:20]}" is not a share. Write 3/5, 60% or 1.', code="share")
        over, under, percent = match.groups()
        part = Fraction(percent) / 100 if percent else Fraction(int(over), int(under or 1) or LARGEST_PART)
        if not 0 < part <= 1 or under == "0" or part.denominator > LARGEST_PART:
            raise ValidationError(f'"{text[:20]}" is not a part of the whole. Write 3/5, 60% or 1.', code="share")
        return part


class SuccessionForm(forms.Form):
    """What the succession is. A change of name names the organisation here; all others use the rows."""

    kind = forms.ChoiceField(
        label="What happens",
        choices=list(KINDS.items()),
        widget=RadioSelect(hints=HINTS),
        error_messages={"required": "Choose what happens"},
    )
    effective_on = DateField(
        label="From which day",
        error_messages={"required": "Enter the day from which it holds"},
    )
    legal_reference = forms.CharField(
        label="Legal instrument",
        help_text="For example, the order or scheme that makes the change",
        max_length=300,
        error_messages={"required": "Enter the legal instrument"},
    )
    reason = forms.CharField(label="Note", max_length=300, required=False)
    renamed = forms.CharField(
        label="Organisation that takes another name", help_text="Only for a change of name", required=False
    )
    new_name = forms.CharField(label="Its new name", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, new = cleaned.get("renamed", ""), cleaned.get("new_name", "")
        cleaned["renamed"] = successions.find_organisation(name) if name else None
        if name and cleaned["renamed"] is None:
            self.add_error("renamed", no_such(name))
        if cleaned.get("kind") == "rename":
            if not name:
                self.add_error("renamed", "Enter the organisation that takes another name")
            if not new:
                self.add_error("new_name", "Enter the new name")
        elif name or new:
            self.add_error("new_name", "A new name is only for a change of name. Leave both boxes empty.")
        return cleaned


class LineForm(forms.Form):
    """Who follows whom, where, and with which share. A row without both organisations is left out."""

    predecessor = forms.CharField(label="Predecessor", help_text="Its whole name as in the register", required=False)
    successor = forms.CharField(label="Successor", required=False)
    area = forms.CharField(label="Area, where it takes one alone", required=False)
    share = ShareField(label="Share", help_text="1, 3/5 or 60%", required=False)
    keeps = forms.BooleanField(
        label="Takes what cannot be divided",
        help_text="Where several follow: funds kept, agreements hosted, seats, open drafts",
        required=False,
    )
    copy_people = forms.BooleanField(label="Give the predecessor's people their roles here too", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("predecessor", "successor"):
            text = cleaned.get(name, "")
            cleaned[name] = successions.find_organisation(text) if text else None
            if text and cleaned[name] is None:
                self.add_error(name, no_such(text))
        area = cleaned.get("area", "")
        cleaned["area"] = successions.find_area(area) if area else None
        if area and cleaned["area"] is None:
            self.add_error("area", f"There is no area called {area[:80]}. Copy its name from the register.")
        filled = [name for name in ("predecessor", "successor") if self.data.get(self.add_prefix(name), "").strip()]
        if len(filled) == 1 or (area and not filled):
            missing = next(name for name in ("predecessor", "successor") if name not in filled)
            self.add_error(missing, f"Enter the {missing}, or empty the line")
        return cleaned

    @property
    def is_begun(self) -> bool:
        """Whether somebody typed something here."""
        names = ("predecessor", "successor", "area", "share")
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in names)

    @property
    def wanted(self) -> Wanted | None:
        given = self.cleaned_data
        if given.get("predecessor") is None or given.get("successor") is None:
            return None
        return Wanted(**given)


LINES = forms.formset_factory(LineForm, extra=ROWS, max_num=60, absolute_max=60)


def wanted(lines: Iterable[LineForm]) -> list[Wanted]:
    """The lines of a valid form set that are filled in. Whoever follows alone takes what cannot be divided too."""
    found = [form.wanted for form in lines if form.wanted is not None]
    parts = Counter((line.predecessor, line.area) for line in found)
    return [replace(line, keeps=line.keeps or parts[line.predecessor, line.area] == 1) for line in found]


class SeenForm(forms.Form):
    """The digest of the preview that the person read, and for which partner they agree."""

    seen = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    organisation = forms.UUIDField(required=False, widget=forms.HiddenInput)


def no_such(text: str) -> str:
    return f"There is no organisation called {text[:80]}. Copy its name from the register."
