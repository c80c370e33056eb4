"""The terms of an agreement: one plain dict that JSON can hold, from which pages, versions and differences are made.

Keys, with dates as text ("2017-04-01") or "" and whole numbers or None:

    title, kind (a key of KINDS), statutory_basis, services, client_groups, vat_regime (a key of VAT_REGIMES or "")
    parties             [{"id", "name"}] by name
    host                id of the party that hosts, or ""
    pool_manager        name of the person; pool_manager_account: id of their account here, or ""
    commences_on, expires_on
    review_on           ["2018-01-31", …] in order
    notice_months       months of notice, or None
    report_days         working days after a quarter's end for the pool manager's report, or None
    return_days         working days after 31 March for the annual return, or None
    excluded_confirmed  whether somebody confirmed that no excluded function is in scope; excluded_by, excluded_note
    dispute_steps       [{"level", "who", "days"}] in order; days are working days, or None
    clauses             {letter: {"reference", "summary", "attachment"}}, whose attachment is None or
                        {"id", "filename", "sha256"}
    document            the agreement itself as an attachment, or None
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from integration_hub.core.dates import long_date

Terms = dict[str, Any]

# In the order in which lists offer them.
KINDS: Final[dict[str, str]] = {
    "section_75": "Section 75 pooled fund",
    "lead_commissioning": "Section 75 lead commissioning",
    "integrated_provision": "Section 75 integrated provision",
    "section_256": "Section 256 transfer",
    "section_76": "Section 76 transfer",
    "memorandum_of_understanding": "Memorandum of understanding",
    "aligned_budgets": "Aligned budgets",
    "preparatory": "Preparatory arrangement before a pooled fund",
}
VAT_REGIMES: Final[dict[str, str]] = {
    "council": "The council's rules (the council hosts)",
    "nhs": "The NHS body's rules (the NHS body hosts)",
    "mixed": "Each partner's own rules for what it buys",
    "not_applicable": "Not applicable",
}
CLAUSES: Final = ("a", "b", "c", "d", "e", "f", "g")
LABELS: Final[dict[str, str]] = {
    "title": "Title",
    "kind": "Kind",
    "statutory_basis": "Statutory basis",
    "host": "Host partner",
    "pool_manager": "Pool manager",
    "pool_manager_account": "Pool manager's account",
    "commences_on": "Commencement",
    "expires_on": "Last day",
    "review_on": "Review dates",
    "notice_months": "Months of notice",
    "report_days": "Working days for the quarterly report",
    "return_days": "Working days for the annual return",
    "services": "Services",
    "client_groups": "Client groups",
    "excluded_confirmed": "No excluded function in scope",
    "excluded_by": "Excluded functions confirmed by",
    "excluded_note": "Note on excluded functions",
    "vat_regime": "VAT",
    "dispute_steps": "Steps of a dispute",
    "document": "The agreement as a document",
}
CLAUSE_PARTS: Final[dict[str, str]] = {
    "reference": "where it stands",
    "summary": "what it says",
    "attachment": "document",
}
NOT_STATED: Final = "Not stated"


def empty(*, title: str, kind: str, parties: Sequence[Mapping[str, str]]) -> Terms:
    """Terms in which nothing but these is stated."""
    return {
        "title": title,
        "kind": kind,
        "parties": sorted((dict(party) for party in parties), key=lambda party: (party["name"], party["id"])),
        "host": "",
        "pool_manager": "",
        "pool_manager_account": "",
        "statutory_basis": "",
        "commences_on": "",
        "expires_on": "",
        "review_on": [],
        "notice_months": None,
        "report_days": None,
        "return_days": None,
        "services": "",
        "client_groups": "",
        "excluded_confirmed": False,
        "excluded_by": "",
        "excluded_note": "",
        "vat_regime": "",
        "dispute_steps": [],
        "document": None,
        "clauses": {letter: empty_clause() for letter in CLAUSES},
    }


def empty_clause() -> dict[str, Any]:
    return {"reference": "", "summary": "", "attachment": None}


def digest(terms: Terms) -> str:
    """The SHA-256, in hexadecimal, that a signature is bound to."""
    text = json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def day(terms: Terms, name: str) -> date | None:
    """One of the dates of the terms."""
    return date.fromisoformat(terms[name]) if terms[name] else None


def flat(terms: Terms) -> dict[str, Any]:
    """The terms by the names under which they differ: a field, a clause's part ("clauses.a.summary"), a party by id."""
    found = {name: value for name, value in terms.items() if name not in {"clauses", "parties"}}
    found |= {f"parties.{party['id']}": party["name"] for party in terms["parties"]}
    for letter, clause in terms["clauses"].items():
        found |= {f"clauses.{letter}.{part}": clause[part] for part in CLAUSE_PARTS}
    return found


def whole(found: Mapping[str, Any]) -> Terms:
    """The terms that `flat` took apart."""
    terms: Terms = {name: value for name, value in found.items() if "." not in name}
    parties = [{"id": name[8:], "name": value} for name, value in found.items() if name.startswith("parties.")]
    terms["parties"] = sorted(parties, key=lambda party: (party["name"], party["id"]))
    terms["clauses"] = {
        letter: {part: found.get(f"clauses.{letter}.{part}", empty_clause()[part]) for part in CLAUSE_PARTS}
        for letter in CLAUSES
    }
    return terms


def label(name: str) -> str:
    """What people call a name of `flat`: "Last day", "Clause (b): where it stands", "Party"."""
    if name.startswith("parties."):
        return "Party"
    if name.startswith("clauses."):
        _, letter, part = name.split(".")
        return f"Clause ({letter}): {CLAUSE_PARTS[part]}"
    return LABELS[name]


def words(name: str, value: Any, *, parties: Mapping[str, str]) -> str:
    """A value of `flat` as a page shows it. `parties` gives names by id."""
    if name == "excluded_confirmed":
        return "Confirmed" if value else "Not confirmed"
    if value in ("", None, []):
        return NOT_STATED
    if name == "host":
        return parties.get(value, value)
    if name in {"kind", "vat_regime"}:
        return (KINDS | VAT_REGIMES).get(value, value)
    if name in {"commences_on", "expires_on"}:
        return long_date(date.fromisoformat(value))
    if name == "review_on":
        return ", ".join(long_date(date.fromisoformat(found)) for found in value)
    if name == "dispute_steps":
        return "; ".join(step_words(step) for step in value)
    if name == "pool_manager_account":
        return "Linked"
    return str(value["filename"]) if isinstance(value, dict) else str(value)


def step_words(step: Mapping[str, Any]) -> str:
    """ "Level 1: the directors, 10 working days"."""
    days = "" if step["days"] is None else f", {step['days']} working {'day' if step['days'] == 1 else 'days'}"
    return f"{step['level']}: {step['who']}{days}"


@dataclass(frozen=True)
class Change:
    """One difference between two sets of terms; an empty side is a party that came or went."""

    name: str
    label: str
    before: str
    after: str


def difference(before: Terms, after: Terms) -> list[Change]:
    """What differs, field by field and clause by clause, in the order of the terms."""
    old, new = flat(before), flat(after)
    names = {party["id"]: party["name"] for terms in (before, after) for party in terms["parties"]}
    order = [*LABELS, *sorted(name for name in {*old, *new} if name.startswith(("parties.", "clauses.")))]
    return [
        Change(
            name,
            label(name),
            words(name, old[name], parties=names) if name in old else "",
            words(name, new[name], parties=names) if name in new else "",
        )
        for name in order
        if old.get(name) != new.get(name)
    ]
