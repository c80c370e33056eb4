"""Risk-share rules, the figures they are applied to, and saved what-ifs, as the reader may see them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from integration_hub.core.models import Period
from integration_hub.core.money import NIL
from integration_hub.core.states import FigureState
from partners.models import Organisation, User, known, prepared_for
from pooled_budgets.domain.position import FundPosition, PositionLine
from pooled_budgets.domain.risk_share.inputs import FundFigures, Gap, SchemeFigures
from pooled_budgets.domain.words import moment
from pooled_budgets.models import (
    Agreement,
    FormerParty,
    Fund,
    FundingLine,
    RiskShareFigures,
    RiskShareRules,
    RiskShareScenario,
    Scheme,
    SchemeLine,
)
from pooled_budgets.selectors import funds, positions


class LineRow(NamedTuple):
    """A budget line: its scheme's number, the key of who leads that, the pounds, and the key of who pays for it."""

    number: str
    lead: str | None
    budget: Decimal | None
    payer: str | None


@dataclass
class _OfScheme:
    """What the lines of one scheme say: its lead, and who pays for it where every line says so."""

    lead: str = ""
    contributions: dict[str, Decimal] | None = None
    is_whole: bool = True


def rules_of(agreement: Agreement, user: User) -> list[RiskShareRules]:
    """The versions of an agreement's rules that the person may read, drafts first, then the newest. One query."""
    rows: list[RiskShareRules] = _rules(user, agreement=agreement.pk)
    return sorted(rows, key=lambda row: (row.number is None, row.number or 0), reverse=True)


@prepared_for
def _rules(user: User, *, agreement: UUID) -> QuerySet[RiskShareRules]:
    return RiskShareRules.objects.visible_to(user).filter(agreement=agreement).select_related("owner", "approved_for")


def in_force(versions: Sequence[RiskShareRules], on: date) -> RiskShareRules | None:
    """Of an agreement's versions, the one that applies on a day; None before the first."""
    approved = [row for row in versions if row.effective_from is not None and row.effective_from <= on]
    return max(approved, key=lambda row: (row.effective_from or on, row.number or 0), default=None)


def draft_of(versions: Sequence[RiskShareRules], owner: Organisation) -> RiskShareRules | None:
    """A partner's draft among the versions."""
    return next((row for row in versions if row.number is None and row.owner_id == owner.pk), None)


def day_of(fund: Fund, on: date | None = None) -> date:
    """The day whose rules apply to a fund: `on` (today unless given), or the nearest day of its year."""
    return min(max(on or timezone.localdate(), fund.year.starts_on), fund.year.ends_on)


def figures(fund: Fund, period: Period, user: User, *, parties: Sequence[Organisation] | None = None) -> FundFigures:
    """What the fund has to share at the end of a period, as the reader may see it. Five queries whatever its size,
    and one for the agreement's `parties` where the caller has not read them."""
    recorded = recorded_figures(fund)
    return put_together(
        fund,
        parties=funds.parties_of(fund.agreement) if parties is None else parties,
        funding=funds.funding_of(fund, user),
        lines=_lines(fund, user),
        position=positions.position(fund, period, user),
        contingency=recorded.contingency if recorded else None,
    )


def put_together(
    fund: Fund,
    *,
    parties: Sequence[Organisation],
    funding: Sequence[FundingLine],
    lines: Iterable[LineRow],
    position: FundPosition,
    contingency: Decimal | None,
) -> FundFigures:
    """A fund's figures from its rows, those of today or those of a past day; `funding` and `lines` in their order."""
    names = {party.key: party.name for party in parties}
    contributions, gaps = _contributions(fund, parties, funding)
    own = _of_schemes(lines, names)
    return FundFigures(
        partners=contributions,
        names=names,
        schemes=tuple(_scheme(line, own.get(line.number, _OfScheme())) for line in position.lines),
        contingency=contingency,
        gaps=tuple(gaps),
    )


def recorded_figures(fund: Fund) -> RiskShareFigures | None:
    """The contingency of a fund that the reader may see, or None while nobody recorded it. No query where the fund
    was read with it."""
    recorded: RiskShareFigures | None = getattr(fund, "risk_share_figures", None)
    return recorded


def scenarios(fund: Fund, user: User) -> list[RiskShareScenario]:
    """The saved what-ifs of a fund that the person may read, by name. One query."""
    return _scenarios(user, fund=fund.pk)


@prepared_for
def _scenarios(user: User, *, fund: UUID) -> QuerySet[RiskShareScenario]:
    return (
        RiskShareScenario.objects.visible_to(user)
        .filter(fund=fund)
        .select_related("owner", "period")
        .order_by("name", "pk")
    )


def _contributions(
    fund: Fund, parties: Sequence[Organisation], lines: Sequence[FundingLine]
) -> tuple[dict[str, Decimal], list[Gap]]:
    """What each party pays in, in pounds, and the lines that nobody can be given."""
    found = {party.key: NIL for party in parties}
    gaps = []
    followers: Mapping[object, str] | None = None
    for line in lines:
        if line.amount is None:
            gaps.append(Gap("partners", f"the amount of “{line.source}” is not stated"))
            continue
        if line.payer is None:
            gaps.append(Gap("partners", f"who pays “{line.source}” is not stated"))
            continue
        key = line.payer.key
        if key not in found:
            if followers is None:
                followers = followers_of(fund.agreement)
            key = followers.get(line.payer_id, key)
        if key not in found:
            gaps.append(Gap("partners", f"{line.payer.name} pays “{line.source}” and is no party to the agreement"))
            continue
        found[key] += line.amount
    if not lines:
        gaps.append(Gap("partners", "no contribution to the fund is recorded"))
    return found, gaps


def followers_of(agreement: Agreement) -> dict[object, str]:
    """The key of the party that followed each former one."""
    rows = FormerParty.objects.filter(agreement=agreement).order_by("ended_at")
    return dict(rows.values_list("organisation", "followed_by__key"))


def _lines(fund: Fund, user: User) -> list[LineRow]:
    """The budget lines of the schemes that the reader sees. One query."""
    return [LineRow(*row) for row in _rows(user, fund=fund.pk)]


@prepared_for
def _rows(user: User, *, fund: UUID) -> QuerySet[SchemeLine, Any]:
    return (
        SchemeLine.objects.filter(scheme__in=known(user, Scheme.objects.visible_to), scheme__fund=fund)
        .order_by("scheme", "position")
        .values_list("scheme__number", "scheme__risk_share_lead__lead__key", "budget", "funding__payer__key")
    )


def _of_schemes(rows: Iterable[LineRow], names: Mapping[str, str]) -> dict[str, _OfScheme]:
    """Lead and own contributions by scheme number."""
    found: dict[str, _OfScheme] = {}
    for number, lead, budget, payer in rows:
        scheme = found.setdefault(number, _OfScheme())
        scheme.lead = lead if lead is not None and lead in names else ""
        if budget is None or payer is None or payer not in names:
            scheme.is_whole, scheme.contributions = False, None
        elif scheme.is_whole:
            scheme.contributions = scheme.contributions or {}
            scheme.contributions[payer] = scheme.contributions.get(payer, NIL) + budget
    return found


def _scheme(line: PositionLine, own: _OfScheme) -> SchemeFigures:
    # Nil is an amount that somebody checked; every other state without an amount is not known.
    outturn = NIL if line.outturn_state == FigureState.NIL else line.outturn
    return SchemeFigures(
        number=line.number,
        name=line.name,
        budget=line.budget,
        outturn=outturn,
        lead=own.lead,
        contributions=own.contributions,
        entered_by=f"{line.entered_by}, {moment(line.entered_at)}" if line.entered_at else "",
        source=line.source,
        state=line.outturn_state,
        until=line.available_on,
    )
