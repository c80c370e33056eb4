"""National policy as rows: return templates and policy years, from the data files that ship with the application."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bcf_metrics.domain import datafiles, policy_years, templates
from bcf_metrics.domain.policy_years import PolicyYear as Shipped
from bcf_metrics.models import MetricDefinition, NationalCondition, PolicyYear, ReturnTemplate
from integration_hub.core import audit
from integration_hub.core.services import service

# A row that a person corrected stays as it is until its file changes: a release that corrects a year wins.
SHIPPED = "shipped_sha256"


@service
def load(*, at: datetime, system: str) -> list[str]:
    """Bring templates and policy years up to their files; returns the codes that changed, none the second time."""
    changed = []
    known = dict(ReturnTemplate.objects.values_list("code", "layout_sha256"))
    for code in datafiles.codes(templates.FOLDER):
        digest = _digest(templates.FOLDER, code)
        if known.get(code) != digest:
            _load_template(code, digest=digest, at=at, system=system)
            changed.append(f"{templates.FOLDER}/{code}")
    loaded = dict(PolicyYear.objects.values_list("code", f"details__{SHIPPED}"))
    for code in datafiles.codes(policy_years.FOLDER):
        digest = _digest(policy_years.FOLDER, code)
        if loaded.get(code) != digest:
            _load_year(policy_years.load(code), digest=digest, at=at, system=system)
            changed.append(f"{policy_years.FOLDER}/{code}")
    changed += _link_templates(at=at, system=system)
    return changed


def _load_template(code: str, *, digest: str, at: datetime, system: str) -> None:
    layout = templates.layout(code)
    template, _ = ReturnTemplate.objects.update_or_create(
        code=code, defaults={"title": layout["title"], "layout": layout, "layout_sha256": digest}
    )
    audit.record("return_template.loaded", target=template, at=at, system=system, after={"sha256": digest})


def _load_year(shipped: Shipped, *, digest: str, at: datetime, system: str) -> None:
    template = ReturnTemplate.objects.filter(code=shipped.return_template).first()
    year, _ = PolicyYear.objects.update_or_create(
        code=shipped.code,
        defaults={
            "financial_year": shipped.financial_year,
            "label": shipped.label,
            "loaded": shipped.loaded,
            "note": shipped.note,
            "checked": shipped.checked,
            "template": template,
            "layout_note": shipped.layout_note,
            "details": _details(shipped) | {SHIPPED: digest},
        },
    )
    for condition in shipped.national_conditions:
        NationalCondition.objects.update_or_create(
            policy_year=year,
            number=condition.number,
            defaults={"text": f"{condition.name}. {condition.text}", "checked": condition.checked},
        )
    for position, metric in enumerate(shipped.metrics, start=1):
        MetricDefinition.objects.update_or_create(
            policy_year=year,
            code=metric.code,
            defaults={
                "position": position,
                "name": metric.name,
                "unit": metric.unit,
                "better": metric.better.value,
                "basis": metric.basis.value,
                "precision": metric.precision,
                "numerator": metric.numerator,
                "denominator": metric.denominator,
                "multiplier": metric.multiplier,
                "source": metric.source,
                "lag_note": metric.lag_note,
                "checked": metric.checked,
            },
        )
    audit.record(
        "policy_year.loaded",
        target=year,
        at=at,
        system=system,
        after={
            "sha256": digest,
            "conditions": len(shipped.national_conditions),
            "metrics": [metric.code for metric in shipped.metrics],
        },
    )


def _link_templates(*, at: datetime, system: str) -> list[str]:
    """A template may ship later than the year that names it."""
    linked = []
    for year in PolicyYear.objects.filter(template=None, loaded=True).order_by("code"):
        template = ReturnTemplate.objects.filter(code=year.details.get("return_template", "")).first()
        if template is not None:
            year.template = template
            year.save(update_fields=["template"])
            audit.record(
                "policy_year.loaded", target=year, at=at, system=system, after={"return_template": template.code}
            )
            linked.append(f"{policy_years.FOLDER}/{year.code}")
    return linked


def _details(shipped: Shipped) -> dict[str, Any]:
    """What of a year has no column of its own, as plain JSON."""
    plain: dict[str, Any] = _plain(
        {
            "kind": shipped.kind,
            "starts_on": shipped.starts_on,
            "ends_on": shipped.ends_on,
            "return_template": shipped.return_template,
            "funding_streams": [asdict(stream) for stream in shipped.funding_streams],
            "reporting_periods": [asdict(period) for period in shipped.reporting_periods],
            "planning": [asdict(day) for day in shipped.planning],
            "metrics": {
                metric.code: {
                    "short_name": metric.short_name,
                    "published_unit": metric.published_unit,
                    "frequency": metric.frequency,
                    "supplementary": metric.supplementary,
                }
                for metric in shipped.metrics
            },
        }
    )
    return plain


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _digest(folder: str, code: str) -> str:
    path: Path = datafiles.DATA / folder / f"{code}.yaml"
    return hashlib.sha256(path.read_bytes()).hexdigest()
