"""A signed return submitted to the national team, waiting for the Board, ratified by its decision, and sent again."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from bcf_metrics.models import (
    Acceptance,
    QuarterlyReturn,
    Ratification,
    Restatement,
    ReturnEvent,
    ReturnVersion,
    Submission,
)
from bcf_metrics.policies import NothingToAmend, NothingToSendBack
from bcf_metrics.policies_submission import (
    Malformed,
    NotForSubmission,
    NothingChanged,
    NothingToAccept,
    NothingToRatify,
    NothingToRestate,
)
from bcf_metrics.services import acceptance, amendments, submissions
from governance.domain.authority import Matter
from governance.services import decisions
from integration_hub.core.models import AuditEvent
from tests.factories.money import BoardFactory, join_board
from tests.integration.bcf_metrics.conftest import JULY, Journey
from tests.integration.bcf_metrics.test_signatories import words

AUGUST = datetime(2014, 8, 1, 9, tzinfo=UTC)
HOW = "By e-mail to the national team"


@pytest.fixture
def signed(sent: Journey) -> Journey:
    sent.sign("ccg")
    sent.sign("council")
    return sent


def submit(journey, *, by=None, how=HOW, late_reason="", at=JULY):
    return submissions.submit(
        return_id=journey.quarterly_return.pk,
        how=how,
        late_reason=late_reason,
        by=by or journey.finance_officer,
        at=at,
    )


def decide(journey, *, board=None, reference="HWB 14/7", made_on=date(2014, 7, 28), matter=Matter.RETURN):
    return decisions.record(
        board_id=(board or journey.world.board).pk,
        reference=reference,
        made_on=made_on,
        title="The return of quarter 1",
        text="The Board ratified the return.",
        matters=[matter],
        amount_limit=None,
        by=journey.world.person("governance"),
        at=AUGUST,
    )


def ratify(journey, decision, *, by=None):
    return submissions.ratify(
        return_id=journey.quarterly_return.pk,
        decision=decision,
        by=by or journey.world.person("governance"),
        at=AUGUST,
    )


def due(journey, day):
    QuarterlyReturn.objects.filter(pk=journey.quarterly_return.pk).update(due_on=day)


def refused(journey, error, act, match=None):
    before = (journey.refresh().status, Submission.objects.count(), Ratification.objects.count())
    lines = AuditEvent.objects.count()
    with pytest.raises(error, match=match) as found:
        act()
    assert (journey.refresh().status, Submission.objects.count(), Ratification.objects.count()) == before
    assert AuditEvent.objects.count() == lines
    return found.value


def test_a_submission_keeps_version_person_and_way_and_waits_for_the_board(signed):
    made = submit(signed)

    assert (made.number, made.version.number, made.how) == (1, 1, HOW)
    assert made.submitted_by_name == "Finance of council"
    assert made.differences == []
    assert signed.refresh().status == "not_yet_ratified"
    assert AuditEvent.objects.filter(kind="return.submitted").count() == 1


def test_a_return_that_the_board_had_signed_off_waits_for_no_decision(journey):
    journey.answers |= {"signed_off_by_board": "Yes", "signed_off_by": "Chair of the Board"}
    journey.complete()
    journey.send()
    journey.sign("ccg")
    journey.sign("council")
    submit(journey)

    assert journey.refresh().status == "submitted"
    assert "Chair of the Board" in ReturnEvent.objects.get(kind="ratified").reason
    assert not Ratification.objects.exists()


def test_the_boards_decision_ratifies_what_was_submitted(signed):
    submit(signed)
    decision = decide(signed)
    made = ratify(signed, decision)

    assert signed.refresh().status == "submitted"
    assert (made.submission.number, made.decision) == (1, decision)
    assert AuditEvent.objects.filter(kind="return.ratified").count() == 1


def test_what_is_sent_back_and_submitted_again_keeps_what_differs(signed):
    submit(signed)
    signed.send_back(by=signed.world.person("approver", "ccg"), reason="The national team asks for the narrative.")
    signed.answer(narrative="Other words.")
    signed.send()
    signed.sign("ccg", version=2)
    signed.sign("council", version=2)
    made = submit(signed)

    assert made.number == 2
    assert [(row["sheet"], row["after"]) for row in made.differences] == [("Narrative", "Other words.")]
    ratify(signed, decide(signed))
    assert signed.refresh().status == "resubmitted"
    assert Submission.objects.get(number=1).version.number == 1


def test_a_submission_that_changes_nothing_is_refused(signed):
    submit(signed)
    signed.send_back(by=signed.world.person("approver", "ccg"))
    signed.send()
    signed.sign("ccg", version=2)
    signed.sign("council", version=2)

    refused(signed, NothingChanged, lambda: submit(signed), "Nothing in the return has changed since submission 1")


def test_a_return_is_submitted_once(signed):
    submit(signed)
    refused(signed, NotForSubmission, lambda: submit(signed), "Finance of council submitted the return")


def test_a_return_that_is_not_signed_off_is_not_submitted(sent):
    sent.sign("ccg")
    refused(sent, NotForSubmission, lambda: submit(sent), "is not signed off")


@pytest.mark.parametrize(("role", "partner"), [("approver", "ccg"), ("metrics", "ccg"), ("governance", "council")])
def test_only_finance_officers_submit(signed, role, partner):
    person = signed.world.person(role, partner)
    refused(signed, PermissionDenied, lambda: submit(signed, by=person))


@pytest.mark.parametrize("how", ["", "  ", "x" * 301, "a\x00b"])
def test_a_submission_says_how(signed, how):
    assert refused(signed, Malformed, lambda: submit(signed, how=how)).field == "how"


def test_a_late_submission_says_why_and_one_in_time_need_not(signed):
    due(signed, date(2014, 7, 13))
    assert refused(signed, Malformed, lambda: submit(signed), "due on 13 July 2014").field == "late_reason"
    made = submit(signed, late_reason="The figures of one trust came late.")
    assert made.late_reason == "The figures of one trust came late."


def test_on_the_day_on_which_it_is_due_it_is_not_late(signed):
    due(signed, JULY.date())
    assert submit(signed).late_reason == ""


def test_a_submitted_return_is_amended_and_its_signatures_carried_over(signed):
    submit(signed)
    amendments.begin(
        return_id=signed.quarterly_return.pk, reason="A slip in the words.", by=signed.finance_officer, at=JULY
    )
    assert signed.refresh().status == "in_progress"
    assert Submission.objects.count() == 1


# The Board.


def test_a_decision_before_the_quarter_was_over_ratifies_nothing(signed):
    submit(signed)
    early = decide(signed, made_on=date(2014, 6, 30))
    refused(signed, NothingToRatify, lambda: ratify(signed, early), "before the quarter was over")


def test_a_decision_of_another_kind_of_board_ratifies_nothing(signed):
    submit(signed)
    other = BoardFactory(key="group", name="Working group", kind="working_group", area=signed.world.area)
    join_board(other, signed.world.council, signed.world.ccg)
    found = decide(signed, board=other)
    refused(signed, NothingToRatify, lambda: ratify(signed, found), "no decision of the area's Health and Wellbeing")


def test_a_rescinded_decision_ratifies_nothing(signed):
    submit(signed)
    decision = decide(signed)
    decision.ended_on = date(2014, 7, 29)
    refused(signed, NothingToRatify, lambda: ratify(signed, decision), "was rescinded")


def test_nothing_is_ratified_before_it_is_submitted(signed):
    decision = decide(signed)
    refused(signed, NothingToRatify, lambda: ratify(signed, decision), "does not wait for a decision")


def test_only_governance_officers_link_the_decision(signed):
    submit(signed)
    decision = decide(signed)
    refused(signed, PermissionDenied, lambda: ratify(signed, decision, by=signed.finance_officer))


# Acceptance and restatement.


def accept(journey, *, by=None, accepted_by="The national team", accepted_on=date(2014, 7, 30), reference="Q1/28"):
    return acceptance.accept(
        return_id=journey.quarterly_return.pk,
        accepted_by=accepted_by,
        accepted_on=accepted_on,
        reference=reference,
        by=by or journey.finance_officer,
        at=AUGUST,
    )


def restate(journey, *, by=None, **given):
    words_ = {"what": "The care home figure.", "why": "One home was counted twice.", "told": "The Board, 1 August."}
    return acceptance.restate(
        return_id=journey.quarterly_return.pk, **(words_ | given), by=by or journey.finance_officer, at=AUGUST
    )


@pytest.fixture
def accepted(signed):
    submit(signed)
    ratify(signed, decide(signed))
    accept(signed)
    return signed


def test_an_acceptance_says_by_whom_when_and_under_which_reference(accepted):
    made = Acceptance.objects.get()
    assert (made.accepted_by, made.accepted_on, made.reference) == ("The national team", date(2014, 7, 30), "Q1/28")
    assert accepted.refresh().status == "accepted"
    assert AuditEvent.objects.filter(kind="return.accepted").count() == 1


def test_what_waits_for_the_board_is_not_accepted(signed):
    submit(signed)
    refused(signed, NothingToAccept, lambda: accept(signed), "waits for the Board")
    assert not Acceptance.objects.exists()


def test_what_was_not_submitted_or_was_accepted_is_not_accepted(signed):
    refused(signed, NothingToAccept, lambda: accept(signed), "is not with the national team")
    submit(signed)
    ratify(signed, decide(signed))
    accept(signed)
    refused(signed, NothingToAccept, lambda: accept(signed))
    assert Acceptance.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"accepted_by": " "}, "accepted_by"),
        ({"accepted_on": date(2014, 7, 13)}, "accepted_on"),
        ({"accepted_on": date(2014, 8, 2)}, "accepted_on"),
        ({"reference": "x" * 101}, "reference"),
    ],
)
def test_an_acceptance_that_cannot_be_is_refused(signed, given, field):
    submit(signed)
    ratify(signed, decide(signed))
    assert refused(signed, Malformed, lambda: accept(signed, **given)).field == field
    assert not Acceptance.objects.exists()


def test_an_accepted_return_is_neither_amended_nor_sent_back(accepted):
    pk, officer = accepted.quarterly_return.pk, accepted.finance_officer
    refused(
        accepted,
        NothingToAmend,
        lambda: amendments.begin(return_id=pk, reason="A slip.", by=officer, at=AUGUST),
        "it is restated",
    )
    refused(accepted, NothingToSendBack, accepted.send_back, "it is restated")


def test_a_restatement_opens_the_return_and_what_was_accepted_stays(accepted):
    before = ReturnVersion.objects.values_list("content", "sha256").get()
    made = restate(accepted)

    assert (made.what, made.why, made.told) == (
        "The care home figure.",
        "One home was counted twice.",
        "The Board, 1 August.",
    )
    assert accepted.refresh().status == "in_progress"
    accepted.answer(narrative="Restated words.")
    accepted.send()
    accepted.sign("ccg", version=2)
    accepted.sign("council", version=2)
    assert submit(accepted, at=AUGUST).differences[0]["after"] == "Restated words."
    assert ReturnVersion.objects.filter(number=1).values_list("content", "sha256").get() == before
    assert Acceptance.objects.get().submission.number == 1


@pytest.mark.parametrize("field", ["what", "why", "told"])
def test_a_restatement_says_what_why_and_who_was_told(accepted, field):
    assert refused(accepted, Malformed, lambda: restate(accepted, **{field: "  "})).field == field
    assert not Restatement.objects.exists()


def test_a_return_that_was_not_accepted_is_not_restated(signed):
    refused(signed, NothingToRestate, lambda: restate(signed), "amended or sent back, not restated")


def test_only_finance_officers_accept_and_restate(accepted):
    approver = accepted.world.person("approver", "ccg")
    refused(accepted, PermissionDenied, lambda: restate(accepted, by=approver))
    refused(accepted, PermissionDenied, lambda: accept(accepted, by=approver))


def test_the_pages_accept_and_restate(signed, sign_in):
    submit(signed)
    ratify(signed, decide(signed))
    client = sign_in(signed.finance_officer)
    today = timezone.localdate()
    given = {"accepted_by": "The national team", "accepted_on": f"{today:%d/%m/%Y}", "reference": "Q1/28"}
    assert client.post(url("accept/", signed), {}).status_code == 400
    assert client.post(url("accept/", signed), given).status_code == 302
    assert "Accepted by The national team" in words(client.get(url("", signed)))
    assert client.post(url("restate/", signed), {"what": "A figure."}).status_code == 400
    assert signed.refresh().status == "accepted"
    whole = {"what": "A figure.", "why": "A slip.", "told": "The Board."}
    assert client.post(url("restate/", signed), whole).status_code == 302
    assert "Told: The Board." in words(client.get(url("", signed)))


# What the database keeps.


def test_a_submission_and_what_came_of_it_are_never_changed_or_removed(signed):
    submit(signed)
    ratify(signed, decide(signed))
    accept(signed)
    restate(signed)
    for table in ("submission", "ratification", "acceptance", "restatement"):
        for words_ in (f"UPDATE bcf_metrics_{table} SET recorded_at = now()", f"DELETE FROM bcf_metrics_{table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words_)


def test_an_acceptance_and_a_restatement_say_what_they_are_asked(accepted):
    row = Acceptance.objects.get()
    row.pk, row.accepted_by = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a15", ""
    with pytest.raises(IntegrityError, match="acceptance_says_by_whom"), transaction.atomic():
        row.save(force_insert=True)
    made = restate(accepted)
    made.pk, made.told = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a16", ""
    with pytest.raises(IntegrityError, match="restatement_says"), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"number": 1}, "submission_unique"),
        ({"number": 0}, "submission_from_one"),
        ({"how": ""}, "submission_says_how"),
        ({"number": 2}, "version_id"),
    ],
)
def test_a_submission_that_contradicts_another_is_refused(signed, fields, constraint):
    row = submit(signed)
    row.pk, row.number = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a13", 2
    if constraint != "version_id":
        row.version.pk, row.version.number = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a14", 2
        row.version.save(force_insert=True)
        row.version_id = row.version.pk
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


# Pages.


def url(name, journey):
    return f"/returns/{journey.quarterly_return.pk}/{name}"


def test_the_pages_submit_and_ratify(signed, sign_in):
    finance = sign_in(signed.finance_officer)
    assert "Submit</a>" in words(finance.get(url("", signed)))
    assert finance.post(url("submit/", signed), {"how": HOW}).status_code == 302
    detail = words(finance.get(url("", signed)))
    assert "Submitted, not yet ratified" in detail
    assert "Submission 1" in detail
    assert HOW in detail

    decision = decide(signed)
    governance = sign_in(signed.world.person("governance"))
    assert "HWB 14/7" in words(governance.get(url("ratify/", signed)))
    assert governance.post(url("ratify/", signed), {"decision": str(decision.pk)}).status_code == 302
    assert "Ratified:" in words(governance.get(url("", signed)))


def test_a_late_submission_keeps_what_was_typed_and_asks_why_beside_the_field(signed, sign_in):
    due(signed, date(2014, 7, 13))
    answer = sign_in(signed.finance_officer).post(url("submit/", signed), {"how": HOW})

    assert answer.status_code == 400
    assert "Say why it is late" in words(answer)
    assert HOW in words(answer)
    assert not Submission.objects.exists()


def test_a_return_past_its_day_is_overdue_until_it_is_submitted_and_again_when_sent_back(signed, sign_in):
    due(signed, date(2014, 7, 13))
    client = sign_in(signed.world.person("approver", "ccg"))
    assert "Overdue" in words(client.get(url("", signed)))
    submit(signed, late_reason="Figures came late.")
    assert "Overdue" not in words(client.get(url("", signed)))
    signed.send_back()
    assert "Overdue" in words(client.get(url("", signed)))
    assert signed.refresh().due_on == date(2014, 7, 13)


@pytest.mark.parametrize("given", [{}, {"decision": "mayor"}])
def test_the_page_asks_for_the_decision(signed, sign_in, given):
    submit(signed)
    answer = sign_in(signed.world.person("governance")).post(url("ratify/", signed), given)

    assert answer.status_code == 400
    assert "Choose the decision" in words(answer)
    assert not Ratification.objects.exists()


def test_a_decision_that_names_no_return_ratifies_none(signed):
    submit(signed)
    decision, by = decide(signed, matter=Matter.SETTLEMENT), signed.world.person("governance")
    found = refused(
        signed,
        NothingToRatify,
        lambda: ratify(signed, decision, by=by),
        "does not ratify a return .it allows: settle the year",
    )
    assert found.field == "decision"


def test_the_page_offers_decisions_on_returns_alone(signed, sign_in):
    submit(signed)
    decide(signed, matter=Matter.VIREMENT, reference="HWB 1")
    address = f"/returns/{signed.quarterly_return.pk}/ratify/"
    client = sign_in(signed.world.person("governance"))
    assert "No decision of the Board that ratifies a return" in words(client.get(address))
    decide(signed, reference="HWB 2")
    page = words(client.get(address))
    assert "HWB 2" in page
    assert "HWB 1:" not in page
