"""Signatories, tabs and fields of a year on forms; an addendum within the year; no open return loses an answer."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from bcf_metrics.models import PolicyDraft, PolicyVersion, PolicyYear, QuarterlyReturn, ReturnAnswer
from bcf_metrics.policies_of_years import AnswersWouldBeLost, NotWhole, OutsideYear
from bcf_metrics.selectors import policy as selectors
from bcf_metrics.services import policy_drafts, policy_moves, returns
from tests.factories.money import quarter
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import JULY, Journey
from tests.integration.bcf_metrics.test_policy_drafts import begin, change, loaded, page, publish, refused  # noqa: F401

pytestmark = pytest.mark.django_db
SIGNATORY = {
    "code": "director",
    "name": "Director of adult social services",
    "of": "council",
    "held_by": ["director"],
    "delegable": "on",
    "sheets": ["cover"],
    "note": "Agreed by the region",
    "seen": "",
}


def fields(code: str = "2014-15") -> list[dict[str, Any]]:
    draft = PolicyDraft.objects.get(policy_year__code=code)
    return policy_drafts.policy_drafts.fields(draft.layout)


def place_of(code: str, of: str = "2014-15") -> int:
    return next(index for index, row in enumerate(fields(of)) if row["field"]["code"] == code)


def take_out(world: World, part: str, index: int, code: str = "2014-15") -> None:
    draft = PolicyDraft.objects.get(policy_year__code=code)
    seen = policy_drafts.seen_of(policy_drafts.row_of(draft, part, index))
    policy_drafts.remove_row(code=code, part=part, index=index, seen=seen, by=world.person("operator"), at=JULY)


def everything(found: QuarterlyReturn) -> tuple[Any, ...]:
    row = QuarterlyReturn.objects.values("policy_version", "layout_version", "status").get(pk=found.pk)
    return row, found.events.count(), list(ReturnAnswer.objects.order_by("field").values_list("field", "value"))


def test_operator_adds_a_signatory_by_capacity(loaded: World, page: Any) -> None:  # noqa: F811
    begin(loaded)
    before = len(PolicyDraft.objects.get().content["signatories"])

    nobody = page("policy_row_new", "2025-26", "signatories", **{**SIGNATORY, "held_by": []})
    in_person = page("policy_row_new", "2025-26", "signatories", **{**SIGNATORY, "held_by": ["section_151_officer"]})
    added = page("policy_row_new", "2025-26", "signatories", **SIGNATORY)
    twice = page("policy_row_new", "2025-26", "signatories", **SIGNATORY)

    assert [answer.status_code for answer in (nobody, in_person, added, twice)] == [400, 400, 302, 400]
    assert "Choose at least one capacity" in nobody.content.decode()
    assert "answers in person" in in_person.content.decode()
    assert "director is given twice" in twice.content.decode()
    shown = page("policy_part", "2025-26", "signatories").content.decode()
    assert "Director of adult social services" in shown
    publish(loaded)
    rows = PolicyVersion.objects.filter(policy_year__code="2025-26").order_by("-number")[0].content["signatories"]
    assert len(rows) == before + 1
    assert rows[-1]["held_by"] == ["director"]


def test_signatory_is_changed_and_what_the_form_does_not_ask_stays(loaded: World, page: Any) -> None:  # noqa: F811
    begin(loaded)
    row = PolicyDraft.objects.get().content["signatories"][0]
    given = {**row, "name": "Somebody else", "seen": policy_drafts.seen_of(row)}
    given = {key: value for key, value in given.items() if value is not False and key != "code"}

    assert page("policy_row", "2025-26", "signatories", 0).status_code == 200
    assert page("policy_row", "2025-26", "signatories", 0, **given).status_code == 302

    changed = PolicyDraft.objects.get().content["signatories"][0]
    assert changed == {**row, "name": "Somebody else"}


def test_operator_adds_a_tab_with_a_field_and_takes_it_out_again(loaded: World, page: Any) -> None:  # noqa: F811
    begin(loaded)
    tab = {"code": "capacity", "title": "Capacity and demand", "help": "", "seen": ""}

    assert page("policy_row_new", "2025-26", "tabs", **(tab | {"code": "Cap"})).status_code == 400
    assert page("policy_row_new", "2025-26", "tabs", **tab).status_code == 302
    refusal = refused(NotWhole, lambda: publish(loaded))
    assert "The tab Capacity and demand asks nothing" in str(refusal)

    field = {"tab": "capacity", "code": "beds", "label": "Beds", "type": "number", "required": "always", "seen": ""}
    assert page("policy_row_new", "2025-26", "fields", **field).status_code == 400
    assert page("policy_row_new", "2025-26", "fields", **field, limit="1000").status_code == 302
    index = len(PolicyDraft.objects.get().layout["tabs"]) - 1
    seen = policy_drafts.seen_of(PolicyDraft.objects.get().layout["tabs"][index])
    assert page("policy_row_remove", "2025-26", "tabs", index, seen=seen).status_code == 302
    assert "capacity" not in [row["code"] for row in PolicyDraft.objects.get().layout["tabs"]]


def test_checklist_cannot_be_taken_out(loaded: World, page: Any) -> None:  # noqa: F811
    begin(loaded)
    tabs = PolicyDraft.objects.get().layout["tabs"]
    index = next(index for index, tab in enumerate(tabs) if tab["kind"] == "checklist")

    answer = page("policy_row_remove", "2025-26", "tabs", index, seen=policy_drafts.seen_of(tabs[index]))

    assert answer.status_code >= 400
    assert PolicyDraft.objects.get().layout["tabs"] == tabs


def test_tab_for_which_somebody_vouches_cannot_go(journey: Journey) -> None:
    world = journey.world
    begin(world, "2014-15", "2014-15")
    row = {key: value for key, value in SIGNATORY.items() if key != "seen"}
    draft = PolicyDraft.objects.get()
    draft.content["signatories"] = [row | {"sheets": ["gone"], "checked": False, "delegable": True}]
    draft.save()

    assert "vouches for gone" in str(refused(NotWhole, lambda: publish(world, "2014-15")))


def test_addendum_holds_for_quarters_that_end_on_its_day_or_later(journey: Journey) -> None:
    world, first = journey.world, journey.quarterly_return
    begin(world, "2014-15", "2014-15")
    change(world, "conditions", 0, of="2014-15", text="From the second quarter.")
    refused(OutsideYear, lambda: publish(world, "2014-15", effective_on=date(2015, 4, 1)))
    version = publish(world, "2014-15", effective_on=date(2014, 7, 1))

    assert version.effective_on == date(2014, 7, 1)
    assert not selectors.is_behind(first)
    assert selectors.newer(first) is None
    second = returns.open(fund=world.fund, period=quarter(2014, 2), by=journey.finance_officer, at=JULY)
    assert second.policy_version == version
    assert first.policy_version is not None
    assert first.policy_version.number == 1
    QuarterlyReturn.objects.filter(pk=second.pk).update(policy_version=first.policy_version)
    assert selectors.is_behind(QuarterlyReturn.objects.get(pk=second.pk))


def test_return_is_not_moved_to_a_layout_that_would_lose_an_answer(journey: Journey, client: Any) -> None:
    world, held = journey.world, journey.quarterly_return
    journey.answer(phone="020 7946 0000")
    begin(world, "2014-15", "2014-15")
    take_out(world, "fields", place_of("phone"))
    publish(world, "2014-15")
    before = everything(held)
    client.force_login(journey.finance_officer, backend="partners.backends.EmailBackend")
    address = reverse("bcf_metrics:policy_move", args=[held.pk])

    assert "It cannot be moved as it is" in client.get(address).content.decode()
    answer = client.post(address, {"reason": "The addendum"})

    assert answer.status_code == 409
    assert "has no place for 1 answer of the return" in answer.content.decode()
    with pytest.raises(AnswersWouldBeLost):
        policy_moves.move(return_id=held.pk, reason="The addendum", by=journey.finance_officer, at=JULY)
    assert everything(held) == before

    journey.answer(phone="")
    policy_moves.move(return_id=held.pk, reason="The addendum", by=journey.finance_officer, at=JULY)
    assert not selectors.is_behind(QuarterlyReturn.objects.get(pk=held.pk))


def test_condition_that_was_answered_cannot_be_lost_by_moving(journey: Journey) -> None:
    world, held = journey.world, journey.quarterly_return
    journey.answer(conditions__6__answer="Yes")
    begin(world, "2014-15", "2014-15")
    take_out(world, "conditions", 5)
    publish(world, "2014-15")
    before = everything(held)

    with pytest.raises(AnswersWouldBeLost, match="of condition 6"):
        policy_moves.move(return_id=held.pk, reason="The addendum", by=journey.finance_officer, at=JULY)
    assert everything(held) == before


def test_page_of_the_year_says_from_when_an_addendum_holds(journey: Journey, client: Any) -> None:
    world = journey.world
    begin(world, "2014-15", "2014-15")
    change(world, "conditions", 0, of="2014-15", text="From the second quarter.")
    publish(world, "2014-15", effective_on=date(2014, 7, 1))
    client.force_login(world.person("member"), backend="partners.backends.EmailBackend")

    shown = client.get(reverse("bcf_metrics:policy_year", args=["2014-15"])).content.decode()

    assert "Holds for quarters that end on 1 July 2014 or later" in shown
    assert PolicyYear.objects.get(code="2014-15").conditions.get(number=1).text.endswith("From the second quarter.")
