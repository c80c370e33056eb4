"""The shipped register is whole: every upper-tier authority and integrated care board, with codes of the right look."""

from collections import Counter
from datetime import date

from partners.domain import codes, footprints, kinds, register_files

BODIES = [*register_files.councils(), *register_files.icbs()]


def body(key: str) -> register_files.ShippedBody:
    return next(found for found in BODIES if found.key == key)


def test_councils_are_the_153_upper_tier_authorities():
    counted = Counter(council.kind for council in register_files.councils())

    assert counted == {"county": 21, "unitary": 63, "metropolitan": 36, "london_borough": 32, "city_corporation": 1}
    assert counted.total() == 153
    assert set(counted) == kinds.UPPER_TIER


def test_icbs_are_the_42_of_july_2022():
    assert len(register_files.icbs()) == 42
    assert {board.valid_from for board in register_files.icbs()} == {date(2022, 7, 1)}


def test_keys_names_and_codes_are_each_given_once():
    assert len({shipped.key for shipped in BODIES}) == len({shipped.name for shipped in BODIES}) == 195
    given = [(code.scheme, code.code) for shipped in BODIES for code in shipped.codes]
    assert len(given) == len(set(given))


def test_codes_have_the_look_of_their_scheme_and_a_source():
    given = [code for shipped in BODIES for code in shipped.codes]

    assert [code for code in given if not codes.looks_right(code.scheme, code.code)] == []
    assert [code for code in given if code.checked or not code.source] == []
    assert {code.scheme for code in given} == {"ons", "mhclg", "register", "ods"}


def test_kind_of_each_council_is_the_one_that_its_ons_code_says():
    first = {
        "county": "E10",
        "unitary": "E06",
        "metropolitan": "E08",
        "london_borough": "E09",
        "city_corporation": "E09",
    }

    assert [row.key for row in register_files.councils() if not row.ons_code.startswith(first[row.kind])] == []


def test_codes_that_ons_gave_anew_keep_the_old_one_until_the_day_before():
    expected = {
        "barnsley-council": ("E08000016", "E08000038", date(2025, 4, 1)),
        "sheffield-council": ("E08000019", "E08000039", date(2025, 4, 1)),
        "gateshead-council": ("E08000020", "E08000037", date(2013, 4, 1)),
        "northumberland-council": ("E06000048", "E06000057", date(2013, 4, 1)),
        "surrey-heartlands-icb": ("E54000052", "E54000063", date(2023, 4, 1)),
        "sussex-icb": ("E54000053", "E54000064", date(2023, 4, 1)),
    }

    for key, (old, new, day) in expected.items():
        before, after = body(key).area_codes
        assert (before.code, after.code, after.valid_from) == (old, new, day)
        assert before.valid_to is not None
        assert (day - before.valid_to).days == 1
    others = [shipped for shipped in BODIES if shipped.key not in expected]
    assert {len(shipped.area_codes) for shipped in others} == {1}


def test_councils_that_came_later_have_their_first_day():
    assert body("cumberland-council").valid_from == date(2023, 4, 1)
    # The county councils went on as unitary authorities; only their codes are new.
    assert body("somerset-council").valid_from is None
    assert body("somerset-council").area_codes[0].valid_from == date(2023, 4, 1)


def test_footprints_lie_in_wider_ones_that_come_before_and_cover_shipped_areas():
    known: dict[str, str] = {}
    in_regions = Counter(code for row in register_files.footprints() if row.kind == "region" for code in row.areas)
    areas = {code.code for shipped in BODIES for code in shipped.area_codes}
    for row in register_files.footprints():
        assert row.kind in footprints.KINDS
        assert set(row.areas) <= areas
        for place in row.within:
            assert footprints.is_wider(known[place.parent], row.kind)
        known[row.key] = row.kind
    assert Counter(known.values()) == {"nation": 1, "region": 9, "stp": 1, "local_system": 1, "area": 8, "locality": 4}
    assert (len(in_regions), set(in_regions.values())) == (153, {1})
