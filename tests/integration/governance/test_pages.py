"""The pages about boards: who sees what, in how many queries, and what bad input gets."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from governance.models import BoardLink, Meeting
from tests.factories.money import BoardFactory, join_board
from tests.factories.partners import OrganisationFactory


@pytest.fixture
def board_url(world):
    return reverse("governance:board", args=[world.board.pk])


def sign_in(client, person):
    client.force_login(person, backend="partners.backends.EmailBackend")
    return client


def test_boards_shows_own_boards_and_hides_those_of_strangers(client, world):
    other = BoardFactory(name="Hackney Integrated Commissioning Board")
    join_board(other, world.hackney)

    page = sign_in(client, world.person("member")).get(reverse("governance:boards")).content.decode()

    assert "Southwark Health and Wellbeing Board" in page
    assert "Hackney" not in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_board_of_strangers_is_not_there(client, world, board_url, method):
    assert getattr(sign_in(client, world.person("governance", "hackney")), method)(board_url).status_code == 404


def test_board_leaves_out_a_linked_board_of_strangers(client, world, board_url):
    secret = BoardFactory(name="Secret group")
    join_board(secret, world.hackney)
    BoardLink.objects.create(parent=world.board, child=secret)

    assert "Secret group" not in sign_in(client, world.person("member")).get(board_url).content.decode()


def test_board_tells_the_publication_deadline_and_refuses_to_guess_past_the_calendar(client, world, board_url):
    Meeting.objects.create(board=world.board, held_on=date(2099, 7, 28))

    page = sign_in(client, world.sitting_member()).get(board_url).content.decode()

    assert "18 July 2014" in page
    assert "Bank holidays are known from" in page


def test_board_escapes_names(client, world, board_url):
    world.board.name = "<script>alert(1)</script>" + "long " * 30
    world.board.save()

    page = sign_in(client, world.person("member")).get(board_url).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_meeting_new_by_somebody_without_the_role_is_forbidden(client, world):
    url = reverse("governance:meeting_new", args=[world.board.pk])

    answer = sign_in(client, world.person("finance")).post(url, {"held_on": "27 10 2014"})

    assert answer.status_code == 403
    assert Meeting.objects.count() == 1


def test_meeting_new_with_a_bad_date_shows_the_form_again(client, world):
    url = reverse("governance:meeting_new", args=[world.board.pk])

    answer = sign_in(client, world.person("governance")).post(url, {"held_on": "31 2 2014", "purpose": "for noting"})

    assert answer.status_code == 400
    assert "for noting" in answer.content.decode()
    assert Meeting.objects.count() == 1


def test_meeting_new_twice_on_a_day_is_a_conflict(client, world):
    url = reverse("governance:meeting_new", args=[world.board.pk])

    answer = sign_in(client, world.person("governance")).post(url, {"held_on": "28 7 2014"})

    assert answer.status_code == 409
    assert "already has a meeting" in answer.content.decode()


def test_meeting_outcome_changed_meanwhile_keeps_what_was_typed(client, world):
    url = reverse("governance:meeting_outcome", args=[world.meeting.pk])
    signed_in = sign_in(client, world.person("governance"))
    signed_in.post(url, {"outcome": "Noted.", "seen": ""})

    answer = signed_in.post(url, {"outcome": "Agreed.", "seen": ""})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Noted." in page
    assert "Agreed." in page


@pytest.mark.parametrize("name", ["boards", "board"])
def test_pages_cost_the_same_queries_at_10_and_200_rows(client, world, django_assert_max_num_queries, name):
    signed_in = sign_in(client, world.person("governance"))
    url = reverse(f"governance:{name}", args=[world.board.pk] if name == "board" else [])

    def grow(to: int) -> None:
        for number in range(world.board.meetings.count(), to):
            board = BoardFactory(area=world.area)
            join_board(board, world.council, OrganisationFactory())
            BoardLink.objects.create(parent=world.board, child=board)
            Meeting.objects.create(board=world.board, held_on=date(2014, 8, 1) + timedelta(days=number))

    grow(10)
    with django_assert_max_num_queries(12) as small:
        signed_in.get(url)
    grow(200)
    with django_assert_max_num_queries(12) as large:
        signed_in.get(url)
    assert len(small) == len(large)


def test_api_deadline_knows_and_refuses(client, world):
    signed_in = sign_in(client, world.person("member"))

    assert signed_in.get("/api/v1/calendar/publication-deadline/?meeting=2014-07-28").json() == {
        "publish_by": "2014-07-18"
    }
    assert signed_in.get("/api/v1/calendar/publication-deadline/?meeting=2099-07-28").status_code == 422
    wrong = signed_in.get("/api/v1/calendar/publication-deadline/?meeting=soon")
    assert wrong.status_code == 400
    assert wrong.json()["errors"][0]["field"] == "meeting"


def test_api_boards_scopes_rows_and_filters(client, world):
    other = BoardFactory()
    join_board(other, world.hackney)

    rows = sign_in(client, world.person("member")).get("/api/v1/boards/").json()

    assert [row["id"] for row in rows["results"]] == [str(world.board.pk)]
    assert client.get(f"/api/v1/boards/{other.pk}/").status_code == 404
    assert client.get("/api/v1/boards/?kind=cabinet").json()["count"] == 0
    assert client.get("/api/v1/meetings/").json()["count"] == 1
