"""The words of a report: begun once, saved without losing anybody's, and kept from other partners."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from integration_hub.core.models import AuditEvent
from reports.domain.brief import NOT_ASSESSED
from reports.models import ReportBrief
from reports.policies import MeetingBeforeQuarter
from reports.services import briefs
from reports.services.briefs import WordsChanged
from tests.factories.money import MeetingFactory, quarter
from tests.factories.partners import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(begun, officer, world):
    """Save one change of the words as first seen."""
    seen = briefs.fingerprint(begun.content, begun.meeting_id)

    def with_change(*, meeting=world.meeting, by=officer, seen=seen, **change):
        content = {**begun.content, **change}
        return briefs.save(brief_id=begun.pk, content=content, meeting=meeting, seen=seen, by=by, at=NOON)

    return with_change


def test_begin_prefills_from_board_meeting_and_fund(world, begun):
    assert begun.meeting == world.meeting
    assert begun.owner == world.council
    assert "Southwark Better Care Fund at Quarter 1 2014/15" in begun.content["title"]
    assert begun.content["from"] == ["Southwark Council"]


def test_begin_twice_gives_the_same_words(world, officer, begun):
    again = briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=officer, at=NOON)

    assert again == begun
    assert AuditEvent.objects.filter(kind="report_brief.begun").count() == 1


def test_begin_by_another_partner_makes_words_of_its_own(world, begun):
    other = world.person("governance", "ccg")

    theirs = briefs.begin(board_id=world.board.pk, fund_id=world.fund.pk, period=world.period, by=other, at=NOON)

    assert (theirs.owner, theirs.pk != begun.pk) == (world.ccg, True)


def test_begin_by_a_finance_officer_is_refused(world, figures):
    with pytest.raises(PermissionDenied):
        briefs.begin(
            board_id=world.board.pk,
            fund_id=world.fund.pk,
            period=world.period,
            by=world.person("finance"),
            at=NOON,
        )
    assert not ReportBrief.objects.exists()


def test_begin_unwritten_says_that_nothing_was_assessed(world, officer, figures):
    made = briefs.begin(
        board_id=world.board.pk, fund_id=world.fund.pk, period=quarter(2014, 2), by=officer, at=NOON, unwritten=True
    )

    assert {row["none_reason"] for row in made.content["implications"]} == {NOT_ASSESSED}


def test_save_keeps_words_that_are_not_complete(save, begun):
    save(title="Half written")

    begun.refresh_from_db()
    assert begun.content["title"] == "Half written"
    assert AuditEvent.objects.get(kind="report_brief.saved").after == {"title": "Half written"}


def test_save_of_the_same_words_writes_nothing(save):
    save()

    assert not AuditEvent.objects.filter(kind="report_brief.saved").exists()


def test_save_of_different_parts_by_two_people_keeps_both(save, begun):
    save(title="Mine")
    save(wards="Peckham")

    begun.refresh_from_db()
    assert (begun.content["title"], begun.content["wards"]) == ("Mine", "Peckham")


def test_save_of_the_same_part_by_two_people_shows_both_and_changes_nothing(save, begun):
    save(title="First words")

    with pytest.raises(WordsChanged) as refusal:
        save(title="Second words", wards="Peckham")

    begun.refresh_from_db()
    assert (begun.content["title"], begun.content["wards"]) == ("First words", "All")
    assert "First words" in refusal.value.message
    assert "Second words" in refusal.value.message


def test_save_again_after_a_conflict_replaces_only_what_was_shown(save, begun):
    save(title="First words", wards="Peckham")
    with pytest.raises(WordsChanged) as refusal:
        save(title="Second words")

    save(title="Second words", seen=refusal.value.seen)

    begun.refresh_from_db()
    assert (begun.content["title"], begun.content["wards"]) == ("Second words", "Peckham")


def test_save_without_a_readable_fingerprint_is_a_conflict(save, begun):
    with pytest.raises(WordsChanged):
        save(title="Blind", seen="[not a fingerprint")
    begun.refresh_from_db()
    assert begun.content["title"] != "Blind"


def test_save_of_another_meeting_alone_is_kept(save, begun):
    save(meeting=None)

    begun.refresh_from_db()
    assert begun.meeting is None


def test_save_for_a_meeting_before_the_quarter_is_refused_and_changes_nothing(save, world, begun):
    early = MeetingFactory(board=world.board, held_on=date(2014, 3, 31))

    with pytest.raises(MeetingBeforeQuarter):
        save(meeting=early, title="Too early")

    begun.refresh_from_db()
    assert begun.meeting == world.meeting
    assert begun.content["title"] != "Too early"


def test_save_by_another_partner_finds_nothing(save, world, begun):
    with pytest.raises(ReportBrief.DoesNotExist):
        save(title="Theirs", by=world.person("governance", "ccg"))


def test_save_by_a_finance_officer_of_the_partner_is_refused(save, world, begun):
    with pytest.raises(PermissionDenied):
        save(title="Theirs", by=world.person("finance"))
    begun.refresh_from_db()
    assert begun.content["title"] != "Theirs"
