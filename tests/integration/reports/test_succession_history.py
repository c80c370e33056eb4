"""What the people of a partner that ended go on reading, and what they do not: the days before it, and no more."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from governance.models import Board, Meeting, Seat
from governance.selectors import boards
from governance.services import meetings
from integration_hub.core.models import AuditEvent, StagedImport
from partners.domain.roles import Role
from partners.models import User
from partners.selectors import kinds, why
from pooled_budgets.models import Fund
from pooled_budgets.presenters import plan_files
from pooled_budgets.services import plans
from programme.models import Risk
from programme.services import register
from tests.factories.money import BoardFactory, join_board
from tests.factories.partners import LONG_AGO, NOON, OrganisationFactory, UserFactory
from tests.factories.worlds import World
from tests.integration.bcf_metrics import test_succession
from tests.integration.bcf_metrics.test_succession import AFTER, follow, officer

LATER = datetime(2014, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def former(world: World) -> User:
    """The CCG's governance officer, in whose board two meetings were held before the CCG ended on 1 August 2014."""
    Meeting.objects.create(board=world.board, held_on=date(2014, 3, 24), title="Plan", outcome="Agreed")
    return world.person("governance", "ccg")


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


def page(client, person: User, name: str, *parts: object):
    client.force_login(again(person), backend="partners.backends.EmailBackend")
    return client.get(reverse(name, args=parts))


def risk(world: World, text: str, *, at: datetime) -> Risk:
    """One of the council's, released to the board at a moment."""
    return Risk.objects.create(
        board=world.board, owner=world.council, text=text, at=at.date(), released_at=at, status="open"
    )


def test_former_party_reads_the_board_as_it_was_and_its_successor_as_it_is(client, world, former):
    Seat.objects.create(
        board=world.board, person=UserFactory(), title="Chief officer", appointed_by=world.ccg, starts_on=LONG_AGO
    )
    icb = follow(world, world.ccg)
    Meeting.objects.create(board=world.board, held_on=date(2014, 11, 27), title="Quarter 2")
    Seat.objects.create(
        board=world.board, person=UserFactory(name="Came later"), title="New chair", starts_on=date(2014, 10, 1)
    )

    old = page(client, former, "governance:board", world.board.pk).content.decode()
    new = page(client, officer(icb, Role.GOVERNANCE), "governance:board", world.board.pk).content.decode()

    assert "Your partner belonged to this board until a succession on 1 August 2014" in old
    assert "24 March 2014" in old
    assert "28 July 2014" in old
    assert "NHS Southwark CCG" in old
    for later in ("27 November 2014", "New chair", "Came later", "NHS South East London ICB"):
        assert later not in old
        assert later in new
    assert "Your partner belonged" not in new
    assert "24 March 2014" in new
    # Only the one who acts there is offered to.
    assert "Add a meeting" in new
    assert "Add a meeting" not in old


def test_board_is_in_the_lists_of_both(client, world, former):
    icb = follow(world, world.ccg)

    for person in (former, officer(icb, Role.METRICS)):
        assert world.board.name in page(client, person, "governance:boards").content.decode()
    assert world.board in Board.objects.shared_now(officer(icb, Role.FINANCE))
    assert world.board not in Board.objects.shared_now(again(former))


def test_who_followed_and_belonged_before_is_shown_in_both_times(client, world, former, monkeypatch):
    icb = OrganisationFactory(key="icb", name="NHS South East London ICB", kind="icb")
    join_board(world.board, icb)
    # Confirmed after that was written, as it is where things happen in their order.
    monkeypatch.setattr(
        test_succession,
        "OrganisationFactory",
        lambda **given: icb if given["key"] == "icb" else OrganisationFactory(**given),
    )
    monkeypatch.setattr(test_succession, "AFTER", timezone.now() + timedelta(days=1))
    test_succession.follow(world, world.ccg)

    parties = boards.detail(again(former), world.board.pk).parties

    assert [link.organisation.key for link in parties] == ["icb", "southwark-ccg", "southwark-council"]
    assert [link.organisation.key for link in boards.detail(officer(icb, Role.FINANCE), world.board.pk).parties] == [
        "icb",
        "southwark-council",
    ]


def test_former_party_reads_no_other_board_and_changes_nothing(client, world, former):
    other = BoardFactory(name="Hackney board")
    join_board(other, world.hackney)
    follow(world, world.ccg)
    held = Meeting.objects.filter(board=world.board).first()

    assert page(client, former, "governance:board", other.pk).status_code == 404
    assert page(client, world.person("finance", "hackney"), "governance:board", world.board.pk).status_code == 404
    client.force_login(again(former), backend="partners.backends.EmailBackend")
    for name, pk in (("governance:meeting_new", world.board.pk), ("governance:meeting_outcome", held.pk)):
        assert client.post(reverse(name, args=[pk]), {"held_on": "27/11/2014"}).status_code == 403
    assert Meeting.objects.filter(board=world.board).count() == 2


def test_meeting_after_the_ending_is_unknown_to_the_former_party(client, world, former):
    icb = follow(world, world.ccg)
    later = meetings.call(
        board_id=world.board.pk, held_on=date(2014, 11, 27), by=officer(icb, Role.GOVERNANCE), at=LATER
    )

    known = set(Meeting.objects.visible_to(again(former)).values_list("held_on", flat=True))
    client.force_login(again(former), backend="partners.backends.EmailBackend")

    assert known == {date(2014, 3, 24), date(2014, 7, 28)}
    assert client.post(reverse("governance:meeting_outcome", args=[later.pk]), {}).status_code == 404


def test_former_party_reads_risks_released_before_its_ending_alone(world, former):
    early, closed = risk(world, "Released in July", at=NOON), risk(world, "Owned by nobody yet", at=NOON)
    Risk.objects.filter(pk=closed.pk).update(released_at=None)
    icb = follow(world, world.ccg)
    late = risk(world, "Released in September", at=LATER)

    assert set(Risk.objects.visible_to(again(former))) == {early}
    assert set(Risk.objects.visible_to(officer(icb, Role.PROGRAMME))) == {early, late}


def test_former_party_has_no_dashboard_of_the_board(client, world, former):
    assert page(client, former, "reports:dashboard", world.board.pk).status_code == 200

    follow(world, world.ccg)

    assert page(client, former, "reports:dashboard", world.board.pk).status_code == 404


def test_reason_and_timeline_of_the_board_say_that_it_was_before(world, former):
    follow(world, world.ccg)
    person, kind = again(former), kinds.named("board")

    told = [reason.rule for reason in why.reasons(person, kind, world.board.pk)]

    assert told == ["Your partner belonged to the board, before a succession ended that."]
    # Every version was written after the confirmation of 2014, so that none is shown.
    versions = kinds.events_of(Board)._default_manager.filter(pgh_obj=world.board.pk)
    assert versions.exists()
    assert not versions.filter(kind.versions_seen(person, world.board)).exists()


def test_plan_that_waits_is_put_away_with_words_and_the_successor_uploads_its_own(client, world):
    finance = world.person("finance")
    content = plan_files.workbook(plan_files.example())
    staged = plans.stage(fund=world.fund, file=io.BytesIO(content), filename="plan.xlsx", by=finance, at=NOON)

    icb = follow(world, world.council)

    kept = StagedImport.objects.get(pk=staged.pk)
    assert kept.status == StagedImport.DISCARDED
    assert bytes(kept.content) == content
    shown = page(client, finance, "pooled_budgets:plan_import", world.fund.pk, staged.pk)
    assert shown.status_code == 200
    words = "in the place of Southwark Council. If the plan still holds, NHS South East London ICB uploads it."
    assert (
        "It was put away, and nothing of it was imported. NHS South East London ICB has kept" in shown.content.decode()
    )
    line = AuditEvent.objects.get(kind="plan.discarded")
    assert (line.partner_id, line.target_id) == (str(world.council.pk), str(staged.pk))
    assert words in line.reason
    again_ = plans.stage(
        fund=Fund.objects.get(pk=world.fund.pk),
        file=io.BytesIO(content),
        filename="plan.xlsx",
        by=officer(icb, Role.FINANCE),
        at=AFTER,
    )
    assert again_.status in (StagedImport.STAGED, StagedImport.REFUSED)
    assert again_.owner_id == str(icb.pk)


def test_people_of_the_former_party_write_nothing_to_the_board(world, former):
    follow(world, world.ccg)

    with pytest.raises(PermissionDenied):
        register.add_risk(
            board_id=world.board.pk,
            words=register.RiskWords(text="Too late"),
            by=again(world.person("programme", "ccg")),
            at=timezone.now(),
        )

    assert not Risk.objects.exists()
