"""The months of a fund's year: open or closed, and by which lock."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from integration_hub.core.models import Period
from integration_hub.core.prepared import prepared
from partners.domain.roles import Role
from partners.models import Membership, User
from pooled_budgets.models import ClosedMonth, Fund, PeriodLock
from pooled_budgets.policies import may_still_write, quarter_number
from pooled_budgets.selectors import periods


@dataclass(frozen=True)
class MonthState:
    """A month with the lock on it, or on the quarter that it falls in; None while it is open."""

    period: Period
    lock: PeriodLock | None

    @property
    def is_open(self) -> bool:
        return self.lock is None

    @property
    def is_soft(self) -> bool:
        return self.lock is not None and self.lock.kind == PeriodLock.SOFT

    @property
    def word(self) -> str:
        """How far it is closed, in one word for machines."""
        if self.is_open:
            return "open"
        return "softly_closed" if self.is_soft else "closed"

    def is_open_to(self, user: User, on: date) -> bool:
        """Whether the person may write in it on a day: open to all who may, softly closed to the one named."""
        return self.lock is None or may_still_write(self.lock, user, on)


def states(fund: Fund, *, moment: datetime | None = None) -> list[MonthState]:
    """Each month of the fund's year, the adjustment period last, with the lock that closes it (at a moment: that closed
    it then). Two queries."""
    locks: dict[tuple[str, int], PeriodLock] = {}
    for lock in _in_force(fund=fund.pk) if moment is None else _in_force_at(fund, moment):
        locks[lock.period.kind, lock.period.number] = lock
    return [
        MonthState(
            month,
            locks.get((Period.QUARTER, quarter_number(month))) or locks.get((Period.MONTH, month.number)),
        )
        for month in periods.months_of(year=fund.financial_year)
    ]


@prepared
def _in_force(*, fund: UUID) -> QuerySet[PeriodLock]:
    return PeriodLock.objects.filter(fund=fund, lifted_at__isnull=True).select_related("period", "may_edit")


def _in_force_at(fund: Fund, moment: datetime) -> QuerySet[PeriodLock]:
    held = Q(lifted_at__isnull=True) | Q(lifted_at__gte=moment)
    return PeriodLock.objects.filter(held, fund=fund, locked_at__lt=moment).select_related("period", "may_edit")


def finance_people(fund: Fund) -> QuerySet[User]:
    """The finance officers of whoever keeps the fund, for its own people who close a month."""
    today = timezone.localdate()
    held = Membership.objects.on(today).filter(organisation=fund.owner_id, role=Role.FINANCE)
    return User.objects.filter(pk__in=held.values("person"), is_active=True).order_by("name", "pk")


def closings(fund: Fund, user: User) -> QuerySet[ClosedMonth]:
    """A fund's closed months as they stood, newest first, without their content."""
    rows = ClosedMonth.objects.visible_to(user).filter(fund=fund).select_related("period")
    return rows.defer("content").order_by("period__number", "-number")
