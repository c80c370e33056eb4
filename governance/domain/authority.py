"""What lets somebody move money: a decision of a board, or a delegation. Pure arithmetic and words, no database.

A movement is refused on the day on which an authority is rescinded, revoked or lapsed and on every later one, never
before that day. Limits count the pounds moved, whichever way they moved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from integration_hub.core.dates import long_date
from integration_hub.core.money import NIL, pounds


class Matter(StrEnum):
    """What a movement of money is about, or what else a decision may say."""

    CONTRIBUTION_CHANGE = "contribution_change"
    VIREMENT = "virement"
    SCHEME_START = "scheme_start"
    SETTLEMENT = "settlement"
    CARRY_FORWARD = "carry_forward"
    # Moves no money: a decision that ratifies what was reported.
    RETURN = "return"

    @property
    def words(self) -> str:
        return MATTER_WORDS[self]


MATTER_WORDS: dict[str, str] = {
    Matter.CONTRIBUTION_CHANGE: "Change a contribution",
    Matter.VIREMENT: "Move money between schemes (virement)",
    Matter.SCHEME_START: "Start a scheme",
    Matter.SETTLEMENT: "Settle the year",
    Matter.CARRY_FORWARD: "Carry money forward",
    Matter.RETURN: "Ratify a quarterly return",
}


@dataclass(frozen=True)
class Named:
    """Which authority somebody named, by id as text: a decision, a delegation, or neither."""

    decision: str | None = None
    delegation: str | None = None

    def __bool__(self) -> bool:
        return bool(self.decision or self.delegation)

    def __str__(self) -> str:
        """As a form carries it: "delegation:<id>"; "" for neither."""
        if self.decision:
            return f"decision:{self.decision}"
        return f"delegation:{self.delegation}" if self.delegation else ""

    @classmethod
    def parse(cls, text: str) -> "Named":
        """The reverse of str(); anything else names neither."""
        kind, _, key = text.partition(":")
        return cls(**{kind: key}) if kind in ("decision", "delegation") and key else cls()


@dataclass(frozen=True)
class Standing:
    """A role that somebody holds for an organisation, with the capacity of an approver; ids are text."""

    organisation: str
    role: str
    capacity: str = ""


@dataclass(frozen=True)
class Holder:
    """Who holds a delegation: a role or a capacity of an organisation, or a board. `words` name it for people."""

    words: str
    organisation: str = ""
    role: str = ""
    capacity: str = ""
    board: str = ""

    def is_one_of(self, standings: Collection[Standing]) -> bool:
        """Whether one of the roles is what the delegation names; a board is nobody's role."""
        return not self.board and any(
            standing.organisation == self.organisation
            and (standing.capacity == self.capacity if self.capacity else standing.role == self.role)
            for standing in standings
        )


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A decision or delegation as the check needs it. Amounts are pounds; None is no limit.

    `limit` holds for one movement, `total` for all that name this authority together, of which `used` are moved
    already: in the financial year for a delegation, ever for a decision. `decider` says who can decide instead.
    """

    name: str
    matters: frozenset[str]
    decider: str
    starts_on: date
    ends_on: date | None = None
    ended_on: date | None = None
    ended_because: str = ""
    ended_words: str = "revoked"
    limit: Decimal | None = None
    total: Decimal | None = None
    total_words: str = "in the financial year"
    used: Decimal = NIL
    holder: Holder | None = None

    @property
    def left(self) -> Decimal | None:
        """What is still left of the total, in pounds; None without one."""
        return None if self.total is None else max(NIL, self.total - self.used)


@dataclass(frozen=True)
class Refusal:
    """Why an authority does not allow a movement, and who can decide instead."""

    code: str
    message: str
    who_can_lift: str


def check(
    authority: Authority, *, matter: Matter, amount: Decimal | None, on: date, by_capacities: Collection[Standing]
) -> Refusal | None:
    """The first reason why the authority does not allow the movement on the day; None where it does.

    `amount` is what moves, in pounds, either way; None where the movement has no amount (a scheme starts).
    """
    found = _not_in_force(authority, on) or _not_for(authority, matter, by_capacities)
    return found or (None if amount is None else _over(authority, abs(amount)))


def limits_wrong(limit: Decimal | None, total: Decimal | None) -> tuple[str, str] | None:
    """Why these limits of a delegation, in pounds, cannot stand together: the field and the words; None where they can.

    `limit` is for one movement, `total` for a financial year; None is no limit.
    """
    for field, amount in (("limit", limit), ("year_total", total)):
        if amount is not None and amount <= 0:
            return field, "A limit of 0.00 allows nothing. Enter more than 0.00, or leave it empty for no limit."
    if limit is not None and total is not None and limit > total:
        return (
            "limit",
            f"One movement of {pounds(limit)} would be above the {pounds(total)} of a financial year. Enter "
            f"{pounds(total)} or less, or raise the limit for the year.",
        )
    return None


def _not_in_force(authority: Authority, on: date) -> Refusal | None:
    if on < authority.starts_on:
        return _refusal(authority, "not_yet", f"{authority.name} holds from {long_date(authority.starts_on)}")
    if authority.ended_on is not None and on >= authority.ended_on:
        because = f": {authority.ended_because.rstrip('.')}" if authority.ended_because else ""
        return _refusal(
            authority,
            authority.ended_words,
            f"{authority.name} was {authority.ended_words} from {long_date(authority.ended_on)}{because}",
        )
    if authority.ends_on is not None and on > authority.ends_on:
        return _refusal(authority, "lapsed", f"{authority.name} lapsed after {long_date(authority.ends_on)}")
    return None


def _not_for(authority: Authority, matter: Matter, standings: Collection[Standing]) -> Refusal | None:
    if matter not in authority.matters:
        return _refusal(authority, "other_matter", f"{authority.name} does not cover this: {matter.words.lower()}")
    holder = authority.holder
    if holder is None or holder.is_one_of(standings):
        return None
    if holder.board:
        return _refusal(
            authority, "board_decides", f"{authority.name} lets {holder.words} decide, so name its decision"
        )
    return _refusal(authority, "not_the_holder", f"{authority.name} is given to {holder.words}, which you are not")


def _over(authority: Authority, amount: Decimal) -> Refusal | None:
    if authority.limit is not None and amount > authority.limit:
        return _refusal(
            authority,
            "over_limit",
            f"{authority.name} allows up to {pounds(authority.limit)} for one movement, and this is {pounds(amount)}",
        )
    if authority.total is not None and authority.left is not None and amount > authority.left:
        return _refusal(
            authority,
            "over_total",
            f"{authority.name} allows {pounds(authority.total)} {authority.total_words}, of which "
            f"{pounds(authority.used)} is used, so {pounds(authority.left)} is left, and this is {pounds(amount)}",
        )
    return None


def _refusal(authority: Authority, code: str, reason: str) -> Refusal:
    return Refusal(
        code, f"{reason}. Nothing was changed. Who can decide instead: {authority.decider}.", authority.decider
    )
