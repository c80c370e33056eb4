"""The way of a return by the API: the same services and refusals as the pages."""

import pytest
from django.utils import timezone

from bcf_metrics.models import Acceptance, Ratification, Restatement, Signature, Submission
from governance.domain.authority import Matter
from tests.integration.bcf_metrics.conftest import Journey
from tests.integration.bcf_metrics.test_submissions import decide, submit

JSON = "application/json"


@pytest.fixture
def signed(sent: Journey) -> Journey:
    sent.sign("ccg")
    sent.sign("council")
    return sent


def post(client, journey, act, **given):
    return client.post(f"/api/v1/returns/{journey.quarterly_return.pk}/{act}/", given, content_type=JSON)


def read(client, journey, name):
    return client.get(f"/api/v1/returns/{journey.quarterly_return.pk}/{name}/")


def written():
    return [model.objects.count() for model in (Signature, Submission, Ratification, Acceptance, Restatement)]


def test_a_return_goes_its_way_by_the_api(sent, sign_in):
    world = sent.world
    for partner in ("ccg", "council"):
        made = post(
            sign_in(world.person("approver", partner)),
            sent,
            "signatures",
            organisation=str(getattr(world, partner).pk),
            version=1,
            capacity="Chief Officer",
        )
        assert (made.status_code, made.json()["version"]) == (201, 1)
    assert sent.refresh().status == "signed"
    shown = read(sign_in(sent.metrics_officer), sent, "signatures").json()
    assert {row["organisation"] for row in shown} == {world.ccg.name, world.council.name}

    made = post(sign_in(sent.finance_officer), sent, "submit", how="By e-mail")
    assert (made.status_code, made.json()["number"], made.json()["differences"]) == (201, 1, [])
    decision = decide(sent)
    made = post(sign_in(world.person("governance")), sent, "ratify", decision=str(decision.pk))
    assert (made.status_code, made.json()["ratified_by"]) == (201, str(decision.pk))
    today = timezone.localdate().isoformat()
    client = sign_in(sent.finance_officer)
    made = post(client, sent, "accept", accepted_by="National team", accepted_on=today, reference="BCF 7")
    assert made.json()["accepted"] == {"by": "National team", "on": today, "reference": "BCF 7"}
    made = post(client, sent, "restate", what="A figure", why="A slip", told="The Board")
    assert made.json()["restated"] == {"what": "A figure", "why": "A slip", "told": "The Board"}
    assert sent.refresh().status == "in_progress"
    assert [row["number"] for row in read(client, sent, "submissions").json()] == [1]


@pytest.mark.parametrize(
    ("act", "person", "given", "status"),
    [
        ("submit", "finance", {"how": " "}, 400),
        ("submit", "finance", {"how": "x" * 301}, 400),
        ("submit", "approver", {"how": "By e-mail"}, 403),
        ("ratify", "governance", {"decision": "no id"}, 400),
        ("ratify", "finance", {"decision": "no id"}, 403),
        ("accept", "finance", {"accepted_by": "A", "accepted_on": "soon"}, 400),
        ("accept", "finance", {"accepted_by": "A", "accepted_on": "2014-08-01"}, 409),
        ("restate", "finance", {"what": "A", "why": "B", "told": ""}, 400),
        ("restate", "finance", {"what": "A", "why": "B", "told": "C"}, 409),
        ("signatures", "finance", {"version": 1}, 403),
        ("signatures", "approver", {"version": 1}, 400),
    ],
)
def test_refusals_are_those_of_the_pages_and_change_nothing(signed, sign_in, act, person, given, status):
    before = written()
    answer = post(sign_in(signed.world.person(person)), signed, act, **given)
    assert answer.status_code == status
    assert written() == before
    assert signed.refresh().status == "signed"


def test_a_stranger_finds_nothing(signed, sign_in):
    client = sign_in(signed.world.person("finance", "hackney"))
    for act in ("submit", "ratify", "accept", "restate", "signatures"):
        assert post(client, signed, act, how="By e-mail").status_code == 404
    for name in ("submissions", "signatures"):
        assert read(client, signed, name).status_code == 404


def test_a_refusal_at_the_wrong_moment_says_who_can_lift_it(sent, sign_in):
    answer = post(sign_in(sent.finance_officer), sent, "submit", how="By e-mail")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_for_submission")
    assert "those whose signature it waits for" in str(answer.json())


def test_nobody_signs_for_another_partner(sent, sign_in):
    answer = post(
        sign_in(sent.world.person("approver", "ccg")),
        sent,
        "signatures",
        organisation=str(sent.world.council.pk),
        version=1,
        capacity="Director",
    )
    assert answer.status_code == 400
    assert not Signature.objects.exists()


def test_a_decision_on_something_else_ratifies_nothing(signed, sign_in):
    submit(signed)
    decision = decide(signed, matter=Matter.SETTLEMENT)
    answer = post(sign_in(signed.world.person("governance")), signed, "ratify", decision=str(decision.pk))
    assert answer.status_code == 400
    assert signed.refresh().status == "not_yet_ratified"
