"""The frozen content of one quarterly report: its shape, its checks and its hash.

A snapshot is a JSON object made of text, whole numbers, true/false, null, lists and objects; nothing else.
Money is text with two decimals ("8957000.00"), days are "2014-07-28", moments are ISO 8601 with an offset.
Every document of the report is drawn from it alone, so that what was issued can be drawn again, and proven
unchanged by its hash.

Keys (those marked * may be left out):

  schema 1 | title | version (1, 2, …) | status* "draft" or "final" | made_at | made_for (organisation)
  illustrative [notes]    what no document states; printed at the top and mentioned in every page's foot
  header    report_to, date, item_no, classification "Open" or "Exempt", wards, from [names],
            publish_by (day or null), exempt [{paragraph "1" to "7", reason, public_interest}]
  recommendations [{number, kind, text}]    numbered from 1; `text` is the whole sentence
  background [paragraphs] | key_issues [paragraphs]
  fund      name, financial_year, statutory_basis, total, total_state, total_until*, split_note,
            discrepancies [text], funding [{source, payer, amount, state, until*, note, illustrative*}]
  period    label, starts_on, ends_on
  metrics   [{indicator, target, target_period, progress, progress_period, comparison, lag_note, status,
            suggested, override_reason, action, source, provisional, illustrative*}]
  schemes   [{number, name, budget, budget_state, budget_until*, outturn, outturn_state, outturn_until*,
            as_printed, variance, note, illustrative*}]
  scheme_total    budget, outturn, variance, missing [scheme numbers], note
  risks [{text, response, owner, illustrative*}] | next_steps [{text, due, owner, illustrative*}]
  implications [{kind, text, none_reason}] | consultation [{consultee, sought, included, date, comment}]
  audit_trail [{label, value}] | background_papers [{title, held_at, contact}]
  appendices [{label, title}] | sources [{figure, entered_by, as_at}]

An amount is given exactly when its state is "stated" (and may be "0.00" when it is "nil"); every other
state says why there is none, and "not_yet_available" also says until when. "not_released" is an outturn that its
owner has not released to the partner whose report it is: it says nothing of what may be recorded. (Snapshots frozen
before that state was there have "missing" and a note.) Variance is outturn less budget: positive is over budget.
The scheme total is checked here: it counts what is stated, lists every scheme without an outturn, and has no
variance while one is not there.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

SCHEMA = 1
REPORT_STATUSES = ("draft", "final")
CLASSIFICATIONS = ("Open", "Exempt")
SCHEDULE_12A_PARAGRAPHS = ("1", "2", "3", "4", "5", "6", "7")
METRIC_STATUSES = ("on_track", "not_on_track", "data_not_available", "not_defined")
# Of an outturn in the report of another partner: its owner has released none, whatever is recorded.
NOT_RELEASED = "not_released"
AMOUNT_STATES = (
    "stated",
    "nil",
    "not_applicable",
    "not_yet_available",
    "suppressed",
    "missing",
    "not_yet_defined",
    "to_be_confirmed",
    "not_stated",
    NOT_RELEASED,
)
# States that leave a total whole although there is no amount: nil adds nothing, else nothing was due.
COMPLETE_WITHOUT_AMOUNT = ("nil", "not_applicable")

_MONEY = re.compile(r"-?\d{1,13}\.\d\d")
_ROW = TypeVar("_ROW")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a snapshot: where ("schemes[2].outturn"), and what in words."""

    path: str
    message: str


class SnapshotError(ValueError):
    """The snapshot cannot be frozen or drawn: `problems` names each place, `message` says all in words."""

    code = "snapshot_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        self.message = "; ".join(f"{problem.path}: {problem.message}" for problem in self.problems)
        super().__init__(self.message)


@dataclass(frozen=True)
class Amount:
    """Pounds with two decimals, or the reason why there are none."""

    value: Decimal | None
    state: str
    until: date | None = None

    @property
    def counts(self) -> Decimal | None:
        """What the amount adds to a total: nil adds 0.00, any other empty state no figure."""
        return Decimal("0.00") if self.state == "nil" else self.value

    @property
    def leaves_a_gap(self) -> bool:
        """Whether a total without this amount is incomplete."""
        return self.value is None and self.state not in COMPLETE_WITHOUT_AMOUNT


@dataclass(frozen=True)
class ExemptParagraph:
    paragraph: str
    reason: str
    public_interest: str


@dataclass(frozen=True)
class Header:
    report_to: str
    meets_on: date
    item_no: str
    classification: str
    exempt: tuple[ExemptParagraph, ...]
    wards: str
    authors: tuple[str, ...]
    publish_by: date | None


@dataclass(frozen=True)
class Recommendation:
    number: int
    kind: str
    text: str


@dataclass(frozen=True)
class Funding:
    source: str
    payer: str
    amount: Amount
    note: str
    illustrative: bool


@dataclass(frozen=True)
class Fund:
    name: str
    financial_year: str
    statutory_basis: str
    total: Amount
    funding: tuple[Funding, ...]
    split_note: str
    discrepancies: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    label: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Metric:
    indicator: str
    target: str
    target_period: str
    progress: str
    progress_period: str
    comparison: str
    lag_note: str
    status: str
    suggested: str
    override_reason: str
    action: str
    source: str
    provisional: bool
    illustrative: bool


@dataclass(frozen=True)
class Scheme:
    number: str
    name: str
    budget: Amount
    outturn: Amount
    as_printed: str
    variance: Decimal | None
    note: str
    illustrative: bool


@dataclass(frozen=True)
class SchemeTotal:
    budget: Decimal | None
    outturn: Decimal | None
    variance: Decimal | None
    missing: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Risk:
    text: str
    response: str
    owner: str
    illustrative: bool


@dataclass(frozen=True)
class NextStep:
    text: str
    due: date | None
    owner: str
    illustrative: bool


@dataclass(frozen=True)
class Implication:
    kind: str
    text: str
    none_reason: str


@dataclass(frozen=True)
class Consultation:
    consultee: str
    sought: bool
    included: bool
    consulted_on: date | None
    comment: str


@dataclass(frozen=True)
class AuditLine:
    label: str
    value: str


@dataclass(frozen=True)
class BackgroundPaper:
    title: str
    held_at: str
    contact: str


@dataclass(frozen=True)
class Appendix:
    label: str
    title: str


@dataclass(frozen=True)
class SourceLine:
    figure: str
    entered_by: str
    as_at: date


@dataclass(frozen=True)
class Snapshot:
    """One report as it was frozen. Made by `parse`; nothing in it changes afterwards."""

    title: str
    version: int
    status: str
    made_at: datetime
    made_for: str
    illustrative: tuple[str, ...]
    header: Header
    recommendations: tuple[Recommendation, ...]
    background: tuple[str, ...]
    key_issues: tuple[str, ...]
    fund: Fund
    period: Period
    metrics: tuple[Metric, ...]
    schemes: tuple[Scheme, ...]
    scheme_total: SchemeTotal
    risks: tuple[Risk, ...]
    next_steps: tuple[NextStep, ...]
    implications: tuple[Implication, ...]
    consultation: tuple[Consultation, ...]
    audit_trail: tuple[AuditLine, ...]
    background_papers: tuple[BackgroundPaper, ...]
    appendices: tuple[Appendix, ...]
    sources: tuple[SourceLine, ...]


def canonical_json(data: object) -> str:
    """The one spelling of a snapshot: sorted keys, no spaces, no escapes. Else SnapshotError."""
    problems: list[Problem] = []
    _refuse_other_types(data, "snapshot", problems)
    if problems:
        raise SnapshotError(problems)
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(data: object) -> str:
    """The snapshot's hash, 64 hexadecimal digits, from its canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(data).encode()).hexdigest()


def snapshot_id(data: object) -> str:
    """The first twelve digits of the hash, as printed in each document's foot."""
    return sha256(data)[:12]


def parse(data: object) -> Snapshot:
    """Read and check a snapshot. Raises SnapshotError with every problem found, not just the first."""
    problems: list[Problem] = []
    snapshot = _snapshot(_Reader(data, "", problems))
    if not problems:
        _check_recommendations(snapshot, problems)
        _check_header(snapshot.header, problems)
        _check_period(snapshot.period, problems)
        _check_metrics(snapshot, problems)
        _check_schemes(snapshot, problems)
        _check_implications(snapshot, problems)
    if problems:
        raise SnapshotError(problems)
    return snapshot


def _refuse_other_types(value: object, path: str, problems: list[Problem]) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                problems.append(Problem(path, f"the key {key!r} must be text"))
            _refuse_other_types(item, f"{path}.{key}", problems)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _refuse_other_types(item, f"{path}[{position}]", problems)
    elif isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            problems.append(Problem(path, "holds half a character (a lone surrogate)"))
    elif value is not None and not isinstance(value, bool | int):
        problems.append(Problem(path, f"must be text, a whole number, true, false or null, not {type(value).__name__}"))


class _Reader:
    """Reads one JSON object key by key, noting each problem with its path, unknown keys among them."""

    def __init__(self, data: object, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.asked: set[str] = set()
        self.data: Mapping[str, Any] = {}
        if isinstance(data, Mapping):
            self.data = data
        else:
            problems.append(Problem(path or "snapshot", "must be an object"))

    def _where(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def problem(self, key: str, message: str) -> None:
        self.problems.append(Problem(self._where(key), message))

    def _take(self, key: str, *, optional: bool = False) -> Any:
        self.asked.add(key)
        if key not in self.data and not optional:
            self.problem(key, "is not there")
        return self.data.get(key)

    def text(self, key: str, *, blank: bool = True) -> str:
        value = self._take(key)
        if value is None and blank and key in self.data:
            return ""
        if not isinstance(value, str):
            if key in self.data:
                self.problem(key, "must be text")
            return ""
        if not blank and not value.strip():
            self.problem(key, "must not be empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(
            item if isinstance(item, str) else self._not_text(key, position)
            for position, item in enumerate(self._list(key))
        )

    def _not_text(self, key: str, position: int) -> str:
        self.problem(f"{key}[{position}]", "must be text")
        return ""

    def _list(self, key: str) -> list[Any]:
        value = self._take(key)
        if isinstance(value, list):
            return value
        if key in self.data:
            self.problem(key, "must be a list")
        return []

    def rows(self, key: str, read: "Callable[[_Reader], _ROW]") -> tuple[_ROW, ...]:
        return tuple(self._inside(item, f"{key}[{position}]", read) for position, item in enumerate(self._list(key)))

    def part(self, key: str, read: "Callable[[_Reader], _ROW]") -> _ROW:
        return self._inside(self._take(key), key, read)

    def _inside(self, value: object, key: str, read: "Callable[[_Reader], _ROW]") -> _ROW:
        reader = _Reader(value, self._where(key), self.problems)
        row = read(reader)
        reader.refuse_other_keys()
        return row

    def refuse_other_keys(self) -> None:
        for key in self.data:
            if key not in self.asked:
                self.problem(str(key), "is not a key of this part; see reports/domain/snapshot.py for the keys")

    def whole(self, key: str) -> int:
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.problem(key, "must be a whole number")
        return 0

    def flag(self, key: str, *, optional: bool = False) -> bool:
        value = self._take(key, optional=optional)
        if isinstance(value, bool):
            return value
        if not (optional and value is None):
            self.problem(key, "must be true or false")
        return False

    def choice(self, key: str, choices: Sequence[str], *, default: str | None = None) -> str:
        value = self._take(key, optional=default is not None)
        if value is None and default is not None:
            return default
        if value not in choices:
            self.problem(key, f"must be one of {', '.join(choices)}")
            return choices[0]
        return str(value)

    def day(self, key: str, *, optional: bool = False) -> date | None:
        value = self._take(key, optional=optional)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.problem(key, 'must be a day such as "2014-07-28"')
            return None

    def certain_day(self, key: str) -> date:
        day = self.day(key)
        if day is None and self.data.get(key) is None and key in self.data:
            self.problem(key, 'must be a day such as "2014-07-28"')
        return day or date.min

    def moment(self, key: str) -> datetime:
        value = self._take(key)
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            self.problem(key, 'must be a moment such as "2014-07-14T09:30:00+01:00"')
            return datetime.min.replace(tzinfo=UTC)
        if moment.tzinfo is None:
            self.problem(key, "must say its offset from UTC")
        return moment

    def money(self, key: str) -> Decimal | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, str) and _MONEY.fullmatch(value):
            return Decimal(value)
        self.problem(key, 'must be pounds with two decimals such as "8957000.00", or null')
        return None

    def amount(self, key: str, *, state: str, until: str) -> Amount:
        amount = Amount(self.money(key), self.choice(state, AMOUNT_STATES), self.day(until, optional=True))
        if amount.state == "stated" and key in self.data and self.data[key] is None:
            self.problem(key, "has no amount although its state is stated")
        elif amount.state == "nil" and amount.value:
            self.problem(key, "must be 0.00 or null when its state is nil")
        elif amount.state not in ("stated", "nil") and amount.value is not None:
            self.problem(key, f"has an amount although its state is {amount.state}")
        if amount.state == "not_yet_available" and amount.until is None:
            self.problem(until, "must say until when the amount is not available")
        return amount


def _snapshot(read: _Reader) -> Snapshot:
    if read.whole("schema") != SCHEMA:
        read.problem("schema", f"must be {SCHEMA}")
    snapshot = Snapshot(
        title=read.text("title", blank=False),
        version=read.whole("version"),
        status=read.choice("status", REPORT_STATUSES, default="draft"),
        made_at=read.moment("made_at"),
        made_for=read.text("made_for", blank=False),
        illustrative=read.texts("illustrative"),
        header=read.part("header", _header),
        recommendations=read.rows("recommendations", _recommendation),
        background=read.texts("background"),
        key_issues=read.texts("key_issues"),
        fund=read.part("fund", _fund),
        period=read.part("period", _period),
        metrics=read.rows("metrics", _metric),
        schemes=read.rows("schemes", _scheme),
        scheme_total=read.part("scheme_total", _scheme_total),
        risks=read.rows("risks", _risk),
        next_steps=read.rows("next_steps", _next_step),
        implications=read.rows("implications", _implication),
        consultation=read.rows("consultation", _consultation),
        audit_trail=read.rows("audit_trail", lambda row: AuditLine(row.text("label", blank=False), row.text("value"))),
        background_papers=read.rows("background_papers", _background_paper),
        appendices=read.rows("appendices", lambda row: Appendix(row.text("label"), row.text("title", blank=False))),
        sources=read.rows("sources", _source),
    )
    read.refuse_other_keys()
    return snapshot


def _header(read: _Reader) -> Header:
    return Header(
        report_to=read.text("report_to", blank=False),
        meets_on=read.certain_day("date"),
        item_no=read.text("item_no"),
        classification=read.choice("classification", CLASSIFICATIONS),
        exempt=read.rows("exempt", _exempt),
        wards=read.text("wards"),
        authors=read.texts("from"),
        publish_by=read.day("publish_by"),
    )


def _exempt(read: _Reader) -> ExemptParagraph:
    return ExemptParagraph(
        paragraph=read.choice("paragraph", SCHEDULE_12A_PARAGRAPHS),
        reason=read.text("reason", blank=False),
        public_interest=read.text("public_interest", blank=False),
    )


def _recommendation(read: _Reader) -> Recommendation:
    return Recommendation(read.whole("number"), read.text("kind", blank=False), read.text("text", blank=False))


def _fund(read: _Reader) -> Fund:
    return Fund(
        name=read.text("name", blank=False),
        financial_year=read.text("financial_year", blank=False),
        statutory_basis=read.text("statutory_basis"),
        total=read.amount("total", state="total_state", until="total_until"),
        funding=read.rows("funding", _funding),
        split_note=read.text("split_note"),
        discrepancies=read.texts("discrepancies"),
    )


def _funding(read: _Reader) -> Funding:
    return Funding(
        source=read.text("source", blank=False),
        payer=read.text("payer"),
        amount=read.amount("amount", state="state", until="until"),
        note=read.text("note"),
        illustrative=read.flag("illustrative", optional=True),
    )


def _period(read: _Reader) -> Period:
    return Period(read.text("label", blank=False), read.certain_day("starts_on"), read.certain_day("ends_on"))


def _metric(read: _Reader) -> Metric:
    return Metric(
        indicator=read.text("indicator", blank=False),
        target=read.text("target", blank=False),
        target_period=read.text("target_period"),
        progress=read.text("progress", blank=False),
        progress_period=read.text("progress_period"),
        comparison=read.text("comparison"),
        lag_note=read.text("lag_note"),
        status=read.choice("status", METRIC_STATUSES),
        suggested=read.choice("suggested", METRIC_STATUSES),
        override_reason=read.text("override_reason"),
        action=read.text("action"),
        source=read.text("source"),
        provisional=read.flag("provisional"),
        illustrative=read.flag("illustrative", optional=True),
    )


def _scheme(read: _Reader) -> Scheme:
    return Scheme(
        number=read.text("number", blank=False),
        name=read.text("name", blank=False),
        budget=read.amount("budget", state="budget_state", until="budget_until"),
        outturn=read.amount("outturn", state="outturn_state", until="outturn_until"),
        as_printed=read.text("as_printed"),
        variance=read.money("variance"),
        note=read.text("note"),
        illustrative=read.flag("illustrative", optional=True),
    )


def _scheme_total(read: _Reader) -> SchemeTotal:
    return SchemeTotal(
        budget=read.money("budget"),
        outturn=read.money("outturn"),
        variance=read.money("variance"),
        missing=read.texts("missing"),
        note=read.text("note"),
    )


def _risk(read: _Reader) -> Risk:
    return Risk(
        text=read.text("text", blank=False),
        response=read.text("response"),
        owner=read.text("owner"),
        illustrative=read.flag("illustrative", optional=True),
    )


def _next_step(read: _Reader) -> NextStep:
    return NextStep(
        text=read.text("text", blank=False),
        due=read.day("due"),
        owner=read.text("owner"),
        illustrative=read.flag("illustrative", optional=True),
    )


def _implication(read: _Reader) -> Implication:
    return Implication(read.text("kind", blank=False), read.text("text"), read.text("none_reason"))


def _consultation(read: _Reader) -> Consultation:
    return Consultation(
        consultee=read.text("consultee", blank=False),
        sought=read.flag("sought"),
        included=read.flag("included"),
        consulted_on=read.day("date"),
        comment=read.text("comment"),
    )


def _background_paper(read: _Reader) -> BackgroundPaper:
    return BackgroundPaper(read.text("title", blank=False), read.text("held_at"), read.text("contact"))


def _source(read: _Reader) -> SourceLine:
    return SourceLine(read.text("figure", blank=False), read.text("entered_by"), read.certain_day("as_at"))


def _check_recommendations(snapshot: Snapshot, problems: list[Problem]) -> None:
    for position, recommendation in enumerate(snapshot.recommendations):
        if recommendation.number != position + 1:
            problems.append(Problem(f"recommendations[{position}].number", f"must be {position + 1}"))


def _check_header(header: Header, problems: list[Problem]) -> None:
    if header.classification == "Exempt" and not header.exempt:
        problems.append(Problem("header.exempt", "must name a paragraph of Schedule 12A, as the report is exempt"))
    if header.classification == "Open" and header.exempt:
        problems.append(Problem("header.exempt", "must be empty, as the report is open"))


def _check_period(period: Period, problems: list[Problem]) -> None:
    if period.ends_on < period.starts_on:
        problems.append(Problem("period.ends_on", "is before the period starts"))


def _check_metrics(snapshot: Snapshot, problems: list[Problem]) -> None:
    for position, metric in enumerate(snapshot.metrics):
        if metric.status != metric.suggested and not metric.override_reason.strip():
            problems.append(
                Problem(
                    f"metrics[{position}].override_reason",
                    "must say why the status is not the one the figures suggest",
                )
            )


def _check_schemes(snapshot: Snapshot, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for position, scheme in enumerate(snapshot.schemes):
        if scheme.number in seen:
            problems.append(Problem(f"schemes[{position}].number", f"{scheme.number} is there twice"))
        seen.add(scheme.number)
        _check_same(f"schemes[{position}].variance", scheme.variance, _line_variance(scheme), problems)
    _check_scheme_total(snapshot.schemes, snapshot.scheme_total, problems)


def _line_variance(scheme: Scheme) -> Decimal | None:
    budget, outturn = scheme.budget.counts, scheme.outturn.counts
    return None if budget is None or outturn is None else outturn - budget


def _check_scheme_total(schemes: Sequence[Scheme], total: SchemeTotal, problems: list[Problem]) -> None:
    missing = [scheme.number for scheme in schemes if scheme.outturn.leaves_a_gap]
    if list(total.missing) != missing:
        problems.append(Problem("scheme_total.missing", f"must list the schemes without an outturn: {missing}"))
    budget_gap = any(scheme.budget.leaves_a_gap for scheme in schemes)
    variances = [variance for scheme in schemes if (variance := _line_variance(scheme)) is not None]
    _check_same("scheme_total.budget", total.budget, _sum([scheme.budget.counts for scheme in schemes]), problems)
    _check_same("scheme_total.outturn", total.outturn, _sum([scheme.outturn.counts for scheme in schemes]), problems)
    _check_same("scheme_total.variance", total.variance, None if missing or budget_gap else _sum(variances), problems)


def _sum(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of what is there, in pounds; None where nothing is."""
    stated = [amount for amount in amounts if amount is not None]
    return sum(stated, Decimal("0.00")) if stated else None


def _check_same(path: str, given: Decimal | None, expected: Decimal | None, problems: list[Problem]) -> None:
    if given != expected:
        problems.append(Problem(path, f"is {_words(given)}; the schemes give {_words(expected)}"))


def _words(amount: Decimal | None) -> str:
    return "no amount" if amount is None else f"{amount:.2f}"


def _check_implications(snapshot: Snapshot, problems: list[Problem]) -> None:
    for position, implication in enumerate(snapshot.implications):
        if not implication.text.strip() and not implication.none_reason.strip():
            problems.append(
                Problem(f"implications[{position}]", "must have a text, or a reason why there are no implications")
            )
