"""A settlement as tables, drawn from its frozen content alone: the page and the files show the same."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from governance.domain.authority import Matter
from governance.selectors.movements import MovementKind
from integration_hub.core import money
from integration_hub.core.dates import long_date
from integration_hub.core.money import NIL, pounds
from pooled_budgets.domain.explaining import BUDGET, OUTTURN, POSTED, SHARE, VARIANCE
from pooled_budgets.domain.year_end import MATTERS
from pooled_budgets.models import Fund, OpeningBalance, SettlementApproval

Value = str | Decimal
TOTAL = -1
# The address at which a figure (and of what: a scheme's number, a partner's key) is explained.
Explained = Callable[..., str]
NOT_APPLICABLE = "\N{EN DASH}"


class Signed(Decimal):
    """Pounds that are printed with their sign: a variance."""


def amount_words(amount: Decimal) -> str:
    return money.signed(amount) if isinstance(amount, Signed) else pounds(amount)


@dataclass(frozen=True)
class Table:
    """A table of texts and pounds. The first column names the row; `numeric` are the places of the amounts."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    numeric: tuple[int, ...] = ()
    # Where an amount is explained, by the place of its row (TOTAL for the last) and of its column.
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return [(label, place in self.numeric) for place, label in enumerate(self.columns)]

    @property
    def drawn(self) -> list[tuple[str, list[tuple[str, bool, str]]]]:
        """Each row as its name, and its other cells with whether they are amounts and where these are explained."""
        return [self._drawn(place, row) for place, row in enumerate(self.rows)]

    @property
    def total_cells(self) -> list[tuple[str, bool, str]]:
        """The last row, name first; empty where nothing is added up."""
        if not self.total:
            return []
        name, cells = self._drawn(TOTAL, self.total)
        return [(name, False, ""), *cells]

    def _drawn(self, number: int, row: tuple[Value, ...]) -> tuple[str, list[tuple[str, bool, str]]]:
        texts = [value if isinstance(value, str) else amount_words(value) for value in row]
        return texts[0], [
            (text, place in self.numeric, self.links.get((number, place), ""))
            for place, text in enumerate(texts[1:], start=1)
        ]


@dataclass(frozen=True)
class PartnerStatement:
    """What one partner pays and gets, line by line, and the sentence that sums it up."""

    key: str
    name: str
    lines: Table
    sentence: str


def explained(fund: Fund, on: date | None = None) -> Explained:
    """Where a figure of a fund's year end is explained: now, or as it was known at the end of a day."""

    def where(figure: str, of: str = "") -> str:
        wanted = {"quarter": "4", "of": of, "on": on.isoformat() if on else ""}
        address = reverse("pooled_budgets:number", args=[fund.pk, figure])
        return f"{address}?{urlencode({name: value for name, value in wanted.items() if value})}"

    return where


def outturn_table(content: Mapping[str, Any], where: Explained | None = None) -> Table:
    """Each scheme with budget, outturn, variance and what the ledger has of it."""
    figures = ((1, BUDGET), (2, OUTTURN), (3, VARIANCE))
    links = {}
    if where is not None:
        places = [(TOTAL, ""), *enumerate(row["no"] for row in content["schemes"])]
        links = {(place, column): where(figure, of) for place, of in places for column, figure in figures}
        posted = [(place, row["no"]) for place, row in enumerate(content["schemes"]) if row["posted"] is not None]
        links |= {(place, 4): where(POSTED, of) for place, of in posted}
    rows = tuple(
        (
            f"Scheme {row['no']}: {row['name']}",
            Decimal(row["budget"]),
            Decimal(row["outturn"]),
            Signed(row["variance"]),
            "nothing posted" if row["posted"] is None else Decimal(row["posted"]),
        )
        for row in content["schemes"]
    )
    budget, outturn = _sum(content["schemes"], "budget"), _sum(content["schemes"], "outturn")
    ledger = [Decimal(row["posted"]) for row in content["schemes"] if row["posted"] is not None]
    return Table(
        "Outturn of the year",
        ("Scheme", "Budget", "Outturn", "Variance", "Posted in the ledger"),
        rows,
        ("All schemes", budget, outturn, Signed(outturn - budget), money.total(ledger) if ledger else "nothing posted"),
        (1, 2, 3, 4),
        links,
    )


def contributions_table(content: Mapping[str, Any]) -> Table:
    """Each contribution with what came in of it and what is outstanding."""
    rows = tuple(
        (
            row["source"],
            name_of(content, row["payer"]),
            Decimal(row["amount"]),
            "in kind" if row["in_kind"] else Decimal(row["received"]),
            Decimal(row["outstanding"]),
        )
        for row in content["contributions"]
    )
    received = money.total(Decimal(row["received"]) for row in content["contributions"] if row["received"] is not None)
    sums = (_sum(content["contributions"], "amount"), received, _sum(content["contributions"], "outstanding"))
    return Table(
        "Contributions",
        ("Source", "Partner", "Contribution", "Received", "Outstanding"),
        rows,
        ("All contributions", "", *sums),
        (2, 3, 4),
    )


def partners_table(content: Mapping[str, Any], where: Explained | None = None) -> Table:
    """What each partner still pays or gets; the last row is the fund's, and the partners add up to it."""
    links = {}
    if where is not None:
        # The rules give a share, and its steps, to the partners of the pool alone.
        shared = content["risk_share"]["partners"]
        for place, row in enumerate(content["partners"]):
            if row["key"] in shared:
                links[place, 4 if Decimal(row["receives"]) else 2] = where(SHARE, row["key"])
    names = ("outstanding", "pays", "decided", "receives")
    rows: list[tuple[Value, ...]] = [
        (name_of(content, row["key"]), *(Decimal(row[name]) for name in names), _net_words(Decimal(row["net"])))
        for row in content["partners"]
    ]
    sums = [_sum(content["partners"], name) for name in names]
    return Table(
        "Settlement between the partners",
        (
            *("Partner", "Outstanding contribution", "Share of overspend", "By decision of the board"),
            *("Share of underspend", "In all"),
        ),
        tuple(rows),
        ("The fund", *sums, _net_words(_sum(content["partners"], "net"), fund=True)),
        (1, 2, 3, 4, 5),
        links,
    )


def statements(content: Mapping[str, Any]) -> list[PartnerStatement]:
    """One for each partner, with its invoice lines."""
    found = []
    for row in content["partners"]:
        key, name = row["key"], name_of(content, row["key"])
        lines = [line for line in content["invoices"] if key in (line["issuer"], line["receiver"])]
        if key == content["host"]:
            lines = [line for line in lines if line["issuer"] == line["receiver"]]
        rows = tuple(
            (MATTERS[line["matter"]], _who(content, line), Decimal(line["amount"]))
            for line in sorted(lines, key=lambda line: list(MATTERS).index(line["matter"]))
        )
        net = Decimal(row["net"])
        found.append(
            PartnerStatement(
                key,
                name,
                Table(f"Invoice lines of {name}", ("For what", "Who invoices whom", "Amount"), rows, numeric=(2,)),
                _sentence(name, net, name_of(content, content["host"]), is_host=key == content["host"]),
            )
        )
    return found


def invoice_table(content: Mapping[str, Any]) -> Table:
    """Every invoice line of the settlement."""
    rows = tuple(
        (
            name_of(content, line["issuer"]),
            name_of(content, line["receiver"]),
            MATTERS[line["matter"]] + (", in its own books" if line["issuer"] == line["receiver"] else ""),
            Decimal(line["amount"]),
        )
        for line in content["invoices"]
    )
    return Table("Invoice lines", ("Who invoices", "Whom", "For what", "Amount"), rows, numeric=(3,))


def unresolved_words(content: Mapping[str, Any]) -> tuple[str, list[str]]:
    """What the rules left unresolved and how it is divided: a sentence, and a part for each partner."""
    amount = Decimal(content["risk_share"]["unresolved"])
    if not amount:
        return "", []
    shares = content["division"]["shares"]
    parts = [f"{name_of(content, key)}: {pounds(Decimal(share))}" for key, share in shares.items()]
    if not parts:
        return (
            f"The rules leave {pounds(amount)} unresolved. Nobody bears it until a decision of the board divides it.",
            [],
        )
    return f"The rules leave {pounds(amount)} unresolved. {content['division']['decision']} divides it.", parts


def about(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands at the head of a settlement."""
    rules = content["rules"]
    clause = f", {rules['clause']}" if rules.get("clause") else ""
    return [
        ("Year", f"{content['year']}, ended {long_date(date.fromisoformat(content['year_ends_on']))}"),
        ("Agreement", content["agreement"]),
        ("Money kept by", name_of(content, content["host"])),
        ("Risk-share rules", f"Version {rules.get('number')}{clause}"),
        ("Opening balance", pounds(Decimal(content["account"]["opening"]))),
        ("Closing balance", pounds(Decimal(content["account"]["closing"]))),
    ]


def of_content(content: Mapping[str, Any], where: Explained | None = None) -> dict[str, Any]:
    """Everything that a page draws of a settlement; `where` its figures are explained."""
    unresolved, parts = unresolved_words(content)
    return {
        "about": about(content),
        "tables": [outturn_table(content, where), contributions_table(content)],
        "settlement_table": partners_table(content, where),
        "statements": statements(content),
        "unresolved": unresolved,
        "divided": parts,
        "left": _left(Decimal(content["account"]["closing"])),
        "unplaced": _unplaced(Decimal(content["account"]["unplaced"])),
        "is_illustrative": content["illustrative"],
    }


def change_table(changes: Iterable[Any]) -> Table:
    """Figures that are others by now."""
    rows = tuple((change.words, _told(change.before), _told(change.now)) for change in changes)
    return Table("What has changed since", ("Figure", "In the settlement", "Now"), rows, numeric=(1, 2))


def carried_table(rows: Sequence[OpeningBalance]) -> Table:
    """What was carried forward, and what allowed it."""
    made = tuple(
        (
            f"{row.settlement.fund.year.label} to {row.fund.year.label}",
            row.amount,
            str(row.authority),
            row.reason,
            f"{row.entered_by_name}, {long_date(row.on)}",
        )
        for row in rows
    )
    total = money.total(row.amount for row in rows)
    return Table(
        "Carried forward",
        ("Years", "Amount", "Allowed by", "Why", "Entered by"),
        made,
        ("In all", total, "", "", "") if made else (),
        (1,),
    )


def _left(amount: Decimal) -> str:
    if amount <= 0:
        return ""
    return f"{pounds(amount)} is left in the pool. It goes into the next year only by a decision or a delegation."


def _unplaced(amount: Decimal) -> str:
    if not amount:
        return ""
    if amount > 0:
        return f"{pounds(amount)} of the money in stands in no scheme and no contingency. It stays in the pool."
    return f"Budgets and contingency are {pounds(-amount)} more than the money in. No partner pays that by the rules."


def _sentence(name: str, net: Decimal, host: str, *, is_host: bool) -> str:
    if not net:
        return f"{name} pays nothing and gets nothing."
    if is_host:
        way = "adds to" if net > 0 else "takes out of"
        return f"{name} keeps the money: it {way} the pool {pounds(abs(net))} in its own books."
    return f"{name} pays {host} {pounds(net)}." if net > 0 else f"{host} pays {name} {pounds(-net)}."


def _who(content: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    issuer, receiver = name_of(content, line["issuer"]), name_of(content, line["receiver"])
    return f"{issuer}, in its own books" if issuer == receiver else f"{issuer} invoices {receiver}"


def _net_words(net: Decimal, *, fund: bool = False) -> str:
    if not net:
        return pounds(NIL)
    if fund:
        return f"{pounds(net)} in" if net > 0 else f"{pounds(-net)} out"
    return f"pays {pounds(net)}" if net > 0 else f"gets {pounds(-net)}"


def _told(amount: str | None) -> Value:
    return "not known" if amount is None else Decimal(amount)


def name_of(content: Mapping[str, Any], key: str) -> str:
    return str(content["names"].get(key, key))


def _sum(rows: Iterable[Mapping[str, Any]], name: str) -> Decimal:
    return money.total(Decimal(row[name]) for row in rows)


def approval_words(approval: SettlementApproval) -> str:
    return f"Settlement {approval.settlement.number} of {approval.settlement.fund}"


def opening_words(row: OpeningBalance) -> str:
    return f"Carried forward into {row.fund}"


APPROVALS = MovementKind(
    slug="settlement",
    noun="Settlement",
    matter=Matter.SETTLEMENT,
    model=SettlementApproval,
    on="on",
    fund="settlement__fund",
    words=approval_words,
    address=lambda row: reverse("pooled_budgets:settlement", args=[row.settlement.fund_id]),
    related=("settlement__fund",),
)
CARRIED = MovementKind(
    slug="carry_forward",
    noun="Carry-forward",
    matter=Matter.CARRY_FORWARD,
    model=OpeningBalance,
    on="on",
    fund="fund",
    words=opening_words,
    address=lambda row: reverse("pooled_budgets:settlement", args=[row.fund_id]),
    related=("fund",),
)
