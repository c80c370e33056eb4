"""Shapes of what is typed for a report: what to report on, and the words that no figure gives."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict

from governance.models import Meeting
from integration_hub.core.formfields import DateField, RadioSelect
from integration_hub.core.templatetags.components import Problem
from pooled_budgets.models import Fund
from reports.domain.brief import LABELS, RECOMMENDATION_KINDS
from reports.domain.snapshot import CLASSIFICATIONS, SCHEDULE_12A_PARAGRAPHS

LONG = 8_000
EMPTY_LINE = "Leave an empty line between paragraphs"
ROWS_AT_MOST = 60
# What each paragraph of Part 1 of Schedule 12A is about, in short.
SCHEDULE_12A = {
    "1": "any individual",
    "2": "what is likely to reveal who an individual is",
    "3": "financial or business affairs of a particular person",
    "4": "consultations and negotiations about labour relations",
    "5": "legal professional privilege",
    "6": "a notice, order or direction that the authority proposes",
    "7": "preventing, investigating or prosecuting crime",
}
HEADER_IDS = {"from": "id_from_posts", "classification": "id_classification_0"}
HEADER = ("title", "item_no", "wards", "background", "key_issues", *HEADER_IDS)


def _choose(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class NewReportForm(forms.Form):
    """Fund and quarter: the fund says which board oversees it."""

    fund = forms.ChoiceField(label="Board and fund", error_messages={"required": "Choose the board and the fund"})
    quarter = forms.TypedChoiceField(
        label="Quarter",
        coerce=int,
        choices=[
            (1, "Quarter 1, April to June"),
            (2, "Quarter 2, July to September"),
            (3, "Quarter 3, October to December"),
            (4, "Quarter 4, January to March"),
        ],
        widget=RadioSelect,
        error_messages={"required": "Choose the quarter"},
    )

    def __init__(self, *args: Any, funds: Iterable[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(fund.pk), f"{fund.agreement.board}: {fund.name} {fund.year.label}") for fund in funds]
        _choose(self, "fund").choices = choices if len(choices) == 1 else [("", "Choose"), *choices]


class AttachForm(forms.Form):
    """The meeting that a report is a paper of."""

    meeting = forms.ChoiceField(label="Meeting")

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "meeting").choices = [(str(held.pk), f"{held.held_on:%-d %B %Y}") for held in meetings]


class NeededText(forms.CharField):
    """A text that the report needs, though the words can be saved without it: not called optional."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class NeededChoice(forms.ChoiceField):
    """A choice that the report needs, though the words can be saved without it."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class Paragraphs(NeededText):
    """A text of several paragraphs: a list, split at empty lines, or at each line with `by_line`."""

    def __init__(self, *, by_line: bool = False, **kwargs: Any) -> None:
        self.by_line = by_line
        area = forms.Textarea(attrs={"rows": 3 if by_line else 10})
        super().__init__(max_length=LONG, widget=area, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ("\n" if self.by_line else "\n\n").join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value).replace("\r\n", "\n")
        parts = text.split("\n") if self.by_line else re.split(r"\n[ \t]*\n", text)
        # Single line breaks stay: pasted lists are read by them.
        tidy = ("\n".join(filter(None, (" ".join(line.split()) for line in part.split("\n")))) for part in parts)
        return [part for part in tidy if part]


class HeaderForm(forms.Form):
    """The head of a committee report, and its running text."""

    title = forms.CharField(
        label=LABELS["title"], max_length=300, error_messages={"required": "Enter the title of the report"}
    )
    meeting = forms.ChoiceField(label=LABELS["meeting"], required=False)
    item_no = forms.CharField(
        label=LABELS["item_no"],
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
    )
    classification = forms.ChoiceField(
        label=LABELS["classification"],
        choices=[(word, word) for word in CLASSIFICATIONS],
        widget=RadioSelect(inline=True),
        error_messages={"required": "Choose whether the report is open or exempt"},
    )
    wards = NeededText(label=LABELS["wards"], max_length=200, help_text="For example, All")
    from_posts = Paragraphs(label=LABELS["from"], help_text="One post and its organisation on each line", by_line=True)
    background = Paragraphs(label=LABELS["background"], help_text=EMPTY_LINE, required=False)
    key_issues = Paragraphs(label=LABELS["key_issues"], help_text=EMPTY_LINE, required=False)

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "meeting").choices = [("", "No meeting yet")] + [
            (str(meeting.pk), f"{meeting.held_on:%-d %B %Y}") for meeting in meetings
        ]


class RowForm(forms.Form):
    """One row of a list. A row with nothing in the fields of `filled_by` is no row, and asks for nothing."""

    filled_by: tuple[str, ...] = ()
    # How much of the page's width each field takes, in the words of the grid; a whole line unless given.
    widths: Mapping[str, str] = {}

    def is_filled(self) -> bool:
        """Whether something stands in the row as it was sent."""
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.filled_by)

    def has_changed(self) -> bool:
        # A form set leaves out an added row that says what is kept already, which would take the row out.
        return self.is_filled()

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.is_filled():
            self._errors = ErrorDict(renderer=self.renderer)
            self.cleaned_data = {}

    def cells(self) -> list[tuple[BoundField, str]]:
        """The fields to show, each with its width."""
        return [(field, self.widths.get(field.name, "full")) for field in self.visible_fields()]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RecommendationForm(RowForm):
    filled_by = ("text",)
    widths = {"kind": "one-third", "text": "two-thirds"}

    kind = forms.ChoiceField(label="Asks the board to", choices=list(RECOMMENDATION_KINDS.items()), initial="note")
    text = NeededText(label="Recommendation", max_length=LONG, widget=_area(2))


class ExemptForm(RowForm):
    filled_by = ("paragraph", "reason", "public_interest")

    paragraph = NeededChoice(
        label="Paragraph of Schedule 12A",
        choices=[("", "Choose")] + [(word, f"{word}: {SCHEDULE_12A[word]}") for word in SCHEDULE_12A_PARAGRAPHS],
    )
    reason = NeededText(label="Why it applies", max_length=LONG, widget=_area(2))
    public_interest = NeededText(
        label="Why withholding serves the public interest better than publishing", max_length=LONG, widget=_area(2)
    )


class ImplicationForm(RowForm):
    """One kind of implication. None needs its reason."""

    filled_by = ("kind",)

    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    text = NeededText(label="Implications", max_length=LONG, widget=_area(3))
    none_reason = NeededText(label="Or, if there are none, why", max_length=500)


class ConsultationForm(RowForm):
    filled_by = ("consultee", "date", "comment", "sought", "included")
    widths = {
        "consultee": "two-thirds",
        "date": "one-third",
        "sought": "one-half",
        "included": "one-half",
    }

    consultee = forms.CharField(
        label="Officer or body", max_length=200, error_messages={"required": "Enter the officer or body consulted"}
    )
    date = DateField(label="Date", required=False, help_text="")
    sought = forms.BooleanField(label="Comments sought", required=False)
    included = forms.BooleanField(label="Comments included", required=False)
    comment = forms.CharField(label="Comment", max_length=500, required=False)


class AuditLineForm(RowForm):
    filled_by = ("label", "value")
    widths = {"label": "one-third", "value": "two-thirds"}

    label = forms.CharField(
        label="Entry", max_length=80, error_messages={"required": "Enter what the entry of the audit trail is"}
    )
    value = NeededText(label="Content", max_length=300)


class BackgroundPaperForm(RowForm):
    filled_by = ("title", "held_at", "contact")
    widths = {"held_at": "one-half", "contact": "one-half"}

    title = forms.CharField(
        label="Title", max_length=300, error_messages={"required": "Enter the title of the background paper"}
    )
    held_at = forms.CharField(label="Held at", max_length=200, required=False)
    contact = forms.CharField(label="Contact: a post or team", max_length=200, required=False)


class AppendixForm(RowForm):
    filled_by = ("label", "title")
    widths = {"label": "one-third", "title": "two-thirds"}

    label = forms.CharField(
        label="Number or letter", max_length=20, error_messages={"required": "Enter the appendix's number or letter"}
    )
    title = forms.CharField(label="Title", max_length=300, error_messages={"required": "Enter the appendix's title"})


# Key of the words, the form of its rows, and how many empty rows stand ready.
ROWS: dict[str, tuple[type[RowForm], int]] = {
    "recommendations": (RecommendationForm, 2),
    "exempt": (ExemptForm, 1),
    "implications": (ImplicationForm, 0),
    "consultation": (ConsultationForm, 2),
    "audit_trail": (AuditLineForm, 1),
    "background_papers": (BackgroundPaperForm, 1),
    "appendices": (AppendixForm, 1),
}


class WordsForms:
    """The header and each list of rows as one thing."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        words: Mapping[str, Any],
        meeting: object,
        meetings: Iterable[Meeting],
    ) -> None:
        self.meetings = list(meetings)
        initial = {**words, "from_posts": words.get("from", []), "meeting": str(meeting or "")}
        self.header = HeaderForm(data, initial=initial, meetings=self.meetings)
        self.rows: dict[str, BaseFormSet[RowForm]] = {
            name: formset_factory(form, extra=extra, max_num=ROWS_AT_MOST, validate_max=True)(
                data, initial=[_dated(row) for row in words.get(name, [])], prefix=name
            )
            for name, (form, extra) in ROWS.items()
        }
        self.kept = dict(words)

    def __iter__(self) -> Iterator[Any]:
        yield self.header
        yield from self.rows.values()

    @property
    def has_errors(self) -> bool:
        return any(part.is_bound and not part.is_valid() for part in self)

    def is_valid(self) -> bool:
        """Whether every part has the right shape; it may still be incomplete."""
        # Every part is asked, so that the page shows what is wrong everywhere.
        return not [part for part in self if not part.is_valid()]

    def meeting(self) -> Meeting | None:
        """The meeting chosen."""
        chosen = self.header.cleaned_data["meeting"]
        return next((held for held in self.meetings if str(held.pk) == chosen), None)

    def words(self) -> dict[str, Any]:
        """The content as reports.domain.brief describes it."""
        header = {key: value for key, value in self.header.cleaned_data.items() if key != "meeting"}
        header["from"] = header.pop("from_posts")
        rows = {name: [_plain(row) for row in formset.cleaned_data if row] for name, formset in self.rows.items()}
        return {**self.kept, **header, **rows}


def problem_links(problems: Iterable[Mapping[str, str]]) -> list[Problem]:
    """What is missing in the words, each with a link to its place on the page."""
    return [Problem(problem["message"], f"#{_place(problem['field'])}") for problem in problems]


def _place(key: str) -> str:
    return HEADER_IDS.get(key, f"id_{key}" if key in HEADER else f"part-{key}")


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(row)
    if shown.get("date"):
        shown["date"] = date.fromisoformat(shown["date"])
    return shown


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
