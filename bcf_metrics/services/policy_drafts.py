"""The working copy of a year's policy: begun, changed row by row, discarded, and published by somebody else."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from django.http import Http404

from bcf_metrics import policies_of_years as policies
from bcf_metrics.domain import policy_changes, policy_content, policy_drafts, policy_losses, templates
from bcf_metrics.domain.policy_changes import Change
from bcf_metrics.domain.shapes import ShapeError
from bcf_metrics.models import MetricDefinition, PolicyDraft, PolicyVersion, PolicyYear, ReturnTemplate
from bcf_metrics.services import policy_rows
from bcf_metrics.services.policy_rows import SHIPPED
from integration_hub.core import audit, reasons
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.services import service
from partners import permissions
from partners.models import User

ASK = "Say what changes in the year's policy, and on what ground: every partner in the country reads it."
EMPTY = "an empty year"


@service
def begin(*, code: str, source: str, by: User, at: datetime) -> PolicyDraft:
    """Begin a working copy of a year from itself, from another year (`source`), or empty. Raises DraftExists."""
    permissions.require_maintenance(by)
    year = _held(code)
    policies.check_no_draft(PolicyDraft.objects.filter(policy_year=year).first())
    newest = policy_rows.newest_policy(year)
    layout = policy_rows.newest_layout(year.template)
    content = newest.content if newest else {}
    begun_from, own = EMPTY, layout.content if layout else None
    if source == code and year.loaded:
        begun_from = f"version {newest.number}" if newest else EMPTY
    elif source and source != code:
        content, own, begun_from = _cloned(year, content, source)
    else:
        content, own = policy_content.empty(content), None
    draft = PolicyDraft(
        policy_year=year,
        content=content,
        layout=own,
        begun_from=begun_from,
        policy_version=newest,
        layout_version=layout,
        editors=[_editor(by)],
        begun_at=at,
        changed_at=at,
    )
    draft.save(force_insert=True)
    audit.record("policy_draft.begun", target=year, by=by, at=at, after={"from": begun_from})
    return draft


def _cloned(year: PolicyYear, content: dict[str, Any], source: str) -> tuple[dict[str, Any], Any, str]:
    other = PolicyYear.objects.select_related("template").filter(code=source, loaded=True).first()
    newest = policy_rows.newest_policy(other) if other else None
    if other is None or newest is None:
        raise Malformed("Choose a year that is loaded to begin from.", field="source")
    begun = policy_drafts.cloned(newest.content, content)
    layout = policy_rows.newest_layout(other.template)
    if layout is None:
        return begun, None, other.label
    begun["return_template"] = year.code
    own = policy_drafts.cloned_layout(layout.content, code=year.code, label=year.label, of=other.label)
    return begun, own, other.label


@service
def put_year(*, code: str, values: Mapping[str, Any], seen: str, by: User, at: datetime) -> PolicyDraft:
    """Change what a working copy says of the year itself. Another layout comes in as it was last published."""
    draft = _draft(code, by)
    _check_seen(year_row(draft), seen)
    wanted = str(values["return_template"])
    if wanted != draft.content["return_template"]:
        template = ReturnTemplate.objects.filter(code=wanted).first()
        layout = policy_rows.newest_layout(template)
        draft.layout = layout.content if layout else None
        draft.layout_version = layout
    draft.content = draft.content | dict(values)
    return _changed(draft, "the year", by=by, at=at)


@service
def put_row(
    *, code: str, part: str, index: int | None, values: Mapping[str, Any], seen: str, by: User, at: datetime
) -> PolicyDraft:
    """Change a row of a part, or add one (`index` None). Raises ChangedMeanwhile, Malformed."""
    draft = _draft(code, by)
    if index is not None:
        _check_seen(row_of(draft, part, index), seen)
    content, layout = deepcopy(draft.content), deepcopy(draft.layout)
    policy_drafts.put(content, layout, part, index, values)
    draft.content, draft.layout = content, layout
    return _changed(draft, policy_drafts.PARTS[part][1].lower(), by=by, at=at)


@service
def remove_row(*, code: str, part: str, index: int, seen: str, by: User, at: datetime) -> PolicyDraft:
    """Take a row out of the working copy. Raises ChangedMeanwhile, and Malformed where something else asks for it."""
    draft = _draft(code, by)
    _check_seen(row_of(draft, part, index), seen)
    content, layout = deepcopy(draft.content), deepcopy(draft.layout)
    policy_drafts.remove(content, layout, part, index)
    draft.content, draft.layout = content, layout
    return _changed(draft, policy_drafts.PARTS[part][1].lower(), by=by, at=at)


@service
def discard(*, code: str, by: User, at: datetime) -> None:
    """Throw the working copy away; its history stays."""
    draft = _draft(code, by)
    begun, editors = draft.begun_from, [editor["name"] for editor in draft.editors]
    draft.delete()
    audit.record(
        "policy_draft.discarded",
        target=draft.policy_year,
        by=by,
        at=at,
        before={"from": begun, "editors": editors, "changes": draft.changes},
    )


@service
def publish(
    *, code: str, reason: str, seen: int, effective_on: date | None = None, by: User, at: datetime
) -> PolicyVersion:
    """Publish the working copy as the year's next version; `seen` is how many changes the publisher was shown.

    An addendum that says from which day it is effective holds for the quarters that end on that day or later.
    Raises ReasonMissing, PublisherEdited, ChangedMeanwhile, NothingToPublish, MetricInUse, NotWhole, OutsideYear.
    """
    draft = _draft(code, by)
    words = reasons.given(reason, ask=ASK)
    policies.check_publisher(draft, by)
    if seen != draft.changes:
        raise ChangedMeanwhile(
            "Something in the working copy changed after you opened this page, so nothing was published. Read it "
            "again, then publish it."
        )
    year = draft.policy_year
    newest = policy_rows.newest_policy(year)
    template = ReturnTemplate.objects.filter(code=draft.content["return_template"]).first()
    layout = policy_rows.newest_layout(template)
    policies.check_base(draft, newest, layout)
    changes = differences(draft)
    policies.check_changed(draft, changes)
    policies.check_unused(_left_out(draft))
    policies.check_effective(year, effective_on)
    policies.check_whole(
        policy_losses.empty_tabs(draft.layout), policy_losses.unknown_sheets(draft.content, draft.layout)
    )
    content = policy_content.parse(draft.content, name=year.label)

    editors = [editor["name"] for editor in draft.editors]
    kept: dict[str, Any] = {"at": at, "reason": words, "by": by, "edited_by": editors, "effective_on": effective_on}
    if draft.layout is not None and (layout is None or layout.content != draft.layout):
        template = _template(draft.layout)
        layout = policy_rows.keep_layout(template, draft.layout, **kept)
    policy_rows.apply(content, shipped=year.details.get(SHIPPED, ""))
    version = policy_rows.keep_policy(year, draft.content, **kept)
    draft.delete()
    audit.record(
        "policy_year.published",
        target=year,
        by=by,
        at=at,
        before={"version": newest.number if newest else None},
        after={
            "version": version.number,
            "layout": layout.number if layout else None,
            "changes": len(changes),
            "edited_by": editors,
            "effective_on": effective_on,
        },
        reason=words,
    )
    return version


def differences(draft: PolicyDraft) -> list[Change]:
    """How the working copy differs from what is published."""
    before = draft.policy_version.content if draft.policy_version else {}
    was = draft.layout_version.content if draft.layout_version else None
    return [
        *policy_changes.compare(before, draft.content),
        *policy_changes.compare_layouts(was, draft.layout),
    ]


def year_row(draft: PolicyDraft) -> dict[str, Any]:
    """What the form of the year itself shows."""
    return {key: draft.content[key] for key in ("kind", "note", "layout_note", "return_template", "checked")}


def row_of(draft: PolicyDraft, part: str, index: int) -> dict[str, Any]:
    """One row of a part; Http404 where there is none."""
    rows = policy_drafts.rows(draft.content, draft.layout, part)
    if not 0 <= index < len(rows):
        raise Http404("There is no such row.")
    return rows[index]


def seen_of(row: Mapping[str, Any]) -> str:
    """What a form carries of the row that it showed."""
    return policy_content.digest(row)


def _held(code: str) -> PolicyYear:
    # Template is nullable: its join cannot be locked, so the year's own row alone is.
    rows = PolicyYear.objects.select_related("template").select_for_update(of=("self",), no_key=True)
    year = rows.filter(code=code).first()
    if year is None:
        raise Http404("There is no such policy year.")
    return year


def _draft(code: str, by: User) -> PolicyDraft:
    year = _held(code)
    permissions.require_maintenance(by)
    draft = (
        PolicyDraft.objects.select_related("policy_version", "layout_version")
        .select_for_update(of=("self",), no_key=True)
        .filter(policy_year=year)
        .first()
    )
    if draft is None:
        raise Http404("Nobody works on this year.")
    draft.policy_year = year
    return draft


def _changed(draft: PolicyDraft, what: str, *, by: User, at: datetime) -> PolicyDraft:
    """Save a working copy that has the shape; Malformed, and nothing saved, where it has not."""
    try:
        policy_content.parse(draft.content, name="")
        if draft.layout is not None:
            templates.parse(draft.layout, name="")
    except ShapeError as error:
        raise Malformed("Nothing was saved. " + " ".join(f"{found}." for found in error.problems)) from error
    if str(by.pk) not in {editor["id"] for editor in draft.editors}:
        draft.editors = [*draft.editors, _editor(by)]
    draft.changes += 1
    draft.changed_at = at
    draft.save()
    audit.record(
        "policy_draft.changed", target=draft.policy_year, by=by, at=at, after={"part": what, "changes": draft.changes}
    )
    return draft


def _check_seen(row: Mapping[str, Any], seen: str) -> None:
    if seen != seen_of(row):
        raise ChangedMeanwhile(
            "Somebody changed this after you opened the page, so nothing was saved. Load the page again to see what "
            "it says now."
        )


def _left_out(draft: PolicyDraft) -> list[str]:
    """The metrics that partners plan with and the working copy no longer has."""
    kept = [metric["code"] for metric in draft.content["metrics"]]
    used = MetricDefinition.objects.filter(policy_year=draft.policy_year, plans__isnull=False).exclude(code__in=kept)
    return list(used.order_by("code").values_list("code", flat=True).distinct())


def _template(layout: Mapping[str, Any]) -> ReturnTemplate:
    said = {"title": layout["title"], "layout": layout}
    template, _ = ReturnTemplate.objects.update_or_create(
        code=layout["code"], defaults=said, create_defaults={**said, "layout_sha256": ""}
    )
    return template


def _editor(person: User) -> dict[str, str]:
    return {"id": str(person.pk), "name": str(person)}
