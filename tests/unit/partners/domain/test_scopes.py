"""What a token may be limited to."""

import pytest

from partners.domain import scopes


@pytest.mark.parametrize(
    ("writes", "areas", "expected"),
    [
        (False, (), ("read",)),
        (True, (), ("read", "write")),
        (False, ("funds",), ("funds:read",)),
        (True, ("funds", "returns"), ("funds:read", "funds:write", "returns:read", "returns:write")),
    ],
)
def test_scopes_of_a_token(writes, areas, expected):
    made = scopes.scopes(writes=writes, areas=areas)

    assert made == expected
    assert set(made) <= set(scopes.KNOWN)


@pytest.mark.parametrize(
    ("held", "act", "area", "expected"),
    [
        (("read",), "read", "funds", True),
        (("read",), "write", "funds", False),
        (("read", "write"), "write", "funds", True),
        (("funds:read",), "read", "funds", True),
        (("funds:read",), "read", "returns", False),
        (("funds:read",), "write", "funds", False),
        (("funds:read", "funds:write"), "write", "funds", True),
        (("funds:read", "funds:write"), "write", "returns", False),
        (("funds:read",), "read", None, True),
        (("funds:read",), "write", None, False),
        ((), "read", None, False),
    ],
)
def test_permits_the_act_in_the_area_alone(held, act, area, expected):
    assert scopes.permits(held, act, area=area) is expected


def test_words_name_the_areas():
    assert scopes.words(("read",)) == "Reads"
    assert scopes.words(("read", "write")) == "Reads and writes"
    assert scopes.words(("reports:read", "boards:read")) == "Reads, only in: Boards and meetings; Reports"
