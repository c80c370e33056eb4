"""Metrics, figures and returns by the API: the same rules as the pages."""

from decimal import Decimal

import pytest

from bcf_metrics.models import MetricFigure
from integration_hub.core.models import AuditEvent
from integration_hub.core.states import Figure
from tests.factories.money import FundFactory, MetricPlanFactory

VALUES = "/api/v1/metric-values/"
JSON = "application/json"


def post(client, journey, code="RES65", **given):
    body = {"plan": str(journey.plans[code].pk), "quarter": 1, "value": "23"} | given
    return client.post(VALUES, body, content_type=JSON)


def test_metrics_lists_definitions_with_the_plans_one_may_read(journey, sign_in):
    mine = sign_in(journey.metrics_officer).get("/api/v1/metrics/?policy_year=2014-15").json()
    theirs = sign_in(journey.world.person("metrics", "hackney")).get("/api/v1/metrics/?policy_year=2014-15").json()

    first = mine["results"][0]
    assert (first["code"], first["basis"], first["better"]) == ("RES65", "cumulative", "lower")
    assert [(plan["target"], plan["target_period"]) for plan in first["plans"]] == [("167", "full year")]
    assert theirs["count"] == 6
    assert [metric["plans"] for metric in theirs["results"]] == [[]] * 6


def test_values_are_entered_read_and_changed(journey, sign_in):
    client = sign_in(journey.metrics_officer)

    made = post(client, journey, source="Council records")
    shown = client.get(f"{VALUES}{made.json()['id']}/").json()
    changed = client.put(f"{VALUES}{shown['id']}/", {"value": "24", "seen": shown["codes"]}, content_type=JSON)

    assert made.status_code == 201
    assert (shown["value"], shown["metric"], shown["period"], shown["state"]) == (
        "23",
        "RES65",
        "Quarter 1 2014/15",
        "stated",
    )
    assert (changed.status_code, changed.json()["value"], changed.json()["source"]) == (200, "24", "Council records")
    assert client.get(f"{VALUES}?metric=RES65&quarter=1").json()["count"] == 1
    assert client.get(f"{VALUES}?metric=LOCAL").json()["count"] == 0


def test_values_changed_meanwhile_are_refused_with_both(journey, sign_in):
    client = sign_in(journey.metrics_officer)
    shown = post(client, journey).json()
    journey.record("RES65")
    journey.enter("RES65", figure=Figure(value=Decimal(30)))

    answer = client.put(f"{VALUES}{shown['id']}/", {"value": "24", "seen": shown["codes"]}, content_type=JSON)

    assert answer.status_code == 409
    assert answer.json()["code"] == "changed_meanwhile"
    assert "saved 30" in answer.json()["detail"]
    assert MetricFigure.objects.get().value == 30


@pytest.mark.parametrize("seen", [{}, {"seen": {}}, {"seen": {"challenges": ""}}])
def test_values_are_not_changed_unseen(journey, sign_in, seen):
    client = sign_in(journey.metrics_officer)
    shown = post(client, journey).json()

    answer = client.put(f"{VALUES}{shown['id']}/", {"value": "24"} | seen, content_type=JSON)

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, ["seen"])
    assert MetricFigure.objects.get().value == 23


def test_a_value_entered_meanwhile_is_not_written_over_by_a_new_one(journey, sign_in):
    journey.record("RES65")

    answer = post(sign_in(journey.metrics_officer), journey, value="99")

    assert answer.status_code == 409
    assert MetricFigure.objects.get().value == 23


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"value": "lots"}, "value", "not_a_number"),
        ({"value": "-1"}, "value", "negative"),
        ({"value": 2.5}, "value", "not_a_number"),
        ({"value": "23.5"}, "figure", "decimals"),
        ({"value": None}, "state", "invalid"),
        ({"value": None, "state": "not_yet_available"}, "available_on", "invalid"),
        ({"value": None, "state": "not_yet_available", "available_on": "2014-09-30"}, "until", "date_passed"),
        ({"value": "23", "state": "missing"}, "value", "invalid"),
        ({"override_status": "on_track"}, "override_reason", "reason_missing"),
        ({"numerator": "1"}, "denominator", "ratio_half"),
        ({"quarter": 9}, "quarter", "max_value"),
        ({"plan": "x"}, "plan", "invalid"),
        ({"challenges": "\x00"}, "challenges", "null_characters_not_allowed"),
    ],
)
def test_values_of_the_wrong_shape_are_refused_by_field(journey, sign_in, given, field, code):
    answer = post(sign_in(journey.metrics_officer), journey, **given)

    errors = answer.json()["errors"]
    assert answer.status_code == 400
    assert [(error["field"].rpartition(".")[2], error["code"]) for error in errors] == [(field, code)]
    assert not MetricFigure.objects.exists()


def test_values_for_a_plan_that_one_may_not_know_of_are_refused(journey, sign_in):
    hidden = MetricPlanFactory(metric=journey.plans["RES65"].metric)

    answer = post(sign_in(journey.metrics_officer), journey, plan=str(hidden.pk))

    assert answer.status_code == 400
    assert not MetricFigure.objects.exists()


def test_values_are_hidden_from_strangers_and_closed_to_others(journey, sign_in):
    journey.record("RES65")
    journey.release()
    address = f"{VALUES}{MetricFigure.objects.get().pk}/"
    lines = AuditEvent.objects.count()

    reader = sign_in(journey.finance_officer)
    assert reader.get(address).status_code == 200
    assert reader.put(address, {}, content_type=JSON).status_code == 403
    assert post(reader, journey).status_code == 403
    stranger = sign_in(journey.world.person("metrics", "hackney"))
    assert stranger.get(VALUES).json()["count"] == 0
    for method in ("get", "put", "patch", "delete", "post"):
        assert getattr(stranger, method)(address).status_code == 404
    assert AuditEvent.objects.filter(kind="figures.recorded").count() == 1
    assert AuditEvent.objects.count() >= lines


def test_values_need_sign_in(journey, client):
    for address in (VALUES, "/api/v1/metrics/", "/api/v1/returns/"):
        assert client.get(address).status_code == 401


def test_values_under_sign_off_are_refused_with_who_can_lift(sent, sign_in):
    client = sign_in(sent.metrics_officer)
    figure = MetricFigure.objects.get(plan=sent.plans["RES65"])

    seen = client.get(f"{VALUES}{figure.pk}/").json()["codes"]

    answer = client.put(f"{VALUES}{figure.pk}/", {"value": "99", "seen": seen}, content_type=JSON)

    assert answer.status_code == 409
    assert answer.json()["code"] == "under_sign_off"
    assert answer.json()["who_can_lift"].startswith("an approver of")
    assert MetricFigure.objects.get(pk=figure.pk).value == 23


def test_returns_tell_status_and_what_is_waited_for(sent, sign_in):
    rows = sign_in(sent.finance_officer).get("/api/v1/returns/?quarter=1&financial_year=2014").json()["results"]

    assert [(row["id"], row["status"], row["version"], row["area"]) for row in rows] == [
        (str(sent.quarterly_return.pk), "with_signatories", 1, "Southwark")
    ]
    assert rows[0]["waiting"] == "An approver of NHS Southwark CCG and Southwark Council to sign"


def test_export_answers_the_workbook_and_refuses_who_may_not(sent, sign_in):
    address = f"/api/v1/returns/{sent.quarterly_return.pk}/export/"

    answer = sign_in(sent.finance_officer).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert answer.content.startswith(b"PK")
    assert sign_in(sent.finance_officer).get(f"{address}?version=one").status_code == 400
    assert sign_in(sent.finance_officer).get(f"{address}?version=7").status_code == 404
    assert sign_in(sent.world.person("member")).get(address).status_code == 403
    assert sign_in(sent.world.person("finance", "hackney")).get(address).status_code == 404
    assert sign_in(sent.world.sitting_member()).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/api/v1/metrics/", VALUES, "/api/v1/returns/"])
def test_lists_cost_the_same_queries_at_10_and_200_rows(journey, sign_in, django_assert_max_num_queries, address):
    client = sign_in(journey.metrics_officer)
    row = journey.quarterly_return
    counts = []
    for size in (10, 40):
        for number in range(MetricFigure.objects.count(), size):
            plan = MetricPlanFactory(
                fund=journey.world.fund,
                owner=journey.world.ccg,
                metric=journey.plans["RES65"].metric,
                name=f"Metric {number}",
            )
            fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, name=f"F {number}")
            type(row).objects.create(fund=fund, period=row.period, policy_year=row.policy_year, template=row.template)
            MetricFigure.objects.create(
                plan=plan,
                period=row.period,
                owner=journey.world.ccg,
                state="missing",
                at=row.period.ends_on,
                entered_by=journey.metrics_officer,
                entered_at="2014-07-14T12:00:00Z",
            )
        with django_assert_max_num_queries(12) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
