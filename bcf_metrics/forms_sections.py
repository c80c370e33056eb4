"""Forms of a return's sections: who prepares one, said to be ready, and the reasons for which some go back."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms

from bcf_metrics.domain.templates import Tab
from bcf_metrics.forms import AmendForm, Lines, SendBackForm
from integration_hub.core.formfields import DATE_HINT, DateField
from partners.models import Organisation, User

NOBODY = ""
PREFIX = "section-"
LONGEST_REASON = 1000


class OwnerForm(forms.Form):
    """Who prepares a section, and until when."""

    owner = forms.ChoiceField(
        label="Who prepares it?",
        help_text="A person is chosen by their own organisation.",
        required=False,
        error_messages={"invalid_choice": "Choose who prepares it"},
    )
    due_on = DateField(label="By which day? (optional)", required=False)
    after_return = forms.BooleanField(label="It may come after the return itself is due", required=False)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        choices: Mapping[str, tuple[str, Organisation, User | None]],
        default: str,
        has_day: bool,
        initial: Mapping[str, object] | None = None,
    ) -> None:
        """`choices` are the words, partner and person by their key; `default` says when it is due otherwise.

        `has_day` is whether the return has a day on which it is due.
        """
        super().__init__(data, initial=dict(initial or {}))
        self.offered = choices
        offered = [(key, words) for key, (words, _, _) in choices.items()]
        self.fields["owner"].choices = [(NOBODY, "Nobody in particular"), *offered]  # type: ignore[attr-defined]
        self.fields["due_on"].help_text = f"{default} {DATE_HINT}"
        if not has_day:
            del self.fields["after_return"]

    def wanted(self) -> tuple[Organisation | None, User | None]:
        """The partner and the person that were chosen."""
        _, owner, person = self.offered.get(self.cleaned_data["owner"], ("", None, None))
        return owner, person


class ReadyForm(forms.Form):
    """The fingerprint of the section that the person was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class _WithSections(forms.Form):
    """A reason for each section that is named; the others are left empty."""

    tabs: Sequence[Tab] = ()

    def name_them(self, tabs: Iterable[Tab]) -> None:
        self.tabs = list(tabs)
        for tab in self.tabs:
            self.fields[f"{PREFIX}{tab.code}"] = Lines(
                label=tab.title,
                required=False,
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def of_whole(self) -> list[forms.BoundField]:
        return [bound for bound in self if not bound.name.startswith(PREFIX)]

    def of_sections(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.name.startswith(PREFIX)]

    def sections(self) -> dict[str, str]:
        """The reason for each section that was named, by its tab."""
        given = {tab.code: self.cleaned_data.get(f"{PREFIX}{tab.code}", "") for tab in self.tabs}
        return {code: words for code, words in given.items() if words.strip()}


class SendBackSectionsForm(_WithSections, SendBackForm):
    """Why a return goes back, as a whole and by section."""

    def __init__(self, data: Mapping[str, str] | None = None, *, tabs: Iterable[Tab]) -> None:
        super().__init__(data)
        self.name_them(tabs)


class AmendSectionsForm(_WithSections, AmendForm):
    """Why a return is changed after it went out, as a whole and by section."""

    def __init__(self, data: Mapping[str, str] | None = None, *, tabs: Iterable[Tab]) -> None:
        super().__init__(data)
        self.name_them(tabs)
