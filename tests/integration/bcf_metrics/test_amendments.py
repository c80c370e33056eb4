"""An amendment after sign-off: signatures whose sheets changed fall, named with who and why; the others stand."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from bcf_metrics.domain.content import is_signed
from bcf_metrics.models import ReturnEvent, ReturnVersion, Signature
from bcf_metrics.policies import NotComplete, NothingToAmend, UnderSignOff
from bcf_metrics.selectors import content
from bcf_metrics.selectors import returns as rows
from bcf_metrics.services import amendments
from integration_hub.core.models import AuditEvent
from integration_hub.core.reasons import ReasonMissing
from partners.domain.roles import Role
from partners.models import User
from pooled_budgets.models import PeriodLock
from tests.factories.partners import give_role
from tests.factories.worlds import World
from tests.integration.bcf_metrics.conftest import JULY, begin
from tests.integration.bcf_metrics.test_signatories import OFFICERS, Signing, words


@pytest.fixture
def signed(world: World) -> Signing:
    journey = begin(world, signatories=True)
    journey.complete()
    journey.send()
    signing = Signing(journey)
    for code in OFFICERS:
        signing.sign(code)
    return signing


def amend(signing, *, by=None, reason="The commentary names the wrong scheme."):
    journey = signing.journey
    return amendments.begin(
        return_id=journey.quarterly_return.pk, reason=reason, by=by or journey.finance_officer, at=JULY
    )


def told(kind):
    return dict(ReturnEvent.objects.filter(kind=kind).values_list("capacity_code", "reason"))


def test_an_amendment_opens_the_return_and_keeps_the_signatures_until_it_is_sent(signed):
    lines = AuditEvent.objects.filter(kind="return.amended").count()

    amend(signed)

    assert signed.journey.refresh().status == "in_progress"
    assert not PeriodLock.objects.filter(lifted_at=None).exists()
    assert Signature.objects.count() == 3
    assert AuditEvent.objects.filter(kind="return.amended").count() == lines + 1
    held = rows.get(signed.people["board_chair"], signed.journey.quarterly_return.pk)
    assert held.amended == ReturnVersion.objects.get()


def test_a_change_of_money_fells_the_signatures_that_vouch_for_money_and_no_other(signed):
    amend(signed)
    signed.journey.answer(finance_commentary="All but one scheme spend their budget.")
    signed.journey.send()

    assert signed.journey.refresh().status == "with_signatories"
    assert set(told("signature_fallen")) == {"accountable_officer", "board_chair"}
    assert told("signature_fallen")["board_chair"] == (
        "Board chair, Chair of the Health and Wellbeing Board, Southwark Council. "
        "Changed since: Income and expenditure."
    )
    assert set(told("signature_carried")) == {"chief_executive"}
    carried = Signature.objects.get(version__number=2)
    first = Signature.objects.get(version__number=1, capacity_code="chief_executive")
    assert (carried.carried_from, carried.sha256, carried.signed_at) == (first, first.sha256, first.signed_at)

    for code in ("accountable_officer", "board_chair"):
        signed.sign(code, version=2)
    assert signed.journey.refresh().status == "signed"


def test_a_change_of_the_narrative_leaves_the_accountable_officers_signature(signed):
    amend(signed)
    signed.journey.answer(narrative="The teams are in place in every neighbourhood.")
    signed.journey.send()

    assert set(told("signature_fallen")) == {"chief_executive", "board_chair"}
    assert set(told("signature_carried")) == {"accountable_officer"}


def test_a_second_amendment_points_to_the_signature_that_was_given(signed):
    for commentary in ("One scheme underspends.", "Two schemes underspend."):
        amend(signed)
        signed.journey.answer(finance_commentary=commentary)
        signed.journey.send()

    carried = Signature.objects.get(version__number=3)
    assert carried.carried_from == Signature.objects.get(version__number=1, capacity_code="chief_executive")


def test_an_amendment_that_changes_nothing_leaves_every_signature_and_the_return_signed(signed):
    amend(signed)
    signed.journey.send()

    assert signed.journey.refresh().status == "signed"
    assert Signature.objects.filter(version__number=2, carried_from__isnull=False).count() == 3
    made = content.signed_content(
        rows.content_of(ReturnVersion.objects.get(number=2)), status_words="Signed off", in_force=True
    )
    assert is_signed(made)
    assert made["signatures"][0]["name_words"] == "Accountable officer (to version 1)"


def test_the_signature_of_somebody_who_entered_something_since_falls(signed):
    amend(signed)
    chief = signed.people["chief_executive"]
    give_role(chief, signed.journey.world.council, Role.FINANCE)
    signed.journey.answer(by=User.objects.get(pk=chief.pk), finance_commentary="Other words.")
    signed.journey.send()

    assert "entered something in the return since" in told("signature_fallen")["chief_executive"]
    assert not Signature.objects.filter(version__number=2).exists()


def test_sending_back_carries_nothing_over(signed):
    signed.journey.send_back(by=signed.people["board_chair"])
    signed.journey.send()

    assert not Signature.objects.filter(version__number=2).exists()
    assert not told("signature_carried")


def test_the_former_version_stays_as_it_was_signed(signed):
    before = ReturnVersion.objects.values_list("content", "sha256").get()
    amend(signed)
    signed.journey.answer(narrative="Other words.")
    signed.journey.send()

    assert ReturnVersion.objects.filter(number=1).values_list("content", "sha256").get() == before


def test_an_amendment_without_a_reason_is_refused(signed):
    with pytest.raises(ReasonMissing):
        amend(signed, reason=" ")
    assert signed.journey.refresh().status == "signed"


def test_an_amendment_by_an_approver_who_prepares_nothing_is_refused(signed):
    with pytest.raises(PermissionDenied):
        amend(signed, by=signed.people["board_chair"])
    assert signed.journey.refresh().status == "signed"


def test_a_return_that_is_open_needs_no_amendment(journey):
    with pytest.raises(NothingToAmend, match="can be changed as it is"):
        amendments.begin(return_id=journey.quarterly_return.pk, reason="Why not.", by=journey.finance_officer, at=JULY)
    assert journey.refresh().status == "not_started"


def test_ready_is_said_of_a_complete_return_alone_and_ends_with_a_change(journey):
    ready = {"return_id": journey.quarterly_return.pk, "by": journey.finance_officer, "at": JULY}
    with pytest.raises(NotComplete):
        amendments.mark_ready(**ready)
    assert journey.refresh().status == "not_started"
    journey.complete()
    amendments.mark_ready(**ready)
    assert journey.refresh().status == "ready"
    journey.answer(phone="1")
    assert journey.refresh().status == "in_progress"
    journey.send()
    with pytest.raises(UnderSignOff):
        amendments.mark_ready(**ready)


# What the database keeps.


def test_no_signature_is_carried_over_from_itself(signed):
    given = Signature.objects.filter(capacity_code="board_chair")
    row = given.get()
    row.pk = row.carried_from_id = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a11"
    row.capacity_code, row.person = "mayor", signed.journey.finance_officer
    with pytest.raises(IntegrityError, match="signature_not_carried_from_itself"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("kind", ["amended", "signature_fallen", "restated"])
def test_an_event_that_needs_a_reason_has_one(signed, kind):
    event = ReturnEvent.objects.latest("number")
    event.pk, event.number, event.kind, event.reason = "7b0f3f6e-3c8e-4a55-9d40-0c8f2d3b5a12", 99, kind, ""
    with pytest.raises(IntegrityError, match="return_event_sent_back_reason"), transaction.atomic():
        event.save(force_insert=True)


# Pages.


def test_the_page_says_what_each_signature_vouches_for_and_begins_the_amendment(signed, sign_in):
    client = sign_in(signed.journey.finance_officer)
    page = words(client.get(signed.address("amend")))
    assert "The whole return" in page
    assert "Cover, National conditions" in page

    assert client.post(signed.address("amend"), {"reason": "The commentary is wrong."}).status_code == 302
    detail = words(client.get(signed.address("return_detail")))
    assert "Signatures of version 1" in detail
    assert "Amendment of version 1 begun" in detail
    assert "The commentary is wrong." in detail


def test_the_page_tells_who_has_to_sign_again_and_why(signed, sign_in):
    amend(signed)
    signed.journey.answer(finance_commentary="Other words.")
    signed.journey.send()
    detail = words(sign_in(signed.people["chief_executive"]).get(signed.address("return_detail")))

    assert "Signature fallen with version 2" in detail
    assert "Changed since: Income and expenditure." in detail
    assert "to version 1: what it vouches for has not changed since" in detail


@pytest.mark.parametrize(("given", "status"), [({}, 400), ({"reason": "  "}, 400)])
def test_the_page_asks_for_the_reason(signed, sign_in, given, status):
    answer = sign_in(signed.journey.finance_officer).post(signed.address("amend"), given)

    assert answer.status_code == status
    assert "Say what is changed, and why" in words(answer)
    assert signed.journey.refresh().status == "signed"


def test_ready_on_the_page_of_what_is_not_complete_names_what_is_missing(journey, sign_in):
    signing = Signing(journey)
    answer = sign_in(journey.finance_officer).post(signing.address("ready"))

    assert answer.status_code == 409
    assert "Completed by" in words(answer)
    assert journey.refresh().status == "not_started"
