"""`make bench`: how long pages take with ten rows and at the size of the country, beside a floor from the same run.

The floor is the least that a page of ours can be: signed in, three queries, a table of 50 rows in a template. Times are
medians of readings in turn, in one process, without the network. Nothing here passes or fails on a time.
"""

import sys
from statistics import median

import pytest
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.test_scale import FINANCE, PAGES, address_of, queries, title
from tests.bench import floor
from tests.bench.floor import FILE, FLOOR, READINGS, gather_statistics, keep, milliseconds
from tests.factories.national import FEW, NATIONAL, grow


def read(stage: Stage) -> tuple[dict[str, tuple[int, float]], float]:
    """Queries and milliseconds of each page, and the floor's milliseconds, read in turn with them."""
    gather_statistics()
    found, floors = {}, []
    for page in PAGES:
        address, actor = address_of(stage, page), page[1]
        stage.request(address, "GET", actor)
        asked = len(queries(stage, address, actor))
        times = []
        for _ in range(READINGS):
            floors.append(milliseconds(stage, FLOOR, FINANCE))
            times.append(milliseconds(stage, address, actor))
        found[title(page)] = (asked, median(times))
    return found, median(floors)


@pytest.mark.django_db
def test_pages_beside_their_floor(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
):
    with django_db_blocker.unblock(), set_up() as stage, override_settings(ROOT_URLCONF=floor.__name__):
        grow(stage.made, FEW, "few")
        few, few_floor = read(stage)
        grow(stage.made, NATIONAL, "many")
        many, many_floor = read(stage)
    rows = [
        {
            "page": name,
            "queries_at_ten": few[name][0],
            "queries": many[name][0],
            "ms_at_ten": round(few[name][1], 1),
            "ms": round(many[name][1], 1),
            "times_the_floor": round(many[name][1] / many_floor, 1),
            "times_itself_at_ten": round(many[name][1] / few[name][1] * few_floor / many_floor, 2),
        }
        for name in many
    ]
    floors = {"floor_ms_at_ten": round(few_floor, 1), "floor_ms": round(many_floor, 1), "readings": READINGS}
    keep("pages", floors | {"size": vars(NATIONAL), "pages": rows})
    with capsys.disabled():
        sys.stdout.write(table(rows, floors))
    assert len(rows) == len(PAGES)


def table(rows: list[dict[str, object]], floors: dict[str, float]) -> str:
    lines = [
        f"\n{NATIONAL.people:,} people, {NATIONAL.areas} areas, {NATIONAL.organisations} organisations; "
        f"medians of {READINGS} readings. Floor: {floors['floor_ms_at_ten']} ms, {floors['floor_ms']} ms.",
        f"{'page':52}{'queries':>9}{'of ten':>8}{'ms':>8}{'of ten':>8}{'x floor':>9}{'x itself':>9}",
    ]
    lines += [
        f"{row['page']:52}{row['queries']:>9}{row['queries_at_ten']:>8}{row['ms']:>8}{row['ms_at_ten']:>8}"
        f"{row['times_the_floor']:>9}{row['times_itself_at_ten']:>9}"
        for row in rows
    ]
    return "\n".join([*lines, f"Written to {FILE.relative_to(FILE.parents[1])}", ""])
