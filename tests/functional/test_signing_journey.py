"""A return from opening to restatement: three signatories, one send-back, one amendment that fells signatures."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bcf_metrics.models import QuarterlyReturn, Signature, Submission
from governance.domain.authority import Matter
from governance.services import decisions
from partners.domain.roles import Role
from tests.factories import worlds
from tests.factories.partners import UserFactory, give_role
from tests.integration.bcf_metrics.conftest import begin

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.django_db(transaction=True)]

OFFICERS = {
    "Chief executive": ("council", "chief_executive"),
    "Accountable officer": ("ccg", "accountable_officer"),
    "Board chair": ("council", "health_and_wellbeing_board_chair"),
}


class People:
    """Everybody at a browser of their own, signed in when they first act."""

    def __init__(self, visitor, journey, address):
        self.visitor, self.journey, self.address = visitor, journey, address
        self.signatories, self.open = {}, {}
        for name, (partner, capacity) in OFFICERS.items():
            person = UserFactory(email=f"{capacity}@{partner}.example", name=name)
            give_role(person, getattr(journey.world, partner), Role.APPROVER)
            person.memberships.update(capacity=capacity)
            self.signatories[name] = person

    def at(self, person, path=""):
        """The person's browser at a page of the return."""
        if person.pk not in self.open:
            self.open[person.pk] = self.visitor()
            self.open[person.pk].sign_in(person, self.address + path)
        else:
            assert self.open[person.pk].open(self.address + path) == 200
        return self.open[person.pk]

    def sign(self, name):
        signs = self.at(self.signatories[name], "sign/")
        expect(signs.page.get_by_role("radio")).to_be_checked()
        signs.press("Sign this version")
        expect(signs.page.get_by_text("You signed version").first).to_be_visible()

    def send(self):
        finance = self.at(self.journey.finance_officer)
        finance.press("Send for sign-off")
        expect(finance.page.get_by_text("With signatories").first).to_be_visible()


def test_southwarks_quarter_1_from_opening_to_submission(visitor, transactional_db) -> None:
    world = worlds.build()
    finance = visitor()
    journey = begin(world, signatories=True, opened=False)
    finance.sign_in(journey.finance_officer, "/returns/")
    finance.page.get_by_label("Quarter").select_option("1")
    finance.press("Open the return")
    journey.quarterly_return = QuarterlyReturn.objects.get()
    journey.complete()
    people = People(visitor, journey, f"/returns/{journey.quarterly_return.pk}/")
    people.open[journey.finance_officer.pk] = finance

    # Ready, and sent as version 1; the chair sends it back.
    people.at(journey.finance_officer).press("Mark as ready, for somebody else to send")
    expect(finance.page.get_by_text("Ready for sign-off").first).to_be_visible()
    people.send()
    people.sign("Chief executive")
    chair = people.at(people.signatories["Board chair"], "send-back/")
    chair.page.get_by_label("What has to be put right?").fill("The narrative says nothing of carers.")
    chair.check()
    chair.press("Send back")
    expect(chair.page.get_by_text("Sent back").first).to_be_visible()

    # Version 2, signed by all three.
    journey.answer(narrative="Neighbourhood teams are in place, and carers are asked.")
    people.send()
    for name in OFFICERS:
        people.sign(name)
    expect(people.at(journey.finance_officer).page.get_by_text("Signed off").first).to_be_visible()

    # The commentary on money is amended: the chief executive's signature stands, two fall and are given again.
    amends = people.at(journey.finance_officer, "amend/")
    amends.check()
    amends.look("return-amend")
    amends.page.get_by_label("What is changed, and why?").fill("The commentary names the wrong scheme.")
    amends.press("Begin the amendment")
    journey.answer(finance_commentary="All schemes but one are forecast to spend their budget.")
    people.send()
    amends.check()
    amends.look("return-fallen")
    text = amends.text()
    assert text.count("Signature fallen with version 3") == 2
    assert "Changed since: Income and expenditure." in text
    assert "Signature carried over to version 3" in text
    people.sign("Accountable officer")
    people.sign("Board chair")
    assert Signature.objects.filter(version__number=3, carried_from__isnull=False).count() == 1

    # Submitted before the Board sits; ratified by the decision that is linked to it.
    submits = people.at(journey.finance_officer, "submit/")
    submits.check()
    submits.look("return-submit")
    submits.page.get_by_label("How was it sent, and to whom?").fill("By e-mail to the national team")
    submits.press("Record the submission")
    expect(submits.page.get_by_text("Submitted, not yet ratified").first).to_be_visible()
    submits.check()
    decisions.record(
        board_id=world.board.pk,
        reference="HWB 14/7",
        made_on=date(2014, 7, 28),
        title="The return of quarter 1",
        text="The Board ratified the return.",
        matters=[Matter.RETURN],
        amount_limit=None,
        by=world.person("governance"),
        at=timezone.now(),
    )
    links = people.at(world.person("governance"), "ratify/")
    links.page.get_by_role("radio").check()
    links.check()
    links.look("return-ratify")
    links.press("Link the decision")
    expect(links.page.get_by_text("Ratified by the Board, version 3").first).to_be_visible()
    links.look("return-submitted")

    assert journey.refresh().status == "submitted"
    assert Submission.objects.get().version.number == 3

    # Accepted, and restated afterwards: what was accepted stays readable.
    accepts = people.at(journey.finance_officer, "accept/")
    accepts.look("return-accept")
    accepts.page.get_by_label("Who accepted it?").fill("The national team")
    accepts.page.get_by_label("On which day?").fill(f"{timezone.localdate():%d/%m/%Y}")
    accepts.press("Record the acceptance")
    expect(accepts.page.get_by_text("The acceptance is recorded.")).to_be_visible()
    accepts.look("return-accepted")
    restates = people.at(journey.finance_officer, "restate/")
    restates.look("return-restate")
    for label in ("What changes?", "Why?", "Who was told, and when?"):
        restates.page.get_by_label(label).fill("The outturn of scheme 3, which the ledger corrected; all partners.")
    restates.press("Begin the restatement")
    restates.look("return-restated")
    assert "The outturn of scheme 3, which the ledger corrected" in restates.text()
    earlier = people.at(journey.finance_officer, "versions/3/")
    expect(earlier.page.get_by_text("version 3").first).to_be_visible()
