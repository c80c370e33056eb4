"""The words of a quarterly report that no figure gives: their shape, a sensible beginning, and what is still missing.

Keys: title, item_no, classification ("Open" or "Exempt"), exempt [{paragraph, reason, public_interest}], wards,
from [names of posts], recommendations [{kind, text}], background [paragraphs], key_issues [paragraphs],
implications [{kind, text, none_reason}], consultation [{consultee, sought, included, date, comment}],
audit_trail [{label, value}], background_papers [{title, held_at, contact}], appendices [{label, title}],
illustrative [notes]. Dates are text as 2014-07-28.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.domain.snapshot import CLASSIFICATIONS, SCHEDULE_12A_PARAGRAPHS

RECOMMENDATION_KINDS = {
    "note": "note",
    "note_and_comment": "note and comment on",
    "agree": "agree",
    "agree_in_principle": "agree in principle",
    "recommend": "recommend",
    "delegate": "delegate",
    "endorse": "endorse",
    "receive": "receive",
}
IMPLICATION_KINDS = (
    "Financial",
    "Legal",
    "Policy",
    "Community impact and equality",
    "Staffing",
    "Data protection",
)
# What a page calls each part of the words.
LABELS = {
    "title": "Title",
    "meeting": "Meeting",
    "item_no": "Item number",
    "classification": "Classification",
    "exempt": "Why the report is exempt",
    "wards": "Wards or groups affected",
    "from": "From",
    "recommendations": "Recommendations",
    "background": "Background",
    "key_issues": "Key issues for consideration",
    "implications": "Implications",
    "consultation": "Consultation",
    "audit_trail": "Audit trail",
    "background_papers": "Background papers",
    "appendices": "Appendices",
}
NOT_ASSESSED = "Not assessed: this report was asked for before anybody wrote its words."


@dataclass(frozen=True)
class Problem:
    """Something to put right: the key of the words that it is about, and what to do."""

    field: str
    message: str


def beginning(*, period: str, fund: str, owner: str) -> dict[str, Any]:
    """What an officer starts from: a title, one recommendation, and an empty row for each kind of implication."""
    return {
        "title": f"Integration update, with progress of the {fund} at {period}",
        "item_no": "",
        "classification": "Open",
        "exempt": [],
        "wards": "All",
        "from": [owner],
        "recommendations": [
            {"kind": "note", "text": f"That the Board note the progress of the {fund} at {period}."},
        ],
        "background": [],
        "key_issues": [],
        "implications": [{"kind": kind, "text": "", "none_reason": ""} for kind in IMPLICATION_KINDS],
        "consultation": [],
        "audit_trail": [
            {"label": "Lead officer", "value": ""},
            {"label": "Report author", "value": ""},
            {"label": "Version", "value": ""},
            {"label": "Dated", "value": ""},
            {"label": "Key decision?", "value": "No"},
        ],
        "background_papers": [],
        "appendices": [],
        "illustrative": [],
    }


def unwritten(words: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a report that a program asks for before anybody wrote words: it says that nothing was assessed."""
    rows = [
        row if row["text"] or row["none_reason"] else row | {"none_reason": NOT_ASSESSED}
        for row in words["implications"]
    ]
    return {**words, "implications": rows}


def problems(words: Mapping[str, Any]) -> list[Problem]:
    """What stands between the words and a report, each with its key."""
    return [*_header(words), *_recommendations(words), *_implications(words), *_consultation(words)]


def _header(words: Mapping[str, Any]) -> list[Problem]:
    found = []
    if not str(words.get("title", "")).strip():
        found.append(Problem("title", "Enter the title of the report"))
    if not words.get("from"):
        found.append(Problem("from", "Enter who the report is from: a post and its organisation"))
    if not str(words.get("wards", "")).strip():
        found.append(Problem("wards", "Enter the wards or groups affected, or “All”"))
    return [*found, *_classification(words)]


def _classification(words: Mapping[str, Any]) -> list[Problem]:
    classification, exempt = words.get("classification"), words.get("exempt") or []
    if classification not in CLASSIFICATIONS:
        return [Problem("classification", "Choose whether the report is open or exempt")]
    if classification == "Open" and exempt:
        return [
            Problem(
                "exempt",
                "The report is open, yet names a paragraph of Schedule 12A. Choose exempt, or take the paragraph out",
            )
        ]
    if classification == "Exempt" and not exempt:
        return [
            Problem(
                "exempt",
                "Name the paragraph of Schedule 12A that makes the report exempt, and weigh the public interest",
            )
        ]
    found = []
    for row in exempt:
        if row.get("paragraph") not in SCHEDULE_12A_PARAGRAPHS:
            found.append(Problem("exempt", "Choose a paragraph of Schedule 12A, 1 to 7"))
        elif not row.get("reason") or not row.get("public_interest"):
            found.append(
                Problem("exempt", "Say why the paragraph applies, and why withholding serves the public interest")
            )
    return found


def _recommendations(words: Mapping[str, Any]) -> list[Problem]:
    rows = words.get("recommendations") or []
    if not rows:
        return [Problem("recommendations", "Enter at least one recommendation")]
    if any(row.get("kind") not in RECOMMENDATION_KINDS for row in rows):
        return [Problem("recommendations", "Choose what each recommendation asks the board to do")]
    return []


def _implications(words: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("implications", f"{row.get('kind')}: write the implications, or why there are none")
        for row in words.get("implications") or []
        if not row.get("text") and not row.get("none_reason")
    ]


def _consultation(words: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem("consultation", f"{row.get('consultee')}: comments cannot be included that were not sought")
        for row in words.get("consultation") or []
        if row.get("included") and not row.get("sought")
    ]
