"""The rows of a policy year, brought up to a published version of it."""

from datetime import date, datetime
from typing import Any

from bcf_metrics.domain import policy_content
from bcf_metrics.domain.policy_years import MetricDefinition as Metric
from bcf_metrics.domain.policy_years import NationalCondition as Condition
from bcf_metrics.domain.policy_years import PolicyYear as Content
from bcf_metrics.models import (
    LayoutVersion,
    MetricDefinition,
    NationalCondition,
    PolicyVersion,
    PolicyYear,
    QuarterlyReturn,
    ReturnTemplate,
)
from bcf_metrics.selectors.policy import in_force
from partners.models import User

# The digest of the file that the rows were last brought up to.
SHIPPED = "shipped_sha256"
FROM_FILE = "Loaded from the file that ships with the Hub"


def apply(content: Content, *, shipped: str) -> PolicyYear:
    """Write a year's content to its rows. A metric that partners plan with stays, whatever the content says."""
    year, _ = PolicyYear.objects.update_or_create(
        code=content.code,
        defaults={
            "financial_year": content.financial_year,
            "label": content.label,
            "loaded": content.loaded,
            "note": content.note,
            "checked": content.checked,
            "template": ReturnTemplate.objects.filter(code=content.return_template).first(),
            "layout_note": content.layout_note,
            "details": _details(content) | {SHIPPED: shipped},
        },
    )
    NationalCondition.objects.bulk_create(
        [_condition(year, condition) for condition in content.national_conditions],
        update_conflicts=True,
        unique_fields=["policy_year", "number"],
        update_fields=["text", "checked"],
    )
    numbers = [condition.number for condition in content.national_conditions]
    NationalCondition.objects.filter(policy_year=year).exclude(number__in=numbers).delete()
    MetricDefinition.objects.bulk_create(
        [_metric(year, metric, position) for position, metric in enumerate(content.metrics, start=1)],
        update_conflicts=True,
        unique_fields=["policy_year", "code"],
        update_fields=_METRIC,
    )
    codes = [metric.code for metric in content.metrics]
    MetricDefinition.objects.filter(policy_year=year, plans__isnull=True).exclude(code__in=codes).delete()
    return year


def keep_policy(
    year: PolicyYear,
    content: Any,
    *,
    at: datetime,
    reason: str,
    by: User | None = None,
    edited_by: list[str] | None = None,
    effective_on: date | None = None,
) -> PolicyVersion:
    """The next version of a year. The first is also that of the returns that were opened before versions were kept."""
    newest = newest_policy(year)
    version = PolicyVersion(
        policy_year=year, number=newest.number + 1 if newest else 1, **_kept(content, at, reason, by, edited_by)
    )
    version.effective_on = effective_on
    version.save(force_insert=True)
    if newest is None:
        QuarterlyReturn.objects.filter(policy_year=year, policy_version=None).update(policy_version=version)
    return version


def keep_layout(
    template: ReturnTemplate,
    content: Any,
    *,
    at: datetime,
    reason: str,
    by: User | None = None,
    edited_by: list[str] | None = None,
    effective_on: date | None = None,
) -> LayoutVersion:
    """The next version of a layout, as `keep_policy`."""
    newest = newest_layout(template)
    version = LayoutVersion(
        template=template, number=newest.number + 1 if newest else 1, **_kept(content, at, reason, by, edited_by)
    )
    version.effective_on = effective_on
    version.save(force_insert=True)
    if newest is None:
        QuarterlyReturn.objects.filter(template=template, layout_version=None).update(layout_version=version)
    return version


def newest_policy(year: PolicyYear, *, ends_on: date | None = None) -> PolicyVersion | None:
    """The newest version; of those that hold for a quarter, where the day is given on which it ends."""
    return PolicyVersion.objects.filter(in_force(ends_on), policy_year=year).order_by("-number").first()


def newest_layout(template: ReturnTemplate | None, *, ends_on: date | None = None) -> LayoutVersion | None:
    """As `newest_policy`."""
    found = LayoutVersion.objects.filter(in_force(ends_on), template=template)
    return found.order_by("-number").first() if template else None


def _kept(content: Any, at: datetime, reason: str, by: User | None, edited_by: list[str] | None) -> dict[str, Any]:
    return {
        "content": content,
        "sha256": policy_content.digest(content),
        "origin": "person" if by else "file",
        "published_by": by,
        "published_by_name": str(by) if by else "",
        "edited_by": edited_by or [],
        "published_at": at,
        "reason": reason,
    }


def _condition(year: PolicyYear, condition: Condition) -> NationalCondition:
    return NationalCondition(
        policy_year=year,
        number=condition.number,
        text=f"{condition.name}. {condition.text}",
        checked=condition.checked,
    )


_METRIC = [
    "position",
    "name",
    "unit",
    "better",
    "basis",
    "precision",
    "numerator",
    "denominator",
    "multiplier",
    "source",
    "lag_note",
    "checked",
]


def _metric(year: PolicyYear, metric: Metric, position: int) -> MetricDefinition:
    return MetricDefinition(
        policy_year=year,
        code=metric.code,
        position=position,
        name=metric.name,
        unit=metric.unit,
        better=metric.better.value,
        basis=metric.basis.value,
        precision=metric.precision,
        numerator=metric.numerator,
        denominator=metric.denominator,
        multiplier=metric.multiplier,
        source=metric.source,
        lag_note=metric.lag_note,
        checked=metric.checked,
    )


def _details(content: Content) -> dict[str, Any]:
    """What of a year has no column of its own, as plain JSON."""
    plain = policy_content.dump(content)
    own = ("short_name", "published_unit", "frequency", "supplementary")
    return {
        "kind": plain["kind"],
        "starts_on": plain["starts_on"],
        "ends_on": plain["ends_on"],
        "return_template": plain.get("return_template", ""),
        **{part: plain.get(part, []) for part in ("funding_streams", "reporting_periods", "planning", "lineage")},
        "metrics": {metric["code"]: {key: metric[key] for key in own} for metric in plain.get("metrics", [])},
    }
