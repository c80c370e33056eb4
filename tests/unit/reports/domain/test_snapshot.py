"""The snapshot: what is refused, with its place, and a hash that depends on content alone."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.domain import snapshot
from reports.domain.snapshot import SnapshotError, parse

Json = dict[str, Any]

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def problems_of(data: object) -> dict[str, str]:
    """Each problem's message by its path."""
    with pytest.raises(SnapshotError) as caught:
        parse(data)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_parse_southwark_gives_schemes_that_add_up(southwark: Json) -> None:
    read = parse(southwark)

    assert sum(scheme.budget.value for scheme in read.schemes if scheme.budget.value) == Decimal("8957000.00")
    assert read.scheme_total.outturn == Decimal("8957000.00")
    assert read.status == "final"
    assert [scheme.number for scheme in read.schemes] == ["1", "2", "3", "4", "5", "7", "11"]


def test_parse_incomplete_figures_is_sound(incomplete: Json) -> None:
    read = parse(incomplete)

    assert read.scheme_total.missing == ("3", "7")
    assert read.scheme_total.variance is None
    assert [scheme.number for scheme in read.schemes if scheme.outturn.leaves_a_gap] == ["3", "7"]


def test_parse_without_a_status_is_a_draft(southwark: Json) -> None:
    del southwark["status"]

    assert parse(southwark).status == "draft"


@pytest.mark.parametrize(
    ("path", "value", "where", "says"),
    [
        (["schema"], 2, "schema", "must be 1"),
        (["title"], " ", "title", "must not be empty"),
        (["version"], True, "version", "whole number"),
        (["made_at"], "2014-07-14T10:30:00", "made_at", "offset"),
        (["header", "date"], "28/07/2014", "header.date", "must be a day"),
        (["header", "date"], None, "header.date", "must be a day"),
        (["header", "from"], "One officer", "header.from", "must be a list"),
        (["header", "classification"], "Secret", "header.classification", "Open, Exempt"),
        (["schemes", 0, "budget"], "5,621,000", "schemes[0].budget", "two decimals"),
        (["schemes", 0, "budget"], 5621000, "schemes[0].budget", "two decimals"),
        (["schemes", 0, "outturn"], None, "schemes[0].outturn", "no amount although its state is stated"),
        (["schemes", 0, "outturn_state"], "missing", "schemes[0].outturn", "has an amount although"),
        (["schemes", 0, "outturn_state"], "nil", "schemes[0].outturn", "0.00 or null"),
        (["schemes", 0, "variance"], "1.00", "schemes[0].variance", "is 1.00; the schemes give 0.00"),
        (["schemes", 1, "number"], "1", "schemes[1].number", "twice"),
        (["scheme_total", "budget"], "8957000.01", "scheme_total.budget", "the schemes give 8957000.00"),
        (["scheme_total", "outturn"], None, "scheme_total.outturn", "is no amount"),
        (["scheme_total", "missing"], ["3"], "scheme_total.missing", "without an outturn: []"),
        (["metrics", 0, "status"], "green", "metrics[0].status", "on_track"),
        (["metrics", 0, "status"], "not_on_track", "metrics[0].override_reason", "must say why"),
        (["recommendations", 1, "number"], 3, "recommendations[1].number", "must be 2"),
        (["implications", 4, "none_reason"], " ", "implications[4]", "a reason"),
        (["period", "ends_on"], "2014-03-31", "period.ends_on", "before the period starts"),
        (["next_steps", 0, "due"], "soon", "next_steps[0].due", "must be a day"),
        (["risks", 0, "illustrative"], "yes", "risks[0].illustrative", "true or false"),
        (["background", 1], 7, "background[1]", "must be text"),
        (["fund"], [], "fund", "must be an object"),
        (["fund", "fudning"], [], "fund.fudning", "not a key"),
        (["colour"], "red", "colour", "not a key"),
    ],
)
def test_parse_spoilt_snapshot_names_the_place(
    southwark: Json, path: list[str | int], value: object, where: str, says: str
) -> None:
    part: Any = southwark
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value

    assert says in problems_of(southwark)[where]


def test_parse_several_mistakes_names_all_of_them(southwark: Json) -> None:
    del southwark["wards" if "wards" in southwark else "period"]
    southwark["version"] = "one"
    southwark["header"]["date"] = "soon"

    assert {"period", "version", "header.date"} <= set(problems_of(southwark))


def test_parse_not_yet_available_without_a_date_is_refused(incomplete: Json) -> None:
    incomplete["schemes"][2]["outturn_until"] = None

    assert "until when" in problems_of(incomplete)["schemes[2].outturn_until"]


def test_parse_total_variance_beside_a_missing_outturn_is_refused(incomplete: Json) -> None:
    incomplete["scheme_total"]["variance"] = "0.00"

    assert "no amount" in problems_of(incomplete)["scheme_total.variance"]


def test_parse_outturn_not_released_leaves_a_gap_in_the_total(withheld: Json) -> None:
    assert parse(withheld).scheme_total.missing == ("3", "7")

    withheld["scheme_total"]["missing"] = []
    assert "without an outturn: ['3', '7']" in problems_of(withheld)["scheme_total.missing"]


def test_parse_outturn_not_released_with_an_amount_is_refused(withheld: Json) -> None:
    withheld["schemes"][2]["outturn"] = "1.00"

    assert "although its state is not_released" in problems_of(withheld)["schemes[2].outturn"]


def test_parse_exempt_report_without_a_paragraph_is_refused(southwark: Json) -> None:
    southwark["header"]["classification"] = "Exempt"

    assert "Schedule 12A" in problems_of(southwark)["header.exempt"]


def test_parse_open_report_with_an_exempt_paragraph_is_refused(exempt: Json) -> None:
    exempt["header"]["classification"] = "Open"

    assert "must be empty" in problems_of(exempt)["header.exempt"]


def test_parse_exempt_paragraph_outside_schedule_12a_is_refused(exempt: Json) -> None:
    exempt["header"]["exempt"][0]["paragraph"] = "8"

    assert "header.exempt[0].paragraph" in problems_of(exempt)


@pytest.mark.parametrize("data", [None, [], "snapshot", 7])
def test_parse_something_else_is_refused(data: object) -> None:
    assert problems_of(data)["snapshot"] == "must be an object"


@given(plain)
def test_parse_any_json_answers_or_refuses(data: object) -> None:
    with pytest.raises(SnapshotError):
        parse(data)


@given(plain)
def test_sha256_after_a_trip_through_json_is_the_same(data: object) -> None:
    assert snapshot.sha256(json.loads(json.dumps(data))) == snapshot.sha256(data)


def test_sha256_with_keys_in_another_order_is_the_same(southwark: Json) -> None:
    turned = dict(reversed(southwark.items()))

    assert list(turned) != list(southwark)
    assert snapshot.sha256(turned) == snapshot.sha256(southwark)


def test_sha256_after_one_changed_penny_is_another(southwark: Json) -> None:
    before = snapshot.sha256(southwark)
    southwark["schemes"][0]["budget"] = "5621000.01"

    assert snapshot.sha256(southwark) != before


def test_snapshot_id_is_the_first_twelve_of_the_hash(southwark: Json) -> None:
    assert snapshot.snapshot_id(southwark) == snapshot.sha256(southwark)[:12]
    assert len(snapshot.snapshot_id(southwark)) == 12


def test_canonical_json_keeps_letters_and_has_no_spaces() -> None:
    assert snapshot.canonical_json({"b": "£5 ŵ", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"£5 ŵ"}'


@pytest.mark.parametrize(
    ("value", "says"),
    [(1.5, "not float"), (Decimal("1.50"), "not Decimal"), ({1: "a"}, "must be text"), ("\ud800", "half")],
)
def test_canonical_json_of_another_type_is_refused(value: object, says: str) -> None:
    with pytest.raises(SnapshotError, match=says):
        snapshot.canonical_json({"amount": [value]})
