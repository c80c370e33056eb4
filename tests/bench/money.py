"""`make bench`, the second part: funds, the monitoring grid, ledger extracts and the risk share, each beside a floor.

Pages stand beside a floor of as many table cells. Times are medians of readings in turn, in one process, without the
network. Nothing here passes or fails on a time; how many queries each page may ask is a test elsewhere.
"""

import csv
import io
import sys
import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from partners.models import User
from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.settling import settle
from pooled_budgets.models import Fund, LedgerCode, MonthForecast, SchemeLine
from pooled_budgets.selectors import extracts
from pooled_budgets.services import extracts as services
from tests.architecture.matrix.stage import Stage, set_up
from tests.architecture.test_scale import FINANCE, queries
from tests.bench import floor
from tests.bench.floor import COLUMNS, FLOOR, READINGS, SAVE, gather_statistics, keep, milliseconds
from tests.factories import national_money
from tests.factories.money import SchemeFactory, month
from tests.factories.partners import NOON

ROWS = 10_000
PAGES = {
    "home": "",
    "fund, 150 schemes": "pooled_budgets:fund",
    "monitoring grid, 150 x 12": "pooled_budgets:grid",
    "contributions": "pooled_budgets:contributions",
    "schemes": "pooled_budgets:schemes",
    "ledger": "pooled_budgets:ledger",
    "variances": "pooled_budgets:outturns",
    "virements": "pooled_budgets:virements",
    "risk share, 150 schemes, 8 partners": "pooled_budgets:risk_share",
}


def told(capsys: pytest.CaptureFixture[str], lines: list[str]) -> None:
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


def taken(work: Callable[[], Any], readings: int = READINGS) -> float:
    """The median of so many milliseconds."""
    times = []
    for _ in range(readings):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def read(stage: Stage, fund: Fund) -> dict[str, dict[str, float]]:
    """Each page with its queries, cells and milliseconds, and those of a floor of as many cells, in turn."""
    gather_statistics()
    found = {}
    for name, address in PAGES.items():
        page = reverse(address, args=[fund.pk]) if address else reverse("home")
        text = stage.request(page, "GET", FINANCE).content.decode()
        cells = text.count("<td") + text.count("<th ") + text.count("<th>")
        beside = f"{FLOOR}?rows={max(cells // COLUMNS, 1)}"
        stage.request(beside, "GET", FINANCE)
        asked, times, floors = len(queries(stage, page, FINANCE)), [], []
        for _ in range(READINGS):
            floors.append(milliseconds(stage, beside, FINANCE))
            times.append(milliseconds(stage, page, FINANCE))
        found[name] = {"queries": asked, "cells": cells, "ms": median(times), "floor_ms": median(floors)}
    return found


@pytest.mark.django_db
def test_pages_of_a_large_fund_alone_and_in_a_nation(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture[str]
):
    with django_db_blocker.unblock(), set_up() as stage, override_settings(ROOT_URLCONF=floor.__name__):
        fund = national_money.large_fund(stage.made)
        alone = read(stage, fund)
        what_if = {"ms": _what_if(stage, fund)}
        postings = national_money.nation(stage.made)
        nation = read(stage, fund)
    rows = {
        name: {
            "queries": page["queries"],
            "cells": page["cells"],
            "ms": round(page["ms"], 1),
            "times_the_floor": round(page["ms"] / page["floor_ms"], 2),
            "times_itself_alone": round(page["ms"] / alone[name]["ms"] * alone[name]["floor_ms"] / page["floor_ms"], 2),
        }
        for name, page in nation.items()
    }
    keep("money", {"postings": postings, "pages": rows, "what_if": what_if})
    told(
        capsys,
        [
            f"A fund of 150 schemes among {postings:,} postings; floors of as many cells.",
            f"{'page':40}{'queries':>8}{'cells':>7}{'ms':>8}{'x floor':>9}{'x alone':>9}",
            *(
                f"{name:40}{row['queries']:>8}{row['cells']:>7}{row['ms']:>8}{row['times_the_floor']:>9}"
                f"{row['times_itself_alone']:>9}"
                for name, row in rows.items()
            ),
            f"what-if of 150 schemes and 8 partners: {what_if['ms']:.1f} ms of server time",
        ],
    )
    assert nation.keys() == PAGES.keys()


def _what_if(stage: Stage, fund: Fund) -> float:
    """One changed outturn, as the page sends it while somebody types."""
    address = reverse("pooled_budgets:risk_share_what_if", args=[fund.pk])
    sent = {"quarter": "1", "outturn-0": "1500.00"}
    client = Client(headers={"HX-Request": "true"})
    client.force_login(stage.made.world.person("finance"), backend="partners.backends.EmailBackend")

    def change() -> None:
        answer = client.post(address, sent)
        assert b"81.12" in answer.content, answer.content[:500]

    change()
    return taken(change)


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF=floor.__name__)
def test_one_cell_is_saved(world, capsys: pytest.CaptureFixture[str]):
    """Committed to disk each time, beside the least that such a save can be: a locked read, an update, an audit."""
    for number in range(1, 14):
        month(2014, number)
    lines = [SchemeFactory(fund=world.fund, number=str(n)).lines.get() for n in range(1, 151)]
    person, period = world.person("finance"), month(2014, 12)
    forecasts = MonthForecast.objects.bulk_create(
        MonthForecast(line=line, owner=world.council, period=period, amount=1, entered_by=person, entered_at=NOON)
        for line in lines
    )
    client = Client()
    client.force_login(person, backend="partners.backends.EmailBackend")
    address = reverse("pooled_budgets:grid_cell", args=[world.fund.pk])
    state = {"number": 0, "code": "1.00"}

    def save() -> None:
        state["number"] += 1
        amount = f"{state['number']}.50"
        sent = {"line": str(lines[0].pk), "month": "12", "value": amount, "seen": state["code"]}
        answer = client.post(address, sent)
        assert answer.json() == {"code": amount, "words": "Saved"}, answer.content
        state["code"] = amount

    def least() -> None:
        state["number"] += 1
        assert client.post(SAVE, {"row": str(forecasts[1].pk), "amount": f"{state['number']}.25"}).status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")  # the throw-away servers of tests leave it out
    save(), least()
    with CaptureQueriesContext(connection) as captured:
        save()
    forecasts[0].refresh_from_db()
    assert f"{forecasts[0].amount:f}" == state["code"], "what was typed stands there"
    # Counted now: the next request throws the list away.
    asked = len(captured)
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        committed = cursor.fetchone()[0]
    mine, beside = taken(save, 40), taken(least, 40)
    figures = {"queries": asked, "ms": round(mine, 1), "floor_ms": round(beside, 1), "synchronous": committed}
    keep("cell", figures | {"times_the_floor": round(mine / beside, 2)})
    told(capsys, [f"one cell saved: {figures}, {mine / beside:.2f} times the floor"])
    assert committed == "on"


def workbook(number: int, start: int) -> bytes:
    """An extract of so many rows, over eight codes and four months."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Ledger code", "Period", "Amount", "Description", "Reference"])
    for row in range(number):
        amount = round((row + start) % 5000 + 1.25, 2)
        sheet.write_row(row + 1, 0, [f"A{row % 8}", row % 4 + 1, amount, f"Row {row}", f"INV{row}"])
    book.close()
    return out.getvalue()


def copied(rows: list[list[Any]], fund: Fund, line: SchemeLine, by: User, number: int) -> float:
    """Seconds of a bare COPY of the same rows under the same triggers."""
    text = io.StringIO()
    writer, period, batch = csv.writer(text), month(2014, 1), uuid.UUID(int=number)
    for row in rows:
        writer.writerow(
            [
                *(uuid.uuid4(), fund.pk, line.pk, period.pk, "actual", row[2], row[3], row[4], "2014-04-30", "", batch),
                *(by.pk, NOON.isoformat(), fund.owner_id, NOON.isoformat()),
            ]
        )
    text.seek(0)
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY pooled_budgets_transaction (id, fund_id, line_id, period_id, kind, amount, description, reference,"
            " at, reason, batch, entered_by_id, entered_at, owner_id, released_at) FROM STDIN"
            " WITH (FORMAT csv, FORCE_NOT_NULL (reference, reason))",
            text,
        )
    return time.perf_counter() - begun


@pytest.mark.django_db
def test_extract_of_ten_thousand_rows(world, capsys: pytest.CaptureFixture[str]):
    """Read, checked, staged, previewed, posted and audited; beside reading the file and a bare COPY of its rows."""
    for number in range(1, 5):
        month(2014, number)
    lines = [SchemeFactory(fund=world.fund, number=str(n)).lines.get() for n in range(8)]
    for number, line in enumerate(lines):
        LedgerCode.objects.create(line=line, organisation=world.council, code=f"A{number}")
    by, found = world.person("finance"), []
    for run in range(3):
        content = workbook(ROWS, run * 17)
        begun = time.perf_counter()
        sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python()[1:]
        least = time.perf_counter() - begun
        total = sum((Decimal(str(row[2])) for row in rows), Decimal(0))
        least += copied(rows, world.fund, lines[0], by, run + 1)
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            staged = services.stage(
                fund=world.fund,
                file=io.BytesIO(content),
                filename="l.xlsx",
                stated=Controls(ROWS, total),
                by=by,
                at=NOON,
            )
            shown = extracts.preview(staged, world.fund, by)
            services.confirm(import_id=staged.pk, seen=shown.seen, by=by, at=NOON)
        found.append((time.perf_counter() - begun, least, len(asked)))
    ratio = median(whole / least for whole, least, _ in found)
    figures = {
        "rows": ROWS,
        "seconds": round(median(whole for whole, _, _ in found), 2),
        "floor_seconds": round(median(least for _, least, _ in found), 2),
        "times_the_floor": round(ratio, 2),
        "queries": found[-1][2],
    }
    keep("extract", figures)
    told(capsys, [f"extract of {ROWS:,} rows: {figures}"])


def test_risk_share_of_150_schemes(capsys: pytest.CaptureFixture[str]):
    """Eight partners, twenty groups; the whole of it, from JSON to shares."""
    keys = [f"partner-{number}" for number in range(8)]
    tiers = [
        {"method": "contingency"},
        {"method": "fixed", "shares": dict.fromkeys(keys, "12.5"), "limit": {"percent_of_budget": "2"}},
        {"method": "contributions"},
    ]
    caps = [{"partner": keys[0], "amount": "100.00", "excess_to": "others"}]
    pool = {
        "partners": {key: f"{1_000_000 + number * 7}.01" for number, key in enumerate(keys)},
        "contingency": "1000.00",
        "schemes": [
            {"no": str(n), "budget": "1000.00", "outturn": f"{1000 + n % 7 * 13}.37", "lead": keys[n % 8]}
            for n in range(150)
        ],
        "groups": [
            {
                "name": f"Group {n}",
                "schemes": [str(number) for number in range(n, 150, 20)],
                "netting": "gross" if n % 2 else "net",
                "overspend": tiers,
                "underspend": [{"method": "contributions"}],
                "caps": caps,
            }
            for n in range(20)
        ],
    }
    result = settle(reading.read(pool))
    took = taken(lambda: settle(reading.read(pool)), 50)
    keep("risk_share", {"ms": round(took, 2)})
    told(capsys, [f"risk share of 150 schemes, 8 partners, 20 groups: {took:.2f} ms"])
    assert len(result.entries) == 20
