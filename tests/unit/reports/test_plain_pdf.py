"""The page of text that documents of the demonstration are."""

import re

import pytest

from reports.domain.plain_pdf import plain_pdf


def test_plain_pdf_has_its_lines_and_a_table_that_points_at_its_objects():
    made = plain_pdf(["An agreement (illustrative)", r"Back\slash"]).decode("ascii")

    assert r"(An agreement \(illustrative\)) Tj" in made
    assert r"(Back\\slash) Tj" in made
    places = [int(place) for place in re.findall(r"(\d{10}) 00000 n", made)]
    assert [made[place:].split(maxsplit=1)[0] for place in places] == ["1", "2", "3", "4", "5"]
    begins = int(re.search(r"startxref\n(\d+)", made)[1])
    assert made[begins:].startswith("xref\n")
    length, stream = re.search(r"/Length (\d+) >>\nstream\n(.*)\nendstream", made, re.DOTALL).groups()
    assert int(length) == len(stream)


def test_plain_pdf_with_other_letters_is_refused():
    with pytest.raises(ValueError, match="ASCII"):
        plain_pdf(["£40"])
