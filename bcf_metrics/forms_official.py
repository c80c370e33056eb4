"""What is typed about the official workbook: the file, a line of its cell map, and what it is filled in from."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms

from bcf_metrics.domain import cell_map
from bcf_metrics.domain.cell_map import FURTHEST, MapEntry, Outlines, Target
from bcf_metrics.models import ReturnVersion

DRAFT = "draft"
LONGEST_TARGET = 300
LONGEST_LABEL = 2_000


class BlankForm(forms.Form):
    """The empty official workbook."""

    file = forms.FileField(
        label="Official workbook, empty",
        help_text="The .xlsx file as it was sent out for this quarter, at most 10 MB",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Choose the official workbook of the quarter",
            "empty": "The file is empty. Save it again and upload that.",
        },
    )


class FillForm(forms.Form):
    """Which version of the return the workbook is filled in from."""

    version = forms.ChoiceField(label="Fill it in from")

    def __init__(
        self, data: Mapping[str, str] | None = None, *, versions: Sequence[ReturnVersion], current: ReturnVersion | None
    ) -> None:
        super().__init__(data)
        choices = [] if current else [(DRAFT, "The draft as it stands now")]
        choices += [
            (str(version.number), f"Version {version.number}{'' if version == current else ', no longer in force'}")
            for version in reversed(versions)
        ]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]  # a choice field

    @property
    def number(self) -> int | None:
        """The version asked for; None is the draft. Only after is_valid."""
        chosen = self.cleaned_data["version"]
        return None if chosen == DRAFT else int(chosen)


class LineForm(forms.Form):
    """A line of the cell map."""

    target = forms.ChoiceField(label="What is written", error_messages={"required": "Choose what is written"})
    sheet = forms.ChoiceField(label="Sheet", error_messages={"required": "Choose the sheet"})
    label = forms.CharField(
        label="Label",
        help_text="The words in the workbook, as they stand there; capitals and a colon at the end do not matter",
        max_length=LONGEST_LABEL,
        error_messages={"required": "Enter the label that the answer stands beside"},
    )
    nth = forms.IntegerField(
        label="Which of these labels",
        help_text="1 is the first on the sheet, counted from the top",
        min_value=1,
        max_value=FURTHEST,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    right = forms.IntegerField(
        label="Cells to the right",
        min_value=0,
        max_value=FURTHEST,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    down = forms.IntegerField(
        label="Cells below",
        help_text="For a whole column: where its first line is, mostly 1 below the heading and 0 to the right",
        min_value=0,
        max_value=FURTHEST,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    replaces = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_TARGET)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        outlines: Outlines,
        targets: Iterable[Target],
        taken: Iterable[str],
        number: int,
        line: MapEntry | None = None,
    ) -> None:
        initial = {"seen": number, "replaces": line.target if line else ""}
        super().__init__(data, initial=initial | (cell_map.to_data([line])[0] if line else {}))
        self.outlines = outlines
        free = set(taken) - ({line.target} if line else set())
        known = [target for target in targets if target.key not in free]
        if line and line.target not in {target.key for target in known}:
            known.append(Target(line.target, f"{line.target} (not in this return)", "Other"))
        self.fields["target"].choices = [("", "Choose"), *_grouped(known)]  # type: ignore[attr-defined]  # a choice field
        self.fields["sheet"].choices = [("", "Choose"), *((name, name) for name in outlines)]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, object]:
        given = self.cleaned_data
        if not self.errors:
            found = cell_map.find(self.outlines, self.entry)
            if found.problem:
                self.add_error("label", found.problem)
        return given

    @property
    def entry(self) -> MapEntry:
        """The line as it was typed."""
        given = self.cleaned_data
        return MapEntry(**{name: given[name] for name in ("target", "sheet", "label", "nth", "right", "down")})


class TakeOutForm(forms.Form):
    """A line that is taken out of the cell map."""

    replaces = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_TARGET)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def _grouped(targets: Iterable[Target]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for target in targets:
        groups.setdefault(target.section, []).append((target.key, target.words))
    return list(groups.items())
