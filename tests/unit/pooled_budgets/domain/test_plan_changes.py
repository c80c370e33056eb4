"""What a plan would change, and what the plan as it stands forbids."""

from decimal import Decimal

from integration_hub.core.states import AmountState
from pooled_budgets.domain.figures import Figure
from pooled_budgets.domain.plan_changes import Change, Standing, compare, differences, fingerprint, obstacles, snapshot
from pooled_budgets.domain.plan_sheet import PlanScheme


def standing(number="1", budget="10.00", **more):
    values = {"name": "Transfers", "note": "", "position": 1, "budget_state": AmountState.STATED} | more
    return Standing(number=number, budget=Decimal(budget), **values)


def wanted(number="1", budget="10.00", **more):
    values = {"name": "Transfers", "budget_state": AmountState.STATED, "outturn": None, "note": ""} | more
    return PlanScheme(number=number, budget=Decimal(budget), **values)


def test_compare_names_what_is_added_changed_removed_and_the_same():
    old = [standing("1"), standing("2"), standing("3")]
    new = [wanted("1"), wanted("2", "12.50"), wanted("4")]

    assert [(change.kind, change.number) for change in compare(old, new)] == [
        ("same", "1"),
        ("changed", "2"),
        ("added", "4"),
        ("removed", "3"),
    ]
    budget = compare(old, new)[1].field("budget")
    assert (budget.before, budget.after) == ("£10.00", "£12.50")


def test_compare_an_empty_outturn_leaves_what_is_recorded():
    (change,) = compare([standing(outturn="214000.00")], [wanted()])

    assert change.kind == "same"


def test_compare_another_outturn_is_a_change_with_both_values():
    (change,) = compare([standing(outturn="nil")], [wanted(outturn=Figure.stated(Decimal("5.00")))])

    outturn = change.field("outturn")
    assert (change.kind, outturn.before, outturn.after) == ("changed", "nil", "£5.00")


def test_compare_without_a_notes_column_leaves_the_notes():
    (change,) = compare([standing(note="Keep me")], [wanted(note=None)])

    assert change.kind == "same"


def test_change_survives_being_kept_as_json():
    (change,) = compare([standing()], [wanted(budget="11.00")])

    assert Change.from_dict(change.as_dict()) == change


def test_obstacles_a_scheme_with_figures_cannot_be_left_out():
    (obstacle,) = obstacles([standing("5", holds=("1 projected outturn",))], [wanted("1")])

    assert "scheme 5" in obstacle.message
    assert "1 projected outturn" in obstacle.message
    assert not obstacle.is_correctable


def test_obstacles_a_budget_of_several_lines_cannot_change_by_one_amount():
    split = standing("1", lines=2)

    assert [problem.code for problem in obstacles([split], [wanted("1", "11.00")])] == ["several_lines"]
    assert obstacles([split], [wanted("1", "10.00")]) == []


def test_fingerprint_differs_with_any_figure_and_not_with_the_order_of_reading():
    one, two = standing("1"), standing("2")

    assert fingerprint([one, two]) == fingerprint([two, one])
    for other in (
        standing("2", "10.01"),
        standing("2", name="Other"),
        standing("2", note="Other"),
        standing("2", position=9),
        standing("2", outturn="1.00"),
        standing("3"),
    ):
        assert fingerprint([one, other]) != fingerprint([one, two])


def test_differences_say_what_changed_since_a_preview():
    before = snapshot([standing("1"), standing("2")])
    words = differences(before, [standing("2", "11.00"), standing("3")])

    assert words == [
        "scheme 1 was removed",
        "scheme 2: budget was £10.00 and is £11.00",
        "scheme 3 was added",
    ]
