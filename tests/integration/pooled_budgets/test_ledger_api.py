"""Ledger extracts and the month grid by the API, with money as text and nothing of what may not be known."""

import io
from decimal import Decimal

import pytest

from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import LedgerCode
from pooled_budgets.selectors import extracts as extract_rows
from pooled_budgets.services import extracts, month_forecasts, postings, profiles
from pooled_budgets.services.schemes import budget_seen
from tests.factories.money import SchemeFactory, month
from tests.factories.partners import NOON as AT

SHEET = b"Code,Period,Amount,Description\nA1,3,100.10,Care\nZ9,2,5.55,Unknown\nZ9,3,1.00,Unknown\n"


@pytest.fixture
def line(world):
    line = SchemeFactory(fund=world.fund, number="1", budget="1200.00").lines.get()
    LedgerCode.objects.create(line=line, organisation=world.council, code="A1")
    for number in range(1, 14):
        month(2014, number)
    return line


@pytest.fixture
def read(client, world):
    def get(path, *, of="council"):
        client.force_login(world.person("finance", of), backend="partners.backends.EmailBackend")
        answer = client.get(f"/api/v1/{path}")
        return answer.status_code, answer.json()

    return get


def test_an_extract_tells_its_control_totals_what_it_posted_parked_and_took_back(world, line, read):
    officer = world.person("finance")
    shared = {"by": officer, "at": AT}
    staged = extracts.stage(
        fund=world.fund,
        file=io.BytesIO(SHEET),
        filename="june.csv",
        stated=Controls(3, Decimal("106.65")),
        **shared,
    )
    path = f"ledger-extracts/{staged.pk}/"

    _, before = read(path)
    assert before["control_totals"]["stated"] == {"rows": 3, "amount": "106.65"}
    assert (before["status"], before["posted"], before["parked"]) == ("staged", {"rows": 0, "amount": "0.00"}, [])

    seen = extract_rows.preview(staged, world.fund, officer).seen
    extracts.confirm(import_id=staged.pk, seen=seen, **shared)
    _, posted = read("ledger-extracts/?status=confirmed")
    assert posted["results"][0]["posted"] == {"rows": 1, "amount": "100.10"}
    waits = {"rows": 2, "amount": "6.55"}
    assert posted["results"][0]["parked"] == [{"code": "Z9", **waits, "waiting": waits}]

    extracts.assign(fund=world.fund, code="Z9", line_id=line.pk, **shared)
    extracts.undo(import_id=staged.pk, **shared)
    _, undone = read(path)
    assert (undone["status"], undone["posted"]["amount"], undone["reversed"]) == (
        "undone",
        "106.65",
        {"rows": 3, "amount": "-106.65"},
    )
    assert undone["parked"][0]["waiting"] == {"rows": 0, "amount": "0.00"}
    assert (undone["undone_by"], read(path, of="ccg")[0]) == (str(officer), 404)
    assert read("ledger-extracts/", of="ccg")[1]["count"] == 0


def test_the_grid_gives_profile_actual_and_forecast_by_month_and_never_nought_for_none(world, line, read):
    officer = world.person("finance")
    shared = {"by": officer, "at": AT}
    even = [Decimal("100.00")] * 12
    profiles.set_months(line_id=line.pk, months=even, seen=budget_seen(line.budget, line.state), **shared)
    posted = postings.post(
        fund=world.fund, month=month(2014, 3), line_id=line.pk, amount=Decimal("90.00"), description="Care", **shared
    )
    months = [CellEntry(line.pk, number, Decimal("100.00"), "") for number in range(3, 13)]
    month_forecasts.record(fund_id=world.fund.pk, entries=months, **shared)

    status, grid = read(f"funds/{world.fund.pk}/months/")

    assert (status, grid["financial_year"], grid["drafts"]) == (200, "2014/15", 10)
    assert [found["name"] for found in grid["months"]][::12] == ["April 2014", "Adjustments"]
    row = grid["lines"][0]
    cells = {cell.pop("month"): cell for cell in row["months"]}
    assert posted.amount == Decimal(cells[3]["actual"])
    assert cells[3] == {"profile": "100.00", "actual": "90.00", "forecast": "100.00", "counts": "forecast"}
    assert cells[1] == {"profile": "100.00", "actual": None, "forecast": None, "counts": "missing"}
    assert cells[13] == {"profile": None, "actual": None, "forecast": None, "counts": "actual"}
    assert (row["budget"], row["outturn"], row["variance"]) == ("1200.00", None, None)
    # The keeper's drafts are the keeper's alone.
    theirs = read(f"funds/{world.fund.pk}/months/", of="ccg")[1]
    assert (theirs["drafts"], theirs["lines"][0]["months"][2]["forecast"]) == (0, None)
    assert read(f"funds/{world.fund.pk}/months/", of="hackney")[0] == 404
