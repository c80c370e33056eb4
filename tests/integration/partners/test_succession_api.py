"""Successions by the API, and what the form makes of its lines."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from partners.forms_succession import LINES, wanted
from tests.integration.partners.succeeding import Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.organisation("county", "county", "Surrey", title="Surrey County Council")
    stage.organisation("west", "unitary", title="West Surrey Council")
    stage.organisation("east", "unitary", title="East Surrey Council")
    stage.organisation("icb", "icb", "Surrey", title="NHS Surrey Heartlands ICB")
    stage.fund("Surrey", "Surrey", "county", "icb", year=2022, total="90000000.00")
    stage.pays("Surrey", "county", "33333333.33")
    return stage


def found(client, person, **query: str):
    client.force_login(type(person).objects.get(pk=person.pk), backend="partners.backends.EmailBackend")
    answer = client.get(reverse("api:successions-list"), query)
    assert answer.status_code == 200
    return answer.json()["results"]


def test_list_tells_who_follows_whom_and_nobodys_figures(client, stage):
    draft = stage.prepare(
        "split", stage.line("county", "west", "60/100"), stage.line("county", "east", "40/100", keeps=False)
    )

    row = found(client, stage.person("admin", "county"))[0]

    assert row["id"] == str(draft.pk)
    assert (row["kind"], row["state"], row["effective_on"]) == ("split", "draft", "2022-07-01")
    assert [(line["successor_name"], line["share"]) for line in row["lines"]] == [
        ("West Surrey Council", "3/5"),
        ("East Surrey Council", "2/5"),
    ]
    assert [line["takes_what_cannot_be_divided"] for line in row["lines"]] == [True, False]
    assert "33333333" not in str(row)


def test_draft_is_for_administrators_concerned_and_operators_and_confirmed_ones_for_their_people(client, stage):
    draft = stage.prepare("split", stage.line("county", "west"))
    officer, stranger = stage.person("finance", "county"), stage.person("admin", "icb")
    stage.person("admin", "county")
    assert [len(found(client, person)) for person in (stage.operator(), officer, stranger)] == [1, 0, 0]

    stage.agree(draft, "county")
    stage.confirm(draft, at=datetime(2022, 7, 4, tzinfo=UTC))

    assert [len(found(client, person)) for person in (stage.operator(), officer, stranger)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"kind": "split"}, 1),
        ({"kind": "merger"}, 0),
        ({"state": "confirmed"}, 0),
        ({"since": "2022-07-01"}, 1),
        ({"until": "2022-07-01"}, 0),
    ],
    ids=str,
)
def test_list_is_narrowed_by_kind_state_and_day(client, stage, query, number):
    stage.prepare("split", stage.line("county", "west"))

    assert len(found(client, stage.operator(), **query)) == number


def lines(*rows: dict[str, str]) -> list[bool]:
    data = {"lines-TOTAL_FORMS": str(len(rows)), "lines-INITIAL_FORMS": "0"}
    data |= {f"lines-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    form = LINES(data, prefix="lines")
    assert form.is_valid(), form.errors
    return [line.keeps for line in wanted(form)]


def test_whoever_follows_alone_takes_what_cannot_be_divided_without_being_marked(stage):
    alone = {"predecessor": "Surrey County Council", "successor": "West Surrey Council"}

    assert lines(alone, {}) == [True]
    # Of several somebody has to be marked: nobody is chosen for the operator.
    both = [alone | {"share": "3/5"}, alone | {"successor": "East Surrey Council", "share": "2/5"}]
    assert lines(*both) == [False, False]
    assert lines(both[0], both[1] | {"keeps": "on"}) == [False, True]


@pytest.mark.parametrize(("row", "is_open"), [({}, False), ({"lines-4-predecessor": "Nobody"}, True)])
def test_further_lines_are_folded_away_unless_something_stands_in_them(client, stage, row, is_open):
    client.force_login(stage.operator(), backend="partners.backends.EmailBackend")

    page = client.post(
        reverse("partners:succession_new"), {"lines-TOTAL_FORMS": "6", "lines-INITIAL_FORMS": "0", **row}
    )

    assert page.status_code == 400
    assert page.context["more_lines"] is is_open
