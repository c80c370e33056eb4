"""A figure of a fund explained: which explanation belongs to which figure, and where its steps lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from integration_hub.core.dates import long_date
from integration_hub.core.models import Period
from integration_hub.core.money import NIL
from partners.models import User
from pooled_budgets.domain import explaining
from pooled_budgets.domain.explaining import Explanation, Step
from pooled_budgets.domain.position import PositionLine
from pooled_budgets.domain.risk_share import inputs, reading
from pooled_budgets.domain.risk_share.explaining import GroupSteps, explain_share
from pooled_budgets.domain.risk_share.reading import RuleRefused
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.domain.risk_share.terms import Direction
from pooled_budgets.models import Fund
from pooled_budgets.selectors import known as selectors
from pooled_budgets.selectors.known import Known, Posting

NO_RULES = "No risk-share rules were approved for this year, so nobody can be given a share."


@dataclass(frozen=True)
class Asked:
    """A figure to be explained: `of` a scheme's number, a partner's key or a budget line's id, at a quarter, as known
    on a day."""

    fund: Fund
    period: Period
    figure: str
    of: str = ""
    on: date | None = None
    month: int | None = None

    def address(self, step: Step | None = None, **changes: Any) -> str:
        """Where a figure is explained: this one, or the one that a step is, with the same quarter and day."""
        shown = (step.figure, step.of) if step else (self.figure, self.of)
        wanted: dict[str, Any] = dict(zip(("figure", "of"), shown, strict=True))
        month = self.month if wanted["figure"] == explaining.POSTED else None
        wanted |= {"quarter": self.period.number, "month": month, "on": self.on.isoformat() if self.on else ""}
        wanted |= changes
        where = reverse("pooled_budgets:number", args=[self.fund.pk, wanted.pop("figure")])
        return f"{where}?{urlencode({name: value for name, value in wanted.items() if value})}"


@dataclass(frozen=True)
class Told:
    """An explanation with the parts that some figures have besides steps."""

    explanation: Explanation
    groups: Sequence[GroupSteps] = ()
    inputs: Sequence[Step] = ()
    postings: Sequence[Posting] = ()
    number_of_postings: int = 0


NOTHING = Told(Explanation("", None, "missing"))


@dataclass(frozen=True)
class SchemeRow:
    """A scheme whose variance counts in a group, with where that is explained."""

    number: str
    variance: Decimal
    url: str


@dataclass(frozen=True)
class GroupRows:
    """A group's steps with the addresses of its schemes' variances."""

    steps: GroupSteps
    schemes: Sequence[SchemeRow]


@dataclass(frozen=True)
class Row:
    """A step with the address of its own explanation, or none."""

    step: Step
    url: str


def tell(asked: Asked, known: Known, user: User) -> Told | None:
    """The explanation of a figure as it was known; None where the fund had no such scheme or partner."""
    if asked.figure == explaining.SHARE:
        return _share(asked, known)
    if asked.figure == explaining.UNALLOCATED:
        return Told(explaining.unallocated(known.position, known.entered.get(asked.fund.pk)))
    if not asked.of and asked.figure in explaining.COLUMNS:
        return Told(explaining.in_all(known.position, asked.figure))
    if not asked.of and asked.figure == explaining.POSTED:
        sums = selectors.posted_by_scheme(
            asked.fund,
            user,
            until=None if asked.month else asked.period.ends_on,
            moment=known.moment,
            month=asked.month,
        )
        return Told(explaining.posted_in_all(known.position, sums, _when(asked)))
    if asked.figure == explaining.MONTHS or _as_id(asked.of):
        return _of_budget_line(asked, known, user)
    line = next((line for line in known.position.lines if line.number == asked.of), None)
    return None if line is None else _of_scheme(asked, known, line, user)


def rows(asked: Asked, steps: Sequence[Step]) -> list[Row]:
    """Steps with the addresses that they lead to."""
    return [Row(step, asked.address(step) if step.figure else "") for step in steps]


def groups(asked: Asked, found: Sequence[GroupSteps]) -> list[GroupRows]:
    """The groups of a share with the addresses of the variances in them."""
    return [
        GroupRows(
            group,
            [
                SchemeRow(
                    scheme.number,
                    scheme.variance,
                    asked.address(Step("", None, figure=explaining.VARIANCE, of=scheme.number)),
                )
                for scheme in group.schemes
            ],
        )
        for group in found
    ]


def _of_scheme(asked: Asked, known: Known, line: PositionLine, user: User) -> Told:
    forecast = known.forecasts.get(line.scheme_id)
    entered = known.entered.get(forecast) if forecast else None
    label = asked.period.label
    if asked.figure == explaining.VARIANCE:
        return Told(explaining.variance(line, label, entered))
    if asked.figure == explaining.BUDGET:
        return Told(explaining.budget(line, known.lines[line.scheme_id]))
    posted, number, found = selectors.postings(
        asked.fund,
        user,
        scheme=line.scheme_id,
        until=None if asked.month else asked.period.ends_on,
        moment=known.moment,
        month=asked.month,
    )
    if asked.figure == explaining.OUTTURN:
        return Told(explaining.outturn(line, label, entered, posted), postings=found, number_of_postings=number)
    about = f"Posted to scheme {line.number} {_when(asked)}"
    return Told(
        Explanation(about, posted, "" if posted is not None else "missing"), postings=found, number_of_postings=number
    )


def _as_id(of: str) -> UUID | None:
    try:
        return UUID(of)
    except ValueError:
        return None


def _of_budget_line(asked: Asked, known: Known, user: User) -> Told | None:
    """What was posted to one budget line, or its year month by month, as its row of the grid has it."""
    key = _as_id(asked.of)
    found = selectors.line_year(asked.fund, user, key, moment=known.moment, on=asked.on) if key else None
    if key is None or found is None or asked.figure not in (explaining.POSTED, explaining.MONTHS):
        return None
    if asked.figure == explaining.MONTHS:
        return Told(explaining.by_month(found.words, asked.of, found.months, found.posted))
    until = None if asked.month else asked.period.ends_on
    posted, number, listed = selectors.postings(
        asked.fund, user, line=key, until=until, moment=known.moment, month=asked.month
    )
    about = Explanation(f"Posted to {found.words} {_when(asked)}", posted, "" if posted is not None else "missing")
    return Told(about, postings=listed, number_of_postings=number)


def _when(asked: Asked) -> str:
    return f"in month {asked.month}" if asked.month else f"by the end of {asked.period.label}"


def _share(asked: Asked, known: Known) -> Told | None:
    figures = known.figures
    if asked.of not in figures.names:
        return None
    title = f"Share of {figures.names[asked.of]} at {asked.period.label}"
    contributions = _inputs(known)
    if known.rules is None:
        return Told(Explanation(title, None, "not_stated", notes=(NO_RULES,)), inputs=contributions)
    rules = {"groups": known.rules.groups}
    notes: tuple[str, ...] = (rules_words(known.rules),)
    if missing := inputs.gaps(figures, rules):
        gaps = tuple(f"Missing: {gap.words}." for gap in missing)
        return Told(Explanation(title, None, "missing", notes=notes + gaps), inputs=contributions)
    try:
        pool = reading.read(inputs.document(figures, rules))
    except RuleRefused as refusal:
        why = f"The rules do not fit the fund: {refusal.message}."
        return Told(Explanation(title, None, "missing", notes=(*notes, why)), inputs=contributions)
    groups = explain_share(settle(pool), pool, asked.of, figures.names)
    steps = tuple(
        Step(f"Pays. {step.words}", step.amount)
        if group.direction is Direction.OVERSPEND
        else Step(f"Receives. {step.words}", -step.amount)
        for group in groups
        for step in group.own
    )
    amount = sum((step.amount for step in steps if step.amount is not None), NIL)
    if not groups:
        notes = (*notes, "Every group is on its budget: there is nothing to share.")
    return Told(Explanation(title, amount, steps=steps, notes=notes), groups, contributions)


def rules_words(rules: Any) -> str:
    """Which version of the rules, from when, by which clause, and who prepared and approved it."""
    version = f"Version {rules.number} of the risk-share rules, in force from {long_date(rules.effective_from)}"
    clause = f", {rules.clause} of the agreement" if rules.clause else ", clause not stated"
    signed = f", version {rules.agreement_version.number}" if rules.agreement_version else ""
    by = f"Prepared by {rules.prepared_by_name}, approved by {rules.approved_by_name} for {rules.approved_for.name}"
    illustrative = " Illustrative: no document states these rules." if rules.illustrative else ""
    return f"{version}{clause}{signed}. {by} on {long_date(rules.approved_at.date())}.{illustrative}"


def _inputs(known: Known) -> list[Step]:
    return [
        Step(
            f"{row.source}, paid by {row.payer}" if row.payer else f"{row.source}, payer not stated",
            row.amount,
            row.state,
            entered=known.entered.get(row.key),
            counts=False,
        )
        for row in known.contributions
    ]
