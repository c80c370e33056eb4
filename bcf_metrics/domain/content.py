"""The content of a return: one plain dict that JSON can hold, from which every page and file of it is made.

Keys, with amounts as text of pounds with two decimals ("8957000.00") and dates as text ("2014-07-28"):

    template        code of the layout, "2015-16"
    layout_note     why this layout, in words; "" where there is nothing to say
    area            {name, ons_code}
    organisations   names of the parties
    fund            {name, financial_year "2014/15", statutory_basis}
    period          {label, quarter 1 to 4, financial_year, ends_on, due_on or null, due_note (optional)}
    version         number of the frozen version, null for a draft
    status_words    status of the return in words
    as_at           the day that the content is true for; a figure expected until then is missing from then on
    answers         {code of a single field: answer as text, or null}; choices by their code
    conditions      [{number, text, plan, answer, expected_on, comment}]
    income          [{source, plan, forecast, actual, state, note}]
    expenditure     [{scheme_no, name, plan, forecast, actual, state, note}]
                    amounts are text or null; `state` is that of the actual, `plan_state` and `forecast_state`
                    (optional) those of the others, `until` (optional) the date of one not yet available
    totals          {income, expenditure: {plan, forecast, actual}} as the fund's own books have them, or {}
    metrics         [{code, indicator, target_words, progress_words, comparison, status, commentary, action}]
                    `commentary` is challenges, achievements and support_needs in one text; those are there
                    as well (optional) where there is more than challenges
                    and, optionally, target_period, progress_period, lag_note, lagged; and to check a rate by:
                    unit, value, numerator, denominator, multiplier, precision
    signatures      a row for each one needed: [{organisation, capacity, name_words, signed_at, version}];
                    signed_at is null until it is signed
    prepared_by     name of who prepared it
    discrepancies   differences found in the source documents, in words

Optional: previous {field: answer in the last return}; justifications {"V7:metrics[2].value": reason};
illustrative [paths of what no document states: "income[0]", "answers.phone"]; submitted_on (date or null);
balances [{line, name, words}] of the lines on which the partners' own books differ; layout_version, the number of
the layout's version (1 where it is not said); checks of the metric figures that found something
[{code, level, path, label, message}]; waivers [{key of a finding, words}] that hold on the day of the content.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bcf_metrics.domain.progress import Status
from bcf_metrics.domain.shapes import (
    Shape,
    ShapeError,
    boolean,
    check,
    decimal,
    iso_date,
    list_of,
    mapping_of,
    money,
    nullable,
    one_of,
    record,
    text,
    whole,
)
from bcf_metrics.domain.templates import LONGEST_CELL
from integration_hub.core.states import AmountState, FigureState

Content = Mapping[str, Any]

NAME = "content of the return"
STATES = tuple(dict.fromkeys([*FigureState, *AmountState]))
_AFTER_SENDING = ("signatures", "status_words")
_FINANCIAL_YEAR = re.compile(r"20[0-9]{2}/[0-9]{2}")


def validate(content: Any) -> None:
    """Raise ShapeError, listing every mistake by its place, unless the content has its shape."""
    check(content, _CONTENT, name=NAME)
    problems = list(_contradictions(content))
    if problems:
        raise ShapeError(NAME, problems)


def canonical(content: Content) -> bytes:
    """The one way to write a content down: keys in order, no spaces, UTF-8. Equal contents, equal bytes."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(content: Content) -> str:
    """The SHA-256, in hexadecimal, of what a signature is bound to: all but the signatures and the status from them.

    So a signed return, and each file made of it, carries the digest that its signatories signed.
    """
    signed = {key: value for key, value in content.items() if key not in _AFTER_SENDING}
    return hashlib.sha256(canonical(signed)).hexdigest()


def found(content: Content, path: str) -> Any:
    """The value at a dotted path ("period.label"), or None where any part of it is absent."""
    value: Any = content
    for key in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def row_of(content: Content, path: str) -> Mapping[str, Any] | None:
    """The row of a table that a path such as "income[0].actual" is in; None for a single answer."""
    table, bracket, rest = path.partition("[")
    if not bracket:
        return None
    row: Mapping[str, Any] = content[table][int(rest.partition("]")[0])]
    return row


def is_signed(content: Content) -> bool:
    """Whether every signature that the return needs is there, for this very version."""
    signatures = content["signatures"]
    return bool(signatures) and all(
        row["signed_at"] is not None and row["version"] == content["version"] for row in signatures
    )


def is_illustrative(content: Content, path: str) -> bool:
    """Whether a path, or the row that it is in, is marked as stated in no document."""
    marked = content.get("illustrative", [])
    return path in marked or path.rpartition(".")[0] in marked


def _short_text(value: object, where: str) -> Iterator[str]:
    """Text that fits into one cell of a workbook."""
    yield from text(value, where)
    if isinstance(value, str) and len(value.encode("utf-16-le")) // 2 > LONGEST_CELL:
        yield f"{where}: expected at most {LONGEST_CELL:,} characters"


def _financial_year(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, str) or not _FINANCIAL_YEAR.fullmatch(value):
        yield f"{where}: expected a financial year such as 2014/15, found {value!r}"


_state = one_of(*STATES)
_amount = nullable(money)
_line: dict[str, Shape] = {
    "plan": _amount,
    "forecast": _amount,
    "actual": _amount,
    "state": _state,
    "note": _short_text,
}
_line_options: dict[str, Shape] = {
    "plan_state": _state,
    "forecast_state": _state,
    "until": nullable(iso_date),
}
_totals = record({"plan": _amount, "forecast": _amount, "actual": _amount})
_CONTENT = record(
    {
        "template": text,
        "layout_note": text,
        "area": record({"name": text, "ons_code": text}),
        "organisations": list_of(text),
        "fund": record({"name": text, "financial_year": _financial_year, "statutory_basis": text}),
        "period": record(
            {
                "label": text,
                "quarter": whole(1, 4),
                "financial_year": _financial_year,
                "ends_on": iso_date,
                "due_on": nullable(iso_date),
            },
            {"due_note": text},
        ),
        "version": nullable(whole(1, 10_000)),
        "status_words": text,
        "as_at": iso_date,
        "answers": mapping_of(nullable(_short_text)),
        "conditions": list_of(
            record(
                {
                    "number": whole(1, 99),
                    "text": _short_text,
                    "plan": nullable(text),
                    "answer": nullable(text),
                    "expected_on": nullable(text),
                    "comment": _short_text,
                }
            )
        ),
        "income": list_of(record({"source": text, **_line}, _line_options)),
        "expenditure": list_of(record({"scheme_no": text, "name": text, **_line}, _line_options)),
        "totals": record({}, {"income": _totals, "expenditure": _totals}),
        "metrics": list_of(
            record(
                {
                    "code": text,
                    "indicator": text,
                    "target_words": _short_text,
                    "progress_words": _short_text,
                    "comparison": _short_text,
                    "status": nullable(one_of(*Status)),
                    "commentary": _short_text,
                    "action": _short_text,
                },
                {
                    "challenges": _short_text,
                    "achievements": _short_text,
                    "support_needs": _short_text,
                    "target_period": text,
                    "progress_period": text,
                    "lag_note": text,
                    "lagged": boolean,
                    "unit": text,
                    "value": nullable(decimal),
                    "numerator": nullable(decimal),
                    "denominator": nullable(decimal),
                    "multiplier": nullable(decimal),
                    "precision": whole(0, 4),
                },
            )
        ),
        "signatures": list_of(
            record(
                {
                    "organisation": text,
                    "capacity": text,
                    "name_words": text,
                    "signed_at": nullable(text),
                    "version": nullable(whole(1, 10_000)),
                }
            )
        ),
        "prepared_by": text,
        "discrepancies": list_of(text),
    },
    {
        "previous": mapping_of(nullable(text)),
        "justifications": mapping_of(text),
        "illustrative": list_of(text),
        "submitted_on": nullable(iso_date),
        "balances": list_of(record({"line": text, "name": text, "words": text})),
        "checks": list_of(
            record({"code": text, "level": one_of("justify", "inform"), "path": text, "label": text, "message": text})
        ),
        "waivers": list_of(record({"key": text, "words": text})),
        "layout_version": whole(2, 1000),
    },
)


def _contradictions(content: Content) -> Iterator[str]:
    """An amount is there exactly where its state says so; nil may be written as 0.00."""
    for key in ("income", "expenditure"):
        for index, row in enumerate(content[key]):
            for column, state_key in AMOUNT_KEYS.items():
                where = f"{key}[{index}].{column}"
                amount, state = row[column], state_of(row, column, state_key)
                nil = state == FigureState.NIL and amount == "0.00"
                if not nil and (state == FigureState.STATED) is not (amount is not None):
                    yield f"{where}: {amount!r} contradicts the state {state}"
                if state == FigureState.NOT_YET_AVAILABLE and not (column == "actual" and row.get("until")):
                    yield f"{where}: not yet available is for an actual, with the date in until"


# The key of a row that says why each of its amounts is empty.
AMOUNT_KEYS = {"plan": "plan_state", "forecast": "forecast_state", "actual": "state"}


def state_of(row: Mapping[str, Any], column: str, state_key: str) -> str:
    """The state of one amount of a row; without one, an amount is stated and an empty one missing."""
    given: str | None = row.get(state_key)
    return given or (FigureState.MISSING if row[column] is None else FigureState.STATED)
