"""A frozen snapshot becomes the blocks of a committee report: every word and figure is made here."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import Any

from integration_hub.core import charts
from integration_hub.core.charts import Panel
from integration_hub.core.documents.blocks import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Document,
    Heading,
    KeyValue,
    Note,
    NumberedList,
    Table,
)
from reports.domain.snapshot import (
    METRIC_STATUSES,
    NOT_RELEASED,
    Fund,
    Funding,
    Header,
    Metric,
    NextStep,
    Risk,
    Scheme,
    Snapshot,
    parse,
    snapshot_id,
)
from reports.presenters.words import (
    STATUS_WORDS,
    Pounds,
    capital,
    clean,
    count,
    day,
    is_bullet,
    lines,
    listed,
    moment,
    one_line,
    without_bullet,
)

# More in one picture would leave half a printed page empty where it does not fit any more.
SCHEMES_IN_A_PICTURE = 8
# A table within both limits is not broken over pages.
SHORT_TABLE_ROWS = 6
SHORT_TABLE_CHARACTERS = 1_200
ILLUSTRATIVE = "Illustrative"


def build(data: Any, *, status: str | None = None) -> Document:
    """Lay out the report of one snapshot (the JSON object); raises SnapshotError if it is not sound.

    `status`, "draft" or "final", stands in for the snapshot's own: a report may be issued after it is frozen.
    """
    snapshot = parse(data)
    return _Layout(snapshot, snapshot_id(data), status or snapshot.status).document()


class _Layout:
    """Collects the blocks while numbering paragraphs, tables and figures through the whole report."""

    def __init__(self, snapshot: Snapshot, identity: str, status: str) -> None:
        self.snapshot = snapshot
        self.identity = identity
        self.status = status
        self.pounds = Pounds(_amounts(snapshot))
        self.blocks: list[Block] = []
        self.paragraphs = 0
        self.tables = 0
        self.charts = 0

    def document(self) -> Document:
        snapshot = self.snapshot
        self._opening_notes()
        self._recommendations()
        self._section("Background", snapshot.background)
        self._section("Key issues for consideration", snapshot.key_issues)
        self._performance()
        self._fund()
        self._spending()
        self._risks()
        self._next_steps()
        self._implications()
        self._consultation()
        self._background_papers()
        self._appendices()
        self._audit_trail()
        self._sources()
        title = one_line(snapshot.title)
        return Document(
            title=title,
            made_for=one_line(snapshot.made_for),
            made_at=snapshot.made_at.isoformat(),
            running=one_line(snapshot.header.report_to),
            foot=_foot(snapshot, self.identity, self.status),
            exempt=snapshot.header.classification == "Exempt",
            head=_head(snapshot.header, title),
            blocks=tuple(self.blocks),
        )

    # Numbering

    def _number(self, how_many: int) -> int:
        """Take so many numbers of the report's single run of paragraphs; answers the first."""
        first = self.paragraphs + 1
        self.paragraphs += how_many
        return first

    def _heading(self, text: str, level: int = 1) -> None:
        self.blocks.append(Heading(text, level))

    def _paragraphs(self, texts: Sequence[str]) -> None:
        for bulleted, group in groupby(lines(*texts), key=is_bullet):
            items = tuple(group)
            if bulleted:
                self.blocks.append(Bullets(tuple(map(without_bullet, items))))
            else:
                self.blocks.append(NumberedList(items, self._number(len(items))))

    def _section(self, title: str, texts: Sequence[str]) -> None:
        if any(lines(text) for text in texts):
            self._heading(title)
            self._paragraphs(texts)

    def _table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        total: Sequence[Cell] | None = None,
        notes: Sequence[str] = (),
        row_names: bool = False,
    ) -> Table:
        self.tables += 1
        return Table(
            number=self.tables,
            caption=one_line(caption),
            columns=tuple(columns),
            rows=tuple(tuple(row) for row in rows),
            total=tuple(total) if total else None,
            notes=tuple(notes),
            row_names=row_names,
            keep_together=_is_short(rows),
        )

    # Parts of the report, in its order

    def _opening_notes(self) -> None:
        header = self.snapshot.header
        if header.exempt:
            texts = [
                f"Paragraph {item.paragraph} of Part 1 of Schedule 12A to the Local Government Act 1972: "
                f"{one_line(item.reason)} Public interest: {one_line(item.public_interest)}"
                for item in header.exempt
            ]
            self.blocks.append(Note("Exempt from publication", tuple(texts), "warning"))
        notes = [line for note in self.snapshot.illustrative for line in lines(note)]
        if not notes and _has_illustrative(self.snapshot):
            notes = ["What is marked illustrative in this report is stated in no document."]
        if notes:
            self.blocks.append(Note(ILLUSTRATIVE, tuple(notes), "illustrative"))

    def _recommendations(self) -> None:
        items = self.snapshot.recommendations
        self._heading("Recommendations")
        if not items:
            self._paragraphs(["No recommendation has been entered."])
            return
        texts = tuple(one_line(item.text) for item in items)
        self.blocks.append(NumberedList(texts, self._number(len(texts))))

    def _performance(self) -> None:
        metrics = self.snapshot.metrics
        self._heading("Progress on performance measures", 2)
        if not metrics:
            self._paragraphs([f"No measure has been set for {self.snapshot.period.label}."])
            return
        self._paragraphs([_performance_summary(metrics, self.snapshot.period.label, self.tables + 1)])
        columns = (
            Column("Indicator", 21),
            Column("Target", 15),
            Column("Progress", 23),
            Column("Status", 19),
            Column("Action", 22),
        )
        self.blocks.append(
            self._table(
                f"Progress on performance measures, {self.snapshot.period.label}",
                columns,
                [_metric_row(metric) for metric in metrics],
                notes=_metric_notes(metrics),
                row_names=True,
            )
        )

    def _fund(self) -> None:
        fund = self.snapshot.fund
        self._heading(one_line(fund.name), 2)
        self._paragraphs([_fund_summary(fund, self.pounds), fund.split_note])
        if fund.funding:
            self.blocks.append(self._funding_table(fund))
        if fund.discrepancies:
            found = [line for text in fund.discrepancies for line in lines(text)]
            self.blocks.append(Note("Differences between sources", tuple(found)))

    def _funding_table(self, fund: Fund) -> Table:
        columns = (
            Column("Source", 36),
            Column("Paid by", 22),
            Column("Amount", 18, numeric=True),
            Column("Note", 24),
        )
        rows = [
            (
                Cell(one_line(item.source), _mark(item.illustrative)),
                Cell(_said(item.payer)),
                Cell(self.pounds.amount(item.amount)),
                _words_cell(item.note),
            )
            for item in fund.funding
        ]
        total = (Cell("Total"), Cell(""), Cell(self.pounds.amount(fund.total)), Cell(""))
        return self._table(
            f"Where the money comes from, {fund.financial_year}", columns, rows, total=total, row_names=True
        )

    def _spending(self) -> None:
        schemes, period = self.snapshot.schemes, self.snapshot.period
        self._heading("Budget and projected outturn", 2)
        if not schemes:
            self._paragraphs([f"No scheme has been entered for {self.snapshot.fund.financial_year}."])
            return
        self._paragraphs([self._spending_summary(), self.snapshot.scheme_total.note])
        table = self._scheme_table()
        panels = self._panels()
        if not panels:
            self.blocks.append(table)
            return
        self.charts += 1
        description = _chart_description(schemes, self.pounds, table.number)
        title = f"Budget and projected outturn by scheme at {period.label}"
        self.blocks.append(Chart(self.charts, title, description, panels, table))

    def _spending_summary(self) -> str:
        total, period, year = (
            self.snapshot.scheme_total,
            self.snapshot.period,
            self.snapshot.fund.financial_year,
        )
        schemes = self.snapshot.schemes
        parts = [f"{capital(count(len(schemes)))} {_plural(len(schemes), 'scheme')}"]
        if total.budget is not None:
            without = [scheme.number for scheme in schemes if scheme.budget.leaves_a_gap]
            have = _plural(len(without), "has", "have")
            beside = f", not counting {_schemes(without)}, which {have} no budget yet"
            verb = _plural(len(schemes), "has", "have")
            parts.append(f"{verb} budgets of {self.pounds.plain(total.budget)} for {year}{beside if without else ''}.")
        else:
            parts.append(f"{_plural(len(schemes), 'is', 'are')} planned for {year}; no budget has been set.")
        if total.missing:
            parts.append(f"The projected outturn at {period.label} is not complete: {_what_is_missing(schemes)}.")
            if total.outturn is not None:
                parts.append(f"The others come to {self.pounds.plain(total.outturn)}.")
        elif total.outturn is not None:
            parts.append(f"The projected outturn at {period.label} is {self.pounds.plain(total.outturn)}")
            parts[-1] += f", {self._against_budget(total.variance)}." if total.variance is not None else "."
        return " ".join(parts)

    def _against_budget(self, variance: Decimal) -> str:
        if not variance:
            return "equal to the budget"
        return f"{self.pounds.plain(abs(variance))} {'over' if variance > 0 else 'under'} the budget"

    def _scheme_table(self) -> Table:
        year = self.snapshot.fund.financial_year
        # Pence make the amounts wider; the names and notes give way.
        scheme, amount, variance, notes = (25, 17, 16, 25) if self.pounds.pence else (29, 15, 14, 27)
        columns = (
            Column("Scheme", scheme),
            Column(f"Budget {year}", amount, numeric=True),
            Column("Projected outturn", amount, numeric=True),
            Column("Variance", variance, numeric=True),
            Column("Notes", notes),
        )
        return self._table(
            f"Budget and projected outturn by scheme, {self.snapshot.period.label}",
            columns,
            [self._scheme_row(scheme) for scheme in self.snapshot.schemes],
            total=self._total_row(),
            notes=("Variance is the projected outturn less the budget: + is over budget, \N{MINUS SIGN} is under.",),
            row_names=True,
        )

    def _scheme_row(self, scheme: Scheme) -> tuple[Cell, ...]:
        printed = one_line(scheme.as_printed)
        remarks = lines(scheme.note, f"Printed in the source as {printed}." if printed else "")
        return (
            Cell(_scheme_name(scheme), _mark(scheme.illustrative)),
            Cell(self.pounds.amount(scheme.budget)),
            Cell(self.pounds.amount(scheme.outturn)),
            Cell(_no_variance(scheme) if scheme.variance is None else self.pounds.signed(scheme.variance)),
            Cell(remarks[0], remarks[1:]) if remarks else Cell("None"),
        )

    def _total_row(self) -> tuple[Cell, ...]:
        total = self.snapshot.scheme_total
        gaps = [scheme.number for scheme in self.snapshot.schemes if scheme.budget.leaves_a_gap]
        budget = "no budget set" if total.budget is None else self.pounds.plain(total.budget)
        outturn = _no_total_outturn(self.snapshot.schemes)
        if total.outturn is not None:
            outturn = self.pounds.plain(total.outturn)
        variance = _no_total_variance(self.snapshot.schemes)
        if total.variance is not None:
            variance = self.pounds.signed(total.variance)
        without = f"Without {_schemes(total.missing)}." if total.missing else ""
        label = "Total of the figures there are, not complete" if total.missing or gaps else "Total"
        return (
            Cell(label),
            Cell(budget, (f"Without {_schemes(gaps)}.",) if gaps and total.budget is not None else ()),
            Cell(outturn, (without,) if without and total.outturn is not None else ()),
            Cell(variance),
            Cell(""),
        )

    def _panels(self) -> tuple[Panel, ...]:
        schemes = self.snapshot.schemes
        groups = [
            charts.Group(
                _scheme_name(scheme),
                (
                    charts.Bar(scheme.budget.counts, self.pounds.amount(scheme.budget)),
                    charts.Bar(scheme.outturn.counts, self.pounds.amount(scheme.outturn)),
                ),
            )
            for scheme in schemes
        ]
        if not any(bar.amount for group in groups for bar in group.bars):
            return ()
        scale = charts.scale_for(groups)
        series = (
            f"Budget {self.snapshot.fund.financial_year}",
            f"Projected outturn at {self.snapshot.period.label}",
        )
        # As many pictures as needed, of about equal length.
        pictures = ceil(len(groups) / SCHEMES_IN_A_PICTURE)
        size = ceil(len(groups) / pictures)
        starts = range(0, len(groups), size)
        panels = []
        for part, start in enumerate(starts):
            some = slice(start, start + size)
            which = f", part {part + 1} of {len(starts)}" if len(starts) > 1 else ""
            panels.append(
                charts.grouped_bars(
                    f"report-chart-{part + 1}",
                    title=f"Budget and projected outturn by scheme at {self.snapshot.period.label}{which}",
                    description=_chart_description(schemes[some], self.pounds, self.tables),
                    series=series,
                    groups=groups[some],
                    scale=scale,
                )
            )
        return tuple(panels)

    def _risks(self) -> None:
        risks = self.snapshot.risks
        self._heading("Risks", 2)
        if not risks:
            self._paragraphs(["No risk has been entered for this report."])
            return
        self._paragraphs([f"Table {self.tables + 1} lists the main risks and what is being done about them."])
        rows = [
            (
                Cell(one_line(risk.text), _mark(risk.illustrative)),
                _words_cell(risk.response, otherwise="No response entered"),
                Cell(_said(risk.owner, otherwise="No owner named")),
            )
            for risk in risks
        ]
        columns = (Column("Risk", 40), Column("Response", 40), Column("Owner", 20))
        self.blocks.append(self._table("Risks and responses", columns, rows))

    def _next_steps(self) -> None:
        steps = self.snapshot.next_steps
        self._heading("Next steps", 2)
        if not steps:
            self._paragraphs(["No next step has been entered for this report."])
            return
        self._paragraphs([f"Table {self.tables + 1} sets out what happens next, by when and who is responsible."])
        rows = [
            (
                Cell(one_line(step.text), _mark(step.illustrative)),
                Cell(day(step.due) if step.due else "No date set"),
                Cell(_said(step.owner, otherwise="No owner named")),
            )
            for step in steps
        ]
        columns = (Column("Step", 54), Column("Due", 20), Column("Owner", 26))
        self.blocks.append(self._table("Next steps", columns, rows))

    def _implications(self) -> None:
        implications = self.snapshot.implications
        self._heading("Implications")
        if not implications:
            self._paragraphs(["No implication has been entered for this report."])
        for implication in implications:
            self._heading(one_line(implication.kind), 2)
            if lines(implication.text):
                self._paragraphs([implication.text])
            else:
                self._paragraphs([f"None. {one_line(implication.none_reason)}"])

    def _consultation(self) -> None:
        consultees = self.snapshot.consultation
        self._heading("Consultation")
        if not consultees:
            self._paragraphs(["No consultation has been recorded for this report."])
            return
        rows = [
            (
                Cell(one_line(item.consultee)),
                Cell("Yes" if item.sought else "No"),
                Cell("Yes" if item.included else "No"),
                Cell(day(item.consulted_on) if item.consulted_on else "No date recorded"),
                _words_cell(item.comment),
            )
            for item in consultees
        ]
        columns = (
            Column("Consulted", 30),
            Column("Comments sought", 13),
            Column("Comments included", 13),
            Column("Date", 18),
            Column("Comment", 26),
        )
        self.blocks.append(self._table("Who was consulted on this report", columns, rows))

    def _background_papers(self) -> None:
        papers = self.snapshot.background_papers
        self._heading("Background papers")
        if not papers:
            self._paragraphs(["There are no background papers."])
            return
        rows = [(Cell(one_line(p.title)), Cell(_said(p.held_at)), Cell(_said(p.contact))) for p in papers]
        columns = (Column("Paper", 44), Column("Held at", 28), Column("Contact", 28))
        self.blocks.append(self._table("Background papers", columns, rows))

    def _appendices(self) -> None:
        appendices = self.snapshot.appendices
        self._heading("Appendices")
        if not appendices:
            self._paragraphs(["There are no appendices."])
            return
        rows = [(Cell(_said(item.label)), Cell(one_line(item.title))) for item in appendices]
        self.blocks.append(self._table("Appendices", (Column("No.", 25), Column("Title", 75)), rows))

    def _audit_trail(self) -> None:
        snapshot = self.snapshot
        rows = [(one_line(line.label), lines(line.value) or ("Not stated",)) for line in snapshot.audit_trail]
        if snapshot.header.publish_by:
            rows.append(("To be published by", (day(snapshot.header.publish_by),)))
        rows.append(("Version", (f"{capital(self.status)}, version {snapshot.version}",)))
        rows.append(("Figures frozen", (moment(snapshot.made_at),)))
        rows.append(("Snapshot", (self.identity,)))
        self._heading("Audit trail")
        self.blocks.append(KeyValue("Audit trail", tuple(rows)))

    def _sources(self) -> None:
        sources = self.snapshot.sources
        self._heading("Where the figures come from")
        if not sources:
            self._paragraphs(["No source has been recorded for the figures in this report."])
            return
        rows = [(Cell(one_line(s.figure)), Cell(_said(s.entered_by)), Cell(day(s.as_at))) for s in sources]
        columns = (Column("Figure", 44), Column("Entered by", 34), Column("As at", 22))
        self.blocks.append(self._table("Who entered each figure, and when it was true", columns, rows))


def _is_short(rows: Sequence[Sequence[Cell]]) -> bool:
    text = sum(len(cell.text) + sum(map(len, cell.details)) for row in rows for cell in row)
    return len(rows) <= SHORT_TABLE_ROWS and text <= SHORT_TABLE_CHARACTERS


def _amounts(snapshot: Snapshot) -> list[Decimal | None]:
    amounts = [snapshot.fund.total.value, *(item.amount.value for item in snapshot.fund.funding)]
    for scheme in snapshot.schemes:
        amounts += [scheme.budget.value, scheme.outturn.value]
    return amounts


def _foot(snapshot: Snapshot, identity: str, status: str) -> str:
    made_up = " Part illustrative: see the note on page 1." if _has_illustrative(snapshot) else ""
    return f"{capital(status)}, version {snapshot.version}. Snapshot {identity}.{made_up}"


def _has_illustrative(snapshot: Snapshot) -> bool:
    marked: tuple[Funding | Metric | Scheme | Risk | NextStep, ...] = (
        *snapshot.fund.funding,
        *snapshot.metrics,
        *snapshot.schemes,
        *snapshot.risks,
        *snapshot.next_steps,
    )
    return any(lines(note) for note in snapshot.illustrative) or any(row.illustrative for row in marked)


def _head(header: Header, title: str) -> KeyValue:
    classification = header.classification
    if header.exempt:
        numbers = [item.paragraph for item in header.exempt]
        classification = f"Exempt: {_plural(len(numbers), 'paragraph')} {listed(numbers)} of Schedule 12A"
    return KeyValue(
        "Report details",
        (
            ("Report to", (one_line(header.report_to),)),
            ("Date", (day(header.meets_on),)),
            ("Item no.", (_said(header.item_no, otherwise="Not yet given"),)),
            ("Classification", (classification,)),
            ("Report title", (title,)),
            ("Wards or groups affected", (_said(header.wards),)),
            ("From", tuple(one_line(author) for author in header.authors) or ("Not stated",)),
        ),
        boxed=True,
    )


def _said(text: str, *, otherwise: str = "Not stated") -> str:
    return one_line(text) or otherwise


def _words_cell(text: str, *, otherwise: str = "None") -> Cell:
    found = lines(text)
    return Cell("\n".join(found)) if found else Cell(otherwise)


def _mark(illustrative: bool) -> tuple[str, ...]:
    return (ILLUSTRATIVE,) if illustrative else ()


def _plural(number: int, one: str, several: str = "") -> str:
    return one if number == 1 else several or f"{one}s"


def _schemes(numbers: Sequence[str]) -> str:
    return f"{_plural(len(numbers), 'scheme')} {listed(numbers)}"


def _withheld(schemes: Sequence[Scheme]) -> list[str]:
    """The numbers of the schemes whose outturn its owner has not released."""
    return [scheme.number for scheme in schemes if scheme.outturn.state == NOT_RELEASED]


def _what_is_missing(schemes: Sequence[Scheme]) -> str:
    """Why a total over outturns is not complete: what is not there, and what is not released, each by its schemes."""
    withheld = _withheld(schemes)
    without = [scheme.number for scheme in schemes if scheme.outturn.leaves_a_gap and scheme.number not in withheld]
    parts = []
    if without:
        parts.append(f"there is no figure for {_schemes(without)}")
    if withheld:
        has = _plural(len(withheld), "the figure for {} is not released", "the figures for {} are not released")
        parts.append(has.format(_schemes(withheld)))
    return listed(parts)


def _no_total_outturn(schemes: Sequence[Scheme]) -> str:
    gaps = [scheme for scheme in schemes if scheme.outturn.leaves_a_gap]
    return "not released" if gaps and len(_withheld(gaps)) == len(gaps) else "no outturn yet"


def _no_total_variance(schemes: Sequence[Scheme]) -> str:
    """Why the whole has no variance: figures that are missing, or not released, or both."""
    gaps = [scheme for scheme in schemes if scheme.budget.leaves_a_gap or scheme.outturn.leaves_a_gap]
    withheld = _withheld(gaps)
    missing = any(scheme.budget.leaves_a_gap or scheme.number not in withheld for scheme in gaps)
    if not withheld:
        return "not stated, as figures are missing"
    return f"not stated, as figures are {'missing or ' if missing else ''}not released"


def _scheme_name(scheme: Scheme) -> str:
    return f"Scheme {one_line(scheme.number)}: {one_line(scheme.name)}"


def _performance_summary(metrics: Sequence[Metric], period: str, table: int) -> str:
    counted = Counter(metric.status for metric in metrics)
    found = {
        "on_track": ("is on track", "are on track"),
        "not_on_track": ("is not on track", "are not on track"),
        "data_not_available": ("has no data", "have no data"),
        "not_defined": ("is not yet defined", "are not yet defined"),
    }
    parts = [f"{count(counted[key])} {_plural(counted[key], *found[key])}" for key in METRIC_STATUSES if counted[key]]
    measures = f"{count(len(metrics))} {_plural(len(metrics), 'measure')}"
    return f"Table {table} sets out progress on {measures} at {period}: {listed(parts)}."


def _metric_row(metric: Metric) -> tuple[Cell, ...]:
    target = lines(metric.target_period)
    progress = lines(metric.progress_period, metric.comparison, metric.lag_note)
    provisional = ("Provisional",) if metric.provisional else ()
    changed: tuple[str, ...] = ()
    if metric.status != metric.suggested:
        suggested = STATUS_WORDS[metric.suggested].lower()
        changed = (f"The figures suggest {suggested}. Changed because: {one_line(metric.override_reason)}",)
    return (
        Cell(one_line(metric.indicator), _mark(metric.illustrative)),
        Cell(one_line(metric.target), tuple(capital(line) for line in target)),
        Cell(one_line(metric.progress), (*(capital(line) for line in progress), *provisional)),
        Cell(STATUS_WORDS[metric.status], changed, tone=metric.status),
        _words_cell(metric.action, otherwise="No action entered"),
    )


def _metric_notes(metrics: Sequence[Metric]) -> tuple[str, ...]:
    return tuple(
        f"{one_line(metric.indicator)}: source {one_line(metric.source)}." for metric in metrics if clean(metric.source)
    )


def _fund_summary(fund: Fund, pounds: Pounds) -> str:
    total = pounds.amount(fund.total)
    has = f"totals {total}" if fund.total.value is not None else f"has a total that is {total}"
    basis = f" Statutory basis: {one_line(fund.statutory_basis).rstrip('.')}." if clean(fund.statutory_basis) else ""
    return f"{one_line(fund.name)} {has} in {fund.financial_year}.{basis}"


def _no_variance(scheme: Scheme) -> str:
    gaps = [name for name, amount in (("budget", scheme.budget), ("outturn", scheme.outturn)) if amount.counts is None]
    if gaps == ["outturn"] and scheme.outturn.state == NOT_RELEASED:
        return "not stated: outturn not released"
    return f"not stated: no {listed(gaps)}" if gaps else "not stated"


def _chart_description(schemes: Sequence[Scheme], pounds: Pounds, table: int) -> str:
    """What the picture shows, in a sentence or two: the range of the budgets, and how outturn compares."""
    budgets = [(scheme.budget.value, scheme) for scheme in schemes if scheme.budget.value is not None]
    parts = []
    if budgets:
        largest = max(budgets, key=lambda pair: pair[0])
        smallest = min(budgets, key=lambda pair: pair[0])
        parts.append(_range(largest, smallest, pounds))
    variances = [scheme.variance for scheme in schemes if scheme.variance is not None]
    over, under = sum(v > 0 for v in variances), sum(v < 0 for v in variances)
    if variances and not over and not under:
        parts.append("Every projected outturn there is equals its budget.")
    elif variances:
        parts.append(
            f"Over budget: {count(over)}. Under budget: {count(under)}. "
            f"Equal to budget: {count(len(variances) - over - under)}."
        )
    without = [scheme.number for scheme in schemes if scheme.outturn.counts is None]
    if without:
        parts.append(f"No outturn bar for {_schemes(without)}.")
    parts.append(f"Table {table} gives the same figures.")
    return " ".join(parts)


def _range(largest: tuple[Decimal, Scheme], smallest: tuple[Decimal, Scheme], pounds: Pounds) -> str:
    if largest[0] == smallest[0]:
        return f"Each budget is {pounds.plain(largest[0])}."
    return (
        f"Budgets run from {pounds.plain(smallest[0])} (scheme {one_line(smallest[1].number)}) "
        f"to {pounds.plain(largest[0])} (scheme {one_line(largest[1].number)})."
    )
