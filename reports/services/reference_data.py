"""Reference data that every installation needs: periods, bank holidays, national policy, the register, grants."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from bcf_metrics.services import policy
from integration_hub.core import working_days
from integration_hub.core.models import BankHoliday, Period
from integration_hub.core.quarters import ADJUSTMENT, FinancialMonth, FinancialYear
from partners.services import grants, register_data
from pooled_budgets.services import value_lists

FIRST_YEAR, LAST_YEAR = FinancialYear(2008), FinancialYear(2030)


@dataclass(frozen=True)
class Loaded:
    """How many rows came in; all 0 and empty when everything was there."""

    periods: int
    bank_holidays: int
    policy: list[str]
    register: register_data.Loaded = field(default_factory=register_data.Loaded)
    grants: int = 0
    value_lists: int = 0


@transaction.atomic
def load(*, at: datetime, system: str) -> Loaded:
    """Bring the reference data up to what this release ships. The second time nothing changes."""
    return Loaded(
        periods=load_periods(FIRST_YEAR, LAST_YEAR),
        bank_holidays=load_bank_holidays(),
        policy=policy.load(at=at, system=system),
        register=register_data.load(at=at, system=system),
        grants=grants.bring_up_to_date(at=at, system=system),
        value_lists=value_lists.load(at=at, system=system),
    )


def load_periods(first: FinancialYear, last: FinancialYear) -> int:
    """Add the missing months (with month 13 for adjustments), quarters and years; returns how many."""
    known = set(Period.objects.values_list("kind", "financial_year", "number"))
    wanted = [period for start in range(first.start, last.start + 1) for period in _periods_of(FinancialYear(start))]
    missing = [row for row in wanted if (row.kind, row.financial_year, row.number) not in known]
    return len(Period.objects.bulk_create(missing))


def load_bank_holidays() -> int:
    """Add the missing days and correct the names of the others; returns how many rows that were."""
    known = {row.date: (row.name, row.known_on) for row in BankHoliday.objects.all()}
    new = [row for row in working_days.read_rows() if known.get(row.day) != (row.name, row.known_on)]
    BankHoliday.objects.bulk_create(
        [BankHoliday(date=row.day, name=row.name, known_on=row.known_on) for row in new],
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["name", "known_on"],
    )
    return len(new)


def _periods_of(year: FinancialYear) -> Iterator[Period]:
    """A financial year's thirteen months, four quarters and the year itself, not yet stored."""
    for number in range(1, ADJUSTMENT + 1):
        month = FinancialMonth(year, number)
        yield _period(Period.MONTH, year, number, month.starts_on, month.ends_on, month.label)
    for quarter in year.quarters:
        yield _period(Period.QUARTER, year, quarter.number, quarter.starts_on, quarter.ends_on, quarter.label)
    yield _period(Period.YEAR, year, 1, year.starts_on, year.ends_on, year.label)


def _period(kind: str, year: FinancialYear, number: int, starts_on: date, ends_on: date, label: str) -> Period:
    return Period(
        kind=kind, financial_year=year.start, number=number, starts_on=starts_on, ends_on=ends_on, label=label
    )
