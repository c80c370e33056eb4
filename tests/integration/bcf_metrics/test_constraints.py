"""What the database refuses whatever the application does."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from bcf_metrics.models import (
    MetricDefinition,
    MetricFigure,
    MetricPlan,
    MetricWaiver,
    NationalCondition,
    PolicyYear,
    QuarterlyReturn,
    ReturnAnswer,
    ReturnEvent,
    ReturnSection,
    ReturnTemplate,
    ReturnVersion,
    Signature,
)
from tests.factories.partners import NOON

LATER = NOON.date().replace(month=9)


def refused(name, act):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "stated", "value": None}, "metric_figure_empty_has_reason"),
        ({"state": "nil", "value": 1}, "metric_figure_empty_has_reason"),
        ({"state": "missing", "value": 1}, "metric_figure_empty_has_reason"),
        ({"state": "guessed", "value": None}, "metric_figure_state"),
        ({"state": "not_yet_available", "value": None}, "metric_figure_available_on"),
        ({"available_on": LATER}, "metric_figure_available_on"),
        ({"override_status": "on_track"}, "metric_figure_override_has_reason"),
        ({"override_reason": "So."}, "metric_figure_override_has_reason"),
        ({"override_status": "splendid", "override_reason": "So."}, "metric_figure_override_has_reason"),
        ({"numerator": 1}, "metric_figure_ratio_whole"),
        ({"numerator": 1, "denominator": 0}, "metric_figure_denominator_not_nil"),
    ],
)
def test_figure_that_contradicts_itself_is_refused(journey, fields, constraint):
    journey.record("RES65")
    refused(constraint, lambda: MetricFigure.objects.update(**fields))


def test_second_figure_of_a_partner_for_a_quarter_is_refused(journey):
    journey.record("RES65")
    figure = MetricFigure.objects.get()
    figure.pk = uuid.uuid4()
    refused("metric_figure_unique", lambda: figure.save(force_insert=True))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"target": None}, "metric_plan_target_has_reason"),
        ({"target_state": "not_yet_defined"}, "metric_plan_target_has_reason"),
        ({"target_state": "guessed"}, "metric_plan_target_"),
        ({"basis": "guess"}, "metric_plan_basis"),
        ({"better": "sideways"}, "metric_plan_better"),
    ],
)
def test_plan_that_contradicts_itself_is_refused(journey, fields, constraint):
    plans = MetricPlan.objects.filter(pk=journey.plans["RES65"].pk)
    refused(constraint, lambda: plans.update(**fields))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": "M5"}, "metric_waiver_check"),
        ({"reason": ""}, "metric_waiver_has_reason"),
        ({"until": date(2014, 7, 13)}, "metric_waiver_until_after_given"),
        ({"ended_at": NOON}, "metric_waiver_ending_whole"),
        ({"ended_reason": "x"}, "metric_waiver_ending_whole"),
    ],
)
def test_waiver_that_contradicts_itself_is_refused(journey, fields, constraint):
    whole = {"code": "M1", "reason": "The ward was moved", "until": LATER, "given_on": date(2014, 7, 14)}
    people = {"owner": journey.world.ccg, "given_by": journey.world.person("approver", "ccg"), "given_at": NOON}
    made = MetricWaiver.objects.create(plan=journey.plans["RES65"], **whole, **people)
    refused(constraint, lambda: MetricWaiver.objects.filter(pk=made.pk).update(**fields))


def copy(row, **fields):
    row.pk = uuid.uuid4()
    for field, value in fields.items():
        setattr(row, field, value)
    row.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "fields", "constraint"),
    [
        (ReturnTemplate, {}, "return_template_code_unique"),
        (PolicyYear, {"financial_year": 2031}, "policy_year_code_unique"),
        (PolicyYear, {"code": "other"}, "policy_year_unique"),
        (NationalCondition, {}, "national_condition_unique"),
        (MetricDefinition, {}, "metric_definition_unique"),
        (MetricDefinition, {"code": "X", "better": "sideways"}, "metric_definition_better"),
        (MetricDefinition, {"code": "X", "basis": "guess"}, "metric_definition_basis"),
        (MetricPlan, {}, "metric_plan_unique"),
        (QuarterlyReturn, {}, "quarterly_return_unique"),
    ],
)
def test_second_row_or_unknown_word_is_refused(journey, model, fields, constraint):
    refused(constraint, lambda: copy(model.objects.order_by("pk").first(), **fields))


def test_return_of_unknown_status_is_refused(journey):
    refused("quarterly_return_status", lambda: QuarterlyReturn.objects.update(status="lost"))


def test_second_answer_version_event_or_signature_is_refused(sent):
    sent.sign("ccg")
    signature = Signature.objects.get()

    refused("return_answer_unique", lambda: copy(ReturnAnswer.objects.first()))
    refused("return_version_unique", lambda: copy(ReturnVersion.objects.get()))
    refused("return_version_from_one", lambda: copy(ReturnVersion.objects.get(), number=0))
    refused("return_event_order", lambda: copy(ReturnEvent.objects.get(number=1)))
    refused("return_event_kind", lambda: copy(ReturnEvent.objects.get(number=1), number=99, kind="lost"))
    refused(
        "return_event_sent_back_reason", lambda: copy(ReturnEvent.objects.get(number=1), number=99, kind="sent_back")
    )
    refused("signature_one_for_each_capacity", lambda: copy(signature, person=sent.world.person("approver", "council")))
    refused("signature_one_for_each_person", lambda: copy(Signature.objects.first(), organisation=sent.world.council))


def test_section_twice_or_without_a_name_is_refused(journey):
    row = ReturnSection.objects.create(
        quarterly_return=journey.quarterly_return,
        tab="cover",
        title="Cover",
        owner=journey.world.ccg,
        assigned_by_name="Ann",
        assigned_at=NOON,
    )
    refused("return_section_unique", lambda: copy(row))
    refused("return_section_names_a_tab", lambda: copy(ReturnSection.objects.get(), tab=""))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "section_ready", "sha256": "0" * 64}, "return_event_names_its_section"),
        ({"kind": "opened", "tab": "cover"}, "return_event_names_its_section"),
        ({"kind": "section_ready", "tab": "cover"}, "return_event_ready_section_fingerprint"),
        ({"kind": "section_ready", "tab": "cover", "sha256": "x"}, "return_event_ready_section_fingerprint"),
        ({"kind": "section_back", "tab": "cover"}, "return_event_of_section_reason"),
        ({"kind": "section_undone", "tab": "cover"}, "return_event_of_section_reason"),
        ({"kind": "ready_undone"}, "return_event_of_section_reason"),
    ],
)
def test_event_of_a_section_that_says_too_little_is_refused(journey, fields, constraint):
    refused(constraint, lambda: copy(ReturnEvent.objects.get(number=1), number=99, **fields))


@pytest.mark.parametrize("table", ["returnversion", "signature", "returnevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET recorded_at = now()", "DELETE FROM {}"])
def test_what_was_issued_takes_no_change_from_the_application(sent, table, statement):
    sent.sign("ccg")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(f"bcf_metrics_{table}"))


@pytest.mark.parametrize("table", ["returnversion", "signature", "returnevent"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET recorded_at = now()", "DELETE FROM {}"])
def test_what_was_issued_takes_no_change_from_the_owner_either(sent, table, statement):
    sent.sign("ccg")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    with pytest.raises(InternalError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(f"bcf_metrics_{table}"))


def test_figures_keep_four_decimals_exactly(journey):
    journey.record("RES65")
    MetricFigure.objects.update(value=Decimal("0.1234"))
    assert MetricFigure.objects.get().value == Decimal("0.1234")
