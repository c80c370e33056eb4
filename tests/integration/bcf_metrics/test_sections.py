"""Sections of a return: given to a partner and its people, said to be ready, undone, sent back with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from bcf_metrics.models import QuarterlyReturn, ReturnEvent, ReturnSection
from bcf_metrics.policies import UnderSignOff
from bcf_metrics.policies_sections import NotForSection, NotTheOwner, SectionNotComplete
from bcf_metrics.selectors import content, returns
from bcf_metrics.selectors import sections as selectors
from bcf_metrics.selectors.tasks import tasks
from bcf_metrics.services import acceptance, amendments, sections, submissions
from bcf_metrics.services import returns as return_services
from bcf_metrics.services.sections import Wish, seen_of
from integration_hub.core.errors import ChangedMeanwhile, Malformed
from integration_hub.core.models import AuditEvent
from integration_hub.core.reasons import ReasonMissing
from integration_hub.core.states import Figure
from partners.domain.roles import Role
from partners.models import Membership
from pooled_budgets.domain.entries import Entry as Outturn
from pooled_budgets.domain.figures import Figure as Pounds
from pooled_budgets.models import PeriodLock
from pooled_budgets.services import forecasts
from tests.factories.partners import UserFactory, give_role
from tests.integration.bcf_metrics.conftest import JULY, Journey
from tests.integration.bcf_metrics.test_signatories import words
from tests.integration.bcf_metrics.test_submissions import decide, ratify, submit

DUE, EARLIER, LATER = date(2014, 7, 31), date(2014, 7, 20), date(2014, 8, 1)


@pytest.fixture
def due(journey: Journey) -> Journey:
    QuarterlyReturn.objects.update(due_on=DUE)
    journey.refresh()
    return journey


@pytest.fixture
def complete(due: Journey) -> Journey:
    due.complete()
    return due


def assign(journey, tab="metrics", owner="ccg", *, by=None, seen=None, **wish):
    organisation = getattr(journey.world, owner) if owner else None
    return sections.assign(
        return_id=journey.quarterly_return.pk,
        tab=tab,
        wish=Wish(organisation, **wish),
        seen=seen,
        by=by or journey.finance_officer,
        at=JULY,
    )


def ready(journey, tab="metrics", *, by=None, seen=None):
    return sections.mark_ready(
        return_id=journey.quarterly_return.pk, tab=tab, seen=seen, by=by or journey.metrics_officer, at=JULY
    )


def states(journey, person=None):
    """Each section's state as the return's page has it."""
    held = returns.get(person or journey.finance_officer, journey.quarterly_return.pk)
    draft = content.draft(held.quarterly_return, journey.finance_officer, on=JULY.date(), parties=held.parties)
    return {row.tab.code: row for row in selectors.of_return(held, selectors.tabs_of(held.quarterly_return), draft)}


def written():
    lines = AuditEvent.objects.filter(kind__startswith="return.")
    return ReturnEvent.objects.count(), lines.count(), ReturnSection.objects.count()


def refused(journey, error, act, match=None):
    """Nothing is written where something is refused."""
    counts = written()
    before = [seen_of(row) for row in ReturnSection.objects.order_by("tab")]
    with pytest.raises(error, match=match) as found:
        act()
    assert written() == counts
    assert [seen_of(row) for row in ReturnSection.objects.order_by("tab")] == before
    return found.value


def outturn(journey, amount):
    forecasts.record(
        fund=journey.world.fund,
        period=journey.world.period,
        entries=[Outturn("1", Pounds.stated(Decimal(amount)))],
        by=journey.finance_officer,
        at=JULY,
    )


class TestOwner:
    def test_a_section_is_given_to_a_partner_and_is_due_before_the_return(self, due):
        assert assign(due) is True

        row = states(due)["metrics"]
        assert (row.owner_words, row.due_on, row.is_default) == (due.world.ccg.name, date(2014, 7, 24), True)
        assert states(due)["narrative"].owner_words == "Whoever prepares the return"
        assert AuditEvent.objects.get(kind="return.section_assigned").after["section"] == "Supporting metrics"

    def test_and_to_one_of_its_people_by_a_day_of_its_own(self, due):
        assign(due, person=due.metrics_officer, due_on=EARLIER)

        row = states(due)["metrics"]
        assert row.owner_words == f"{due.metrics_officer}, {due.world.ccg}"
        assert (row.due_on, row.is_default) == (EARLIER, False)
        assert row.is_overdue(date(2014, 7, 21))
        assert not row.is_overdue(EARLIER)

    def test_the_same_wish_twice_is_kept_once(self, due):
        assign(due)
        assert assign(due, seen=seen_of(None)) is False
        assert AuditEvent.objects.filter(kind="return.section_assigned").count() == 1

    def test_it_is_taken_from_everybody_again(self, due):
        assign(due)
        assert assign(due, owner="", seen=seen_of(ReturnSection.objects.get())) is True
        assert not ReturnSection.objects.exists()

    def test_a_day_after_the_returns_is_refused_until_it_is_meant(self, due):
        found = refused(due, NotForSection, lambda: assign(due, due_on=LATER), "due on 31 July 2014")
        assert found.field == "due_on"
        assign(due, due_on=LATER, after_return=True)
        assert states(due)["metrics"].due_on == LATER

    def test_a_stranger_is_no_owner(self, due):
        refused(due, NotForSection, lambda: assign(due, owner="hackney"), "is not party to the fund")

    def test_a_person_prepares_returns_for_the_owner(self, due):
        for person in (due.finance_officer, due.world.person("governance", "ccg")):
            refused(due, NotForSection, lambda person=person: assign(due, person=person), "prepares no returns for")

    def test_a_day_needs_an_owner(self, due):
        refused(due, NotForSection, lambda: assign(due, owner="", due_on=EARLIER), "Choose the partner")

    def test_what_somebody_else_changed_meanwhile_is_kept(self, due):
        assign(due, owner="council")
        refused(due, ChangedMeanwhile, lambda: assign(due, seen=seen_of(None)))

    def test_whoever_prepares_no_returns_gives_none(self, due):
        for person in (due.world.person("approver"), due.world.person("governance"), due.world.person("auditor")):
            refused(due, PermissionDenied, lambda person=person: assign(due, by=person))

    def test_strangers_find_nothing(self, due):
        refused(due, Http404, lambda: assign(due, by=due.world.person("finance", "hackney")))
        refused(due, Http404, lambda: assign(due, tab="nothing"))

    def test_nothing_is_given_while_the_return_is_locked(self, sent):
        refused(sent, UnderSignOff, lambda: assign(sent), "Who can lift this")


class TestReady:
    def test_the_owner_says_that_a_section_is_ready(self, complete):
        assign(complete)
        assert ready(complete) is True

        assert states(complete)["metrics"].section.words == "Ready"
        event = ReturnEvent.objects.get(kind="section_ready")
        assert (event.tab, event.organisation) == ("metrics", complete.world.ccg)
        assert ready(complete) is False
        assert ReturnEvent.objects.filter(kind="section_ready").count() == 1

    def test_another_partner_does_not_say_it_for_the_owner(self, complete):
        assign(complete)
        found = refused(complete, NotTheOwner, lambda: ready(complete, by=complete.finance_officer))
        assert complete.world.ccg.name in found.who_can_lift
        assert ready(complete, "narrative", by=complete.finance_officer) is True

    def test_a_section_with_something_missing_is_not_ready(self, due):
        refused(due, SectionNotComplete, lambda: ready(due, "narrative"), "Narrative is not complete")

    def test_what_changed_after_it_was_shown_is_read_again(self, complete):
        refused(complete, ChangedMeanwhile, lambda: ready(complete, seen="0" * 64))

    def test_whoever_prepares_no_returns_says_nothing(self, complete):
        refused(complete, PermissionDenied, lambda: ready(complete, by=complete.world.person("approver")))
        refused(complete, Http404, lambda: ready(complete, by=complete.world.person("finance", "hackney")))
        refused(complete, Http404, lambda: ready(complete, "nothing"))

    def test_nothing_is_said_while_the_return_is_locked(self, sent):
        refused(sent, UnderSignOff, lambda: ready(sent))


class TestUndone:
    def test_by_an_answer_of_that_section_alone(self, complete):
        ready(complete, "narrative")
        ready(complete, "cover")
        complete.answer(narrative="Other words.")

        assert [states(complete)[tab].section.words for tab in ("narrative", "cover")] == [
            "Changed since it was ready",
            "Ready",
        ]
        event = ReturnEvent.objects.get(kind="section_undone")
        assert (event.tab, event.reason) == ("narrative", "An answer was changed.")

    def test_by_a_metric_figure_that_it_shows(self, complete):
        ready(complete)
        complete.enter("RES65", {"figure": "23"}, figure=Figure(value=Decimal(24)))

        assert states(complete)["metrics"].section.words == "Changed since it was ready"
        assert ReturnEvent.objects.get(kind="section_undone").reason == "Metric figures were changed."

    def test_by_a_projected_outturn_that_it_shows(self, complete):
        ready(complete, "income_and_expenditure")
        ready(complete)
        outturn(complete, "5620000.00")

        assert states(complete)["income_and_expenditure"].section.words == "Changed since it was ready"
        assert states(complete)["metrics"].section.words == "Ready"

    def test_what_is_put_back_as_it_was_is_still_to_be_said_again(self, complete):
        ready(complete, "narrative")
        complete.answer(narrative="Other words.")
        complete.answer(narrative=complete.answers["narrative"])
        assert states(complete)["narrative"].section.words == "Changed since it was ready"

    @pytest.mark.parametrize("changed", ["figure", "outturn"])
    def test_ready_for_sign_off_is_undone_with_it(self, complete, changed):
        amendments.mark_ready(return_id=complete.quarterly_return.pk, by=complete.finance_officer, at=JULY)
        if changed == "figure":
            complete.enter("RES65", {"figure": "23"}, figure=Figure(value=Decimal(24)))
        else:
            outturn(complete, "5620000.00")

        assert complete.refresh().status == "in_progress"
        assert ReturnEvent.objects.filter(kind="ready_undone").exclude(reason="").count() == 1

    def test_a_change_that_changes_nothing_leaves_it_ready(self, complete):
        amendments.mark_ready(return_id=complete.quarterly_return.pk, by=complete.finance_officer, at=JULY)
        ready(complete)
        complete.record("RES65")
        outturn(complete, "5621000.00")

        assert complete.refresh().status == "ready"
        assert states(complete)["metrics"].section.is_ready

    def test_what_no_service_told_of_is_still_seen_on_the_page(self, complete, sign_in):
        amendments.mark_ready(return_id=complete.quarterly_return.pk, by=complete.finance_officer, at=JULY)
        ready(complete, "income_and_expenditure")
        complete.world.fund.funding_lines.filter(position=1).update(amount=Decimal("1300001.00"))

        assert states(complete)["income_and_expenditure"].section.words == "Changed since it was ready"
        page = words(sign_in(complete.finance_officer).get(f"/returns/{complete.quarterly_return.pk}/"))
        assert "Changed since it was marked as ready" in page


class TestTasks:
    def titles(self, person):
        return [task.title for task in tasks(person, JULY.date()) if task.title.startswith("Your section")]

    def test_its_people_find_it_among_their_tasks_until_it_is_ready(self, complete):
        assign(complete)
        title = "Your section is due: Supporting metrics, return of Quarter 1 2014/15"
        assert self.titles(complete.metrics_officer) == [title]
        assert self.titles(complete.finance_officer) == []
        [task] = [task for task in tasks(complete.metrics_officer, JULY.date()) if task.title == title]
        assert (task.due_on, task.partner) == (date(2014, 7, 24), complete.world.ccg.name)

        ready(complete)
        assert self.titles(complete.metrics_officer) == []
        complete.enter("RES65", {"figure": "23"}, figure=Figure(value=Decimal(24)))
        assert self.titles(complete.metrics_officer) == [title]

    def test_a_persons_section_is_nobody_elses_task(self, complete):
        other = UserFactory()
        give_role(other, complete.world.ccg, Role.METRICS)
        assign(complete, person=other)
        assert len(self.titles(other)) == 1
        assert self.titles(complete.metrics_officer) == []

    def test_a_stranger_and_somebody_whose_role_ended_find_none(self, complete):
        assign(complete, person=complete.metrics_officer)
        Membership.objects.filter(person=complete.metrics_officer).update(ends_on=date(2014, 1, 1))
        assert self.titles(type(complete.metrics_officer).objects.get(pk=complete.metrics_officer.pk)) == []
        assert self.titles(complete.world.person("finance", "hackney")) == []


class TestSentBack:
    NAMED = {"narrative": "It says nothing of carers.", "metrics": "The rate is last year's."}

    def send_back(self, journey, named=None, *, reason="Two things."):
        return_services.send_back(
            return_id=journey.quarterly_return.pk,
            reason=reason,
            named=self.NAMED if named is None else named,
            by=journey.world.person("approver", "ccg"),
            at=JULY,
        )

    def test_sections_are_named_each_with_its_reason(self, sent):
        self.send_back(sent)

        found = states(sent)
        assert {tab: row.section.back.reason for tab, row in found.items() if row.section.back} == self.NAMED
        assert found["narrative"].section.words == "To be put right"
        told = AuditEvent.objects.get(kind="return.sent_back").after["sections"]
        assert told == {"Narrative": self.NAMED["narrative"], "Supporting metrics": self.NAMED["metrics"]}

    def test_the_reason_stands_until_the_section_is_said_to_be_ready(self, sent):
        self.send_back(sent)
        sent.answer(narrative="Carers are asked.")
        assert states(sent)["narrative"].section.back.reason == self.NAMED["narrative"]
        ready(sent, "narrative")
        assert states(sent)["narrative"].section.back is None
        assert states(sent)["metrics"].section.back is not None

    def test_the_return_and_the_section_show_it(self, sent, sign_in):
        self.send_back(sent)
        client, address = sign_in(sent.metrics_officer), f"/returns/{sent.quarterly_return.pk}/"
        assert self.NAMED["narrative"] in words(client.get(address))
        page = words(client.get(f"{address}narrative/"))
        assert self.NAMED["narrative"] in page
        assert "Approver of ccg" in page
        assert self.NAMED["metrics"] not in page

    def test_a_section_that_was_ready_is_so_no_more(self, complete):
        ready(complete, "narrative")
        ready(complete, "cover")
        complete.send()
        self.send_back(complete, {"narrative": "Again."})
        assert states(complete)["narrative"].section.words == "To be put right"
        assert states(complete)["cover"].section.words == "Ready"

    def test_a_section_that_is_not_there_sends_nothing_back(self, sent):
        refused(sent, Malformed, lambda: self.send_back(sent, {"nothing": "Why?"}), "has no section nothing")
        assert sent.refresh().status == "with_signatories"

    def test_a_reason_that_cannot_be_kept_sends_nothing_back(self, sent):
        refused(sent, ReasonMissing, lambda: self.send_back(sent, {"narrative": "x" * 1001}))
        assert sent.refresh().status == "with_signatories"

    def test_the_page_takes_the_reasons(self, sent, sign_in):
        address = f"/returns/{sent.quarterly_return.pk}/send-back/"
        client = sign_in(sent.world.person("approver", "ccg"))
        answer = client.post(address, {"reason": "", "section-narrative": "Carers are missing."})
        assert answer.status_code == 400
        assert "Carers are missing." in words(answer)

        client.post(address, {"reason": "One thing.", "section-narrative": "Carers are missing.", "section-cover": " "})
        assert [row.tab for row in ReturnEvent.objects.filter(kind="section_back")] == ["narrative"]

    def test_an_amendment_names_sections_in_the_same_way(self, sent, sign_in):
        address = f"/returns/{sent.quarterly_return.pk}/amend/"
        sign_in(sent.finance_officer).post(address, {"reason": "A slip.", "section-cover": "The date is wrong."})
        assert sent.refresh().status == "in_progress"
        assert states(sent)["cover"].section.back.reason == "The date is wrong."


class TestLocks:
    """Every lock of a section's page says who, when, why, and who can lift it."""

    LIFT = "an approver of NHS Southwark CCG or Southwark Council, by sending the return back, or whoever prepares it"

    def page(self, journey, sign_in):
        client = sign_in(journey.metrics_officer)
        return words(client.get(f"/returns/{journey.quarterly_return.pk}/narrative/"))

    def to_accepted(self, sent):
        sent.sign("ccg")
        sent.sign("council")
        submit(sent)
        ratify(sent, decide(sent))
        acceptance.accept(
            return_id=sent.quarterly_return.pk,
            accepted_by="The national team",
            accepted_on=timezone.localdate(),
            reference="BCF 7",
            by=sent.finance_officer,
            at=timezone.now(),
        )

    def test_with_its_signatories(self, sent, sign_in):
        page = self.page(sent, sign_in)
        for said in (
            "is with its signatories, so its answers and figures cannot be changed",
            "Locked by Finance of council on 14 July 2014",
            "Why: Version 1 of the return of Quarter 1 2014/15 was sent for sign-off",
            self.LIFT,
        ):
            assert said in page

    def test_signed_off(self, sent, sign_in):
        sent.sign("ccg")
        sent.sign("council")
        page = self.page(sent, sign_in)
        for said in (
            "is signed off",
            "Locked by Approver of council on 14 July 2014",
            "has every signature that it needs",
            self.LIFT,
        ):
            assert said in page

    def test_submitted_and_not_yet_ratified(self, sent, sign_in):
        sent.sign("ccg")
        sent.sign("council")
        submit(sent)
        page = self.page(sent, sign_in)
        for said in (
            "is submitted",
            "Locked by Finance of council on 14 July 2014",
            "was submitted, and waits for the decision of the Health and Wellbeing Board",
            self.LIFT,
        ):
            assert said in page

    def test_submitted(self, sent, sign_in):
        sent.sign("ccg")
        sent.sign("council")
        submit(sent)
        ratify(sent, decide(sent))
        page = self.page(sent, sign_in)
        assert "Why: Version 1 of the return of Quarter 1 2014/15 was submitted</p>" in page
        assert self.LIFT in page

    def test_accepted(self, sent, sign_in):
        self.to_accepted(sent)
        page = self.page(sent, sign_in)
        for said in (
            "is accepted, so its answers and figures cannot be changed",
            "was accepted. By The national team on",
            "reference BCF 7",
            "Who can lift this: a finance officer of NHS Southwark CCG or Southwark Council, by restating it",
        ):
            assert said in page
        assert "sending the return back" not in page
        assert "restating it" in PeriodLock.objects.get(lifted_at=None).who_can_lift
        with pytest.raises(UnderSignOff, match="by restating it"):
            sent.answer(narrative="Other words.")

    def test_submitted_again(self, sent, sign_in):
        self.to_accepted(sent)
        acceptance.restate(
            return_id=sent.quarterly_return.pk,
            what="The narrative",
            why="A slip",
            told="All",
            by=sent.finance_officer,
            at=timezone.now(),
        )
        sent.answer(narrative="Other words.")
        sent.send()
        sent.sign("ccg", version=2)
        sent.sign("council", version=2)
        submissions.submit(return_id=sent.quarterly_return.pk, how="E-mail", by=sent.finance_officer, at=JULY)
        ratify(sent, decide(sent, reference="HWB 14/8"))
        assert sent.refresh().status == "resubmitted"
        page = self.page(sent, sign_in)
        assert "Why: Version 2 of the return of Quarter 1 2014/15 was submitted" in page
        assert self.LIFT in page


class TestPages:
    def address(self, journey, name, tab="metrics"):
        return reverse(f"bcf_metrics:{name}", args=[journey.quarterly_return.pk, tab])

    def test_the_page_gives_a_section_to_a_person_of_ones_own_partner(self, due, sign_in):
        client = sign_in(due.metrics_officer)
        page = words(client.get(self.address(due, "section_owner")))
        assert "Left empty, it is 24 July 2014: 7 days before the return." in page
        assert f"{due.metrics_officer}, {due.world.ccg}" in page
        # Another partner's people are not listed.
        assert str(due.finance_officer) not in page.replace("Signed in as", "")
        given = {"owner": f"{due.world.ccg.pk}:{due.metrics_officer.pk}", "due_on": "20/7/2014", "seen": seen_of(None)}
        answer = client.post(self.address(due, "section_owner"), given)
        assert answer.status_code == 302
        assert ReturnSection.objects.get().person == due.metrics_officer

    def test_a_late_day_is_asked_back_with_what_was_typed(self, due, sign_in):
        given = {"owner": str(due.world.ccg.pk), "due_on": "1/8/2014", "seen": seen_of(None)}
        answer = sign_in(due.finance_officer).post(self.address(due, "section_owner"), given)
        assert answer.status_code == 400
        assert "or say that the section may come later" in words(answer)
        assert b'value="1/8/2014"' in answer.content
        assert not ReturnSection.objects.exists()

    @pytest.mark.parametrize("given", [{"owner": "x"}, {"owner": "", "due_on": "32/7/2014"}, {"due_on": "never"}])
    def test_nonsense_is_refused_in_words(self, due, sign_in, given):
        answer = sign_in(due.finance_officer).post(self.address(due, "section_owner"), given)
        assert answer.status_code == 400
        assert not ReturnSection.objects.exists()

    def test_ready_from_the_page(self, complete, sign_in):
        client = sign_in(complete.metrics_officer)
        seen = client.get(self.address(complete, "section")).context["ready_form"].initial["seen"]
        assert client.post(self.address(complete, "section_ready"), {"seen": seen}).status_code == 302
        page = words(client.get(f"/returns/{complete.quarterly_return.pk}/"))
        assert "Said by Metrics of ccg" in page
        assert "Section “Supporting metrics” ready" in page

    def test_what_is_refused_on_the_page_says_who_can_do_it(self, complete, sign_in):
        assign(complete)
        client = sign_in(complete.finance_officer)
        seen = client.get(self.address(complete, "section")).context["ready_form"].initial["seen"]
        answer = client.post(self.address(complete, "section_ready"), {"seen": seen})
        assert answer.status_code == 409
        assert f"whoever prepares returns for {complete.world.ccg}" in words(answer)
        assert client.post(self.address(complete, "section_ready"), {}).status_code == 400

    def test_overdue_is_said_until_it_is_ready(self, complete, sign_in):
        client = sign_in(complete.metrics_officer)
        page = words(client.get(self.address(complete, "section", "narrative")))
        assert "24 July 2014: follows from the return&#x27;s day" in page
        assert "Overdue" in page
        ready(complete, "narrative")
        assert "Overdue" not in words(client.get(self.address(complete, "section", "narrative")))
