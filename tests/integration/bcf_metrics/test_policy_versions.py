"""A year's policy and a layout are kept in versions; a return keeps those that it was opened with."""

import copy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from bcf_metrics.domain import datafiles, policy_content, policy_years, templates
from bcf_metrics.models import (
    LayoutVersion,
    MetricDefinition,
    PolicyVersion,
    PolicyYear,
    QuarterlyReturn,
    ReturnTemplate,
)
from bcf_metrics.selectors import content, returns
from bcf_metrics.services import policy, policy_rows
from integration_hub.core.models import AuditEvent
from tests.factories.money import PolicyYearFactory, ReturnTemplateFactory
from tests.factories.partners import UserFactory
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import JULY, YEARS, Journey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fewer_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy.datafiles, "codes", lambda folder: YEARS[folder])


def load() -> list[str]:
    return policy.load(at=JULY, system="test")


def counted() -> tuple[int, ...]:
    models = (PolicyVersion, LayoutVersion, PolicyYear, ReturnTemplate, MetricDefinition, AuditEvent)
    return tuple(model.objects.count() for model in models)


def other_file(monkeypatch: pytest.MonkeyPatch, code: str, **changes: Any) -> None:
    """The file of a year as another release ships it."""
    data = copy.deepcopy(datafiles.read(datafiles.DATA / policy_years.FOLDER / f"{code}.yaml")) | changes
    year = policy_years.parse(data, name=code)
    load_others = policy_years.load
    monkeypatch.setattr(policy.policy_years, "load", lambda asked: year if asked == code else load_others(asked))
    monkeypatch.setattr(policy, "_digest", lambda folder, asked: f"{asked} of another release"[:64])


def published(year: PolicyYear, **changes: Any) -> PolicyVersion:
    """What a person changed and another published."""
    newest = policy_rows.newest_policy(year)
    assert newest is not None
    new = newest.content | changes
    policy_rows.apply(policy_content.parse(new, name="new"), shipped=year.details["shipped_sha256"])
    return policy_rows.keep_policy(year, new, at=JULY, reason="Corrected", by=UserFactory(name="Pat Publisher"))


def test_load_makes_version_1_of_each_file_and_the_second_time_nothing() -> None:
    load()

    year = PolicyYear.objects.get(code="2014-15")
    version = PolicyVersion.objects.get(policy_year=year)
    assert (version.number, version.origin, version.published_by) == (1, "file", None)
    assert version.content == policy_content.dump(policy_years.load("2014-15"))
    assert version.sha256 == policy_content.digest(version.content)
    layout = LayoutVersion.objects.get(template__code="2015-16")
    assert (layout.number, layout.content) == (1, templates.layout("2015-16"))
    before = counted()
    assert load() == []
    assert counted() == before


def test_load_of_a_changed_file_is_the_next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    load()

    other_file(monkeypatch, "2014-15", note="Corrected in another release")
    assert "policy_years/2014-15" in load()

    year = PolicyYear.objects.get(code="2014-15")
    assert year.note == "Corrected in another release"
    assert [row.number for row in year.versions.order_by("number")] == [1, 2]


def test_load_leaves_what_a_person_published_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    load()
    published(PolicyYear.objects.get(code="2014-15"), note="What a person knows")

    other_file(monkeypatch, "2014-15", note="What another release says")
    told = load()

    year = PolicyYear.objects.get(code="2014-15")
    words = "policy_years/2014-15 not loaded, since Pat Publisher published version 2, which differs"
    assert words in told
    assert year.note == "What a person knows"
    assert year.versions.count() == 2
    assert words in load(), "it is said until the two agree"


def test_load_in_an_older_installation_gives_its_open_return_the_layout_that_stood(world: World) -> None:
    layout = copy.deepcopy(templates.layout("2015-16"))
    layout["tabs"][1]["title"] = "Cover as it stood"
    year = PolicyYearFactory(template=ReturnTemplateFactory(layout=layout))
    held = QuarterlyReturn.objects.create(
        fund=world.fund, period=world.period, policy_year=year, template=year.template, status="signed"
    )

    load()

    held.refresh_from_db()
    assert held.layout_version is not None
    assert held.policy_version is not None
    assert (held.layout_version.number, held.policy_version.number) == (1, 1)
    assert held.layout_version.content["tabs"][1]["title"] == "Cover as it stood"
    assert LayoutVersion.objects.count() == 2, "and the file is the next one, for new returns"


def test_open_keeps_layout_and_policy_that_are_in_force(journey: Journey) -> None:
    held = journey.quarterly_return

    assert held.layout_version == LayoutVersion.objects.get(template=held.template)
    assert held.policy_version == PolicyVersion.objects.get(policy_year=held.policy_year)


def test_a_new_version_changes_no_open_return(journey: Journey) -> None:
    held = journey.quarterly_return
    before = drafted(journey)
    conditions = held.policy_version.content["national_conditions"]  # type: ignore[union-attr]  # just opened

    published(held.policy_year, national_conditions=[conditions[0] | {"text": "Another text."}])
    layout = copy.deepcopy(held.template.layout)
    layout["tabs"][1]["title"] = "Another title"
    policy_rows.keep_layout(held.template, layout, at=JULY, reason="Corrected", by=UserFactory())

    assert drafted(journey) == before
    assert len(before["conditions"]) == 6


def test_a_version_sent_shows_the_layout_that_it_was_made_with(sent: Journey) -> None:
    sent.send_back()
    held, version = sent.refresh(), sent.quarterly_return.versions.get()
    layout = copy.deepcopy(held.template.layout)
    layout["tabs"][1]["title"] = "Another title"
    held.layout_version = policy_rows.keep_layout(held.template, layout, at=JULY, reason="New", by=UserFactory())
    held.save(update_fields=["layout_version"])

    assert content.layout_of(held).tabs[1].title == "Another title"
    assert content.frozen(held, version).template.tabs[1].title != "Another title"
    resent = sent.send()
    assert resent.content["layout_version"] == 2
    assert content.frozen(held, resent).template.tabs[1].title == "Another title"


def test_layout_of_what_was_sent_cannot_be_changed(sent: Journey) -> None:
    held = sent.refresh()
    other = policy_rows.keep_layout(held.template, held.template.layout, at=JULY, reason="New", by=UserFactory())

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        QuarterlyReturn.objects.filter(pk=held.pk).update(layout_version=other)
    assert sent.refresh().layout_version != other


@pytest.mark.parametrize("table", ["policyversion", "layoutversion"])
@pytest.mark.parametrize("verb", ["UPDATE bcf_metrics_{} SET reason = 'x'", "DELETE FROM bcf_metrics_{}"])
def test_versions_are_never_changed_or_removed(table: str, verb: str) -> None:
    load()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"number": 1}, "policy_version_unique"),
        ({"number": 0}, "policy_version_from_one"),
        ({"reason": ""}, "policy_version_reason"),
        ({"origin": "person"}, "policy_version_origin"),
        ({"origin": "elsewhere"}, "policy_version_origin"),
    ],
)
def test_versions_that_cannot_be(wrong: dict[str, Any], rule: str) -> None:
    load()
    year = PolicyYear.objects.get(code="2014-15")
    right = {"number": 2, "reason": "x", "origin": "file", "content": {}, "sha256": "0" * 64, "published_at": JULY}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        PolicyVersion.objects.create(policy_year=year, **(right | wrong))
    with pytest.raises(IntegrityError, match=rule.replace("policy", "layout")), transaction.atomic():
        LayoutVersion.objects.create(template=ReturnTemplate.objects.get(), **(right | wrong))


def drafted(journey: Journey) -> dict[str, Any]:
    held = returns.get(journey.finance_officer, journey.quarterly_return.pk)
    found = content.draft(
        held.quarterly_return, journey.finance_officer, on=timezone.localdate(JULY), parties=held.parties
    )
    return dict(found.content) | {"tabs": [tab.title for tab in found.template.tabs]}
