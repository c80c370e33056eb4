"""Risks and next steps: a partner's own until released, changed without losing anybody's words."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from governance.models import Board
from integration_hub.core.errors import ChangedMeanwhile
from integration_hub.core.models import AuditEvent
from programme.models import NextStep, Risk
from programme.selectors import register as selectors
from programme.services import register
from programme.services.register import RiskWords, StepWords
from tests.factories.money import BoardFactory, join_board
from tests.factories.partners import NOON

WORDS = RiskWords(text="Resubmission of the plan may come late", response="Draft early", held_by="Programme manager")


@pytest.fixture
def officer(world):
    return world.person("programme")


@pytest.fixture
def risk(world, officer):
    return register.add_risk(board_id=world.board.pk, words=WORDS, by=officer, at=NOON)


def sign_in(client, person):
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


def test_add_risk_is_a_draft_of_the_partner_with_one_audit_line(world, risk):
    assert risk.owner == world.council
    assert AuditEvent.objects.filter(kind="risk.added", partner_id=str(world.council.pk)).count() == 1
    assert selectors.for_board(world.board, world.person("member")).risks == [risk]
    assert selectors.for_board(world.board, world.person("member", "ccg")).risks == []
    assert selectors.for_board(world.board, world.sitting_member()).risks == []


def test_release_shows_drafts_to_the_partners_and_the_board(world, officer, risk):
    step = register.add_step(board_id=world.board.pk, words=StepWords(text="Draft the agreement"), by=officer, at=NOON)

    assert register.release(board_id=world.board.pk, by=officer, at=NOON) == 2

    seen = selectors.for_board(world.board, world.sitting_member())
    assert (seen.risks, seen.steps) == ([risk], [step])
    assert register.release(board_id=world.board.pk, by=officer, at=NOON) == 0
    assert AuditEvent.objects.filter(kind="register.released").count() == 1


def test_change_risk_of_another_partner_is_refused_and_changes_nothing(world, officer, risk):
    register.release(board_id=world.board.pk, by=officer, at=NOON)
    other = world.person("programme", "ccg")

    with pytest.raises(PermissionDenied):
        register.change_risk(risk_id=risk.pk, words=RiskWords(text="Mine"), seen=WORDS, by=other, at=NOON)

    risk.refresh_from_db()
    assert risk.text == WORDS.text


def test_add_risk_by_a_stranger_finds_no_board(world):
    with pytest.raises(Board.DoesNotExist):
        register.add_risk(board_id=world.board.pk, words=WORDS, by=world.person("programme", "hackney"), at=NOON)

    assert not Risk.objects.exists()


def test_change_risk_that_somebody_changed_in_the_same_field_shows_both(world, officer, risk):
    register.change_risk(
        risk_id=risk.pk, words=RiskWords(text="Late"), seen=RiskWords(text=WORDS.text), by=officer, at=NOON
    )

    with pytest.raises(ChangedMeanwhile, match=r"Late.*Early") as refusal:
        register.change_risk(
            risk_id=risk.pk, words=RiskWords(text="Early"), seen=RiskWords(text=WORDS.text), by=officer, at=NOON
        )

    risk.refresh_from_db()
    assert risk.text == "Late"
    assert refusal.value.field == "text"


def test_change_risk_that_somebody_changed_in_another_field_keeps_both(world, officer, risk):
    seen = WORDS
    register.change_risk(
        risk_id=risk.pk, words=RiskWords(**{**vars(WORDS), "response": "Ask"}), seen=seen, by=officer, at=NOON
    )

    register.change_risk(
        risk_id=risk.pk, words=RiskWords(**{**vars(WORDS), "held_by": "Finance lead"}), seen=seen, by=officer, at=NOON
    )

    risk.refresh_from_db()
    assert (risk.response, risk.held_by) == ("Ask", "Finance lead")


def test_database_refuses_a_risk_without_words_and_an_unknown_status(world, risk):
    with pytest.raises(IntegrityError, match="risk_has_text"), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(text="")
    with pytest.raises(IntegrityError, match="risk_status"), transaction.atomic():
        Risk.objects.filter(pk=risk.pk).update(status="gone")


def test_page_adds_a_risk_and_shows_a_bad_one_again(client, world, officer):
    url = reverse("programme:risk_new", args=[world.board.pk])
    signed_in = sign_in(client, officer)

    empty = signed_in.post(url, {"text": "", "response": "Draft early", "status": "open"})
    assert empty.status_code == 400
    assert "Draft early" in empty.content.decode()
    assert not Risk.objects.exists()

    assert signed_in.post(url, {"text": "Late", "status": "open"}).status_code == 302
    page = signed_in.get(reverse("programme:programme")).content.decode()
    assert "Late" in page
    assert "Only Southwark Council can see this" in page


def test_page_conflict_keeps_what_was_typed(client, world, officer, risk):
    url = reverse("programme:risk", args=[risk.pk])
    signed_in = sign_in(client, officer)
    form = {f"seen_{name}": value for name, value in vars(WORDS).items()} | vars(WORDS)
    assert signed_in.post(url, form | {"text": "First"}).status_code == 302

    answer = signed_in.post(url, form | {"text": "Second"})

    assert answer.status_code == 409
    assert "First" in answer.content.decode()
    assert "Second" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "person", "status"),
    [
        ("risk_new", ("finance", "council"), 403),
        ("risk_new", ("programme", "hackney"), 404),
        ("step_new", ("member", "ccg"), 403),
        ("step_new", ("programme", "hackney"), 404),
    ],
)
def test_pages_of_a_board_refuse_the_wrong_person(client, world, name, person, status):
    signed_in = sign_in(client, world.person(*person))

    assert signed_in.get(reverse(f"programme:{name}", args=[world.board.pk])).status_code == status
    assert signed_in.post(reverse(f"programme:{name}", args=[world.board.pk]), {"text": "x"}).status_code == status
    assert not Risk.objects.exists()
    assert not NextStep.objects.exists()


def test_page_costs_the_same_queries_at_10_and_200_rows(client, world, officer, django_assert_max_num_queries):
    signed_in = sign_in(client, officer)
    url = reverse("programme:programme")

    def grow(to: int) -> None:
        for number in range(Risk.objects.count(), to):
            board = BoardFactory(area=world.area)
            join_board(board, world.council, world.ccg)
            Risk.objects.create(board=board, owner=world.council, text=f"Risk {number}", at=date(2014, 7, 1))
            NextStep.objects.create(board=board, owner=world.council, text=f"Step {number}", at=date(2014, 7, 1))

    grow(10)
    with django_assert_max_num_queries(12) as small:
        signed_in.get(url)
    grow(200)
    with django_assert_max_num_queries(12) as large:
        signed_in.get(url)
    assert len(small) == len(large)
