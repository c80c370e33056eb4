"""National policy as it is published: years, versions, layouts. It is no secret, so every person reads all of it."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from bcf_metrics.domain import datafiles, policy_content, policy_losses, policy_years
from bcf_metrics.domain.policy_changes import Change, compare, compare_layouts
from bcf_metrics.domain.status import FROZEN
from bcf_metrics.models import (
    LayoutVersion,
    PolicyDraft,
    PolicyVersion,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnTemplate,
)


def years() -> list[tuple[PolicyYear, PolicyVersion | None]]:
    """Every year with its layout and working copy, newest first, each with its newest version. Two queries."""
    found = PolicyYear.objects.select_related("template", "draft").defer("template__layout", "draft__layout")
    newest = {row.policy_year_id: row for row in PolicyVersion.objects.order_by("number")}
    return [(year, newest.get(year.pk)) for year in found.order_by("-financial_year")]


def year(code: str) -> PolicyYear:
    """One year with its layout and working copy; Http404 for any other."""
    return get_object_or_404(PolicyYear.objects.select_related("template", "draft"), code=code)


def versions(of: PolicyYear) -> list[PolicyVersion]:
    """Every version of a year, newest first."""
    return list(PolicyVersion.objects.filter(policy_year=of).order_by("-number"))


def in_force(ends_on: date | None) -> Q:
    """Versions that hold for a quarter which ends on a day; without a day every one."""
    return Q() if ends_on is None else Q(effective_on=None) | Q(effective_on__lte=ends_on)


def newest_layout(of: PolicyYear, *, ends_on: date | None = None) -> LayoutVersion | None:
    """The layout that a return of the year opened now would have: one for a quarter that ends on a day, if given."""
    if of.template_id is None:
        return None
    rows = LayoutVersion.objects.select_related("template").filter(in_force(ends_on), template=of.template_id)
    return rows.order_by("-number").first()


def others_with_layout(of: PolicyYear, code: str) -> list[str]:
    """The labels of the other years that use a layout."""
    rows = PolicyYear.objects.filter(template__code=code).exclude(pk=of.pk).order_by("financial_year")
    return list(rows.values_list("label", flat=True))


def layouts() -> list[ReturnTemplate]:
    """Every layout there is."""
    return list(ReturnTemplate.objects.defer("layout").order_by("code"))


def draft(code: str) -> PolicyDraft:
    """The working copy of a year with the versions that it was begun from; Http404 where nobody works on it."""
    rows = PolicyDraft.objects.select_related("policy_year", "policy_version", "layout_version__template")
    return get_object_or_404(rows, policy_year__code=code)


def differing_file(of: PolicyYear, newest: PolicyVersion | None) -> bool:
    """Whether the file of this release says something else than what a person published."""
    if newest is None or newest.published_by_id is None or of.code not in datafiles.codes(policy_years.FOLDER):
        return False
    return policy_content.digest(policy_content.dump(policy_years.load(of.code))) != newest.sha256


def compared(of: PolicyYear, other: str) -> tuple[str, list[Change]]:
    """How the newest version of a year differs from a version of its own ("version 1") or another year ("2024-25").

    In words, and with the words for the other side. Http404 for what there is not.
    """
    held = versions(of)
    if not held:
        raise Http404("Nothing is published of this year.")
    layout = newest_layout(of)
    number = other.removeprefix("version-")
    if number != other:
        found = next((row for row in held if str(row.number) == number), None)
        if found is None:
            raise Http404("There is no such version.")
        return f"version {found.number}", compare(found.content, held[0].content)
    another = year(other)
    newest = versions(another)
    if not newest:
        raise Http404("Nothing is published of that year.")
    was = newest_layout(another)
    return another.label, [
        *compare(newest[0].content, held[0].content),
        *compare_layouts(was.content if was else None, layout.content if layout else None),
    ]


def open_returns(of: PolicyYear) -> int:
    """How many returns of a year can still be changed: a number, whoever they belong to."""
    return QuarterlyReturn.objects.filter(policy_year=of).exclude(status__in=FROZEN).count()


def newer(quarterly_return: QuarterlyReturn) -> list[Change] | None:
    """How the newest layout and policy for a return's quarter differ from those it has; None if it has the newest."""
    ends_on = quarterly_return.period.ends_on
    held_for = PolicyVersion.objects.filter(in_force(ends_on), policy_year=quarterly_return.policy_year_id)
    policy = held_for.order_by("-number").first()
    layout = newest_layout(quarterly_return.policy_year, ends_on=ends_on)
    had, held = quarterly_return.policy_version, quarterly_return.layout_version
    if (policy is None or policy == had) and (layout is None or layout == held):
        return None
    before: dict[str, Any] = had.content if had else {}
    return [
        *compare(before, policy.content if policy else {}),
        *compare_layouts(held.content if held else None, layout.content if layout else None),
    ]


def is_behind(quarterly_return: QuarterlyReturn) -> bool:
    """Whether something was published about a return's year after the return was opened. One query."""
    policy, layout = quarterly_return.policy_version, quarterly_return.layout_version
    holds = in_force(quarterly_return.period.ends_on)
    newer_policy = PolicyVersion.objects.filter(
        holds, policy_year=OuterRef("pk"), number__gt=policy.number if policy else 0
    )
    own = LayoutVersion.objects.filter(holds, template=OuterRef("template"))
    newer_layout = own.filter(~Q(template=quarterly_return.template_id) | Q(number__gt=layout.number if layout else 0))
    of = PolicyYear.objects.filter(pk=quarterly_return.policy_year_id)
    return of.filter(Exists(newer_policy) | Exists(newer_layout)).exists()


def losses(quarterly_return: QuarterlyReturn, policy: PolicyVersion | None, layout: LayoutVersion | None) -> list[str]:
    """The labels of the answers of a return that another policy and layout have no place for. One query at most."""
    held = quarterly_return.layout_version
    if held is None or layout is None:
        return []
    rows = ReturnAnswer.objects.filter(quarterly_return=quarterly_return)
    numbers = {str(row["number"]) for row in (policy.content if policy else {}).get("national_conditions", [])}
    return policy_losses.lost(
        dict(rows.values_list("field", "value")), held.content, layout.content, conditions=numbers
    )


def move_loses(quarterly_return: QuarterlyReturn) -> list[str]:
    """The same for the newest versions that hold for the return: what stops it from being moved."""
    ends_on = quarterly_return.period.ends_on
    held_for = PolicyVersion.objects.filter(in_force(ends_on), policy_year=quarterly_return.policy_year_id)
    layout = newest_layout(quarterly_return.policy_year, ends_on=ends_on)
    return losses(quarterly_return, held_for.order_by("-number").first(), layout)
