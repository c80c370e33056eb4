"""Who has to sign a return: the capacities that the policy year names, for each partner that has such a person.

A year that names nobody keeps the plain rule: one approver of each party. So does a party of which it names nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Of(StrEnum):
    """Whose people hold a capacity."""

    COUNCIL = "council"
    NHS = "nhs"
    BOARD = "board"  # the Health and Wellbeing Board, a committee of the area's council, which it signs for


OF = {
    Of.COUNCIL: "Each council",
    Of.NHS: "Each NHS commissioner",
    Of.BOARD: "The Health and Wellbeing Board",
}


@dataclass(frozen=True)
class Signatory:
    """A capacity that has to sign. `held_by`: what the register of roles may call its holder.

    `sheets` are the tabs that the signature vouches for; none means every one.
    """

    code: str
    name: str
    of: str
    held_by: tuple[str, ...]
    delegable: bool
    sheets: tuple[str, ...]
    note: str
    checked: bool

    def vouches_for(self, tab: str) -> bool:
        return not self.sheets or tab in self.sheets


# What stands in the plain rule's place: any approver, for everything.
ANY = Signatory("", "", "", (), delegable=True, sheets=(), note="", checked=True)


@dataclass(frozen=True)
class Party:
    """A partner as far as it decides who signs for it. The area's council is the one whose board it is."""

    id: str
    is_council: bool
    is_nhs: bool
    is_areas_council: bool = False


@dataclass(frozen=True)
class Slot:
    """One signature that a version needs."""

    party: str
    signatory: Signatory

    @property
    def key(self) -> str:
        return key(self.party, self.signatory.code)


def key(party: str, code: str) -> str:
    """What one signature is known by: the partner and the capacity, where one is named."""
    return f"{party}/{code}" if code else party


def parse(rows: Iterable[Mapping[str, Any]]) -> tuple[Signatory, ...]:
    """The capacities of a policy year, or those frozen with a version, from plain data."""
    return tuple(
        Signatory(
            code=row["code"],
            name=row["name"],
            of=row["of"],
            held_by=tuple(row["held_by"]),
            delegable=row["delegable"],
            sheets=tuple(row.get("sheets", ())),
            note=row.get("note", ""),
            checked=row["checked"],
        )
        for row in rows
    )


def slots(signatories: Sequence[Signatory], parties: Sequence[Party]) -> list[Slot]:
    """Every signature needed, in the order of the parties and, within each, of the year's capacities."""
    found = []
    for party in parties:
        own = [signatory for signatory in signatories if _is_of(signatory, party)]
        found += [Slot(party.id, signatory) for signatory in own or [ANY]]
    return found


def earlier_keys(predecessors: Mapping[str, frozenset[str]], codes: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each signature those of the partners that were succeeded, given in the same capacity."""
    return {
        key(party, code): frozenset(key(former, code) for former in before)
        for code in {*codes, ""}
        for party, before in predecessors.items()
    }


def _is_of(signatory: Signatory, party: Party) -> bool:
    return {Of.COUNCIL: party.is_council, Of.NHS: party.is_nhs, Of.BOARD: party.is_areas_council}[Of(signatory.of)]
