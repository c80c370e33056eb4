"""A return from opening to signature, and everything that must not happen on the way."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from bcf_metrics.domain import content as contents
from bcf_metrics.models import QuarterlyReturn, ReturnAnswer, ReturnEvent, ReturnVersion, Signature
from bcf_metrics.policies import (
    AlreadySigned,
    NotComplete,
    NotForSignature,
    NothingToSendBack,
    OtherYear,
    PolicyYearNotLoaded,
    PreparerCannotSign,
    ReturnExists,
    UnderSignOff,
)
from bcf_metrics.services import answers, returns
from bcf_metrics.services.signatures import CapacityMissing, sign
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from integration_hub.core.reasons import ReasonMissing
from integration_hub.core.states import Figure
from partners.domain.roles import Permission, Role
from partners.models import User
from partners.services import deputies
from pooled_budgets.models import PeriodLock
from pooled_budgets.policies import PeriodLocked
from pooled_budgets.services import forecasts
from tests.factories.money import FundFactory, quarter
from tests.factories.partners import NOON, give_role


def open_return(journey, *, period=None, fund=None, by=None):
    return returns.open(
        fund=fund or journey.world.fund,
        period=period or quarter(2014, 2),
        by=by or journey.finance_officer,
        at=NOON,
    )


def kinds(journey):
    return list(
        ReturnEvent.objects.filter(quarterly_return=journey.quarterly_return)
        .order_by("number")
        .values_list("kind", flat=True)
    )


def export(journey, by=None, **kwargs):
    made = returns.export(return_id=journey.quarterly_return.pk, by=by or journey.finance_officer, at=NOON, **kwargs)
    return made, openpyxl.load_workbook(BytesIO(made.content), data_only=True)


def cells(book, sheet):
    return [str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value is not None]


# Opening.


def test_open_tells_why_there_is_no_due_date_and_leaves_one_audit_line(journey):
    lines = AuditEvent.objects.count()

    opened = open_return(journey)

    assert (opened.status, opened.due_on, opened.due_note) == (
        "not_started",
        None,
        "There was no national return for this quarter.",
    )
    assert AuditEvent.objects.count() == lines + 1


def test_open_takes_the_due_date_from_the_policy_year(journey):
    assert open_return(journey, period=quarter(2014, 4)).due_on.isoformat() == "2015-05-29"


def test_open_twice_is_refused(journey):
    with pytest.raises(ReturnExists):
        open_return(journey, period=journey.world.period)
    assert QuarterlyReturn.objects.count() == 1


def test_open_for_a_year_that_is_not_loaded_is_refused(journey):
    fund = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, financial_year=2016, name="Next")
    unknown = FundFactory(agreement=journey.world.agreement, owner=journey.world.council, financial_year=2015)

    for where, year in ((fund, 2016), (unknown, 2015)):
        with pytest.raises(PolicyYearNotLoaded, match="is not loaded") as refused:
            open_return(journey, fund=where, period=quarter(year, 1))
        assert "operator" in refused.value.who_can_lift
    assert QuarterlyReturn.objects.count() == 1


def test_open_for_a_quarter_of_another_year_is_refused(journey):
    with pytest.raises(OtherYear):
        open_return(journey, period=quarter(2015, 1))


@pytest.mark.parametrize(("role", "partner"), [("approver", "ccg"), ("member", "council"), ("governance", "council")])
def test_open_by_somebody_who_prepares_no_returns_is_refused(journey, role, partner):
    with pytest.raises(PermissionDenied):
        open_return(journey, by=journey.world.person(role, partner))
    assert QuarterlyReturn.objects.count() == 1


def test_open_by_a_stranger_or_a_sitting_member_finds_nothing_to_open(journey):
    with pytest.raises(Http404):
        open_return(journey, by=journey.world.person("finance", "hackney"))
    with pytest.raises(PermissionDenied):
        open_return(journey, by=journey.world.sitting_member())
    assert QuarterlyReturn.objects.count() == 1


# Sending for sign-off.


def test_send_incomplete_names_what_is_missing_and_freezes_nothing(journey):
    journey.record()
    journey.release()

    with pytest.raises(NotComplete, match="Completed by") as refused:
        journey.send()

    assert "see the checklist" in refused.value.message
    assert not ReturnVersion.objects.exists()
    assert not PeriodLock.objects.exists()
    assert kinds(journey) == ["opened"]


def test_send_with_figures_that_are_not_released_is_incomplete(journey):
    journey.record()
    journey.answer(**journey.answers)

    with pytest.raises(NotComplete, match="Supporting metrics"):
        journey.send()
    assert not ReturnVersion.objects.exists()


def test_send_freezes_content_digest_and_everybody_who_entered_something(sent):
    version = ReturnVersion.objects.get()

    contents.validate(version.content)
    assert version.sha256 == contents.digest(version.content)
    assert {row["name"] for row in version.preparers} == {"Finance of council", "Metrics of ccg"}
    assert version.content["totals"]["expenditure"]["plan"] == "8957000.00"
    assert [row["forecast"] for row in version.content["expenditure"]][-1] == "214000.00"
    assert version.content["layout_note"].startswith("There was no national return for quarter 1 of 2014/15")
    assert sent.refresh().status == "with_signatories"
    assert kinds(sent) == ["opened", "changed", "sent_for_sign_off"]


def test_send_locks_the_quarter_of_the_fund(sent):
    lock = PeriodLock.objects.get()

    assert lock.reason == "Version 1 of the return of Quarter 1 2014/15 was sent for sign-off"
    with pytest.raises(PeriodLocked):
        forecasts.release(fund=sent.world.fund, period=sent.world.period, by=sent.finance_officer, at=NOON)


def test_send_twice_is_refused(sent):
    with pytest.raises(UnderSignOff):
        sent.send()
    assert ReturnVersion.objects.count() == 1


def test_send_what_changed_after_it_was_read_is_refused(journey):
    journey.complete()

    with pytest.raises(ChangedMeanwhile):
        returns.send_for_sign_off(
            return_id=journey.quarterly_return.pk, seen="0" * 64, by=journey.finance_officer, at=NOON
        )
    assert not ReturnVersion.objects.exists()


@pytest.mark.parametrize(("role", "partner"), [("approver", "ccg"), ("member", "council"), ("auditor", "council")])
def test_send_by_somebody_who_prepares_no_returns_is_refused(journey, role, partner):
    journey.complete()

    with pytest.raises(PermissionDenied):
        journey.send(by=journey.world.person(role, partner))
    assert not ReturnVersion.objects.exists()


def test_send_leaves_nothing_where_the_audit_line_fails(journey, monkeypatch):
    journey.complete()

    def fail(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr(returns.audit, "record", fail)
    with pytest.raises(RuntimeError):
        journey.send()
    assert not ReturnVersion.objects.exists()
    assert not PeriodLock.objects.exists()
    assert journey.refresh().status == "in_progress"


# Signatures.


def test_sign_by_each_party_signs_the_return_off(sent):
    sent.sign("ccg")
    first = sent.refresh().status
    sent.sign("council")

    assert (first, sent.refresh().status) == ("with_signatories", "signed")
    assert {s.sha256 for s in Signature.objects.all()} == {ReturnVersion.objects.get().sha256}
    assert kinds(sent)[-2:] == ["signed", "signed"]


def test_sign_leaves_one_audit_line_for_the_partner(sent):
    person = sent.world.person("approver", "ccg")
    lines = AuditEvent.objects.count()

    sent.sign("ccg", by=person)

    assert AuditEvent.objects.count() == lines + 1
    assert AuditEvent.objects.latest("recorded_at").partner_name == "NHS Southwark CCG"


def refused_signature(sent, error, **kwargs):
    with pytest.raises(error) as refused:
        sent.sign(**kwargs)
    assert not Signature.objects.exists()
    assert sent.refresh().status == "with_signatories"
    return refused.value


@pytest.mark.parametrize(("name", "partner"), [("finance_officer", "council"), ("metrics_officer", "ccg")])
def test_sign_by_a_preparer_who_is_an_approver_too_is_refused(sent, name, partner):
    person = getattr(sent, name)
    give_role(person, getattr(sent.world, partner), Role.APPROVER)

    refusal = refused_signature(sent, PreparerCannotSign, partner=partner, by=person)

    assert refusal.http_status == 403
    assert "another approver" in refusal.who_can_lift


def test_sign_by_somebody_whose_answer_was_written_over_is_refused(journey):
    other = journey.world.person("metrics")
    give_role(other, journey.world.council, Role.APPROVER)
    journey.answer(by=other, narrative="First words.")
    journey.complete()
    journey.send()

    refused_signature(journey, PreparerCannotSign, partner="council", by=other)


def test_sign_by_a_preparer_of_an_earlier_version_is_refused(sent):
    sent.send_back()
    sent.send(by=sent.world.person("finance", "ccg"))
    person = sent.finance_officer
    give_role(person, sent.world.council, Role.APPROVER)

    with pytest.raises(PreparerCannotSign):
        sent.sign("council", version=2, by=person)


def test_sign_for_another_partner_is_refused(sent):
    refused_signature(sent, PermissionDenied, partner="council", by=sent.world.person("approver", "ccg"))


def test_sign_for_a_partner_that_is_no_party_is_refused(sent):
    person = sent.world.person("approver", "ccg")
    give_role(person, sent.world.hackney, Role.APPROVER)

    refused_signature(sent, PermissionDenied, partner="hackney", by=person)


def test_sign_by_an_approver_of_strangers_or_a_sitting_member_finds_no_return(sent):
    refused_signature(sent, Http404, partner="hackney", by=sent.world.person("approver", "hackney"))
    refused_signature(sent, Http404, partner="council", by=sent.world.sitting_member())


def test_sign_without_the_role_is_refused(sent):
    refused_signature(sent, PermissionDenied, partner="council", by=sent.world.person("governance"))


def test_sign_twice_for_a_partner_is_refused(sent):
    sent.sign("ccg")
    second = sent.world.person("admin", "ccg")
    give_role(second, sent.world.ccg, Role.APPROVER)

    with pytest.raises(AlreadySigned, match="Approver of ccg signed version 1 for NHS Southwark CCG"):
        sent.sign("ccg", by=second)
    assert Signature.objects.count() == 1


def test_sign_for_both_partners_by_one_person_is_refused(sent):
    person = sent.world.person("approver", "ccg")
    give_role(person, sent.world.council, Role.APPROVER)
    sent.sign("ccg", by=person)

    with pytest.raises(AlreadySigned, match="A person signs for one partner"):
        sent.sign("council", by=person)
    assert Signature.objects.count() == 1


def test_sign_before_it_is_sent_is_refused(journey):
    with pytest.raises(NotForSignature):
        journey.sign("ccg")
    assert not Signature.objects.exists()


def test_sign_a_version_that_was_sent_back_is_refused(sent):
    sent.send_back()

    with pytest.raises(NotForSignature, match="sent back"):
        sent.sign("council", version=1)
    sent.send()
    with pytest.raises(NotForSignature, match="Version 2"):
        sent.sign("council", version=1)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("capacity", ["", "   ", "x" * 121])
def test_sign_without_a_capacity_is_refused(sent, capacity):
    with pytest.raises(CapacityMissing):
        sign(
            return_id=sent.quarterly_return.pk,
            organisation=sent.world.ccg,
            version=1,
            capacity=capacity,
            by=sent.world.person("approver", "ccg"),
            at=NOON,
        )
    assert not Signature.objects.exists()


# Sending back.


def test_send_back_fells_signatures_and_lifts_the_lock_and_keeps_the_version(sent):
    sent.sign("ccg")
    before = ReturnVersion.objects.get()

    sent.send_back(by=sent.world.person("approver"))

    assert sent.refresh().status == "sent_back"
    assert PeriodLock.objects.get().lifted_by_name == "Approver of council"
    after = ReturnVersion.objects.get()
    assert (after.content, after.sha256) == (before.content, before.sha256)
    assert Signature.objects.count() == 1
    assert ReturnEvent.objects.latest("number").reason == "The narrative is out of date."


def test_send_back_a_signed_return_makes_the_correction_a_new_version(sent):
    sent.sign("ccg")
    sent.sign("council")
    sent.send_back()
    sent.answer(narrative="Corrected.")

    version = sent.send()
    sent.sign("ccg", version=2)

    assert (version.number, sent.refresh().status) == (2, "with_signatories")
    assert version.content["answers"]["narrative"] == "Corrected."
    assert ReturnVersion.objects.get(number=1).content["answers"]["narrative"] != "Corrected."


def test_send_back_without_a_reason_is_refused(sent):
    with pytest.raises(ReasonMissing):
        sent.send_back(reason="  ")
    assert sent.refresh().status == "with_signatories"


def test_send_back_what_is_not_with_signatories_is_refused(journey):
    with pytest.raises(NothingToSendBack):
        journey.send_back()
    assert kinds(journey) == ["opened"]


def test_send_back_by_a_preparer_without_the_role_is_refused(sent):
    with pytest.raises(PermissionDenied):
        sent.send_back(by=sent.finance_officer)
    assert sent.refresh().status == "with_signatories"


# Exporting.


def test_export_of_a_draft_says_so_and_is_audited(journey):
    lines = AuditEvent.objects.count()

    made, book = export(journey)

    assert made.filename == "BCF-return-Southwark-Quarter-1-2014-15-draft.xlsx"
    assert "Draft: not signed off" in cells(book, "Cover")
    assert AuditEvent.objects.count() == lines + 1
    assert AuditEvent.objects.latest("recorded_at").kind == "return.exported"


def test_export_signed_carries_signatures_and_the_digest_that_was_signed(sent):
    sent.sign("ccg")
    sent.sign("council")

    made, book = export(sent)

    cover = cells(book, "Cover")
    assert made.filename == "BCF-return-Southwark-Quarter-1-2014-15-version-1.xlsx"
    assert "Draft: not signed off" not in cover
    assert "Approver of ccg, Chief Officer" in cover
    assert ReturnVersion.objects.get().sha256 in cover
    assert any("There was no national return for quarter 1 of 2014/15" in words for words in cover)
    assert cells(book, "Checklist").count("No") == 0
    assert any("41.75" in words for words in cells(book, "Supporting metrics"))


def test_export_after_sending_back_is_a_draft_and_the_old_version_stays_to_be_had(sent):
    sent.sign("ccg")
    sent.send_back()
    sent.answer(narrative="Corrected.")

    _, now = export(sent)
    made, old = export(sent, number=1)

    assert "Corrected." in cells(now, "Narrative")
    assert "Draft: not signed off" in cells(old, "Cover")
    assert "Approver of ccg, Chief Officer" not in cells(old, "Cover")
    assert made.filename.endswith("version-1.xlsx")
    with pytest.raises(Http404):
        export(sent, number=2)


@pytest.mark.parametrize(("role", "partner"), [("member", "council"), ("governance", "council"), ("programme", "ccg")])
def test_export_without_the_permission_is_refused_and_not_audited(journey, role, partner):
    person = journey.world.person(role, partner)
    lines = AuditEvent.objects.count()

    with pytest.raises(PermissionDenied):
        export(journey, by=person)
    assert AuditEvent.objects.count() == lines


# Who sees what.


def test_returns_are_seen_by_the_parties_and_when_signed_by_the_board(sent):
    member, stranger = sent.world.sitting_member(), sent.world.person("finance", "hackney")

    def seen(user):
        return QuarterlyReturn.objects.visible_to(user).exists()

    before = seen(member)
    sent.sign("ccg")
    sent.sign("council")

    assert (before, seen(member), seen(stranger)) == (False, True, False)
    assert seen(sent.world.person("member"))


def test_previous_answers_come_from_the_last_signed_return(sent):
    sent.sign("ccg")
    sent.sign("council")
    following = open_return(sent)

    answers.record(
        return_id=following.pk,
        wanted=[answers.Wanted("section_75_in_place", "Yes")],
        by=sent.finance_officer,
        at=NOON + timedelta(days=90),
    )
    made = returns.export(return_id=following.pk, by=sent.finance_officer, at=NOON)
    book = openpyxl.load_workbook(BytesIO(made.content), data_only=True)

    arrangements = cells(book, "Budget arrangements")
    assert arrangements[arrangements.index("Answer in the last return") + 1] == "No"
    assert ReturnAnswer.objects.filter(quarterly_return=following).count() == 1


# Deputies, and people with many roles.


def test_sign_by_a_preparer_with_every_role_there_is_is_refused(sent):
    person = sent.finance_officer
    for role in set(Role) - {Role.FINANCE}:
        give_role(person, sent.world.council, role)
    for role in Role:
        give_role(person, sent.world.ccg, role)

    for partner in ("council", "ccg"):
        refusal = refused_signature(sent, PreparerCannotSign, partner=partner, by=person)
        assert "whatever other roles you hold" in refusal.message


def deputise(sent, person, principal):
    now = timezone.now()
    return deputies.appoint(
        membership_id=principal.memberships.get(role="approver").pk,
        person=person,
        wanted=[Permission.RETURN_SIGN],
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        by=principal,
        at=now,
    )


def test_sign_by_a_deputy_names_both_in_signature_event_and_audit(sent):
    deputy = sent.world.person("governance", "ccg")
    deputise(sent, deputy, sent.world.person("approver", "ccg"))
    deputy = User.objects.get(pk=deputy.pk)

    sent.sign("ccg", by=deputy)

    both = "Governance of ccg for Approver of ccg"
    signature = Signature.objects.get()
    assert (signature.person_id, signature.person_name) == (deputy.pk, both)
    assert sent.refresh().events.get(kind="signed").by_name == both
    assert AuditEvent.objects.get(kind="return.signed").actor_name == both


def test_sign_by_the_deputy_of_a_preparer_is_refused(sent):
    principal = sent.finance_officer
    give_role(principal, sent.world.council, Role.APPROVER)
    deputy = sent.world.person("governance")
    deputise(sent, deputy, principal)

    refusal = refused_signature(sent, PreparerCannotSign, partner="council", by=User.objects.get(pk=deputy.pk))

    assert "whose deputy you are" in refusal.message


# What was said of a figure.


def test_the_return_has_challenges_achievements_and_support_needs_in_one_cell_and_apart(journey):
    journey.complete()
    said = {"challenges": "Beds closed late.", "achievements": "Ward 3 opened.", "support_needs": "A nurse."}
    journey.enter("DTOC_DAYS", figure=Figure(value=Decimal(808)), value_period="April and May", **said)

    version = journey.send()

    rows = {row["code"]: row for row in version.content["metrics"]}
    whole = "Challenges: Beds closed late.\n\nAchievements: Ward 3 opened.\n\nSupport needs: A nurse."
    assert rows["DTOC_DAYS"]["commentary"] == whole
    assert {field: rows["DTOC_DAYS"][field] for field in said} == said
    # Challenges alone leave the content as it was before there were three fields.
    assert rows["LOCAL"]["commentary"] == "One point short; the survey is repeated."
    assert not set(said) & set(rows["LOCAL"])
    _, book = export(journey)
    assert whole in cells(book, "Supporting metrics")
