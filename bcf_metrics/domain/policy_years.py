"""The policy years of the Better Care Fund, as the data files state them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from bcf_metrics.domain import datafiles, lineage, signatories
from bcf_metrics.domain.lineage import LineageError
from bcf_metrics.domain.progress import Basis, Better
from bcf_metrics.domain.shapes import (
    ShapeError,
    boolean,
    check,
    day,
    decimal,
    list_of,
    nullable,
    one_of,
    record,
    text,
    whole,
)
from bcf_metrics.domain.signatories import Of, Signatory
from partners.domain.capacities import Capacity

FOLDER = "policy_years"


@dataclass(frozen=True, kw_only=True)
class FundingStream:
    """One source of the money. `england_millions` is the national total in millions of pounds."""

    code: str
    name: str
    payer: str
    payee: str
    capital: bool
    ring_fenced: bool
    must_pool: bool
    england_millions: Decimal | None
    note: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class NationalCondition:
    """A condition of the year, in our own words."""

    number: int
    name: str
    text: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class MetricDefinition:
    """A metric of the year. `unit` is for the figures in the year, `published_unit` for the national rate.

    `multiplier` turns numerator over denominator into the published unit. `precision` is in decimal places.
    """

    code: str
    name: str
    short_name: str
    unit: str
    published_unit: str
    better: Better
    numerator: str
    denominator: str
    multiplier: Decimal | None
    precision: int
    frequency: str
    basis: Basis
    source: str
    lag_note: str
    supplementary: bool
    checked: bool


@dataclass(frozen=True, kw_only=True)
class ReportingPeriod:
    """A quarter of the year and the day on which its national return is due, where there is one."""

    quarter: int
    national_return: bool
    due_on: date | None
    due_by: str
    note: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class PlanningDate:
    """A day in the planning round."""

    name: str
    day: date
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Ancestor:
    """What a metric of the year was in an earlier one (domain/lineage.py). No factor: the series breaks."""

    code: str
    former_year: str
    former: str
    kind: str
    factor: str
    reason: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class PolicyYear:
    """One financial year of national policy. One that is not loaded has its dates and a note only."""

    code: str
    financial_year: int
    label: str
    starts_on: date
    ends_on: date
    kind: str
    loaded: bool
    checked: bool
    note: str
    return_template: str
    layout_note: str
    funding_streams: tuple[FundingStream, ...]
    national_conditions: tuple[NationalCondition, ...]
    metrics: tuple[MetricDefinition, ...]
    reporting_periods: tuple[ReportingPeriod, ...]
    planning: tuple[PlanningDate, ...]
    # Who has to sign a return, by capacity; a year that says nothing asks one approver of each party.
    signatories: tuple[Signatory, ...] = ()
    # Where its metrics come from, as far as not each goes on under its code from the year before.
    lineage: tuple[Ancestor, ...] = ()


_STREAM = record(
    {
        "code": text,
        "name": text,
        "payer": text,
        "payee": text,
        "capital": boolean,
        "ring_fenced": boolean,
        "must_pool": boolean,
        "england_millions": nullable(decimal),
        "checked": boolean,
        "note": text,
    }
)
_CONDITION = record({"number": whole(1, 20), "name": text, "text": text, "checked": boolean})
_METRIC = record(
    {
        "code": text,
        "name": text,
        "short_name": text,
        "unit": text,
        "better": one_of(*Better),
        "precision": whole(0, 4),
        "frequency": text,
        "basis": one_of(*Basis),
        "source": text,
        "lag_note": text,
        "checked": boolean,
    },
    {
        "published_unit": text,
        "numerator": text,
        "denominator": text,
        "multiplier": whole(1, 1_000_000),
        "supplementary": boolean,
    },
)
_PERIOD = record(
    {
        "quarter": whole(1, 4),
        "national_return": boolean,
        "due_on": nullable(day),
        "checked": boolean,
        "note": text,
    },
    {"due_by": text},
)
_SIGNATORY = record(
    {
        "code": text,
        "name": text,
        "of": one_of(*Of),
        "held_by": list_of(one_of(*Capacity)),
        "delegable": boolean,
        "checked": boolean,
        "note": text,
    },
    {"sheets": list_of(text)},
)
_ALWAYS = {
    "code": text,
    "financial_year": whole(2000, 2100),
    "label": text,
    "starts_on": day,
    "ends_on": day,
    "kind": one_of("preparatory", "fund", "two_years", "reduced"),
    "loaded": boolean,
    "checked": boolean,
    "note": text,
}
_LOADED = {
    "return_template": text,
    "layout_note": text,
    "funding_streams": list_of(_STREAM),
    "national_conditions": list_of(_CONDITION),
    "metrics": list_of(_METRIC),
    "reporting_periods": list_of(_PERIOD),
    "planning": list_of(record({"name": text, "day": day, "checked": boolean})),
}

_ANCESTOR = record(
    {
        "code": text,
        "former_year": text,
        "former": text,
        "kind": one_of(*lineage.Kind),
        "factor": text,
        "reason": text,
        "checked": boolean,
    }
)
_OPTIONAL = {"signatories": list_of(_SIGNATORY), "lineage": list_of(_ANCESTOR)}


@cache
def load(code: str) -> PolicyYear:
    """The policy year of one data file, for example "2014-15"; raises ShapeError with every mistake in it."""
    return parse(datafiles.read(datafiles.DATA / FOLDER / f"{code}.yaml"), name=f"{code}.yaml")


def load_all() -> tuple[PolicyYear, ...]:
    """Every policy year that ships, in order."""
    return tuple(load(code) for code in datafiles.codes(FOLDER))


def parse(data: Any, *, name: str) -> PolicyYear:
    """The policy year in plain data; raises ShapeError, naming the data, with every mistake in it."""
    loaded = isinstance(data, dict) and data.get("loaded") is True
    check(data, record({**_ALWAYS, **_LOADED}, _OPTIONAL) if loaded else record(_ALWAYS), name=name)
    year = PolicyYear(
        code=data["code"],
        financial_year=data["financial_year"],
        label=data["label"],
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        kind=data["kind"],
        loaded=loaded,
        checked=data["checked"],
        note=data["note"],
        return_template=data.get("return_template", ""),
        layout_note=data.get("layout_note", ""),
        funding_streams=tuple(_stream(row) for row in data.get("funding_streams", [])),
        national_conditions=tuple(NationalCondition(**row) for row in data.get("national_conditions", [])),
        metrics=tuple(_metric(row) for row in data.get("metrics", [])),
        reporting_periods=tuple(ReportingPeriod(**{"due_by": "", **row}) for row in data.get("reporting_periods", [])),
        planning=tuple(PlanningDate(**row) for row in data.get("planning", [])),
        signatories=signatories.parse(data.get("signatories", [])),
        lineage=tuple(Ancestor(**row) for row in data.get("lineage", [])),
    )
    problems = _contradictions(year)
    if problems:
        raise ShapeError(name, problems)
    return year


def _stream(row: Mapping[str, Any]) -> FundingStream:
    millions = row["england_millions"]
    return FundingStream(**{**row, "england_millions": None if millions is None else Decimal(millions)})


def _metric(row: Mapping[str, Any]) -> MetricDefinition:
    known = {"published_unit": "", "numerator": "", "denominator": "", "supplementary": False, **row}
    multiplier = row.get("multiplier")
    return MetricDefinition(
        **{
            **known,
            "better": Better(row["better"]),
            "basis": Basis(row["basis"]),
            "multiplier": None if multiplier is None else Decimal(multiplier),
        }
    )


def _contradictions(year: PolicyYear) -> list[str]:
    """What no single value shows: dates that are not the financial year, and things given twice."""
    problems = []
    whole_year = (date(year.financial_year, 4, 1), date(year.financial_year + 1, 3, 31))
    if (year.starts_on, year.ends_on) != whole_year:
        problems.append(f"starts_on, ends_on: {year.financial_year} runs from 1 April to 31 March")
    for what, keys in (
        ("funding_streams", [stream.code for stream in year.funding_streams]),
        ("national_conditions", [str(condition.number) for condition in year.national_conditions]),
        ("metrics", [metric.code for metric in year.metrics]),
        ("reporting_periods", [str(period.quarter) for period in year.reporting_periods]),
        ("signatories", [signatory.code for signatory in year.signatories]),
        ("lineage", [ancestor.code for ancestor in year.lineage]),
    ):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        problems += [f"{what}: {key} is given twice" for key in twice]
    metrics = {metric.code for metric in year.metrics}
    for ancestor in year.lineage:
        if ancestor.code not in metrics:
            problems.append(f"lineage: {ancestor.code} is no metric of the year")
        try:
            lineage.lines_of(year.financial_year, [asdict(ancestor)])
        except LineageError as error:
            problems.append(f"lineage: {ancestor.code}: {str(error).rstrip('.')}")
    return problems
