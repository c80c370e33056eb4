"""Is a return complete, and may it be sent? One check for each cell, one finding for each thing to put right.

`assess` is a function of the template and the content alone, so a frozen version keeps its answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bcf_metrics.domain import content as contents
from bcf_metrics.domain.content import Content
from bcf_metrics.domain.progress import PERCENT, ProgressError, rate, rate_agrees
from bcf_metrics.domain.rules import ALWAYS, NEVER
from bcf_metrics.domain.shapes import parse_date, parse_decimal
from bcf_metrics.domain.templates import AMOUNTS, Field, FieldType, Tab, Table, Template
from bcf_metrics.domain.words import exact, listed
from integration_hub.core.dates import is_plausible, long_date
from integration_hub.core.states import AmountState, Figure, FigureState, total

COMPLETE = "Complete Template"
INCOMPLETE = "Incomplete Template"


class Level(StrEnum):
    """What a finding does: stops the return, needs a reason, or is good to know."""

    BLOCK = "block"
    JUSTIFY = "justify"
    INFORM = "inform"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One cell of the return: a field of the template with what the content answers to it.

    `path` is its place in the content ("answers.email", "conditions[2].comment"). `names` gives the path of
    each field that its rule may ask for. `figure` is there for an amount that may be empty for a reason.
    """

    path: str
    tab: Tab
    field: Field
    label: str
    answer: str | None
    figure: Figure | None
    names: Mapping[str, str]

    @property
    def locked(self) -> bool:
        """Whether the answer comes from elsewhere in the Hub and is never typed here."""
        return bool(self.field.prefill)

    @property
    def checked(self) -> bool:
        """Whether the checklist has a row for it: all but what is filled in and may be empty."""
        return not (self.locked and self.field.required == NEVER)


@dataclass(frozen=True, kw_only=True)
class Check:
    """The checklist's row for an entry. `todo` says what would make it complete."""

    entry: Entry
    required: bool
    ok: bool
    todo: str

    @property
    def checker(self) -> str:
        return "Yes" if self.ok else "No"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A tab with the number of its checks that are not complete."""

    tab: Tab
    outstanding: int

    @property
    def complete(self) -> bool:
        return self.outstanding == 0


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something to put right, to give a reason for, or to know. `key` is that of its justification."""

    code: str
    level: Level
    path: str
    label: str
    message: str
    justification: str = ""

    @property
    def key(self) -> str:
        return f"{self.code}:{self.path}"

    @property
    def stops(self) -> bool:
        """Whether the return cannot be sent because of it."""
        return self.level is Level.BLOCK or (self.level is Level.JUSTIFY and not self.justification)


@dataclass(frozen=True, kw_only=True)
class Completion:
    """The whole answer, in the order of the template."""

    checks: tuple[Check, ...]
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        return all(sheet.complete for sheet in self.sheets)

    @property
    def banner(self) -> str:
        return COMPLETE if self.complete else INCOMPLETE

    @property
    def can_submit(self) -> bool:
        return not any(finding.stops for finding in self.findings)


def assess(template: Template, content: Content) -> Completion:
    """Check every entry of a return and run the validations V1 to V13 that its content has data for."""
    waived = _waivers(content)
    checks, sheets = checked(template, content)
    findings = [_unfinished(check) for check in checks if not check.ok]
    findings += _cross_checks(content)
    findings += [_not_asked(check, waived) for check in checks if _goes_without(check.entry, waived)]
    given = content.get("justifications", {})
    return Completion(
        checks=checks,
        sheets=sheets,
        findings=tuple(_justified(_unless_waived(finding, waived), given) for finding in findings),
    )


def checked(template: Template, content: Content) -> tuple[tuple[Check, ...], tuple[Sheet, ...]]:
    """The checklist alone, by entry and by tab."""
    listed_entries = entries(template, content)
    waived = _waivers(content)
    by_path = {entry.path: entry for entry in listed_entries}
    checks = tuple(_check(entry, by_path, waived) for entry in listed_entries if entry.checked)
    sheets = tuple(
        Sheet(tab=tab, outstanding=sum(not check.ok for check in checks if check.entry.tab is tab))
        for tab in template.asked(content["period"]["financial_year"])
        if tab.kind != "checklist"
    )
    return checks, sheets


def entries(template: Template, content: Content) -> list[Entry]:
    """Every cell that the year asks for, in the order of the template, with its answer."""
    as_at = date.fromisoformat(content["as_at"])
    singles = {field.code: f"answers.{field.code}" for field in template.single_fields()}
    made: list[Entry] = []
    for tab in template.asked(content["period"]["financial_year"]):
        for field in tab.fields:
            if isinstance(field, Table):
                for index, row in enumerate(content[field.rows]):
                    made += _row_entries(tab, field, index, row, singles, as_at)
            else:
                made.append(_single_entry(tab, field, singles, content))
    return made


def cell_length(answer: str) -> int:
    """The length of a text as a spreadsheet counts it: an emoji is two."""
    return len(answer.encode("utf-16-le")) // 2


def is_valid(entry: Entry) -> bool:
    """Whether what was answered is an answer at all: a date, a choice, a number within its limit."""
    field, answer = entry.field, entry.answer
    if entry.figure is not None and entry.figure.counted is None:
        return entry.figure.effect.answers_the_checklist
    if answer is None:
        return False
    if field.type in AMOUNTS:
        number = parse_decimal(answer)
        return number is not None and field.limit is not None and 0 <= number <= field.limit
    if field.type is FieldType.DATE:
        day = parse_date(answer)
        return day is not None and is_plausible(day)
    if field.choices:
        return answer in dict(field.choices)
    if field.format == "email":
        name, at, host = answer.partition("@")
        return bool(name and at and host) and "@" not in host and not set(answer) & set(" \t\n")
    return cell_length(answer) <= field.max_length


def _single_entry(tab: Tab, field: Field, singles: Mapping[str, str], content: Content) -> Entry:
    answer = contents.found(content, field.prefill) if field.prefill else content["answers"].get(field.code)
    return Entry(
        path=singles[field.code],
        tab=tab,
        field=field,
        label=field.label,
        answer=_as_answer(answer),
        figure=None,
        names=singles,
    )


def _row_entries(
    tab: Tab, table: Table, index: int, row: Mapping[str, Any], singles: Mapping[str, str], as_at: date
) -> Iterator[Entry]:
    names = {**singles, **{column.code: f"{table.rows}[{index}].{column.code}" for column in table.columns}}
    row_name = f"{table.row_prefix} {row[table.row_label]}".strip()
    for column in table.columns:
        figure = _figure(column, row, as_at)
        answer = _as_answer(row.get(column.code))
        if figure is not None:
            # Nil counts as 0, here as in every total.
            answer = None if figure.counted is None else format(figure.counted, "f")
        yield Entry(
            path=names[column.code],
            tab=tab,
            field=column,
            label=f"{row_name}: {column.label}",
            answer=answer,
            figure=figure,
            names=names,
        )


def _figure(column: Field, row: Mapping[str, Any], as_at: date) -> Figure | None:
    if not column.state:
        return None
    amount, until = row[column.code], row.get(column.until) if column.until else None
    state = contents.state_of(row, column.code, column.state)
    figure = Figure(
        value=None if amount is None else Decimal(amount),
        state=FigureState(state) if state in set(FigureState) else AmountState(state),
        until=date.fromisoformat(until) if until and state == FigureState.NOT_YET_AVAILABLE else None,
    )
    return figure.as_at(as_at)


def _as_answer(value: object) -> str | None:
    """An answer as text; blanks are no answer."""
    text = "" if value is None else str(value)
    return text if text.strip() else None


def _check(entry: Entry, by_path: Mapping[str, Entry], waived: Mapping[str, str]) -> Check:
    def answer(name: str) -> str | None:
        asked = by_path.get(entry.names[name])
        return asked.answer if asked else None

    required = entry.field.required.holds(answer) and not _waived(entry, waived)
    ok = is_valid(entry) or (entry.answer is None and not required)
    return Check(entry=entry, required=required, ok=ok, todo=_todo(entry, by_path))


def _todo(entry: Entry, by_path: Mapping[str, Entry]) -> str:
    """What would make the entry complete, with the condition that it hangs on."""
    rule = entry.field.required
    instruction = _instruction(entry)
    if rule in (ALWAYS, NEVER):
        return instruction

    def label(name: str) -> str:
        return by_path[entry.names[name]].field.label if entry.names[name] in by_path else name

    def shown(name: str, value: str) -> str:
        asked = by_path.get(entry.names[name])
        return asked.field.shown(value) if asked else value

    return f"{instruction} where {rule.words(label, shown)}"


def _instruction(entry: Entry) -> str:
    field = entry.field
    if entry.locked:
        return "Complete it in the Hub; it is not typed here"
    if field.type in AMOUNTS and field.limit is not None:
        reason = ", or say why there is none" if field.state else ""
        return f"Enter a number from 0 to {exact(field.limit)}{reason}"
    if field.type is FieldType.DATE:
        return "Enter a date"
    if field.choices:
        return f"Choose {listed([words for _, words in field.choices], last='or')}"
    if field.format == "email":
        return "Enter an e-mail address"
    return f"Enter at most {field.max_length:,} characters"


def _unfinished(check: Check) -> Finding:
    """A failed check as a finding: V1 for nothing entered, V2 for a wrong number, or the field's own code."""
    entry = check.entry
    given = entry.answer
    code = entry.field.validation or ("V2" if given is not None and entry.field.type in AMOUNTS else "V1")
    wrong = f' "{given[:60]}" cannot be used.' if given is not None else ""
    return Finding(
        code=code,
        level=Level.BLOCK,
        path=entry.path,
        label=entry.label,
        message=f"{entry.tab.title}, {entry.label}:{wrong} {check.todo}.",
    )


def _waivers(content: Content) -> dict[str, str]:
    """What is waived on the day of the content: the words of each waiver by the key of its finding."""
    return {row["key"]: row["words"] for row in content.get("waivers", ())}


def _waived(entry: Entry, waived: Mapping[str, str]) -> bool:
    """Whether somebody waived that a field is required, by the key of the finding that it would be."""
    return bool(entry.field.validation) and f"{entry.field.validation}:{entry.path}" in waived


def _goes_without(entry: Entry, waived: Mapping[str, str]) -> bool:
    return entry.answer is None and _waived(entry, waived)


def _not_asked(check: Check, waived: Mapping[str, str]) -> Finding:
    """A field that would be required, were that not waived."""
    entry = check.entry
    return Finding(
        code=entry.field.validation,
        level=Level.INFORM,
        path=entry.path,
        label=entry.label,
        message=f"{entry.tab.title}, {entry.label}: nothing is entered. "
        f"{waived[f'{entry.field.validation}:{entry.path}']}",
    )


def _unless_waived(finding: Finding, waived: Mapping[str, str]) -> Finding:
    """A finding that asks for a reason, where somebody waived that: it is told with the waiver, and asks nothing."""
    if finding.level is not Level.JUSTIFY or finding.key not in waived:
        return finding
    return replace(finding, level=Level.INFORM, message=f"{finding.message} {waived[finding.key]}")


def _justified(finding: Finding, given: Mapping[str, str]) -> Finding:
    reason = finding.justification or given.get(finding.key, "")
    return Finding(
        code=finding.code,
        level=finding.level,
        path=finding.path,
        label=finding.label,
        message=finding.message,
        justification=reason.strip(),
    )


def _cross_checks(content: Content) -> list[Finding]:
    """The validations that look at more than one cell."""
    return [
        *_figure_checks(content),
        *_rates(content),
        *_balances(content),
        *_overspends(content),
        *_totals(content),
        *_late(content),
        *_before_sign_off(content),
        *_good_to_know(content),
    ]


def _figure_checks(content: Content) -> Iterator[Finding]:
    """M1 to M5: what bcf_metrics.domain.checks found in the metric figures, with the quarters before them."""
    for row in content.get("checks", ()):
        yield Finding(
            code=row["code"],
            level=Level(row["level"]),
            path=row["path"],
            label=row["label"],
            message=row["message"],
        )


def _rates(content: Content) -> Iterator[Finding]:
    """V7: a percentage is 0 to 100, and a rate is its numerator over its denominator."""
    for index, row in enumerate(content["metrics"]):
        value = parse_decimal(row.get("value") or "")
        if value is None:
            continue
        path, label = f"metrics[{index}].value", row["indicator"]
        if row.get("unit") == PERCENT and not 0 <= value <= 100:
            yield Finding(
                code="V7",
                level=Level.JUSTIFY,
                path=path,
                label=label,
                message=f"{label}: {exact(value)}% is not between 0 and 100. Correct it, or say why.",
            )
        numerator = parse_decimal(row.get("numerator") or "")
        if numerator is None:
            continue
        multiplier = Decimal(row.get("multiplier") or 1)
        try:
            computed = rate(numerator, parse_decimal(row.get("denominator") or ""), multiplier)
        except ProgressError as error:
            message = f"{label}: {error.message}"
        else:
            places = row.get("precision", 1)
            if rate_agrees(value, computed, places=places):
                continue
            message = (
                f"{label}: {exact(value)} was entered, and {exact(computed.numerator)} of "
                f"{exact(computed.denominator)} times {exact(multiplier)} is "
                f"{exact(computed.rounded(places))}. Correct one of them, or say why they differ."
            )
        yield Finding(code="V7", level=Level.JUSTIFY, path=path, label=label, message=message)


def _balances(content: Content) -> Iterator[Finding]:
    """V13: the partners' own books agree on each line of the quarter, or their difference is settled."""
    for row in content.get("balances", ()):
        yield Finding(
            code="V13",
            level=Level.BLOCK,
            path=f"balances.{row['line']}",
            label=row["name"],
            message=(
                f"{row['name']}: the partners' balances are {row['words']}. Settle the difference on the fund's page "
                "“Agreement of balances”."
            ),
        )


def _overspends(content: Content) -> Iterator[Finding]:
    """V9: a scheme that has spent more than its plan says why; its comment is the reason."""
    for index, row in enumerate(content["expenditure"]):
        if row["actual"] is None or row["plan"] is None or Decimal(row["actual"]) <= Decimal(row["plan"]):
            continue
        label = f"Scheme {row['scheme_no']}, {row['name']}"
        yield Finding(
            code="V9",
            level=Level.JUSTIFY,
            path=f"expenditure[{index}].note",
            label=label,
            message=f"{label}: spending to date is above the plan for the year. Say why in the comment.",
            justification=row["note"],
        )


def _totals(content: Content) -> Iterator[Finding]:
    """V10: each column of income and expenditure adds up to the total in the fund's own books."""
    for key, columns in content["totals"].items():
        for column, printed in columns.items():
            lines = total(_figures(content, key, column))
            reached = lines.amount
            if printed is None or reached == Decimal(printed):
                continue
            label = f"{key.capitalize()}, {column}"
            yield Finding(
                code="V10",
                # Lines that are empty for a reason may be the whole difference: then somebody says so.
                level=Level.BLOCK if lines.complete else Level.JUSTIFY,
                path=f"totals.{key}.{column}",
                label=label,
                message=(
                    f"{label}: the lines add up to £{reached:,.2f} and the fund's total is "
                    f"£{Decimal(printed):,.2f}, a difference of £{abs(reached - Decimal(printed)):,.2f}. "
                    "Correct the line that is wrong, or the fund."
                ),
            )


def _figures(content: Content, key: str, column: str) -> list[Figure]:
    as_at = date.fromisoformat(content["as_at"])
    state_key = contents.AMOUNT_KEYS[column]
    field = Field(
        code=column,
        label=column,
        type=FieldType.MONEY,
        required=NEVER,
        checked=False,
        state=state_key,
        until="until" if column == "actual" else "",
    )
    figures = (_figure(field, row, as_at) for row in content[key])
    return [figure for figure in figures if figure is not None]


def _late(content: Content) -> Iterator[Finding]:
    """V11: sent after the due date; the reason is an answer of its own."""
    due_on, submitted_on = content["period"]["due_on"], content.get("submitted_on")
    if due_on is None or (submitted_on or content["as_at"]) <= due_on:
        return
    sent = f"was sent on {_long(submitted_on)}" if submitted_on else "has not been sent"
    yield Finding(
        code="V11",
        level=Level.JUSTIFY,
        path="answers.late_reason",
        label="Late return",
        message=f"The return was due on {_long(due_on)} and {sent}. Say on the cover why it is late.",
        justification=content["answers"].get("late_reason") or "",
    )


def _before_sign_off(content: Content) -> Iterator[Finding]:
    """V12: sent before the Board signed it off, so by whom, by which authority, and reported when."""
    answers = content["answers"]
    if answers.get("signed_off_by_board") != "No":
        return
    given = [answers.get(code) for code in ("sent_by_delegate", "delegate_authority", "reported_to_board_on")]
    yield Finding(
        code="V12",
        level=Level.JUSTIFY,
        path="answers.sent_by_delegate",
        label="Sent before sign-off",
        message=(
            "The Health and Wellbeing Board has not signed off. Enter on the cover who sends the return, by "
            "which authority, and the meeting that it is reported to."
        ),
        justification="; ".join(text for text in given if text) if all(given) else "",
    )


def _good_to_know(content: Content) -> Iterator[Finding]:
    """I1 to I3: totals with gaps, no national return, differences in the sources."""
    for key in ("income", "expenditure"):
        for column in contents.AMOUNT_KEYS:
            left_out = total(_figures(content, key, column)).left_out
            if left_out:
                label = f"{key.capitalize()}, {column}"
                yield _inform("I1", f"{key}.{column}", label, f"the total leaves out {_counted(left_out)}.")
    if content["period"]["due_on"] is None:
        note = content["period"].get("due_note") or "no national due date is known for this quarter."
        yield _inform("I2", "period.due_on", "National due date", note)
    for index, difference in enumerate(content["discrepancies"]):
        yield _inform("I3", f"discrepancies[{index}]", "Difference in the sources", difference)


def _inform(code: str, path: str, label: str, message: str) -> Finding:
    return Finding(code=code, level=Level.INFORM, path=path, label=label, message=f"{label}: {message}")


def _counted(left_out: tuple[str, ...]) -> str:
    """Gaps by their reason: "2 figures that are missing and 1 figure that is suppressed"."""
    parts = []
    for words in dict.fromkeys(left_out):
        count = left_out.count(words)
        parts.append(f"{count} {'figure that is' if count == 1 else 'figures that are'} {words}")
    return listed(parts)


def _long(day: str) -> str:
    return long_date(date.fromisoformat(day))
