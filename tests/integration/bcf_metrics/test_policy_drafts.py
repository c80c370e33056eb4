"""A year worked on by one operator and published by another; open returns moved to it by those who prepare them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bcf_metrics.domain import policy_years
from bcf_metrics.models import (
    LayoutVersion,
    MetricDefinition,
    PolicyDraft,
    PolicyVersion,
    PolicyYear,
    QuarterlyReturn,
    ReturnTemplate,
)
from bcf_metrics.policies import PolicyYearNotLoaded, UnderSignOff
from bcf_metrics.policies_of_years import DraftExists, MetricInUse, NothingNewer, NothingToPublish, PublisherEdited
from bcf_metrics.selectors import policy as selectors
from bcf_metrics.services import policy, policy_drafts, policy_moves, policy_rows, returns
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import AuditEvent
from integration_hub.core.reasons import ReasonMissing
from tests.factories.money import FundFactory, quarter
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import JULY, Journey

pytestmark = pytest.mark.django_db

Page = Callable[..., Any]


@pytest.fixture
def loaded(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    files = {"policy_years": ("2014-15", "2025-26", "2026-27"), "return_templates": ("2015-16", "2025-26")}
    monkeypatch.setattr(policy.datafiles, "codes", lambda folder: files[folder])
    policy.load(at=JULY, system="test")
    return world


@pytest.fixture
def page(client: Any, loaded: World) -> Page:
    """An operator's page: read, or with something sent to it."""

    def page(name: str, /, *args: Any, partner: str = "council", **sent: Any) -> Any:
        client.force_login(loaded.person("operator", partner), backend="partners.backends.EmailBackend")
        address = reverse(f"bcf_metrics:{name}", args=args)
        return client.post(address, sent) if sent else client.get(address)

    return page


def begin(world: World, code: str = "2025-26", source: str = "2025-26") -> PolicyDraft:
    return policy_drafts.begin(code=code, source=source, by=world.person("operator"), at=JULY)


def change(world: World, part: str, index: int | None, of: str = "2025-26", **values: Any) -> PolicyDraft:
    draft = PolicyDraft.objects.get(policy_year__code=of)
    seen = "" if index is None else policy_drafts.seen_of(policy_drafts.row_of(draft, part, index))
    return policy_drafts.put_row(
        code=of, part=part, index=index, values=values, seen=seen, by=world.person("operator"), at=JULY
    )


def publish(world: World, code: str = "2025-26", partner: str = "ccg", **given: Any) -> PolicyVersion:
    draft = PolicyDraft.objects.get(policy_year__code=code)
    wanted = {"reason": "The addendum", "seen": draft.changes, "by": world.person("operator", partner)} | given
    return policy_drafts.publish(code=code, at=JULY, **wanted)


def everything() -> tuple[Any, ...]:
    """What no refusal may change."""
    models = (PolicyVersion, LayoutVersion, PolicyYear, MetricDefinition, ReturnTemplate)
    lines = AuditEvent.objects.filter(kind__startswith="policy").count()
    draft = PolicyDraft.objects.values_list("content", "layout", "changes", "editors").first()
    return (*(model.objects.count() for model in models), lines, draft)


def refused(error: type[Exception], act: Callable[[], Any], match: str | None = None) -> Exception:
    before = everything()
    with pytest.raises(error, match=match) as found:
        act()
    assert everything() == before
    return found.value


def test_publish_is_the_next_version_and_what_new_returns_go_by(loaded: World) -> None:
    begin(loaded)
    change(loaded, "conditions", 0, text="A corrected text.", name="Agreed", checked=True)
    change(loaded, "fields", 0, label="Area of the board")

    version = publish(loaded)

    year = PolicyYear.objects.get(code="2025-26")
    assert (version.number, version.origin, version.edited_by) == (2, "person", ["Operator of council"])
    assert year.conditions.get(number=1).text == "Agreed. A corrected text."
    layout = LayoutVersion.objects.get(template=year.template, number=2)
    assert layout.reason == "The addendum"
    assert not PolicyDraft.objects.exists()
    line = AuditEvent.objects.get(kind="policy_year.published")
    assert (line.reason, line.after["version"], line.after["layout"]) == ("The addendum", 2, 2)


def test_publish_by_whoever_changed_something_is_refused(loaded: World) -> None:
    begin(loaded)
    change(loaded, "conditions", 0, text="A corrected text.")

    refusal = refused(PublisherEdited, lambda: publish(loaded, partner="council"))
    assert "somebody else" in str(refusal)


def test_publish_without_a_reason_or_after_another_change_is_refused(loaded: World) -> None:
    begin(loaded)
    change(loaded, "conditions", 0, text="A corrected text.")

    refused(ReasonMissing, lambda: publish(loaded, reason=" "))
    refused(ChangedMeanwhile, lambda: publish(loaded, seen=0))


def test_publish_of_no_change_is_refused(loaded: World) -> None:
    begin(loaded)

    refused(NothingToPublish, lambda: publish(loaded))


def test_publish_over_a_version_that_came_in_since_is_refused(loaded: World) -> None:
    draft = begin(loaded)
    change(loaded, "conditions", 0, text="A corrected text.")
    content = draft.content | {"note": "From another release"}
    policy_rows.keep_policy(draft.policy_year, content, at=JULY, reason="Loaded")

    refused(ChangedMeanwhile, lambda: publish(loaded), match="Version 2 of 2025/26")


def test_publish_without_a_metric_that_partners_plan_with_is_refused(journey: Journey) -> None:
    world = journey.world
    draft = begin(world, "2014-15", "2014-15")
    seen = policy_drafts.seen_of(policy_drafts.row_of(draft, "metrics", 0))
    by = world.person("operator")
    policy_drafts.remove_row(code="2014-15", part="metrics", index=0, seen=seen, by=by, at=JULY)

    refused(MetricInUse, lambda: publish(world, "2014-15"), match="RES65")


def test_begin_twice_is_refused_with_who_works_on_it(loaded: World) -> None:
    begin(loaded)

    refused(DraftExists, lambda: begin(loaded), match="Operator of council since")


@pytest.mark.parametrize("role", ["finance", "metrics", "approver", "admin", "member"])
def test_nobody_but_an_operator_works_on_a_year(loaded: World, role: str) -> None:
    begin(loaded)
    by = loaded.person(role)

    refused(PermissionDenied, lambda: policy_drafts.begin(code="2026-27", source="", by=by, at=JULY))
    refused(PermissionDenied, lambda: policy_drafts.discard(code="2025-26", by=by, at=JULY))
    refused(PermissionDenied, lambda: publish(loaded, by=by))


def test_two_operators_on_one_row_are_told_of_each_other(loaded: World) -> None:
    draft = begin(loaded)
    seen = policy_drafts.seen_of(policy_drafts.row_of(draft, "metrics", 0))
    change(loaded, "metrics", 0, name="Changed in between")

    refused(
        ChangedMeanwhile,
        lambda: policy_drafts.put_row(
            code="2025-26",
            part="metrics",
            index=0,
            values={"name": "Another"},
            seen=seen,
            by=loaded.person("operator", "ccg"),
            at=JULY,
        ),
    )


@pytest.mark.parametrize(
    ("part", "values", "words"),
    [
        ("conditions", {"number": 1, "name": "Twice", "text": "x", "checked": False}, "1 is given twice"),
        ("metrics", {"code": "NEW"}, r"metrics\[6\]: name is missing"),
        ("fields", {"tab": "cover", "code": "extra", "label": "Sum", "type": "money"}, "required is missing"),
    ],
)
def test_a_faulty_row_is_refused_by_its_place(loaded: World, part: str, values: dict[str, Any], words: str) -> None:
    begin(loaded)

    refused(Malformed, lambda: change(loaded, part, None, **values), match=words)


def test_a_field_that_a_rule_asks_for_cannot_be_taken_out(loaded: World) -> None:
    draft = begin(loaded)
    codes = [row["code"] for row in policy_drafts.policy_drafts.rows(draft.content, draft.layout, "fields")]
    index = codes.index("signed_off_by_board")
    seen = policy_drafts.seen_of(policy_drafts.row_of(draft, "fields", index))

    refused(
        Malformed,
        lambda: policy_drafts.remove_row(
            code="2025-26", part="fields", index=index, seen=seen, by=loaded.person("operator"), at=JULY
        ),
        match="signed_off_by_board, which is no field",
    )


def test_a_cloned_year_takes_no_fact_of_the_other(loaded: World) -> None:
    draft = begin(loaded, "2026-27", "2025-26")

    content = draft.content
    assert (content["code"], content["financial_year"], content["label"]) == ("2026-27", 2026, "2026/27")
    assert {row["due_on"] for row in content["reporting_periods"]} == {None}
    assert {row["england_millions"] for row in content["funding_streams"]} == {None}
    assert content["planning"] == []
    for part in ("funding_streams", "national_conditions", "metrics", "reporting_periods", "signatories"):
        assert content[part]
        assert not any(row["checked"] for row in content[part])
    assert draft.layout["code"] == "2026-27"
    assert PolicyYear.objects.get(code="2026-27").loaded is False, "nobody works with it before it is published"


def test_an_open_return_goes_on_until_it_is_moved_with_a_reason(journey: Journey) -> None:
    world, held = journey.world, journey.quarterly_return
    begin(world, "2014-15", "2014-15")
    change(world, "conditions", 0, of="2014-15", text="An addendum.")
    change(world, "tabs", 1, of="2014-15", title="Cover sheet")
    publish(world, "2014-15")
    assert selectors.is_behind(held)
    assert {change.after for change in selectors.newer(held) or []} >= {"An addendum.", "Cover sheet"}

    with pytest.raises(PermissionDenied):
        policy_moves.move(return_id=held.pk, reason="x", by=world.person("member"), at=JULY)
    with pytest.raises(ReasonMissing):
        policy_moves.move(return_id=held.pk, reason="", by=journey.finance_officer, at=JULY)
    assert journey.refresh().policy_version.number == 1  # type: ignore[union-attr]  # it has one

    policy_moves.move(return_id=held.pk, reason="The addendum asks for it", by=journey.finance_officer, at=JULY)

    moved = QuarterlyReturn.objects.get(pk=held.pk)
    assert moved.policy_version is not None
    assert moved.layout_version is not None
    assert (moved.policy_version.number, moved.layout_version.number, moved.status) == (2, 2, "in_progress")
    assert "version 2 of the policy and version 2 of the layout" in moved.events.order_by("-number").first().reason
    assert not selectors.is_behind(moved)
    with pytest.raises(NothingNewer):
        policy_moves.move(return_id=held.pk, reason="Again", by=journey.finance_officer, at=JULY)


def test_a_return_that_was_sent_is_not_moved(sent: Journey) -> None:
    world = sent.world
    frozen = sent.quarterly_return.versions.get()
    begin(world, "2014-15", "2014-15")
    change(world, "conditions", 0, of="2014-15", text="An addendum.")
    publish(world, "2014-15")

    with pytest.raises(UnderSignOff):
        policy_moves.move(return_id=sent.quarterly_return.pk, reason="x", by=sent.finance_officer, at=JULY)
    assert sent.refresh().policy_version.number == 1  # type: ignore[union-attr]  # it has one
    assert sent.quarterly_return.versions.get().sha256 == frozen.sha256


def test_journey_from_an_empty_year_to_its_first_return(loaded: World, page: Page) -> None:
    """2026/27 is begun from 2025/26, a date and a definition are entered, read, published; then a return is opened."""
    fund = FundFactory(agreement=loaded.agreement, financial_year=2026, owner=loaded.council)
    first = quarter(2026, 1)
    with pytest.raises(PolicyYearNotLoaded):
        returns.open(fund=fund, period=first, by=loaded.person("finance"), at=JULY)
    assert "Not loaded" in page("policy_year", "2026-27").content.decode()

    assert page("policy_begin", "2026-27", source="2025-26").status_code == 302
    overview = page("policy_draft", "2026-27").content.decode()
    assert "Begun from 2025/26" in overview
    shown = page("policy_row", "2026-27", "periods", 0)
    seen = shown.context["form"].initial["seen"]
    wrong = page("policy_row", "2026-27", "periods", 0, seen=seen, national_return="on", due_on="31 June 2026")
    assert wrong.status_code == 400
    assert "Enter a real date" in wrong.content.decode()
    assert "31 June 2026" in wrong.content.decode(), "what was typed is kept"
    sent = page("policy_row", "2026-27", "periods", 0, seen=seen, national_return="on", due_on="14 8 2026", note="Read")
    assert sent.status_code == 302
    form = page("policy_row", "2026-27", "metrics", 0).context["form"]
    values = {key: value for key, value in form.initial.items() if key in form.fields and value is not None}
    values = {key: value for key, value in values.items() if value is not False}
    answer = page("policy_row", "2026-27", "metrics", 0, **values | {"frequency": "every month"})
    assert answer.status_code == 302, answer.content.decode()

    compared = page("policy_publish", "2026-27", partner="ccg").content.decode()
    assert "14 August 2026" in page("policy_part", "2026-27", "periods").content.decode()
    assert "Added" in compared
    changes = PolicyDraft.objects.get().changes
    own = page("policy_publish", "2026-27", reason="Framework of 2026", seen=changes)
    assert own.status_code == 403
    assert PolicyVersion.objects.filter(policy_year__code="2026-27").count() == 1
    done = page("policy_publish", "2026-27", partner="ccg", reason="Framework of 2026", seen=changes)
    assert done.status_code == 302, done.content.decode()

    difference = page("policy_compare", "2026-27", "2025-26").content.decode()
    assert "every month" in difference
    assert "What changed since version 1" in page("policy_year", "2026-27").content.decode()
    assert "Loaded changed" in page("policy_compare", "2026-27", "version-1").content.decode()
    opened = returns.open(fund=fund, period=first, by=loaded.person("finance"), at=JULY)
    assert opened.due_on is not None
    assert (opened.due_on.isoformat(), opened.template.code) == ("2026-08-14", "2026-27")
    assert opened.layout_version == LayoutVersion.objects.get(template__code="2026-27")


def test_pages_take_a_row_out_and_discard_the_copy(loaded: World, page: Page) -> None:
    begin(loaded)
    before = policy_years.load("2025-26").planning
    seen = page("policy_row", "2025-26", "planning", 0).context["seen"]

    assert page("policy_row_remove", "2025-26", "planning", 0, seen="other").status_code == 409
    assert len(PolicyDraft.objects.get().content["planning"]) == len(before)
    assert page("policy_row_remove", "2025-26", "planning", 0, seen=seen).status_code == 302
    assert len(PolicyDraft.objects.get().content["planning"]) == len(before) - 1
    assert page("policy_discard", "2025-26", csrf="x").status_code == 302
    assert not PolicyDraft.objects.exists()
    assert AuditEvent.objects.filter(kind="policy_draft.discarded").exists()


def test_pages_add_a_field_to_the_layout(loaded: World, page: Page) -> None:
    begin(loaded)

    wrong = page("policy_row_new", "2025-26", "fields", tab="cover", code="extra", label="More", type="money")
    assert wrong.status_code == 400
    assert "Enter the largest number" in wrong.content.decode()
    typed = {"tab": "cover", "code": "extra", "label": "More", "type": "money", "limit": "1,000", "required": "never"}
    assert page("policy_row_new", "2025-26", "fields", **typed).status_code == 302
    publish(loaded)

    layout = LayoutVersion.objects.get(template__code="2025-26", number=2).content
    assert layout["tabs"][1]["fields"][-1]["code"] == "extra"
    assert "1000" in page("policy_compare", "2025-26", "2014-15").content.decode()


@pytest.mark.parametrize("name", ["policy_year", "policy_begin", "policy_draft"])
def test_a_year_that_is_not_there_is_not_found(page: Page, name: str) -> None:
    assert page(name, "2013-14").status_code == 404
    assert page("policy_compare", "2025-26", "version-9").status_code == 404
    assert page("policy_part", "2025-26", "metrics").status_code == 404, "nobody works on it"


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [
        ("policy_years", [], 12),
        ("policy_year", ["2025-26"], 12),
        ("policy_compare", ["2025-26", "2014-15"], 12),
        ("policy_draft", ["2025-26"], 12),
        ("policy_part", ["2025-26", "fields"], 12),
        ("policy_publish", ["2025-26"], 12),
    ],
)
def test_pages_cost_few_queries(
    loaded: World, page: Page, client: Any, django_assert_max_num_queries: Any, name: str, args: list[str], most: int
) -> None:
    begin(loaded)
    page(name, *args)
    with django_assert_max_num_queries(most):
        answer = client.get(reverse(f"bcf_metrics:{name}", args=args))
    assert answer.status_code == 200
