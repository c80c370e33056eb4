"""Shapes of what is typed for a report: what to report on, and the words that no figure gives."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from governance.models import Meeting
from integration_hub.core.formfields import DateField, RadioSelect
from reports.domain.brief import RECOMMENDATION_KINDS
from reports.domain.snapshot import CLASSIFICATIONS, SCHEDULE_12A_PARAGRAPHS

LONG = 8_000


class NewReportForm(forms.Form):
    """Fund and quarter: the fund says which board oversees it."""

    fund = forms.ChoiceField(label="Board and fund", error_messages={"required": "Choose the board and fund"})
    quarter = forms.TypedChoiceField(
        label="Quarter", coerce=int, choices=[(number, f"Quarter {number}") for number in range(1, 5)], widget=RadioSelect
    )

    def __init__(self, *args: Any, funds: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].choices = [
            (str(fund.pk), f"{fund.agreement.board.name}: {fund.name} {fund.year.label}") for fund in funds
        ]


class Paragraphs(forms.CharField):
    """A text of several paragraphs: a list, split at blank lines (or at each line with by_line)."""

    def __init__(self, *, by_line: bool = False, **kwargs: Any) -> None:
        self.separator = "\n" if by_line else "\n\n"
        super().__init__(max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3 if by_line else 8}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return self.separator.join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value).replace("\r\n", "\n")
        return [" ".join(part.split()) for part in text.split(self.separator) if part.strip()]


class HeaderForm(forms.Form):
    """The head of a committee report, and its running text."""

    title = forms.CharField(label="Title", max_length=300, error_messages={"required": "Enter the title of the report"})
    meeting = forms.ChoiceField(label="Meeting", required=False)
    item_no = forms.CharField(label="Item number", max_length=20, required=False)
    classification = forms.ChoiceField(
        label="Classification",
        choices=[(word, word) for word in CLASSIFICATIONS],
        widget=RadioSelect(inline=True),
        error_messages={"required": "Choose whether the report is open or exempt"},
    )
    wards = forms.CharField(
        label="Wards or groups affected",
        max_length=200,
        error_messages={"required": "Enter the wards or groups affected, or “All”"},
    )
    from_posts = Paragraphs(label="From", help_text="One post and its organisation on each line", by_line=True)
    background = Paragraphs(label="Background", help_text="Leave an empty line between paragraphs")
    key_issues = Paragraphs(label="Key issues for consideration", help_text="Leave an empty line between paragraphs")

    def __init__(self, *args: Any, meetings: Iterable[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [("", "No meeting yet")] + [
            (str(meeting.pk), f"{meeting.held_on:%-d %B %Y}") for meeting in meetings
        ]


class RecommendationForm(forms.Form):
    kind = forms.ChoiceField(label="Asks the board to", choices=list(RECOMMENDATION_KINDS.items()), initial="note")
    text = forms.CharField(label="Recommendation", max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))


class ExemptForm(forms.Form):
    paragraph = forms.ChoiceField(
        label="Paragraph of Schedule 12A", choices=[("", "Choose")] + [(word, word) for word in SCHEDULE_12A_PARAGRAPHS]
    )
    reason = forms.CharField(label="Why it applies", max_length=LONG, widget=forms.Textarea(attrs={"rows": 2}))
    public_interest = forms.CharField(
        label="Why withholding serves the public interest", max_length=LONG, widget=forms.Textarea(attrs={"rows": 2})
    )


class ImplicationForm(forms.Form):
    """One kind of implication. None needs its reason."""

    kind = forms.CharField(max_length=60, widget=forms.HiddenInput)
    text = forms.CharField(label="Implications", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    none_reason = forms.CharField(label="If there are none, why", max_length=500, required=False)


class ConsultationForm(forms.Form):
    consultee = forms.CharField(label="Officer or body", max_length=200)
    sought = forms.BooleanField(label="Comments sought", required=False)
    included = forms.BooleanField(label="Comments included", required=False)
    date = DateField(label="Date", required=False)
    comment = forms.CharField(label="Comment", max_length=500, required=False)


class AuditLineForm(forms.Form):
    label = forms.CharField(label="Entry", max_length=80)
    value = forms.CharField(label="Content", max_length=300, required=False)


class BackgroundPaperForm(forms.Form):
    title = forms.CharField(label="Title", max_length=300)
    held_at = forms.CharField(label="Held at", max_length=200, required=False)
    contact = forms.CharField(label="Contact", help_text="A post or team, not a name", max_length=200, required=False)


class AppendixForm(forms.Form):
    label = forms.CharField(label="Number or letter", max_length=20)
    title = forms.CharField(label="Title", max_length=300)


# Name in the words, its rows' form, and how many empty rows stand ready.
ROWS: dict[str, tuple[type[forms.Form], int]] = {
    "recommendations": (RecommendationForm, 2),
    "exempt": (ExemptForm, 1),
    "implications": (ImplicationForm, 0),
    "consultation": (ConsultationForm, 2),
    "audit_trail": (AuditLineForm, 1),
    "background_papers": (BackgroundPaperForm, 1),
    "appendices": (AppendixForm, 1),
}


class WordsForms:
    """The header and each list of rows as one thing with `is_valid()` and `words()`."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, words: Mapping[str, Any], meeting: object, meetings: Iterable[Meeting]
    ) -> None:
        initial = {**words, "from_posts": words.get("from", []), "meeting": str(meeting or "")}
        self.header = HeaderForm(data, initial=initial, meetings=meetings)
        self.rows: dict[str, BaseFormSet[forms.Form]] = {
            name: formset_factory(form, extra=extra)(data, initial=[_dated(row) for row in words.get(name, [])], prefix=name)
            for name, (form, extra) in ROWS.items()
        }
        self.kept = dict(words)

    def __iter__(self) -> Any:
        yield self.header
        yield from self.rows.values()

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self])

    def meeting(self) -> str:
        """The id of the meeting chosen, or nothing."""
        return str(self.header.cleaned_data["meeting"])

    def words(self) -> dict[str, Any]:
        """The content as reports.domain.brief describes it."""
        header = dict(self.header.cleaned_data)
        header.pop("meeting")
        header["from"] = header.pop("from_posts")
        rows = {
            name: [_plain(row) for row in formset.cleaned_data if row and any(row.values())]
            for name, formset in self.rows.items()
        }
        return {**self.kept, **header, **rows}


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(row)
    if shown.get("date"):
        shown["date"] = date.fromisoformat(shown["date"])
    return shown


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
