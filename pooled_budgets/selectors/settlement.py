"""Settlements of a fund's year, and the figures that one is worked out from, as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from integration_hub.core.models import Period
from integration_hub.core.money import NIL, total
from partners.models import User
from pooled_budgets.domain.risk_share.inputs import FundFigures, SchemeFigures
from pooled_budgets.domain.year_end import Paid
from pooled_budgets.models import (
    Fund,
    FundingLine,
    OpeningBalance,
    RiskShareRules,
    Scheme,
    SchemeLine,
    Settlement,
    SettlementApproval,
    Transaction,
)
from pooled_budgets.models.fund import IN_KIND
from pooled_budgets.selectors import balances, contributions, forecasts, funds, periods, risk_share

RELATED = (
    *("approval__decision__board", "approval__delegation__owner", "approval__approved_for"),
    *("divided_by", "replaces"),
)


@dataclass(frozen=True)
class YearRead:
    """A fund's year as the reader sees it. `drafts` names figures that their owner alone sees yet, for its own people.

    `unsettled` are lines on which the partners' own books differ at the end of the year.
    """

    period: Period | None
    figures: FundFigures
    rules: RiskShareRules | None
    paid: tuple[Paid, ...]
    opening: Decimal
    posted: dict[str, Decimal]
    providers: dict[str, str]
    drafts: tuple[str, ...]
    unsettled: tuple[str, ...]


def settlements(user: User) -> QuerySet[Settlement]:
    """The settlements that a person may read, each with its approval, newest first."""
    return (
        Settlement.objects.visible_to(user)
        .select_related("fund__agreement__board", "fund__owner", "owner", "prepared_by", *RELATED)
        .order_by("-prepared_at", "-number", "pk")
    )


def of_fund(fund: Fund, user: User) -> list[Settlement]:
    """Those of a fund, the last one first. One query."""
    return list(settlements(user).filter(fund=fund).order_by("-number"))


def get(fund: Fund, user: User, number: int) -> Settlement:
    """One of a fund; Http404 for any other."""
    found = settlements(user).filter(fund=fund, number=number).first()
    if found is None:
        raise Http404("There is no such settlement.")
    return found


def approval_of(settlement: Settlement) -> SettlementApproval | None:
    """The approval of a settlement that `settlements` gave."""
    return getattr(settlement, "approval", None)


def in_force(rows: Sequence[Settlement]) -> Settlement | None:
    """Of a fund's settlements, the last one that was approved: no later one has taken its place yet."""
    return next((row for row in rows if approval_of(row) is not None), None)


def opening_rows(fund: Fund, user: User) -> list[OpeningBalance]:
    """What was carried into a fund from the year before. One query."""
    return list(_balances(user).filter(fund=fund).order_by("recorded_at", "pk"))


def carried_rows(fund: Fund, user: User) -> list[OpeningBalance]:
    """What was carried from a fund into that of the next year. One query."""
    return list(_balances(user).filter(settlement__fund=fund).order_by("recorded_at", "pk"))


def next_funds(fund: Fund, user: User) -> list[Fund]:
    """The funds of the same agreement in the year after, of the same keeper. One query."""
    later = funds.funds(user).filter(agreement=fund.agreement_id, owner=fund.owner_id)
    return list(later.filter(financial_year=fund.financial_year + 1))


def before(fund: Fund, user: User) -> Settlement | None:
    """The approved settlement of the same agreement's fund of the year before, where there is one. One query."""
    rows = settlements(user).filter(
        fund__agreement=fund.agreement_id,
        fund__name=fund.name,
        fund__financial_year=fund.financial_year - 1,
        approval__isnull=False,
    )
    return rows.order_by("-number").first()


def year(fund: Fund, user: User) -> YearRead:
    """What the fund's year end is worked out from. As many queries whatever its size."""
    period = next((quarter for quarter in periods.quarters(fund) if quarter.number == 4), None)
    if period is None:
        empty = FundFigures(partners={}, names={}, schemes=())
        return YearRead(None, empty, None, (), NIL, {}, {}, (), ())
    figures = risk_share.figures(fund, period, user)
    lines = contributions.of_fund(user, fund, on=timezone.localdate())
    return YearRead(
        period=period,
        figures=figures,
        rules=risk_share.in_force(risk_share.rules_of(fund.agreement, user), fund.year.ends_on),
        paid=_paid(fund, figures, [found.line for found in lines]),
        opening=total(row.amount for row in opening_rows(fund, user)),
        posted=_posted(fund, user),
        providers=_providers(fund, user),
        drafts=(*_drafts(fund, period, user), *(_unreleased(found.line) for found in lines if not _is_out(found.line))),
        unsettled=tuple(balance.words for balance in balances.unsettled(fund, period)),
    )


def none() -> QuerySet[Settlement]:
    """No rows: tells the API's description which model it is about."""
    return Settlement.objects.none()


def differing(figures: FundFigures, posted: dict[str, Decimal]) -> list[SchemeFigures]:
    """The schemes of which the ledger has another sum than their outturn; one without postings differs from nothing."""
    return [
        scheme
        for scheme in figures.schemes
        if scheme.outturn is not None and scheme.number in posted and posted[scheme.number] != scheme.outturn
    ]


def _balances(user: User) -> QuerySet[OpeningBalance]:
    rows = OpeningBalance.objects.visible_to(user)
    return rows.select_related("fund", "settlement__fund", "decision__board", "delegation__owner", "owner")


def _paid(fund: Fund, figures: FundFigures, lines: Sequence[FundingLine]) -> tuple[Paid, ...]:
    """Each contribution whose payer and amount are known; the others are gaps of the figures."""
    followers = None
    found = []
    for line in lines:
        if line.amount is None or line.payer is None:
            continue
        key = line.payer.key
        if key not in figures.partners:
            followers = risk_share.followers_of(fund.agreement) if followers is None else followers
            key = followers.get(line.payer_id, key)
        received = getattr(line, "received", None) or NIL
        found.append(Paid(line.source, key, line.amount, received, in_kind=line.form == IN_KIND))
    return tuple(found)


def _posted(fund: Fund, user: User) -> dict[str, Decimal]:
    """What was posted to each scheme in the year, by its number."""
    rows = Transaction.objects.visible_to(user).filter(fund=fund).order_by().values_list("line__scheme__number")
    return dict(rows.annotate(sum=Sum("amount")))


def _providers(fund: Fund, user: User) -> dict[str, str]:
    """The provider of each scheme by its number: "several" where its lines name more than one."""
    rows = SchemeLine.objects.filter(scheme__in=Scheme.objects.visible_to(user).filter(fund=fund))
    found: dict[str, str] = {}
    for number, provider in rows.order_by("scheme", "position").values_list("scheme__number", "provider"):
        named = found.setdefault(number, provider)
        if named != provider:
            found[number] = "Several"
    return found


def _drafts(fund: Fund, period: Period, user: User) -> list[str]:
    rows = forecasts.of_fund(fund, period, user).filter(released_at__isnull=True)
    return [f"the outturn of scheme {row.scheme.number} is a draft" for row in rows]


def _is_out(line: FundingLine) -> bool:
    return line.released_at is not None


def _unreleased(line: FundingLine) -> str:
    return f"the contribution “{line.source}” is a draft"
