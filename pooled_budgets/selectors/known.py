"""What was known of a fund at a moment: its rows as their histories have them, put together as those of today are.

Nothing is worked out in another way than today's figures: the versions of the rows stand in the places of the rows. A
reader gets the versions that they may see: those of their own partners, and of others those that were released when
they stood.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet, Sum
from django.utils import timezone

from integration_hub.core import money
from integration_hub.core.models import Period
from integration_hub.core.money import NIL
from partners import permissions
from partners.models import Organisation, User, either
from partners.models.inheritance import Inheritance
from partners.permissions import Permission
from partners.selectors import kinds
from partners.selectors.kinds import events_of
from pooled_budgets.domain.explaining import BudgetLine, Entered, LineMonth
from pooled_budgets.domain.month_grid import MONTHS
from pooled_budgets.domain.position import FundPosition, budget_of
from pooled_budgets.domain.risk_share.inputs import FundFigures
from pooled_budgets.models import (
    AgreementParty,
    ClosedMonth,
    Forecast,
    Fund,
    FundingLine,
    MonthForecast,
    RiskShareFigures,
    RiskShareRules,
    Scheme,
    SchemeLead,
    SchemeLine,
    Transaction,
    VirementSide,
)
from pooled_budgets.selectors import ledger, months, positions, risk_share
from pooled_budgets.selectors.grid import month_name
from pooled_budgets.selectors.kinds import party_until
from pooled_budgets.selectors.risk_share import LineRow

POSTINGS = 50
# Later than anything that is recorded: what is known now.
FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Contribution:
    """Money into the fund, in pounds; None where its state says why. An unknown payer is ""."""

    key: UUID
    source: str
    payer: str
    amount: Decimal | None
    state: str


@dataclass(frozen=True)
class Known:
    """A fund as it was known at a moment: its position, what it has to share, and the rules that applied (or None)."""

    moment: datetime
    position: FundPosition
    figures: FundFigures
    rules: Any | None
    # Who entered each row, by its id.
    entered: Mapping[UUID, Entered]
    lines: Mapping[UUID, Sequence[BudgetLine]]
    # The row of each scheme's outturn, by the scheme's id.
    forecasts: Mapping[UUID, UUID]
    contributions: Sequence[Contribution]


@dataclass(frozen=True)
class Posting:
    """A posting as an explanation lists it."""

    line: str
    month: str
    kind: str
    amount: Decimal
    description: str
    entered: Entered


@dataclass(frozen=True)
class LineYear:
    """A budget line's year by month as it was known, and what was posted to it, in pounds (None: nothing)."""

    words: str
    months: tuple[LineMonth, ...]
    posted: Decimal | None


def end_of(on: date) -> datetime:
    """The moment up to which something counts as known on a day: its midnight, in London's time."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))


def known(fund: Fund, period: Period, user: User, *, on: date | None = None) -> Known | None:
    """The fund at the end of a day (now without one); None where nobody had entered it. Fifteen queries at most."""
    moment = end_of(on) if on else FAR
    day = on or timezone.localdate()
    past = _Past(fund, user, moment)
    head = past.first(Fund, Q(pgh_obj=fund.pk))
    if head is None:
        return None
    schemes = past.rows(Scheme, Q(fund=fund.pk), order=("position", "number"))
    keys = [scheme.id for scheme in schemes]
    lines = past.rows(SchemeLine, Q(scheme__in=keys), order=("scheme", "position"))
    funding = past.rows(FundingLine, Q(fund=fund.pk), order=("position",), related=("payer",))
    moved, later = past.sides([line.id for line in lines], as_at=period.ends_on)
    forecasts = past.forecasts(keys, period)
    by_scheme = {key: [line for line in lines if line.scheme_id == key] for key in keys}
    position = FundPosition(
        financial_year=fund.year.label,
        period_label=period.label,
        as_at=period.ends_on,
        lines=tuple(
            positions.line_of(scheme, _budget(by_scheme[scheme.id], later), forecasts.get(scheme.id), period, day)
            for scheme in schemes
        ),
        fund_total=head.total,
        fund_total_state=head.total_state,
    )
    sources = {row.id: row for row in funding}
    return Known(
        moment=moment,
        position=position,
        figures=_figures(past, position, schemes, lines, funding),
        rules=_rules(past, on=risk_share.day_of(fund, day)),
        entered=past.entered(),
        lines={
            key: [_budget_line(line, sources.get(line.funding_id), moved, later, past) for line in rows]
            for key, rows in by_scheme.items()
        },
        forecasts={key: row.id for key, row in forecasts.items()},
        contributions=[
            Contribution(row.id, row.source, row.payer.name if row.payer else "", row.amount, row.state)
            for row in funding
        ],
    )


def postings(
    fund: Fund,
    user: User,
    *,
    scheme: UUID | None = None,
    line: UUID | None = None,
    until: date | None,
    moment: datetime,
    month: int | None = None,
) -> tuple[Decimal | None, int, list[Posting]]:
    """What was posted to a scheme, or to one line, by the moment: the sum (None: nothing), how many, the last ones.
    Three queries."""
    of = Q(line=line) if line else Q(line__scheme=scheme)
    rows = Transaction.objects.visible_to(user).filter(of, fund=fund, entered_at__lt=moment)
    if until is not None:
        rows = rows.filter(period__ends_on__lte=until)
    if month is not None:
        rows = rows.filter(period__number=month)
    in_all = rows.order_by().aggregate(sum=Sum("amount"))
    amounts = list(rows.select_related("line__scheme", "period", "entered_by").order_by(*ledger.ORDER)[: POSTINGS + 1])
    number = len(amounts) if len(amounts) <= POSTINGS else rows.count()
    return in_all["sum"], number, [_posting(row) for row in amounts[:POSTINGS]]


def posted_by_scheme(
    fund: Fund, user: User, *, until: date | None, moment: datetime, month: int | None = None
) -> dict[str, Decimal]:
    """What was posted to each scheme by the moment, by its number; one without a posting is not there. One query."""
    rows = Transaction.objects.visible_to(user).filter(fund=fund, entered_at__lt=moment)
    if until is not None:
        rows = rows.filter(period__ends_on__lte=until)
    if month is not None:
        rows = rows.filter(period__number=month)
    return dict(rows.order_by().values_list("line__scheme__number").annotate(sum=Sum("amount")))


def line_year(fund: Fund, user: User, line: UUID, *, moment: datetime, on: date | None) -> LineYear | None:
    """The row of the grid that a line had at the moment; None where the reader knows of no such line. Eleven queries.

    As in the grid, a softly closed month is open to whoever may still write in it.
    """
    words = next((choice.words for choice in ledger.lines(fund, user) if choice.line.pk == line), None)
    past = _Past(fund, user, moment)
    if words is None or past.first(SchemeLine, Q(pgh_obj=line)) is None:
        return None
    forecasts = past.rows(MonthForecast, Q(line=line), related=("period", "entered_by"))
    expected = {row.period.number: row for row in forecasts}
    who = past.entered()
    rows = Transaction.objects.visible_to(user).filter(fund=fund, line=line, entered_at__lt=moment)
    posted = dict(rows.order_by().values_list("period__number").annotate(sum=Sum("amount")))
    writing = permissions.can(user, Permission.FORECAST_RECORD, organisation=fund.owner)
    found = []
    for state in months.states(fund, moment=moment):
        number = state.period.number
        is_open = state.is_open_to(user, on or timezone.localdate()) if writing else state.is_open
        if number not in MONTHS:
            if number in posted:
                found.append(LineMonth("Adjustments", is_open=False, amount=posted[number]))
            continue
        row = expected.get(number) if is_open else None
        amount = (row.amount if row else None) if is_open else posted.get(number)
        found.append(LineMonth(month_name(state), is_open, amount, past.by_whom(row, who) if row else None))
    return LineYear(words, tuple(found), money.total(posted.values()) if posted else None)


def closings(fund: Fund, user: User, *, until: date, moment: datetime) -> QuerySet[ClosedMonth]:
    """The months up to a day as they were closed by the moment, the newest first, without their content."""
    return (
        ClosedMonth.objects.visible_to(user)
        .filter(fund=fund, period__ends_on__lte=until, closed_at__lt=moment)
        .select_related("period")
        .defer("content")
        .order_by("-period__number", "-number")
    )


class _Past:
    """The versions of a fund's rows at a moment, with who wrote each."""

    def __init__(self, fund: Fund, user: User, moment: datetime) -> None:
        self.fund, self.user, self.moment = fund, user, moment
        self.partners = set(Organisation.objects.acted_for_by(user).values_list("pk", flat=True))
        followed = Inheritance.objects.filter(
            Q(area__isnull=True) | Q(area=fund.agreement.area_id), holder__in=self.partners
        )
        own = self.partners | set(followed.values_list("predecessor", flat=True))
        # Of other partners, the versions alone that were released when they stood: asked once, for every table.
        self.owned = Q(owner__in=own) | Q(released_at__isnull=False)
        self.seen = self._seen()
        self.read: list[Any] = []

    def _seen(self) -> Q:
        """Whom only a former place lets in sees what stood until that ended."""
        kind = kinds.named("fund")
        lasting = either({way: q for way, q in kind.ways(self.user).items() if way != kinds.FORMER})
        if Fund.objects.filter(lasting, pk=self.fund.pk).exists():
            return Q()
        until = next((ended_at for (ended_at,) in party_until(self.user, self.fund.agreement_id)), None)
        return Q(pgh_created_at__lt=until) if until else Q(pk__in=[])

    def rows(
        self,
        model: type[Model],
        of: Q,
        *,
        is_owned: bool = True,
        order: Iterable[str] = (),
        related: Iterable[str] = (),
    ) -> list[Any]:
        """The version that each row had, in the order of these columns. One query."""
        events = events_of(model)._default_manager
        last = (
            events.filter(of, self.seen, pgh_created_at__lt=self.moment)
            .order_by("pgh_obj", "-pgh_created_at", "-pgh_id")
            .distinct("pgh_obj")
            .values("pgh_id")
        )
        found = list(
            events.filter(self.owned if is_owned else Q(), pgh_id__in=last)
            .exclude(pgh_label="delete")
            .select_related("pgh_context", *related)
            .order_by(*order, "pgh_obj")
        )
        self.read += found
        return found

    def first(self, model: type[Model], of: Q, *, is_owned: bool = True) -> Any | None:
        return next(iter(self.rows(model, of, is_owned=is_owned)), None)

    def forecasts(self, schemes: Sequence[UUID], period: Period) -> dict[UUID, Any]:
        """The outturn of each scheme; where a successor keeps the fund its own comes before its predecessor's."""
        rows = self.rows(
            Forecast, Q(scheme__in=schemes, period=period.pk), order=("pgh_created_at",), related=("entered_by",)
        )
        kept = sorted(rows, key=lambda row: row.owner_id == self.fund.owner_id)
        return {row.scheme_id: row for row in kept}

    def sides(self, lines: Sequence[UUID], *, as_at: date) -> tuple[dict[UUID, Decimal], dict[UUID, Decimal]]:
        """What virements did to each line by the moment, and what of it takes effect after a day. One query."""
        moved: dict[UUID, Decimal] = {}
        later: dict[UUID, Decimal] = {}
        sides = VirementSide.objects.filter(line__in=lines, recorded_at__lt=self.moment)
        for line, amount, effective_on in sides.values_list("line", "amount", "virement__effective_on"):
            moved[line] = moved.get(line, NIL) + amount
            if effective_on > as_at:
                later[line] = later.get(line, NIL) + amount
        return moved, later

    def entered(self) -> dict[UUID, Entered]:
        """Who wrote the versions that were read, by the rows' ids: the person to their own partner alone."""
        names = dict(
            Organisation.objects.filter(
                pk__in={row.owner_id for row in self.read if hasattr(row, "owner_id")}
            ).values_list("pk", "name")
        )
        return {row.id: Entered(self._who(row, names), row.pgh_created_at) for row in self.read if hasattr(row, "id")}

    def by_whom(self, row: Any, who: Mapping[UUID, Entered]) -> Entered:
        """Who entered a row that says it itself, and when; to another partner the partner alone."""
        return Entered(str(row.entered_by) if row.owner_id in self.partners else who[row.id].who, row.entered_at)

    def who(self, row: Any) -> Entered:
        return Entered(self._who(row, {}), row.pgh_created_at)

    def _who(self, row: Any, names: Mapping[Any, str]) -> str:
        said = row.pgh_context.metadata if row.pgh_context else {}
        owner = getattr(row, "owner_id", None)
        if said.get("system"):
            return f"the system ({said['system']})"
        if owner in self.partners and said.get("person_name"):
            return str(said["person_name"])
        return names.get(owner, "") or "the partner that keeps the fund"


def _budget(lines: Sequence[Any], later: Mapping[UUID, Decimal]) -> tuple[Decimal | None, str]:
    amount, state = budget_of([(line.budget, line.state) for line in lines])
    if amount is None:
        return None, state
    return amount - sum((later.get(line.id, NIL) for line in lines), NIL), state


def _budget_line(
    line: Any, source: Any | None, moved: Mapping[UUID, Decimal], later: Mapping[UUID, Decimal], past: _Past
) -> BudgetLine:
    return BudgetLine(
        words=f"Line {line.position}",
        budget=line.budget,
        state=line.state,
        source=source.source if source is not None else "",
        moved=moved.get(line.id, NIL),
        moved_later=later.get(line.id, NIL),
        entered=past.who(line),
    )


def _figures(
    past: _Past, position: FundPosition, schemes: Sequence[Any], lines: Sequence[Any], funding: Sequence[Any]
) -> FundFigures:
    links = past.rows(AgreementParty, Q(agreement=past.fund.agreement_id), is_owned=False, related=("organisation",))
    leads = {
        row.scheme_id: row.lead.key
        for row in past.rows(
            SchemeLead, Q(scheme__in=[scheme.id for scheme in schemes]), is_owned=False, related=("lead",)
        )
    }
    recorded = past.first(RiskShareFigures, Q(fund=past.fund.pk), is_owned=False)
    payers = {row.id: row.payer.key for row in funding if row.payer is not None}
    numbers = {scheme.id: scheme.number for scheme in schemes}
    return risk_share.put_together(
        past.fund,
        parties=sorted((link.organisation for link in links), key=lambda party: (party.name, str(party.pk))),
        funding=funding,
        lines=[
            LineRow(numbers[line.scheme_id], leads.get(line.scheme_id), line.budget, payers.get(line.funding_id))
            for line in lines
        ],
        position=position,
        contingency=recorded.contingency if recorded else None,
    )


def _rules(past: _Past, *, on: date) -> Any | None:
    """The version of the rules that applied on a day of the fund's year, as far as it was approved by the moment."""
    rows = past.rows(
        RiskShareRules,
        Q(agreement=past.fund.agreement_id),
        related=("approved_for", "agreement_version"),
        order=("number",),
    )
    return risk_share.in_force([row for row in rows if row.number is not None], on)


def _posting(row: Transaction) -> Posting:
    return Posting(
        line=f"Line {row.line.position}",
        month=row.period.label,
        kind=row.get_kind_words(),
        amount=row.amount,
        description=f"{row.description} ({row.reference})" if row.reference else row.description,
        entered=Entered(str(row.entered_by), row.entered_at),
    )
