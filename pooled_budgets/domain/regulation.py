"""What SI 2000/617 asks an agreement under section 75 to state, and which of it a set of terms leaves out.

Regulation 7(3) is for a pooled fund; regulation 9 lists the same for functions that a council exercises for an NHS
body, with payments in the place of contributions; regulation 8 is taken to mirror 9 and was not checked against its
text. What was not checked is asked for, and does not stand in the way of a signature.
"""

from dataclasses import dataclass
from typing import Final

from pooled_budgets.domain.terms import Terms


@dataclass(frozen=True)
class Matter:
    """One of the lettered matters of the regulation. `checked`: whether its words were read in the instrument."""

    letter: str
    words: str
    checked: bool = True


@dataclass(frozen=True)
class Gap:
    """Something that the terms do not state; `stops` a signature where the regulation asks for it as checked."""

    name: str
    words: str
    stops: bool


POOLED: Final = (
    Matter("a", "The agreed aims and outcomes"),
    Matter("b", "What each partner contributes, and how that may vary"),
    Matter("c", "The NHS functions and the health-related functions that are covered"),
    Matter("d", "The client groups and the kinds of service"),
    Matter("e", "The staff, goods, services and accommodation that each partner provides"),
    Matter("f", "How long it lasts, and how it is reviewed, varied and ended"),
    Matter("g", "How the fund is managed and monitored, and which body hosts it", checked=False),
)
_PAYMENTS: Final = {"b": "What each partner pays, and how that may vary"}
_MONITORED: Final = {"g": "How the arrangement is monitored"}


def _exercised(*, checked: bool) -> tuple[Matter, ...]:
    words = _PAYMENTS | _MONITORED
    return tuple(
        Matter(matter.letter, words.get(matter.letter, matter.words), checked=checked and matter.checked)
        for matter in POOLED
    )


# The regulation and its matters for each kind that it applies to.
BY_KIND: Final[dict[str, tuple[str, tuple[Matter, ...]]]] = {
    "section_75": ("regulation 7(3) of SI 2000/617", POOLED),
    "integrated_provision": ("regulation 8 of SI 2000/617", _exercised(checked=False)),
    "lead_commissioning": ("regulation 9 of SI 2000/617", _exercised(checked=True)),
}


def regulation(kind: str) -> str:
    """The regulation in words; "" for kinds of which these regulations ask nothing."""
    return BY_KIND[kind][0] if kind in BY_KIND else ""


def matters(kind: str) -> tuple[Matter, ...]:
    return BY_KIND[kind][1] if kind in BY_KIND else ()


def gaps(terms: Terms) -> list[Gap]:
    """What is missing, in the order of the regulation; nothing for kinds that it does not apply to."""
    found = []
    for matter in matters(terms["kind"]):
        clause = terms["clauses"][matter.letter]
        lacking = [
            words
            for words, there in (
                ("where in the document it stands", clause["reference"]),
                ("what it says", clause["summary"]),
                ("the document itself", clause["attachment"] or terms["document"]),
            )
            if not there
        ]
        if lacking:
            words = f"({matter.letter}) {matter.words}: {_listed(lacking)} missing"
            found.append(Gap(f"clauses.{matter.letter}", words, matter.checked))
    if not matters(terms["kind"]):
        return found
    pooled = terms["kind"] == "section_75"
    for name, words, stops in (
        ("host", "Which partner hosts the fund and keeps its accounts", pooled),
        ("pool_manager", "Who the pool manager is", False),
        ("commences_on", "The day on which it begins", True),
        ("excluded_confirmed", "That no excluded function is in scope, and who confirmed it", False),
    ):
        if (name != "pool_manager" or pooled) and not terms[name]:
            found.append(Gap(name, f"{words}: missing", stops))
    return found


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
