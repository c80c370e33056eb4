"""Settlements of a fund's year, and the figures that one is worked out from, as the reader may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject
from django.http import Http404

from integration_hub.core.models import Period
from integration_hub.core.money import NIL, total
from partners.models import Organisation, User, known, prepared_for
from pooled_budgets.domain.position import FundPosition
from pooled_budgets.domain.risk_share.inputs import FundFigures, SchemeFigures
from pooled_budgets.domain.year_end import Paid
from pooled_budgets.models import (
    AccountStatement,
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
from pooled_budgets.models.account_statement import PURPOSE
from pooled_budgets.models.fund import IN_KIND
from pooled_budgets.selectors import balances, contributions, funds, periods, positions, risk_share
from pooled_budgets.selectors.risk_share import LineRow

RELATED = (
    *("approval__decision__board", "approval__delegation__owner", "approval__approved_for"),
    *("divided_by", "replaces"),
)


@dataclass(frozen=True)
class YearRead:
    """A fund's year as the reader sees it. `drafts` names figures that their owner alone sees yet, for its own people.

    `unsettled` are lines on which the partners' own books differ at the end of the year; `opened` is what was carried
    into the fund, `carried` what was carried out of it.
    """

    period: Period | None
    figures: FundFigures
    rules: RiskShareRules | None = None
    parties: tuple[Organisation, ...] = ()
    paid: tuple[Paid, ...] = ()
    opened: tuple[OpeningBalance, ...] = ()
    carried: tuple[OpeningBalance, ...] = ()
    posted: dict[str, Decimal] = field(default_factory=dict)
    providers: dict[str, str] = field(default_factory=dict)
    drafts: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()

    @property
    def opening(self) -> Decimal:
        """The opening balance, in pounds."""
        return total(row.amount for row in self.opened)


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


def numbered(rows: Sequence[Settlement], number: int) -> Settlement:
    """The one with that number among a fund's; Http404 where it is none of them."""
    found = next((row for row in rows if row.number == number), None)
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
    return _opening(user, fund=fund.pk)


@prepared_for
def _opening(user: User, *, fund: UUID) -> QuerySet[OpeningBalance]:
    return _balances(user).filter(fund=fund).order_by("recorded_at", "pk")


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


def last_quarter() -> dict[str, Any]:
    """The last quarter of a fund's year, to be read along with the fund for `year`."""
    named = ("id", "kind", "financial_year", "number", "starts_on", "ends_on", "label")
    quarters = Period.objects.filter(kind=Period.QUARTER, financial_year=OuterRef("financial_year"), number=4)
    return {"last_quarter": Subquery(quarters.values(row=JSONObject(**{name: name for name in named})))}


def year(fund: Fund, user: User) -> YearRead:
    """What the fund's year end is worked out from. Seven queries whatever its size, for a fund that was read with its
    `last_quarter` and its risk-share figures; two more for any other."""
    parties = funds.parties_of(fund.agreement)
    carried = list(_balances(user).filter(Q(fund=fund) | Q(settlement__fund=fund)).order_by("recorded_at", "pk"))
    empty = YearRead(
        period=None,
        figures=FundFigures(partners={}, names={}, schemes=()),
        parties=tuple(parties),
        opened=tuple(row for row in carried if row.fund_id == fund.pk),
        carried=tuple(row for row in carried if row.fund_id != fund.pk),
    )
    period = _last_quarter_of(fund)
    if period is None:
        return empty
    funding = list(contributions.received(user).filter(fund=fund))
    lines = _lines(fund, period, user)
    position = positions.position(fund, period, user)
    recorded = risk_share.recorded_figures(fund)
    figures = risk_share.put_together(
        fund,
        parties=parties,
        funding=funding,
        lines=[LineRow(row["scheme__number"], row["lead"], row["budget"], row["payer"]) for row in lines],
        position=position,
        contingency=recorded.contingency if recorded else None,
    )
    return replace(
        empty,
        period=period,
        figures=figures,
        rules=risk_share.in_force(risk_share.rules_of(fund.agreement, user), fund.year.ends_on),
        paid=_paid(fund, figures, funding),
        posted=_posted(lines),
        providers=_providers(lines),
        drafts=(*_drafts(position), *(_unreleased(line) for line in funding if line.released_at is None)),
        unsettled=tuple(f"{row.words}: {row.difference_words}" for row in balances.open_among(lines)),
    )


def replaced_by(found: Settlement, rows: Sequence[Settlement]) -> Settlement | None:
    """The later settlement of the fund that took the place of one that was approved; None while it holds."""
    last = in_force(rows)
    return last if approval_of(found) and last is not None and last.number > found.number else None


def statements(found: Settlement, user: User) -> list[AccountStatement]:
    """What is stated of a settlement's account, in the order in which it was entered, so that the last of a kind is the
    one that holds; the purpose also where it was stated of another settlement of the fund. One query."""
    rows = AccountStatement.objects.visible_to(user).filter(settlement__fund=found.fund_id)
    return list(rows.filter(Q(settlement=found) | Q(kind=PURPOSE)).order_by("recorded_at", "pk"))


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


def _last_quarter_of(fund: Fund) -> Period | None:
    """The last quarter of a fund's year; no query where the fund was read with it."""
    if not hasattr(fund, "last_quarter"):
        return next((quarter for quarter in periods.quarters(fund) if quarter.number == 4), None)
    row: dict[str, Any] | None = fund.last_quarter
    if row is None:
        return None
    days = {name: date.fromisoformat(row[name]) for name in ("starts_on", "ends_on")}
    return Period(**{**row, **days, "id": UUID(row["id"])})


def _lines(fund: Fund, period: Period, user: User) -> list[dict[str, Any]]:
    """The budget lines of the schemes that the reader sees, each with its lead, its payer, what was posted to it, and
    what the partners' own books have of it. One query."""
    posted = Transaction.objects.visible_to(user).filter(fund=fund, line=OuterRef("pk")).order_by().values("line")
    rows = SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to), scheme__fund=fund).annotate(
        lead=F("scheme__risk_share_lead__lead__key"),
        payer=F("funding__payer__key"),
        posted=Subquery(posted.annotate(sum=Sum("amount")).values("sum")),
        **balances.books(period),
    )
    names = ("pk", "scheme__number", "scheme__name", "position", "budget", "provider")
    ordered = rows.order_by("scheme__position", "scheme__number", "position", "pk")
    return list(ordered.values(*names, "lead", "payer", "posted", "stated", "typed"))


def _posted(lines: Iterable[dict[str, Any]]) -> dict[str, Decimal]:
    """What was posted to each scheme in the year, by its number; a scheme to which nothing was posted is not there."""
    found: dict[str, Decimal] = {}
    for row in lines:
        if row["posted"] is not None:
            found[row["scheme__number"]] = found.get(row["scheme__number"], NIL) + row["posted"]
    return found


def _providers(lines: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The provider of each scheme by its number: "several" where its lines name more than one."""
    found: dict[str, str] = {}
    for row in lines:
        number, provider = row["scheme__number"], row["provider"]
        if found.setdefault(number, provider) != provider:
            found[number] = "Several"
    return found


def _drafts(position: FundPosition) -> list[str]:
    drafts = [line for line in position.lines if line.entered_at is not None and line.released_at is None]
    return [f"the outturn of scheme {line.number} is a draft" for line in drafts]


def _unreleased(line: FundingLine) -> str:
    return f"the contribution “{line.source}” is a draft"
