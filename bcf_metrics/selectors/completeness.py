"""How far the returns of a region are, for somebody who was given that view: states alone, no figure and no text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Func, Prefetch, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Left
from django.http import Http404
from django.utils import timezone

from bcf_metrics.domain import completeness, templates
from bcf_metrics.domain.completeness import LONGEST_READ, NOT_OPENED, WHOLE, Progress
from bcf_metrics.domain.templates import Template
from bcf_metrics.models import (
    LayoutVersion,
    NationalCondition,
    PolicyVersion,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnTemplate,
    ReturnVersion,
    Submission,
)
from bcf_metrics.models.quarterly_return import OVER
from bcf_metrics.selectors import returns
from integration_hub.core.models import Period
from partners.models import Area, Footprint, Organisation, User
from partners.selectors import regions


@dataclass(frozen=True)
class Overview:
    """A region in one quarter: a row for each return, and one for each area without any."""

    region: Footprint
    period: Period
    quarters: list[Period]
    rows: list[Progress]


def overseen(user: User, *, on: date) -> list[Footprint]:
    """The regions that the person was given the view of. One query, and none for anybody else."""
    return list(regions.overseen(user, on=on)) if regions.oversees(user) else []


def quarters(*, on: date) -> list[Period]:
    """The quarters that began by a day, of years with a policy that is loaded, newest first. One query."""
    years = PolicyYear.objects.filter(loaded=True).values("financial_year")
    found = Period.objects.filter(kind=Period.QUARTER, financial_year__in=years, starts_on__lte=on)
    return list(found.order_by("-starts_on"))


def of_region(user: User, pk: object, *, code: str = "", on: date) -> Overview:
    """How far each return of a region's areas is in a quarter; Http404 for whoever has no view of it.

    A constant number of queries, whatever the number of areas. The areas are those of the last day of the quarter.
    `code` names the quarter, "2025-2"; without one it is the newest that has ended.
    """
    region = regions.get_overseen(user, pk, on=on)
    offered = quarters(on=on)
    quarter = quarter_of(code, among=offered, on=on)
    areas = list(regions.areas_in([region.pk], on=min(quarter.ends_on, on)))
    found = _returns(areas, quarter)
    by_area: dict[UUID, list[QuarterlyReturn]] = {}
    for row in found:
        by_area.setdefault(row.fund.agreement.area_id, []).append(row)
    due_on, is_asked = _due(quarter)
    counted = _sections(found, quarter)
    rows: list[Progress] = []
    for area in areas:
        opened = by_area.get(area.pk, [])
        if not opened:
            rows.append(
                Progress(
                    area=area.name,
                    ons_code=area.ons_code,
                    status=NOT_OPENED,
                    due_on=due_on,
                    on=on,
                    is_asked=is_asked,
                )
            )
        for number, row in enumerate(opened, start=1):
            rows.append(_progress(area, row, number, len(opened), counted[row.pk], on))
    return Overview(region, quarter, offered, rows)


def quarter_of(code: str, *, among: Sequence[Period], on: date) -> Period:
    """The quarter that an address names, "2025-2"; the newest that has ended without one. Http404 for any other."""
    if code:
        for period in among:
            if code_of(period) == code:
                return period
        raise Http404("There is no such quarter.")
    ended = [period for period in among if period.ends_on < on]
    if not among:
        raise Http404("No policy year is loaded.")
    return (ended or list(among))[0]


def code_of(period: Period) -> str:
    return f"{period.financial_year}-{period.number}"


def _returns(areas: Sequence[Area], quarter: Period) -> list[QuarterlyReturn]:
    """The returns of some areas with what their state depends on, without a content, a layout or the name of a fund."""
    rows = (
        QuarterlyReturn.objects.filter(period=quarter, fund__agreement__area__in=[area.pk for area in areas])
        .select_related("fund__agreement", "period", "policy_year")
        .defer("policy_year__details", "fund__discrepancies")
        .prefetch_related(
            Prefetch("fund__agreement__parties", Organisation.objects.order_by("name", "pk")),
            Prefetch("fund__agreement__former_links", returns.former_links()),
            Prefetch("versions", returns.versions()),
            Prefetch("submissions", Submission.objects.defer("differences").order_by("number")),
        )
    )
    return list(rows.order_by("fund__agreement__area__name", "fund__name", "pk"))


def _progress(
    area: Area, row: QuarterlyReturn, number: int, among: int, sections: tuple[int, int], on: date
) -> Progress:
    (standing,) = returns.rows([row])
    needed = standing.signatories(standing.current) if standing.current else []
    first = next(iter(row.submissions.all()), None)
    return Progress(
        area=area.name,
        ons_code=area.ons_code,
        status=row.status,
        due_on=row.due_on,
        on=on,
        submitted_on=timezone.localdate(first.submitted_at) if first else None,
        number=number,
        among=among,
        sections=sections,
        signatures=(len(needed) - len(standing.awaited), len(needed)) if needed else None,
    )


def _due(quarter: Period) -> tuple[date | None, bool]:
    """The day on which the national return of a quarter is due, and whether there is one. One query."""
    year = PolicyYear.objects.filter(financial_year=quarter.financial_year).first()
    for row in year.details.get("reporting_periods", []) if year else []:
        if row["quarter"] == quarter.number:
            return date.fromisoformat(row["due_on"]) if row["due_on"] else None, row["national_return"]
    return None, True


def _sections(found: Sequence[QuarterlyReturn], quarter: Period) -> dict[UUID, tuple[int, int]]:
    """The sections that are complete, of how many, for each return. Six queries at most."""
    layouts = _layouts(found)
    names = sorted({name for layout in layouts.values() for name in completeness.from_previous(layout)})
    policies = PolicyVersion.objects.in_bulk({row.policy_version_id for row in found if row.policy_version_id})
    plain = NationalCondition.objects.filter(policy_year__financial_year=quarter.financial_year)
    unversioned = list(plain.values_list("number", flat=True)) if len(found) > len(policies) else []
    begun = [row for row in found if row.status not in WHOLE]
    given, before = _answers(begun), _previous(begun, quarter, names)
    label = found[0].fund.year.label if found else ""
    counted = {}
    for row in found:
        policy = policies.get(row.policy_version_id)
        numbers = [one["number"] for one in policy.content.get("national_conditions", [])] if policy else unversioned
        counted[row.pk] = completeness.sections(
            layouts[_layout_key(row)],
            year=label,
            status=row.status,
            given=given.get(row.pk, {}),
            conditions=numbers,
            previous=before.get(row.fund.agreement_id, {}),
        )
    return counted


def _layout_key(row: QuarterlyReturn) -> UUID:
    return row.layout_version_id or row.template_id


def _layouts(found: Sequence[QuarterlyReturn]) -> dict[UUID, Template]:
    """Each layout that the returns have, read once."""
    versions = LayoutVersion.objects.in_bulk({row.layout_version_id for row in found if row.layout_version_id})
    older = ReturnTemplate.objects.in_bulk({row.template_id for row in found if not row.layout_version_id})
    whole: dict[UUID, Any] = {key: version.content for key, version in versions.items()}
    whole |= {key: template.layout for key, template in older.items()}
    return {key: templates.parse(layout, name="layout") for key, layout in whole.items()}


def _answers(found: Sequence[QuarterlyReturn]) -> dict[UUID, Mapping[str, str]]:
    """What was answered in each, cut to what a rule asks about: never a whole text. One query."""
    value = Func(F("value"), template=f"left(%(expressions)s #>> '{{}}', {LONGEST_READ})", output_field=TextField())
    rows = ReturnAnswer.objects.filter(quarterly_return__in=[row.pk for row in found])
    answers: dict[UUID, dict[str, str]] = {}
    for key, name, text in rows.annotate(text=value).values_list("quarterly_return", "field", "text"):
        answers.setdefault(key, {})[name] = text or ""
    return dict(answers)


def _previous(found: Sequence[QuarterlyReturn], quarter: Period, names: Sequence[str]) -> dict[UUID, dict[str, str]]:
    """What the last signed return of each agreement answered to some questions, cut short. One query at most."""
    if not names or not found:
        return {}
    cut = {
        f"answer_{place}": Left(KeyTextTransform(name, KeyTransform("answers", "content")), LONGEST_READ)
        for place, name in enumerate(names)
    }
    rows = (
        ReturnVersion.objects.filter(
            quarterly_return__fund__agreement__in={row.fund.agreement_id for row in found},
            quarterly_return__status__in=OVER,
            quarterly_return__period__ends_on__lt=quarter.starts_on,
        )
        .order_by("quarterly_return__period__ends_on", "number")
        .annotate(**cut)
        .values_list("quarterly_return__fund__agreement", *cut)
    )
    return {key: {name: text or "" for name, text in zip(names, said, strict=True)} for key, *said in rows}
