"""The outline of boards: a graph drawn as nested lists, loops cut, unknown boards left out."""

from hypothesis import given
from hypothesis import strategies as st

from governance.domain.structure import Outline, outline, tops


def names(branch: Outline[str]) -> object:
    return {branch.item: [names(child) for child in branch.children]} if branch.children else branch.item


def test_outline_nests_what_accounts_to_a_board():
    items = {key: key for key in ("hwb", "tht", "ne", "nw")}

    drawn = outline("hwb", items, [("hwb", "tht"), ("tht", "ne"), ("tht", "nw")])

    assert names(drawn) == {"hwb": [{"tht": ["ne", "nw"]}]}


def test_outline_of_a_board_with_two_parents_stands_under_both():
    items = {key: key for key in ("a", "b", "c", "d")}
    links = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]

    assert names(outline("a", items, links)) == {"a": [{"b": ["d"]}, {"c": ["d"]}]}


def test_outline_leaves_out_what_the_reader_may_not_know():
    assert names(outline("a", {"a": "a"}, [("a", "secret")])) == "a"


def test_tops_of_a_pure_loop_is_its_first_board():
    items = {"a": "a", "b": "b"}

    assert tops(items, [("a", "b"), ("b", "a")]) == ["a"]


KEYS = st.sampled_from("abcdefg")


@given(st.lists(st.tuples(KEYS, KEYS), max_size=20))
def test_every_board_is_reached_from_some_top_and_no_branch_repeats_itself(links):
    items = {key: key for key in "abcdefg"}
    reached: set[str] = set()

    def walk(branch: Outline[str], above: tuple[str, ...]) -> None:
        assert branch.item not in above
        reached.add(branch.item)
        for child in branch.children:
            walk(child, (*above, branch.item))

    for top in tops(items, links):
        walk(outline(top, items, links), ())

    assert reached == set(items)
