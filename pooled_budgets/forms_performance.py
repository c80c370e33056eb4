"""What was typed about payment for performance: its terms, and the admissions of each quarter."""

from typing import Any

from django import forms

from integration_hub.core.formfields import CountField, MoneyField
from integration_hub.core.states import FigureState
from partners.domain.kinds import COMMISSIONERS
from partners.models import Organisation
from pooled_budgets.domain.payment_for_performance import NATIONAL_UNIT
from pooled_budgets.selectors.performance import Recorded
from pooled_budgets.services.performance import MOST_FOR_ONE, UNIT_WRONG, QuarterCounts

QUARTERS = (1, 2, 3, 4)
# More people than live in any area.
MOST = 2_000_000
WHY = [
    (FigureState.MISSING.value, "Missing: nobody has counted them yet"),
    (FigureState.NOT_YET_AVAILABLE.value, "Not yet available: the quarter has not ended"),
]


class PerformanceForm(forms.Form):
    """Terms and counts; a count left empty says why."""

    unit = MoneyField(
        label="Pounds for an admission", help_text="1,490.00 in the national scheme; an agreement may state another"
    )
    capped = forms.BooleanField(
        label="No more than the reduction planned by the end of each quarter is paid for",
        required=False,
        initial=True,
    )
    illustrative = forms.BooleanField(label="Illustrative: no document states these figures", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, parties: list[Organisation], found: Recorded | None, seen: str) -> None:
        super().__init__(data, initial=_initial(found) | {"seen": seen})
        self.fields["nhs_partner"] = forms.ChoiceField(
            label="The NHS partner that keeps what is not released",
            choices=[
                ("", "Choose a partner"),
                *((str(party.pk), str(party)) for party in parties if party.kind in COMMISSIONERS),
            ],
        )
        for number in QUARTERS:
            for name, label, required in (
                ("baseline", "Baseline admissions", True),
                ("planned", "Planned reduction", True),
                ("actual", "Counted admissions", False),
            ):
                self.fields[f"{name}-{number}"] = CountField(
                    what="admissions",
                    most=MOST,
                    label=f"{label}, quarter {number}",
                    required=required,
                    error_messages={"required": f"Enter the {label.lower()} of quarter {number}, 0 where it is nil"},
                )
            self.fields[f"state-{number}"] = forms.ChoiceField(
                label=f"If quarter {number} has no count, why", choices=WHY, required=False
            )

    def clean_unit(self) -> Any:
        unit = self.cleaned_data["unit"]
        if not 0 < unit <= MOST_FOR_ONE:
            raise forms.ValidationError(UNIT_WRONG)
        return unit

    def counts(self) -> list[QuarterCounts]:
        """The four quarters as they were typed."""
        given = self.cleaned_data
        return [
            QuarterCounts(
                baseline=given[f"baseline-{number}"],
                planned_reduction=given[f"planned-{number}"],
                actual=given[f"actual-{number}"],
                state=(given[f"state-{number}"] or FigureState.MISSING)
                if given[f"actual-{number}"] is None
                else FigureState.STATED,
            )
            for number in QUARTERS
        ]


def _initial(found: Recorded | None) -> dict[str, Any]:
    if found is None:
        return {"unit": NATIONAL_UNIT}
    pay = found.pay
    terms = {
        "unit": pay.unit,
        "nhs_partner": str(pay.nhs_partner_id),
        "capped": pay.capped,
        "illustrative": pay.illustrative,
    }
    counts = {
        f"{name}-{row.number}": value
        for row in found.quarters
        for name, value in (
            ("baseline", row.baseline),
            ("planned", row.planned_reduction),
            ("actual", row.actual),
            ("state", row.state),
        )
    }
    return terms | counts
