"""The monitoring grid: cells saved by themselves and together, two people at once, and what a page costs."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integration_hub.core.models import AuditEvent
from pooled_budgets import policies
from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import MonthForecast, Scheme, SchemeLine
from pooled_budgets.selectors import grid
from pooled_budgets.services import month_forecasts, periods, postings
from tests.factories.money import SchemeFactory, month, quarter
from tests.factories.partners import NOON as AT

DAY = AT.date()


@pytest.fixture
def lines(world):
    for number in range(1, 13):
        month(2014, number)
    return [SchemeFactory(fund=world.fund, number=number, position=n).lines.get() for n, number in enumerate("12")]


@pytest.fixture
def record(world):
    def save(*cells, by=None, at=AT):
        """Cells as (line, month, amount or None, what was seen)."""
        entries = [
            CellEntry(line.pk, number, None if a is None else Decimal(a), seen) for line, number, a, seen in cells
        ]
        by = by or world.person("finance")
        return month_forecasts.record(fund_id=world.fund.pk, entries=entries, by=by, at=at)

    return save


def cells(world, line, reader="council"):
    found = grid.grid(world.fund, world.person("finance", reader), on=DAY)
    row = next(row for row in found.lines if row.key == line.pk)
    return {cell.month: cell.amount for cell in row.cells if cell.amount is not None}


def statements(queries):
    """What was asked of the database, without the marks of a transaction in a transaction."""
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


def test_cells_are_a_draft_until_released_and_then_seen_at_once(world, lines, record):
    first, second = lines
    assert record((first, 4, "100.00", ""), (first, 5, "-20.50", ""), (second, 4, "0.00", "")) == 3

    assert cells(world, first) == {4: Decimal("100.00"), 5: Decimal("-20.50")}
    assert cells(world, first, "ccg") == {}
    assert month_forecasts.release(fund=world.fund, by=world.person("finance"), at=AT) == 3
    record((second, 6, "7.00", ""))
    assert cells(world, second, "ccg") == {4: Decimal("0.00"), 6: Decimal("7.00")}
    with pytest.raises(policies.NothingToRelease):
        month_forecasts.release(fund=world.fund, by=world.person("finance"), at=AT)
    told = AuditEvent.objects.filter(kind="month_forecasts.recorded").order_by("recorded_at").first()
    assert told.after == {"Scheme 1, month 4": "100.00", "Scheme 1, month 5": "-20.50", "Scheme 2, month 4": "0.00"}


def test_two_people_lose_nothing_and_only_the_same_cell_is_a_conflict(world, lines, record):
    line = lines[0]
    record((line, 4, "100.00", ""), (line, 5, "50.00", ""))
    record((line, 4, "110.00", "100.00"), at=AT + timedelta(minutes=5))
    # Saw the old value of month 4, and changed month 5 alone.
    record((line, 4, "100.00", "100.00"), (line, 5, "55.00", "50.00"))
    assert cells(world, line) == {4: Decimal("110.00"), 5: Decimal("55.00")}

    with pytest.raises(month_forecasts.CellsChanged) as refused:
        record((line, 4, "120.00", "100.00"), (line, 6, "1.00", ""))
    assert "you saw £100.00; Finance of council saved £110.00 on 14 July 2014 at 13:05; you entered £120.00" in str(
        refused.value
    )
    assert cells(world, line) == {4: Decimal("110.00"), 5: Decimal("55.00")}
    # Both want the same: nothing to quarrel about.
    assert record((line, 4, "110.00", "100.00")) == 0
    record((line, 4, None, "110.00"))
    assert cells(world, line) == {5: Decimal("55.00")}


def test_closed_months_and_strangers_are_refused(world, lines, record):
    line = lines[0]
    lock = {"fund": world.fund, "period": quarter(2014, 1), "by": world.person("approver"), "at": AT}
    periods.lock(**lock, reason="Sent for sign-off", who_can_lift="an approver of the CCG")

    with pytest.raises(policies.PeriodLocked, match="an approver of the CCG"):
        record((line, 4, "1.00", ""), (line, 3, "1.00", ""))
    with pytest.raises(PermissionDenied):
        record((line, 4, "1.00", ""), by=world.person("finance", "ccg"))
    with pytest.raises(Http404):
        record((line, 4, "1.00", ""), by=world.person("finance", "hackney"))
    assert not MonthForecast.objects.exists()


def test_a_closed_month_shows_what_was_posted_and_the_outturn_waits_for_every_open_one(world, lines, record):
    line, officer = lines[0], world.person("finance")
    for number, amount in ((1, "10.00"), (3, "5.25"), (4, "99.00")):
        postings.post(
            fund=world.fund,
            line_id=line.pk,
            month=month(2014, number),
            amount=Decimal(amount),
            description="x",
            by=officer,
            at=AT,
        )
    periods.lock(
        fund=world.fund, period=quarter(2014, 1), reason="x", who_can_lift="y", by=world.person("approver"), at=AT
    )
    record(*((line, number, "2.00", "") for number in range(4, 12)))

    def row():
        return grid.grid(world.fund, officer, on=DAY).lines[0]

    assert (row().outturn, row().missing, row().spent) == (None, (12,), Decimal("114.25"))
    record((line, 12, "0.00", ""))
    assert (row().outturn, row().variance) == (Decimal("31.25"), Decimal("-968.75"))
    assert cells(world, line)[1] == Decimal("10.00")
    # The total of a closed month leads to what was posted in it.
    client = Client()
    client.force_login(officer)
    shown = client.get(reverse("pooled_budgets:grid", args=[world.fund.pk])).text
    links = re.findall(r'href="([^"]*/posted/[^"]*month=[^"]*)">(?:<[^>]*>)*([^<]*)', shown)
    assert [amount for _, amount in links] == ["£10.00", "£5.25"]
    opened = client.get(links[1][0].replace("&amp;", "&")).text
    assert "Posted to all schemes in month 3" in opened
    assert "£5.25" in opened


def test_a_cell_stands_once_for_a_line_and_a_month(world, lines, record):
    record((lines[0], 4, "1.00", ""))
    row = MonthForecast.objects.get()
    row.pk = None
    with pytest.raises(DatabaseError, match="month_forecast_unique"), transaction.atomic():
        MonthForecast.objects.bulk_create(
            [
                MonthForecast(
                    line=row.line,
                    period=row.period,
                    amount=2,
                    owner=row.owner,
                    entered_by=row.entered_by,
                    entered_at=AT,
                )
            ]
        )


def typed(world, of, **given):
    return {"line": str(of.pk), "month": "4", "value": "1,200.50", "seen": ""} | given


def test_a_cell_saves_by_itself_in_at_most_eight_queries(world, lines, client):
    address = f"/funds/{world.fund.pk}/monitoring/grid/cell/"
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    client.post(address, typed(world, lines[1]))
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(address, typed(world, lines[0]))
    assert answer.json() == {"code": "1200.50", "words": "Saved"}
    assert len(statements(queries)) <= 8, "\n".join(statements(queries))
    with CaptureQueriesContext(connection) as queries:
        assert client.post(address, typed(world, lines[0], value="7", seen="1200.50")).status_code == 200
    assert len(statements(queries)) <= 8

    conflict = client.post(address, typed(world, lines[0], value="8", seen="1200.50"))
    assert (conflict.status_code, "you saw £1,200.50" in conflict.json()["words"]) == (409, True)
    assert client.post(address, typed(world, lines[0], value="1,20")).status_code == 400
    for wrong in ({"line": "x"}, {"month": "x"}, {"seen": "x"}):
        assert client.post(address, typed(world, lines[0], **wrong)).status_code == 400
    assert client.post(address, typed(world, lines[0], month="13")).status_code == 400
    assert cells(world, lines[0]) == {4: Decimal("7.00")}


def sent(response):
    """The grid as its page would send it back."""
    data = {}
    for row in response.context["form"].rows:
        data |= {f"r{row.number}": row.key, f"s{row.number}": row.seen}
        data |= {cell.name: cell.text for cell in row.cells if cell.cell.is_open}
    return data


def test_the_page_saves_without_javascript_and_a_pasted_block_is_all_or_nothing(world, lines, client):
    address = f"/funds/{world.fund.pk}/monitoring/grid/"
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    page = sent(client.get(address))
    assert client.post(address, page | {"c0-4": "£1,000.00", "c1-5": "nil"}).status_code == 302
    assert (cells(world, lines[0]), cells(world, lines[1])) == ({4: Decimal("1000.00")}, {5: Decimal("0.00")})

    page = sent(client.get(address))
    block = "\r\n".join(["\t".join(["5"] * 12), "Scheme 2\t" + "\t".join(["6"] * 12)])
    refused = client.post(address, page | {"preview": "1", "pasted": block})
    assert (refused.status_code, "2 rows and 12 or 13 columns" in refused.content.decode()) == (400, True)
    block = "\n".join(["\t".join(["5"] * 12), "\t".join(["6"] * 11 + ["6.001"])])
    refused = client.post(address, page | {"preview": "1", "pasted": block})
    assert "month 12" in refused.content.decode()
    assert sent(refused) == page
    shown = client.post(address, page | {"preview": "1", "pasted": block.replace("6.001", "")})
    assert "23 cells filled, 23 of them different" in shown.content.decode()
    assert cells(world, lines[0]) == {4: Decimal("1000.00")}
    assert client.post(address, sent(shown)).status_code == 302
    assert set(cells(world, lines[0]).values()) == {Decimal("5.00")}
    assert set(cells(world, lines[1])) == set(range(1, 12))
    # The total of March leaves the second line out, and says so.
    assert client.get(address).content.decode().count(">1 missing<") == 1

    stale = client.post(address, page | {"c0-4": "9"})
    assert (stale.status_code, stale.context["form"].rows[0].cells[3].text) == (409, "9.00")
    assert "you saw £1,000.00" in stale.content.decode()
    assert client.post(address, page | {"s0": "forged"}).status_code == 400
    assert client.post(address, page | {"c0-4": "1,0"}).status_code == 400
    assert set(cells(world, lines[0]).values()) == {Decimal("5.00")}


def test_the_page_costs_the_same_at_10_and_150_lines_and_stays_light(world, lines, client):
    client.force_login(world.person("finance"), backend="partners.backends.EmailBackend")
    address, counted = f"/funds/{world.fund.pk}/monitoring/grid/", []
    for size in (10, 150):
        have = Scheme.objects.filter(fund=world.fund).count()
        made = Scheme.objects.bulk_create(
            Scheme(fund=world.fund, owner=world.council, number=f"G{n}", position=n, name=f"S {n}", released_at=AT)
            for n in range(have, size)
        )
        SchemeLine.objects.bulk_create(
            SchemeLine(scheme=scheme, owner=world.council, budget=12, at=DAY, released_at=AT) for scheme in made
        )
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        counted.append(len(queries))

    assert counted[0] == counted[1] <= 12
    # 1,800 inputs and their lines: about 160 bytes a cell before they are compressed.
    assert response.content.count(b"hub-grid__input") == 1_800
    assert len(response.content) < 1_800 * 260
