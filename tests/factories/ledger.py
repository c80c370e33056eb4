"""Postings, commitments and extracts of the ledger: one of each, around the released fund of `everything`."""

import io
from decimal import Decimal
from typing import TYPE_CHECKING

from integration_hub.core.models import StagedImport
from pooled_budgets.domain.ledger_sheet import Controls
from pooled_budgets.domain.month_grid import CellEntry
from pooled_budgets.models import BalanceStatement, MonthForecast, ParkedRow, SchemeLine
from pooled_budgets.selectors import extracts
from pooled_budgets.services import balances, commitments, month_close, month_forecasts, postings, variances
from pooled_budgets.services import extracts as services
from tests.factories.money import month
from tests.factories.partners import NOON

if TYPE_CHECKING:
    from tests.factories.everything import Everything

# What stands in the texts of the council's rows that nobody else reads (as in everything.py).
DRAFT = "COUNCIL-ONLY"
AFTER_THE_YEAR = NOON.replace(year=2015)


def add(made: "Everything") -> None:
    """Postings, one of them taken back; a commitment; extracts staged, refused, and posted with a row parked."""
    world, mark, finance = made.world, made.mark, made.world.person("finance")
    line = SchemeLine.objects.get(scheme=made["scheme"])
    for number in range(1, 14):
        month(2014, number)
    april, july = month(2014, 1), month(2014, 4)
    shared = {"fund": world.fund, "by": finance, "at": NOON, "line_id": line.pk}
    posting = postings.post(month=july, amount=Decimal("4321.09"), description=f"{mark} posting", **shared)
    wrong = postings.post(month=july, amount=Decimal("9.87"), description=f"{mark} wrong posting", **shared)
    commitment = commitments.record(
        supplier=f"{mark} supplier", description=f"{mark} order", open_value=Decimal("77.01"), due=july, **shared
    )
    made.keep(
        line=line,
        april=april,
        july=july,
        posting=posting,
        reversed_posting=wrong,
        reversal=postings.reverse(transaction_id=wrong.pk, reason=f"{mark} reason", by=finance, at=NOON),
        commitment=commitment,
        extract_confirmed=_extract(made, "confirmed", Controls(2, Decimal("56.55"))),
    )
    services.confirm(
        import_id=made["extract_confirmed"].pk,
        seen=seen(made, "extract_confirmed"),
        by=finance,
        at=NOON,
    )
    entry = CellEntry(line.pk, 5, Decimal("321.07"), "")
    month_forecasts.record(fund_id=world.fund.pk, entries=[entry], by=finance, at=NOON)
    _balances(made, line)
    variances.set_threshold(fund=world.fund, pounds=Decimal("10.00"), percent=None, by=finance, at=NOON)
    explanation = variances.explain(
        fund=world.fund,
        scheme_id=made["scheme"].pk,
        period=made["quarter_1"],
        seen=made["forecast"].amount - line.budget,
        text=f"{mark} explanation",
        by=finance,
        at=NOON,
    )
    # The adjustment period alone: the others stay as what the rows above need them.
    closing = month_close.close(
        fund=world.fund, month=month(2014, 13), reason=f"{mark} closing", by=finance, at=AFTER_THE_YEAR
    )
    made.keep(
        closing=closing,
        explanation=explanation,
        month_forecast=MonthForecast.objects.get(),
        parked_row=ParkedRow.objects.get(),
        extract_staged=_extract(made, "staged", Controls(2, Decimal("56.55"))),
        extract_refused=_extract(made, "refused", Controls(3, Decimal("56.55"))),
    )


def _balances(made: "Everything", line: SchemeLine) -> None:
    """What both partners state of a line at the end of the year: a pound apart, and of which kind that is."""
    world = made.world
    fourth = {"fund": world.fund, "quarter": made["quarter_4"], "at": NOON}
    for partner, amount in (("council", "5000.10"), ("ccg", "4999.10")):
        by = world.person("finance", partner)
        balances.state(**fourth, amounts={line.pk: Decimal(amount)}, release=True, by=by)
    typed = balances.type_difference(
        **fourth,
        line_id=line.pk,
        kind="timing",
        owner_id=world.ccg.pk,
        person=f"{made.mark} person",
        note=f"{made.mark} difference",
        by=world.person("finance"),
    )
    made.keep(balance=BalanceStatement.objects.get(owner=world.council), balance_difference=typed)


def seen(made: "Everything", name: str) -> str:
    """The digest of the codes, as the preview of an extract shows it."""
    return extracts.preview(made[name], made.world.fund, made.world.person("finance")).seen


def extract_file(made: "Everything", name: str) -> bytes:
    """Two rows of July: one with the code of a line, one with a code that nobody knows."""
    mark = made.mark
    return (
        "Code,Month,Amount,Description\n"
        f"{mark} ledger,4,1.00,{mark} extract {name}\n"
        f"{mark} {DRAFT} code,4,55.55,{mark} {DRAFT} parked {name}\n"
    ).encode()


def _extract(made: "Everything", name: str, stated: Controls) -> StagedImport:
    return services.stage(
        fund=made.world.fund,
        file=io.BytesIO(extract_file(made, name)),
        filename=f"{made.mark} {DRAFT} {name}.csv",
        stated=stated,
        by=made.world.person("finance"),
        at=NOON,
    )
