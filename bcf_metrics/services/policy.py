"""National policy from the data files that ship: each is the first version of its layout or year, changed, the next.

What a person published since stays as it is: a file that differs from it is told of, and not loaded.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from bcf_metrics.domain import datafiles, policy_content, policy_years, templates
from bcf_metrics.models import LayoutVersion, PolicyVersion, PolicyYear, ReturnTemplate
from bcf_metrics.services import policy_rows
from bcf_metrics.services.policy_rows import FROM_FILE, SHIPPED
from integration_hub.core import audit
from integration_hub.core.services import service


@service
def load(*, at: datetime, system: str) -> list[str]:
    """Bring layouts and policy years up to their files; says what changed, and what was left to a person's version.

    The second time nothing changes.
    """
    told = []
    known = dict(ReturnTemplate.objects.values_list("code", "layout_sha256"))
    kept = set(LayoutVersion.objects.values_list("template__code", flat=True))
    for code in datafiles.codes(templates.FOLDER):
        digest = _digest(templates.FOLDER, code)
        if known.get(code) != digest or code not in kept:
            told += _load_template(code, digest=digest, at=at, system=system)
    loaded = dict(PolicyYear.objects.values_list("code", f"details__{SHIPPED}"))
    kept = set(PolicyVersion.objects.values_list("policy_year__code", flat=True))
    for code in datafiles.codes(policy_years.FOLDER):
        digest = _digest(policy_years.FOLDER, code)
        if loaded.get(code) != digest or code not in kept:
            told += _load_year(code, digest=digest, at=at, system=system)
    return told + _link_templates(at=at, system=system)


def _load_template(code: str, *, digest: str, at: datetime, system: str) -> list[str]:
    layout, place = templates.layout(code), f"{templates.FOLDER}/{code}"
    held = ReturnTemplate.objects.filter(code=code).first()
    newest = policy_rows.newest_layout(held)
    if held is not None and newest is None:
        # An installation of before versions were kept: its returns were opened with what stands in the row.
        newest = policy_rows.keep_layout(held, held.layout, at=at, reason="What stood before versions were kept")
    if left := _left_alone(place, newest, layout):
        return left
    template, _ = ReturnTemplate.objects.update_or_create(
        code=code, defaults={"title": layout["title"], "layout": layout, "layout_sha256": digest}
    )
    if newest is None or newest.sha256 != policy_content.digest(layout):
        policy_rows.keep_layout(template, layout, at=at, reason=FROM_FILE)
    audit.record("return_template.loaded", target=template, at=at, system=system, after={"sha256": digest})
    return [place]


def _load_year(code: str, *, digest: str, at: datetime, system: str) -> list[str]:
    shipped, place = policy_years.load(code), f"{policy_years.FOLDER}/{code}"
    content = policy_content.dump(shipped)
    held = PolicyYear.objects.filter(code=code).first()
    newest = policy_rows.newest_policy(held) if held else None
    if left := _left_alone(place, newest, content):
        return left
    year = policy_rows.apply(shipped, shipped=digest)
    if newest is None or newest.sha256 != policy_content.digest(content):
        policy_rows.keep_policy(year, content, at=at, reason=FROM_FILE)
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
    return [place]


def _left_alone(place: str, newest: PolicyVersion | LayoutVersion | None, content: object) -> list[str]:
    """What to say where a person published another content than the file has; nothing where the file may come in."""
    if newest is None or newest.published_by is None or newest.sha256 == policy_content.digest(content):
        return []
    return [f"{place} not loaded, since {newest.published_by_name} published version {newest.number}, which differs"]


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


def _digest(folder: str, code: str) -> str:
    path: Path = datafiles.DATA / folder / f"{code}.yaml"
    return hashlib.sha256(path.read_bytes()).hexdigest()
