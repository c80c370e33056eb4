"""Agreements in words: their terms as rows, their clauses with the gaps, and their duties."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pooled_budgets.domain import regulation, terms
from pooled_budgets.domain.terms import Terms
from pooled_budgets.models import AgreementDraft, AgreementSignature, AgreementVersion

HIDDEN = {"title", "document", "dispute_steps", "pool_manager_account"}


@dataclass(frozen=True)
class ClauseRow:
    """A matter of the regulation with what the terms state of it; `gap` says what is missing."""

    letter: str
    words: str
    checked: bool
    reference: str
    summary: str
    attachment: dict[str, str] | None
    gap: str


@dataclass(frozen=True)
class SignatureRow:
    """A party of a version, and who signed for it."""

    party: str
    id: str
    signature: AgreementSignature | None


def term_rows(found: Terms) -> list[tuple[str, str]]:
    """Each field of the terms with its words, the parties first."""
    names = {party["id"]: party["name"] for party in found["parties"]}
    rows = [("Parties", ", ".join(names.values()))]
    rows += [
        (terms.LABELS[name], terms.words(name, found[name], parties=names))
        for name in terms.LABELS
        if name not in HIDDEN
    ]
    return rows


def clause_rows(found: Terms) -> list[ClauseRow]:
    gaps = {gap.name: gap.words for gap in regulation.gaps(found)}
    return [
        ClauseRow(
            letter=matter.letter,
            words=matter.words,
            checked=matter.checked,
            reference=found["clauses"][matter.letter]["reference"],
            summary=found["clauses"][matter.letter]["summary"],
            attachment=found["clauses"][matter.letter]["attachment"],
            gap=gaps.get(f"clauses.{matter.letter}", "").partition(": ")[2],
        )
        for matter in regulation.matters(found["kind"])
    ]


def other_gaps(found: Terms) -> list[str]:
    """What is missing beside the clauses."""
    return [gap.words for gap in regulation.gaps(found) if not gap.name.startswith("clauses.")]


def signature_rows(version: AgreementVersion, signatures: list[AgreementSignature]) -> list[SignatureRow]:
    by_party = {str(row.organisation_id): row for row in signatures}
    return [SignatureRow(party["name"], party["id"], by_party.get(party["id"])) for party in version.content["parties"]]


def pages_of(found: Terms) -> dict[str, Any]:
    """What the template of terms takes."""
    return {
        "terms": found,
        "term_rows": term_rows(found),
        "steps": [terms.step_words(step) for step in found["dispute_steps"]],
        "clauses": clause_rows(found),
        "gaps": other_gaps(found),
        "regulation": regulation.regulation(found["kind"]),
    }


def changes_of(draft: AgreementDraft) -> list[terms.Change]:
    """What a working copy changes in the version that it is based on; nothing for first terms."""
    return terms.difference(draft.based_on.content, draft.content) if draft.based_on else []


def changes_in(version: AgreementVersion) -> list[terms.Change]:
    """What a version changed in the one that it was based on; nothing for the first."""
    return terms.difference(version.based_on.content, version.content) if version.based_on else []


def late(due_on: date, on: date) -> bool:
    return due_on < on
