"""What a return says now: its answers, and what it takes from the fund, its released outturns and metric figures.

It is the same for every reader. Drafts of a partner are not in it, so that they count as missing until released.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bcf_metrics.domain import answers, completion, signatories, templates
from bcf_metrics.domain import content as contents
from bcf_metrics.domain.answers import Cell
from bcf_metrics.domain.checks import OWN
from bcf_metrics.domain.completion import Completion, Entry, Level
from bcf_metrics.domain.progress import PERCENT
from bcf_metrics.domain.rules import ALWAYS, NEVER
from bcf_metrics.domain.templates import Field, FieldType, Tab, Table, Template
from bcf_metrics.models import LayoutVersion, NationalCondition, QuarterlyReturn, ReturnAnswer, ReturnVersion, Signature
from bcf_metrics.models.quarterly_return import OVER
from bcf_metrics.selectors import checks, figures
from bcf_metrics.selectors.figures import FigureRow
from bcf_metrics.selectors.returns import needed, signatories_of
from integration_hub.core import emptyfigures
from integration_hub.core.quarters import FinancialYear, Quarter
from integration_hub.core.states import AmountState, FigureState
from partners.models import Organisation, User
from pooled_budgets.domain.position import PositionLine
from pooled_budgets.models import FundingLine
from pooled_budgets.selectors import balances, funds, positions

NOT_SENT = "not yet sent for sign-off"
_MONEY = Field(
    code="amount",
    label="Amount",
    type=FieldType.MONEY,
    required=NEVER,
    checked=False,
)
# Reasons for what a validation asks about are kept beside the answers, under the validation's own key.
JUSTIFIED = ("V7:", "V10:", *OWN)
REASONS = "reasons"
_REASONS = Tab(
    code=REASONS,
    title="Reasons asked for",
    kind="form",
    help="What the checks found and could not decide: say why it is as it is, or correct it where it is entered.",
    checked=False,
    not_asked_in=(),
    fields=(),
)
_REASON = Field(
    code="reason", label="Reason", type=FieldType.LONG_TEXT, required=ALWAYS, checked=False, max_length=4_000
)


@dataclass(frozen=True)
class Draft:
    """A return as it stands: its layout, its content, and where each answer is kept or comes from.

    `keys` and `sources` go by the entry's path in the content; `figures` are the metrics as the return reports them.
    """

    template: Template
    content: dict[str, Any]
    keys: Mapping[str, str]
    sources: Mapping[str, str]
    figures: Sequence[FigureRow] = ()
    completion: Completion = field(init=False)
    cells: tuple[Cell, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "completion", completion.assess(self.template, self.content))
        entries = completion.entries(self.template, self.content)
        object.__setattr__(self, "cells", tuple(self._cell(entry) for entry in entries))

    def cells_of(self, tab: str) -> list[Cell]:
        """The entries of one tab, in the order of the template."""
        return [cell for cell in self.cells if cell.entry.tab.code == tab]

    @property
    def reasons(self) -> list[Cell]:
        """A cell for each finding that asks for a reason which no field of the template takes."""
        return [
            Cell(
                entry=Entry(
                    path=finding.key,
                    tab=_REASONS,
                    field=_REASON,
                    label=finding.message,
                    answer=finding.justification or None,
                    figure=None,
                    names={},
                ),
                key=finding.key,
                source="",
                code=finding.justification,
            )
            for finding in self.completion.findings
            if finding.level is Level.JUSTIFY and finding.key.startswith(JUSTIFIED)
        ]

    def _cell(self, entry: Entry) -> Cell:
        return Cell(
            entry=entry,
            key=self.keys.get(entry.path, ""),
            source=self.sources.get(entry.path, ""),
            code=answers.code_of(entry, contents.row_of(self.content, entry.path)),
        )


def draft(quarterly_return: QuarterlyReturn, user: User, *, on: date, parties: Sequence[Organisation]) -> Draft:
    """The return's present state, true on a day. A constant number of queries, whatever its size.

    `user` may read the return; fund, period, policy year and template are loaded with it.
    """
    fund, period = quarterly_return.fund, quarterly_return.period
    template = layout_of(quarterly_return)
    given = answers_of(quarterly_return)
    income = [line for line in funds.funding_of(fund, user) if line.released_at is not None]
    position = positions.position(fund, period, user, on=on)
    metrics = figures.released(fund, period, on=on)
    content: dict[str, Any] = {
        "template": template.code,
        "layout_note": quarterly_return.policy_year.layout_note,
        "area": {"name": fund.agreement.area.name, "ons_code": fund.agreement.area.ons_code},
        "organisations": [party.name for party in parties],
        "fund": {
            "name": fund.name,
            "financial_year": fund.year.label,
            "statutory_basis": fund.agreement.statutory_basis,
        },
        "period": {
            "label": period.label,
            "quarter": period.number,
            "financial_year": FinancialYear(period.financial_year).label,
            "ends_on": period.ends_on.isoformat(),
            "due_on": quarterly_return.due_on.isoformat() if quarterly_return.due_on else None,
            "due_note": quarterly_return.due_note,
        },
        "version": None,
        "status_words": quarterly_return.status_words,
        "as_at": on.isoformat(),
        "answers": {
            single.code: given.get(single.code) or None for single in template.single_fields() if not single.prefill
        },
        "conditions": [_condition(number, text, given) for number, text in _conditions(quarterly_return)],
        "income": [_income(line, given) for line in income],
        "expenditure": [_expenditure(line, given) for line in position.lines],
        "totals": {key: _own_total(fund.total) for key in ("income", "expenditure")},
        "metrics": [_metric(row, quarterly_return) for row in metrics],
        "signatures": _unsigned(quarterly_return, parties),
        "prepared_by": NOT_SENT,
        "discrepancies": [*_discrepancies(fund.discrepancies), *_as_printed(position.lines)],
        "previous": _previous(quarterly_return),
        "justifications": {},
        "illustrative": _illustrative(fund.illustrative, income, position.lines, metrics),
        "submitted_on": None,
    }
    held = checks.waivers(fund, on=on)
    flagged = checks.found(
        metrics,
        before=checks.released_past(fund, period) if metrics else {},
        details=quarterly_return.policy_year.details,
        quarter=Quarter(FinancialYear(period.financial_year), period.number),
        waivers=held,
    )
    # Only where there are any: the content of every other return stays what it was.
    content |= checks.in_content(flagged, metrics, held)
    content["justifications"] = _reasons(given, content)
    if differing := balances.unsettled(fund, period):
        # Only where there are any: the content of every other return stays what it was.
        content["balances"] = [
            {"line": str(balance.key), "name": balance.words, "words": balance.difference_words}
            for balance in differing
        ]
    if (layout := quarterly_return.layout_version) and layout.number > 1:
        # The first is what every version that does not say so was made with.
        content["layout_version"] = layout.number
    keys, sources = _origins(template, content, [str(line.position) for line in income], quarterly_return)
    return Draft(template, content, keys, sources, metrics)


def frozen(quarterly_return: QuarterlyReturn, version: ReturnVersion) -> Draft:
    """A version as it was sent: nothing in it is typed any more."""
    return Draft(layout_of(quarterly_return, version.content), version.content, {}, {})


def signed_content(version: ReturnVersion, *, status_words: str, in_force: bool) -> dict[str, Any]:
    """The content of a version with its signatures; those of a version that was sent back have fallen.

    `version.signatures` is loaded with it.
    """
    names = {row["code"]: row["name"] for row in version.signatories}
    given = {
        (signature.organisation_name, names.get(signature.capacity_code, "")): signature
        for signature in (version.signatures.all() if in_force else ())
    }
    rows = []
    for row in version.content["signatures"]:
        signature = given.get((row["organisation"], row["capacity"]))
        rows.append(
            row
            if signature is None
            else {
                "organisation": row["organisation"],
                "capacity": signature.capacity,
                "name_words": _signer(signature),
                "signed_at": signature.signed_at.isoformat(),
                "version": version.number,
            }
        )
    return {**version.content, "signatures": rows, "status_words": status_words}


def _signer(signature: Signature) -> str:
    """Who signed, and to which version where an amendment left the signature standing."""
    given_to = getattr(signature, "given_to", None)
    return f"{signature.person_name} (to version {given_to})" if given_to else signature.person_name


def _unsigned(quarterly_return: QuarterlyReturn, parties: Sequence[Organisation]) -> list[dict[str, Any]]:
    """A row for each signature that is still needed."""
    rules = signatories.parse(signatories_of(quarterly_return))
    return [
        {
            "organisation": row.organisation.name,
            "capacity": row.signatory.name,
            "name_words": "",
            "signed_at": None,
            "version": None,
        }
        for row in needed(rules, parties, quarterly_return.fund)
    ]


def layout_of(quarterly_return: QuarterlyReturn, content: Mapping[str, Any] | None = None) -> Template:
    """The layout that a return was opened with or moved to; that of frozen `content`, the one that it was made with."""
    held, code = quarterly_return.layout_version, quarterly_return.template.code
    if held is None:
        return templates.parse(quarterly_return.template.layout, name=code)
    if content is not None and (content["template"], content.get("layout_version", 1)) != (code, held.number):
        number = content.get("layout_version", 1)
        held = LayoutVersion.objects.get(template__code=content["template"], number=number)
    return templates.parse(held.content, name=code)


def _conditions(quarterly_return: QuarterlyReturn) -> list[tuple[int, str]]:
    """The conditions of the policy that the return was opened with or moved to, by number."""
    version = quarterly_return.policy_version
    if version is None:
        rows = NationalCondition.objects.filter(policy_year=quarterly_return.policy_year).order_by("number")
        return list(rows.values_list("number", "text"))
    rows_of_version = version.content.get("national_conditions", [])
    return sorted((row["number"], f"{row['name']}. {row['text']}") for row in rows_of_version)


def answers_of(quarterly_return: QuarterlyReturn) -> dict[str, str]:
    """What was answered so far, by key. One query."""
    rows = ReturnAnswer.objects.filter(quarterly_return=quarterly_return)
    return dict(rows.values_list("field", "value"))


def _condition(number: int, text: str, given: Mapping[str, str]) -> dict[str, Any]:
    key = f"conditions.{number}"
    return {
        "number": number,
        "text": text,
        # No plan with answers to the conditions is kept in the Hub.
        "plan": None,
        "answer": given.get(f"{key}.answer") or None,
        "expected_on": given.get(f"{key}.expected_on") or None,
        "comment": given.get(f"{key}.comment", ""),
    }


def _income(line: FundingLine, given: Mapping[str, str]) -> dict[str, Any]:
    key = f"income.{line.position}"
    plan, plan_state, _ = answers.split(answers.of_amount(line.amount, line.state))
    forecast, forecast_state, _ = answers.split(given.get(f"{key}.forecast", ""))
    actual, state, until = answers.split(given.get(f"{key}.actual", ""))
    return {
        "source": line.source,
        "plan": plan,
        "plan_state": plan_state,
        "forecast": forecast,
        "forecast_state": forecast_state,
        "actual": actual,
        "state": state,
        "until": until,
        "note": given.get(f"{key}.note", ""),
    }


def _expenditure(line: PositionLine, given: Mapping[str, str]) -> dict[str, Any]:
    key = f"expenditure.{line.number}"
    plan, plan_state, _ = answers.split(answers.of_amount(line.budget, line.budget_state))
    forecast, forecast_state, note = _forecast(line)
    actual, state, until = answers.split(given.get(f"{key}.actual", ""))
    return {
        "scheme_no": line.number,
        "name": line.name,
        "plan": plan,
        "plan_state": plan_state,
        "forecast": forecast,
        "forecast_state": forecast_state,
        "actual": actual,
        "state": state,
        "until": until,
        "note": given.get(f"{key}.note", note),
    }


def _forecast(line: PositionLine) -> tuple[str | None, str, str]:
    """The released projected outturn as (pounds, state, note); a draft counts as missing."""
    if line.is_recorded and line.released_at is None:
        return None, FigureState.MISSING, ""
    if line.outturn_state == FigureState.NOT_YET_AVAILABLE and line.is_recorded:
        # The layout has no date for a forecast: the reason goes into the comment.
        later = emptyfigures.words(line.outturn_state, until=line.available_on)
        return None, AmountState.TO_BE_CONFIRMED, f"Projected outturn {later}. {line.forecast_note}".strip()
    if line.outturn is None or not line.is_recorded:
        state = line.outturn_state if line.is_recorded else FigureState.MISSING
        return None, str(state), line.forecast_note
    return f"{line.outturn:.2f}", str(line.outturn_state), line.forecast_note


def _reasons(given: Mapping[str, str], content: Mapping[str, Any]) -> dict[str, str]:
    """The reasons given; one for a metric's figure is for that figure alone, and falls with it."""
    asked = {f"{row['code']}:{row['path']}" for row in content.get("checks", ())}
    return {
        key: reason
        for key, reason in given.items()
        if reason and key.startswith(JUSTIFIED) and (key in asked or not key.startswith(OWN))
    }


def _own_total(total: Decimal | None) -> dict[str, str | None]:
    return {"plan": None if total is None else f"{total:.2f}", "forecast": None, "actual": None}


def _metric(row: FigureRow, quarterly_return: QuarterlyReturn) -> dict[str, Any]:
    comparison = row.comparison
    if row.is_overridden:
        comparison = f"{comparison}. Set to “{row.status_words}” by the officer: {row.override_reason}"
    found = {
        "code": row.code,
        "indicator": row.indicator,
        "target_words": row.target_words,
        "target_period": row.target_period,
        "progress_words": row.progress_words,
        "progress_period": row.progress_period,
        "comparison": comparison,
        "status": row.status,
        "commentary": row.commentary,
        "action": row.action,
        "lagged": row.judgement.lagged,
        "lag_note": row.lag_note,
        "unit": row.plan.unit,
        "value": figures.plain(row.recorded.value),
        "precision": row.plan.metric.precision,
    }
    if row.achievements or row.support_needs:
        # Only where there is more than challenges: the content of every other return stays what it was.
        found |= {
            "challenges": row.challenges,
            "achievements": row.achievements,
            "support_needs": row.support_needs,
        }
    published = quarterly_return.policy_year.details.get("metrics", {}).get(row.code, {}).get("published_unit", "")
    # Numerator and denominator make the published rate; a count in the year is no such rate.
    if row.figure and row.figure.numerator is not None and row.plan.unit in (PERCENT, published):
        found |= {
            "numerator": figures.plain(row.figure.numerator),
            "denominator": figures.plain(row.figure.denominator),
            "multiplier": figures.plain(row.plan.metric.multiplier),
        }
    return found


def _previous(quarterly_return: QuarterlyReturn) -> dict[str, str | None]:
    """The answers of the agreement's last signed return before this one. One query."""
    version = (
        ReturnVersion.objects.filter(
            quarterly_return__fund__agreement=quarterly_return.fund.agreement_id,
            quarterly_return__status__in=OVER,
            quarterly_return__period__ends_on__lt=quarterly_return.period.starts_on,
        )
        .order_by("-quarterly_return__period__ends_on", "-number")
        .values_list("content__answers", flat=True)
        .first()
    )
    return dict(version or {})


def _discrepancies(found: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{row['figure']}: {row['where']} prints {row['printed']}. {row.get('note', '')}".strip() for row in found]


def _as_printed(lines: Iterable[PositionLine]) -> list[str]:
    return [
        f"Scheme {line.number}, projected outturn: printed as {line.as_printed}, read as "
        f"{answers.words(_MONEY, f'{line.outturn:.2f}')}."
        for line in lines
        if line.as_printed and line.outturn is not None and line.released_at is not None
    ]


def _illustrative(
    fund: bool, income: Sequence[FundingLine], lines: Sequence[PositionLine], metrics: Sequence[FigureRow]
) -> list[str]:
    marked = ["answers.pooled_fund"] if fund else []
    marked += [f"income[{index}]" for index, line in enumerate(income) if line.illustrative]
    marked += [f"expenditure[{index}]" for index, line in enumerate(lines) if line.illustrative]
    return marked + [f"metrics[{index}]" for index, row in enumerate(metrics) if row.illustrative]


def _origins(
    template: Template, content: Mapping[str, Any], positions_in: Sequence[str], quarterly_return: QuarterlyReturn
) -> tuple[dict[str, str], dict[str, str]]:
    """For each entry its key where it is typed in the return, else the words for where it comes from."""
    keys: dict[str, str] = {}
    sources: dict[str, str] = {}
    names = {
        "conditions": [str(row["number"]) for row in content["conditions"]],
        "income": list(positions_in),
        "expenditure": [row["scheme_no"] for row in content["expenditure"]],
    }
    for tab in template.asked(content["period"]["financial_year"]):
        for item in tab.fields:
            if not isinstance(item, Table):
                path = f"answers.{item.code}"
                if item.prefill:
                    sources[path] = _source_of(item, quarterly_return)
                else:
                    keys[path] = item.code
                continue
            for index in range(len(content[item.rows])):
                for column in item.columns:
                    path = f"{item.rows}[{index}].{column.code}"
                    key = f"{item.rows}.{names[item.rows][index]}.{column.code}" if item.rows in names else ""
                    source = _row_source(item, column, quarterly_return)
                    if source or not key:
                        sources[path] = source
                    else:
                        keys[path] = key
    return keys, sources


def _source_of(item: Field, quarterly_return: QuarterlyReturn) -> str:
    place = item.prefill.partition(".")[0]
    return {
        "area": "from the area",
        "period": "from the quarter",
        "fund": "from the fund",
        "previous": "from the last signed return",
    }.get(place, "filled in by the Hub")


def _row_source(table: Table, column: Field, quarterly_return: QuarterlyReturn) -> str:
    """Where a cell of a table comes from; nothing where it is typed."""
    if table.rows == "metrics":
        return f"from the metric figures of {quarterly_return.period.label}"
    if table.rows == "expenditure" and column.code == "forecast":
        return f"from the released projected outturns of {quarterly_return.period.label}"
    if not column.prefill:
        return ""
    return {
        "conditions": f"from the policy of {quarterly_return.policy_year.label}",
        "income": "from the fund's money in",
        "expenditure": "from the fund's scheme plan",
    }.get(table.rows, "filled in by the Hub")
