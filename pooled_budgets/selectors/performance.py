"""Payment for performance as recorded, and what is released by it."""

import hashlib
import json
from dataclasses import dataclass

from integration_hub.core.money import as_plain
from pooled_budgets.domain.payment_for_performance import Performance, performance
from pooled_budgets.models import Fund, PerformancePay, PerformanceQuarter


@dataclass(frozen=True)
class Recorded:
    """The terms of a fund that the reader may see, with its four quarters in order."""

    pay: PerformancePay
    quarters: list[PerformanceQuarter]

    def worked_out(self) -> Performance:
        return performance(
            [row.baseline for row in self.quarters],
            [row.planned_reduction for row in self.quarters],
            [row.actual for row in self.quarters],
            unit=self.pay.unit,
            capped_at_plan_to_date=self.pay.capped,
        )


def recorded(fund: Fund) -> Recorded | None:
    """What is recorded for a fund that the reader may see; None while nothing is. Two queries."""
    pay = PerformancePay.objects.filter(fund=fund).select_related("nhs_partner").first()
    if pay is None:
        return None
    return Recorded(pay, list(PerformanceQuarter.objects.filter(pay=pay).order_by("number")))


def plain(found: Recorded | None) -> dict[str, object]:
    """For the audit log and for telling whether anything changed."""
    if found is None:
        return {}
    return {
        "unit": as_plain(found.pay.unit),
        "capped": found.pay.capped,
        "nhs_partner": found.pay.nhs_partner.key,
        "illustrative": found.pay.illustrative,
        "quarters": [[row.baseline, row.planned_reduction, row.actual, row.state] for row in found.quarters],
    }


def seen(found: Recorded | None) -> str:
    """A digest of what stands, for a form to send back."""
    return hashlib.sha256(json.dumps(plain(found), sort_keys=True).encode()).hexdigest() if found else ""
