"""A fund's year settled between its partners: who invoices whom, how much and for what, and the account of the pool.

The money is kept by the host, who paid for everything: whatever a partner still owes goes to the host, and whatever it
gets back comes from there. A line of the host with itself is a transfer in its own books. The lines of all partners add
up to those of the fund, and what the rules leave unresolved stands apart until a board has divided it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from integration_hub.core.money import NIL, as_plain, total
from pooled_budgets.domain.memorandum import Account, check
from pooled_budgets.domain.risk_share import reading
from pooled_budgets.domain.risk_share.inputs import FundFigures
from pooled_budgets.domain.risk_share.settling import Settlement

CONTRIBUTION, REPAYMENT, OVERSPEND, UNDERSPEND, DECIDED = (
    "contribution",
    "repayment",
    "overspend",
    "underspend",
    "decided",
)
MATTERS: Final = {
    CONTRIBUTION: "Outstanding contribution",
    REPAYMENT: "Contribution paid twice or too much, to be repaid",
    OVERSPEND: "Share of the overspend",
    UNDERSPEND: "Share of the underspend",
    DECIDED: "Part of what the rules left unresolved, by decision of the board",
}


@dataclass(frozen=True)
class Paid:
    """A contribution to the fund and what came in of it, in pounds. In kind, what was promised counts as given."""

    source: str
    payer: str
    amount: Decimal
    received: Decimal
    in_kind: bool = False

    @property
    def outstanding(self) -> Decimal:
        """Below nil where more came in than was due."""
        return NIL if self.in_kind else self.amount - self.received


@dataclass(frozen=True)
class Division:
    """How a board divided what the rules left unresolved: pounds by partner's key, and which decision says so."""

    decision: str = ""
    shares: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return total(self.shares.values())


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """What a year end is worked out from. `host` is the key of the partner that keeps the money."""

    host: str
    figures: FundFigures
    paid: tuple[Paid, ...]
    opening: Decimal = NIL
    other_income: Decimal = NIL


@dataclass(frozen=True)
class Invoice:
    """Pounds that one partner asks of another; where both are the host, a transfer in its own books."""

    issuer: str
    receiver: str
    matter: str
    amount: Decimal

    @property
    def is_own(self) -> bool:
        return self.issuer == self.receiver


@dataclass(frozen=True)
class Statement:
    """One partner's year, in pounds. `net` is what it still pays, below nil what it gets."""

    key: str
    contribution: Decimal
    in_kind: Decimal
    received: Decimal
    outstanding: Decimal
    pays: Decimal
    decided: Decimal
    receives: Decimal

    @property
    def net(self) -> Decimal:
        return self.outstanding + self.pays + self.decided - self.receives


def statements(year: YearFigures, settled: Settlement, division: Division) -> list[Statement]:
    """One for each partner of the pool."""
    found = []
    for key in settled.pays:
        theirs = [each for each in year.paid if each.payer == key]
        found.append(
            Statement(
                key=key,
                contribution=total(each.amount for each in theirs),
                in_kind=total(each.amount for each in theirs if each.in_kind),
                received=total(each.received for each in theirs if not each.in_kind),
                outstanding=total(each.outstanding for each in theirs),
                pays=settled.pays[key],
                decided=division.shares.get(key, NIL),
                receives=settled.receives[key],
            )
        )
    return found


def invoices(rows: Iterable[Statement], host: str) -> list[Invoice]:
    """Who asks whom for how much, and for what; nothing for nil."""
    found = []
    for row in rows:
        asked = [
            (CONTRIBUTION, max(row.outstanding, NIL), True),
            (REPAYMENT, max(-row.outstanding, NIL), False),
            (OVERSPEND, row.pays, True),
            (DECIDED, row.decided, True),
            (UNDERSPEND, row.receives, False),
        ]
        for matter, amount, by_host in asked:
            if amount:
                issuer, receiver = (host, row.key) if by_host else (row.key, host)
                found.append(Invoice(issuer, receiver, matter, amount))
    return found


def account(year: YearFigures, settled: Settlement, division: Division) -> Account:
    """The memorandum account; raises Unbalanced unless its identities hold."""
    schemes = year.figures.schemes
    return check(
        Account(
            opening=year.opening,
            contributions={key: total(each.amount for each in year.paid if each.payer == key) for key in settled.pays},
            other_income=year.other_income,
            expenditure=total(scheme.outturn or NIL for scheme in schemes),
            budgets=total(scheme.budget or NIL for scheme in schemes),
            contingency_opening=settled.contingency_opening,
            contingency_closing=settled.contingency_closing,
            carried_forward=settled.carried_forward,
            unresolved=settled.unresolved - division.total,
            paid={key: amount + division.shares.get(key, NIL) for key, amount in settled.pays.items()},
            returned=dict(settled.receives),
        )
    )


def moved(rows: Iterable[Statement]) -> Decimal:
    """Pounds that the settlement itself moves, whichever way: shares paid, received and decided."""
    return total(row.pays + row.decided + row.receives for row in rows)


def freeze(
    year: YearFigures,
    settled: Settlement,
    division: Division,
    *,
    about: Mapping[str, Any],
    posted: Mapping[str, Decimal],
    providers: Mapping[str, str],
) -> dict[str, Any]:
    """The whole year end as plain values, from which every page and file is drawn.

    `posted` is what the ledger has of a scheme by number; a scheme with no posting has none.
    """
    names = dict(year.figures.names)
    rows = statements(year, settled, division)
    made = account(year, settled, division)
    return {
        **about,
        "host": year.host,
        "names": names,
        "schemes": [
            {
                "no": scheme.number,
                "name": scheme.name,
                "budget": as_plain(scheme.budget or NIL),
                "outturn": as_plain(scheme.outturn or NIL),
                "variance": as_plain(scheme.variance or NIL),
                "posted": as_plain(posted[scheme.number]) if scheme.number in posted else None,
                "provider": providers.get(scheme.number, ""),
            }
            for scheme in year.figures.schemes
        ],
        "contributions": [
            {
                "source": each.source,
                "payer": each.payer,
                "in_kind": each.in_kind,
                "amount": as_plain(each.amount),
                "received": None if each.in_kind else as_plain(each.received),
                "outstanding": as_plain(each.outstanding),
            }
            for each in year.paid
        ],
        "risk_share": reading.as_json(settled),
        "division": {"decision": division.decision, "shares": _plain(division.shares)},
        "partners": [
            {
                "key": row.key,
                **{
                    name: as_plain(getattr(row, name))
                    for name in (
                        *("contribution", "in_kind", "received", "outstanding"),
                        *("pays", "decided", "receives", "net"),
                    )
                },
            }
            for row in rows
        ],
        "invoices": [
            {"issuer": line.issuer, "receiver": line.receiver, "matter": line.matter, "amount": as_plain(line.amount)}
            for line in invoices(rows, year.host)
        ],
        "moved": as_plain(moved(rows)),
        "account": {
            **{
                name: as_plain(getattr(made, name))
                for name in (
                    *("opening", "contributed", "other_income", "funding", "expenditure", "net", "paid_in"),
                    *("returned_out", "closing", "contingency_closing", "carried_forward", "unplaced", "unresolved"),
                )
            },
            "contributions": _plain(made.contributions),
            "paid": _plain(made.paid),
            "returned": _plain(made.returned),
        },
    }


def division_of(content: Mapping[str, Any]) -> Division:
    """How a frozen year divided what its rules left unresolved."""
    frozen = content["division"]
    return Division(frozen["decision"], {key: Decimal(amount) for key, amount in frozen["shares"].items()})


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one exact spelling, in hexadecimal."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True)
class Change:
    """A figure that is another one by now; pounds as text, or None where one of the two has none."""

    words: str
    before: str | None
    now: str | None


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What became of the figures after they were frozen, in the order of the page."""
    then, today = _figures(before), _figures(now)
    return [
        Change(words, then.get(words), today.get(words))
        for words in dict.fromkeys([*then, *today])
        if then.get(words) != today.get(words)
    ]


def _figures(content: Mapping[str, Any]) -> dict[str, str | None]:
    names = content["names"]
    found: dict[str, str | None] = {"Opening balance": content["account"]["opening"]}
    for row in content["contributions"]:
        who = f"{row['source']}, {names.get(row['payer'], row['payer'])}"
        found[f"Contribution: {who}"] = row["amount"]
        found[f"Received: {who}"] = row["received"]
    for row in content["schemes"]:
        found[f"Budget of scheme {row['no']}"] = row["budget"]
        found[f"Outturn of scheme {row['no']}"] = row["outturn"]
    found["Contingency"] = content["risk_share"]["contingency"]["opening"]
    for row in content["partners"]:
        found[f"Share of overspends: {names.get(row['key'], row['key'])}"] = row["pays"]
        found[f"Share of underspends: {names.get(row['key'], row['key'])}"] = row["receives"]
    found["Unresolved by the rules"] = content["risk_share"]["unresolved"]
    found["Carried forward by the rules"] = content["risk_share"]["carried_forward"]
    return found


def _plain(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: as_plain(amount) for key, amount in amounts.items()}
