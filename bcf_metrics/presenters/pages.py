"""A return in words and links: its checklist, what it waits for, what happened to it. Nothing here queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from bcf_metrics import policies
from bcf_metrics.domain.answers import Cell, name_of
from bcf_metrics.domain.completion import Check, Entry, Finding, Level
from bcf_metrics.domain.status import SUBMITTED, EventKind, ReturnStatus
from bcf_metrics.domain.templates import AMOUNTS, FieldType, Tab, Table, Template
from bcf_metrics.domain.words import listed
from bcf_metrics.models import QuarterlyReturn, ReturnEvent, ReturnVersion, Signature
from bcf_metrics.selectors.content import REASONS, Draft, layout_of
from bcf_metrics.selectors.returns import Needed, Standing, key_of
from integration_hub.core.tables import Column
from partners.models import Organisation

TONES = {
    ReturnStatus.NOT_STARTED: "neutral",
    ReturnStatus.IN_PROGRESS: "info",
    ReturnStatus.WITH_SIGNATORIES: "waiting",
    ReturnStatus.SIGNED: "good",
    ReturnStatus.SENT_BACK: "attention",
    ReturnStatus.READY: "info",
    ReturnStatus.SUBMITTED: "good",
    ReturnStatus.NOT_YET_RATIFIED: "waiting",
    ReturnStatus.RESUBMITTED: "good",
    ReturnStatus.ACCEPTED: "good",
}
# What made the lock of each status.
_SENT, _SUBMITTED = (EventKind.SENT_FOR_SIGN_OFF,), (EventKind.SUBMITTED,)
LOCKED_BY = {
    ReturnStatus.WITH_SIGNATORIES: _SENT,
    ReturnStatus.SIGNED: (EventKind.SIGNED, EventKind.CARRIED),
    ReturnStatus.NOT_YET_RATIFIED: _SUBMITTED,
    ReturnStatus.SUBMITTED: _SUBMITTED,
    ReturnStatus.RESUBMITTED: _SUBMITTED,
    ReturnStatus.ACCEPTED: (EventKind.ACCEPTED,),
}
LEVELS = {Level.BLOCK: "Must be put right", Level.JUSTIFY: "Needs a reason", Level.INFORM: "For information"}
LEVEL_TONES = {Level.BLOCK: "bad", Level.JUSTIFY: "attention", Level.INFORM: "neutral"}


@dataclass(frozen=True)
class FieldRow:
    """A row of the checklist."""

    label: str
    href: str
    check: Check


@dataclass(frozen=True)
class SheetRow:
    """A sheet of the checklist with its rows."""

    title: str
    href: str
    outstanding: int
    fields: list[FieldRow]

    @property
    def is_complete(self) -> bool:
        return self.outstanding == 0

    @property
    def words(self) -> str:
        return f"{self.outstanding} of {len(self.fields)} to complete" if self.outstanding else "all complete"


@dataclass(frozen=True)
class FindingRow:
    """Something that the checks found beyond an unanswered field."""

    finding: Finding
    level: str
    tone: str
    href: str


@dataclass(frozen=True)
class SignatureRow:
    """A signature that a version has or waits for."""

    organisation: str
    signature: Signature | None
    capacity: str = ""
    # What a person should know of the capacity.
    note: str = ""

    @property
    def given_to(self) -> int | None:
        """The version that it was given to, where an amendment left it standing."""
        return getattr(self.signature, "given_to", None)


@dataclass(frozen=True)
class ScopeRow:
    """A signature, and what it vouches for in words."""

    signature: Signature
    sheets: str


@dataclass(frozen=True)
class Lock:
    """A lock in the words of the notice."""

    what: str
    who: str
    at: datetime
    why: str
    lift: str


@dataclass(frozen=True)
class Happening:
    """A line of the timeline; changes by one person in a row are one line."""

    words: str
    by: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Block:
    """A part of a section: single fields, or a table with its rows of cells."""

    kind: str
    label: str
    help: str
    cells: list[Cell]
    columns: list[Column]
    rows: list[list[Cell]]
    titles: list[str]

    @property
    def sources(self) -> list[str]:
        """Where the columns that are not typed come from: "Plan: from the fund's scheme plan."."""
        first = self.rows[0] if self.rows else []
        return [
            f"{column.label}: {cell.source}." for column, cell in zip(self.columns, first, strict=False) if cell.source
        ]


def tone(quarterly_return: QuarterlyReturn) -> str:
    return TONES[ReturnStatus(quarterly_return.status)]


def waiting(standing: Standing) -> str:
    """What the return waits for, and for whom."""
    status = standing.quarterly_return.status
    parties = listed([party.name for party in standing.parties], last="or")
    if status == ReturnStatus.SIGNED:
        return "Nobody to sign: every partner has signed. It can be submitted"
    if status == ReturnStatus.NOT_YET_RATIFIED:
        return f"The Health and Wellbeing Board to ratify it; governance officers of {parties} link its decision"
    if status in SUBMITTED:
        return "Nobody: it was submitted"
    if status == ReturnStatus.WITH_SIGNATORIES:
        return f"{_signers(standing.awaited)} to sign"
    if status == ReturnStatus.READY:
        return f"Finance and metrics officers of {parties} to send it for sign-off"
    if status == ReturnStatus.SENT_BACK:
        return f"Finance and metrics officers of {parties} to put right what it was sent back for"
    return f"Finance and metrics officers of {parties} to complete it"


def due(quarterly_return: QuarterlyReturn) -> str:
    """Why there is no due date; nothing where there is one."""
    if quarterly_return.due_on is not None:
        return ""
    return quarterly_return.due_note or "No national due date is known for this quarter."


def was_submitted(standing: Standing) -> bool:
    return any(event.kind == EventKind.SUBMITTED for event in standing.events)


def is_overdue(quarterly_return: QuarterlyReturn, on: date) -> bool:
    """Whether the day on which it was due has passed, and it is not with the national team: sent back, it is again."""
    due_on = quarterly_return.due_on
    return due_on is not None and due_on < on and ReturnStatus(quarterly_return.status) not in SUBMITTED


def checklist(draft: Draft, quarterly_return: QuarterlyReturn) -> list[SheetRow]:
    """The national checklist: each sheet with a Yes or No for each field that it asks for."""
    rows = []
    for sheet in draft.completion.sheets:
        checks = [check for check in draft.completion.checks if check.entry.tab is sheet.tab]
        fields = [
            FieldRow(check.entry.label, entry_href(draft, check.entry, quarterly_return), check) for check in checks
        ]
        rows.append(
            SheetRow(sheet.tab.title, section_href(quarterly_return, sheet.tab.code), sheet.outstanding, fields)
        )
    return rows


def findings(draft: Draft, quarterly_return: QuarterlyReturn) -> list[FindingRow]:
    """What the checks found that is no row of the checklist."""
    unanswered = {check.entry.path for check in draft.completion.checks if not check.ok}
    kept = {cell.key for cell in draft.reasons}
    return [
        FindingRow(
            finding,
            "Reason given" if finding.justification else LEVELS[finding.level],
            "good" if finding.justification else LEVEL_TONES[finding.level],
            section_href(quarterly_return, REASONS) if finding.key in kept else "",
        )
        for finding in draft.completion.findings
        if finding.path not in unanswered
    ]


def signatures(standing: Standing, version: ReturnVersion) -> list[SignatureRow]:
    """For each signature that a version needs whether it is there, and whose it is."""
    given = {key_of(signature): signature for signature in version.signatures.all()}
    rows = [
        SignatureRow(
            row.organisation.name,
            given.pop(row.slot.key, None),
            row.signatory.name,
            "" if row.signatory.checked else "Not checked",
        )
        for row in standing.signatories(version)
    ]
    return rows + [SignatureRow(signature.organisation_name, signature) for signature in given.values()]


def scopes(standing: Standing, version: ReturnVersion) -> list[ScopeRow]:
    """For each signature of a version what it vouches for: a change there makes it fall."""
    titles = {tab.code: tab.title for tab in layout_of(standing.quarterly_return).tabs}
    asked = {row.slot.key: row.signatory for row in standing.needed(version)}
    rows = []
    for signature in version.signatures.all():
        signatory = asked.get(key_of(signature))
        sheets = [titles.get(sheet, sheet) for sheet in signatory.sheets] if signatory else []
        rows.append(ScopeRow(signature, listed(sheets) if sheets else "The whole return"))
    return rows


def timeline(events: Sequence[ReturnEvent], titles: Mapping[str, str]) -> list[Happening]:
    """What happened, newest first; `titles` are those of the sections, by their tabs."""
    found: list[Happening] = []
    changes = 0
    for event in events:
        again = bool(found) and event.kind == EventKind.CHANGED and changes and found[-1].by == _who(event)
        changes = changes + 1 if again else int(event.kind == EventKind.CHANGED)
        if again:
            found.pop()
        found.append(Happening(_words(event, changes, titles), _who(event), event.at, event.reason))
    return found[::-1]


def blocks(template: Template, tab: Tab, cells: Sequence[Cell]) -> list[Block]:
    """A section in the order of its template: runs of single fields, and tables."""
    by_path = {cell.entry.path: cell for cell in cells}
    found: list[Block] = []
    for item in tab.fields:
        if isinstance(item, Table):
            found.append(_table(item, cells))
            continue
        if not found or found[-1].kind != "fields":
            found.append(Block("fields", "", "", [], [], [], []))
        found[-1].cells.append(by_path[f"answers.{item.code}"])
    return found


def entry_href(draft: Draft, entry: Entry, quarterly_return: QuarterlyReturn) -> str:
    """Where an entry of the return is put right."""
    if entry.tab.code == "metrics":
        return reverse("bcf_metrics:figures", args=[quarterly_return.pk])
    key = draft.keys.get(entry.path)
    if key is None and entry.path.endswith(".forecast"):
        quarter = quarterly_return.period.number
        return f"{reverse('pooled_budgets:monitoring', args=[quarterly_return.fund_id])}?quarter={quarter}"
    anchor = f"#field-{name_of(key)}" if key else ""
    return f"{section_href(quarterly_return, entry.tab.code)}{anchor}"


def section_href(quarterly_return: QuarterlyReturn, tab: str) -> str:
    return reverse("bcf_metrics:section", args=[quarterly_return.pk, tab])


def lock(standing: Standing) -> Lock | None:
    """What is locked, by whom, when, why and who can lift it; None while the return is open."""
    current, quarterly_return = standing.current, standing.quarterly_return
    if current is None:
        return None
    status = ReturnStatus(quarterly_return.status)
    event = next((row for row in reversed(standing.events) if row.kind in LOCKED_BY[status]), None)
    return Lock(
        what=policies.lock_words(quarterly_return),
        who=event.by_name if event else current.prepared_by_name,
        at=event.at if event else current.prepared_at,
        why=_why_locked(standing, status, current.number, event),
        lift=policies.who_can_lift([party.name for party in standing.parties], status),
    )


def _why_locked(standing: Standing, status: ReturnStatus, number: int, event: ReturnEvent | None) -> str:
    quarterly_return = standing.quarterly_return
    version = f"Version {number} of the return of {quarterly_return.period.label}"
    if status is ReturnStatus.SIGNED:
        return f"{version} has every signature that it needs"
    if status is ReturnStatus.NOT_YET_RATIFIED:
        return f"{version} was submitted, and waits for the decision of the Health and Wellbeing Board"
    if status is ReturnStatus.ACCEPTED:
        return f"{version} was accepted. {event.reason}" if event else f"{version} was accepted"
    if status in SUBMITTED:
        return f"{version} was submitted"
    return policies.lock_reason(quarterly_return, number)


def party_words(parties: Sequence[Organisation]) -> str:
    return listed([party.name for party in parties])


def _table(table: Table, cells: Sequence[Cell]) -> Block:
    rows: dict[str, list[Cell]] = {}
    prefix = f"{table.rows}["
    for cell in cells:
        if cell.entry.path.startswith(prefix):
            rows.setdefault(cell.entry.path.partition("]")[0], []).append(cell)
    kind = {FieldType.MONEY_TABLE: "money", FieldType.METRIC_TABLE: "metrics"}.get(table.type, "rows")
    columns = [Column(column.label, numeric=column.type in AMOUNTS) for column in table.columns]
    place = [column.code for column in table.columns].index(table.row_label)
    titles = [f"{table.row_prefix} {row[place].shown}".strip() for row in rows.values()]
    return Block(kind, table.label, table.help, [], columns, list(rows.values()), titles)


def _signers(awaited: Sequence[Needed]) -> str:
    """Who has to sign: "An approver of A and B", or each with the capacity that the policy year names."""
    named = [row.words for row in awaited if row.signatory.code]
    plain = [row.words for row in awaited if not row.signatory.code]
    words = named + ([f"an approver of {listed(plain)}"] if plain else [])
    together = listed(words)
    return f"{together[0].upper()}{together[1:]}"


def _who(event: ReturnEvent) -> str:
    # Whose signature it is says nothing of who sent the return.
    others = event.kind in (EventKind.CARRIED, EventKind.FALLEN)
    return f"{event.by_name} for {event.organisation}" if event.organisation and not others else event.by_name


def _words(event: ReturnEvent, changes: int, titles: Mapping[str, str]) -> str:
    section = f"Section “{titles.get(event.tab, event.tab)}”"
    version = f"version {event.version}" if event.version else ""
    times = f", {changes} times" if changes > 1 else ""
    return {
        EventKind.OPENED: "Opened",
        EventKind.CHANGED: f"Answers changed{times}",
        EventKind.SENT_FOR_SIGN_OFF: f"Sent for sign-off as {version}",
        EventKind.SIGNED: f"Signed, {version}",
        EventKind.READY: "Marked as ready for sign-off",
        EventKind.AMENDED: f"Amendment of {version} begun",
        EventKind.CARRIED: f"Signature carried over to {version}",
        EventKind.FALLEN: f"Signature fallen with {version}",
        EventKind.SUBMITTED: f"Submitted, {version}",
        EventKind.RATIFIED: f"Ratified by the Board, {version}",
        EventKind.ACCEPTED: f"Accepted, {version}",
        EventKind.RESTATED: f"Restatement of {version} begun",
        EventKind.READY_UNDONE: "No longer ready for sign-off",
        EventKind.SECTION_READY: f"{section} ready",
        EventKind.SECTION_UNDONE: f"{section} no longer ready",
        EventKind.SECTION_BACK: f"{section} to be put right",
        EventKind.SENT_BACK: f"Sent back, {version}: its signatures have fallen",
    }[EventKind(event.kind)]
