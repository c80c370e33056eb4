"""The files of the demonstration, checked: a misspelt key or an amount that is no amount stops the load."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from bcf_metrics.domain import datafiles
from bcf_metrics.domain.shapes import (
    Shape,
    boolean,
    check,
    day,
    decimal,
    list_of,
    mapping_of,
    money,
    nullable,
    one_of,
    record,
    text,
    whole,
)
from partners.domain.capacities import Capacity

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demonstration"
# In the order in which they are loaded: later files may name what earlier ones made.
MADE_UP = "southwark-2025-26"
FILES = ("southwark", "city-of-london", "tower-hamlets", "sutton", "plymouth", MADE_UP)

QUARTER = "southwark-quarter-1"
YEAR = "southwark-2025-26-year"
PERFORMANCE = "southwark-2015-16-performance"


def _anything(value: object, where: str) -> Iterator[str]:
    """What is kept for later has no fixed shape."""
    return iter(())


def _moment(value: object, where: str) -> Iterator[str]:
    if not isinstance(value, datetime) or value.tzinfo is not None:
        yield f"{where}: expected a moment in London such as 2014-07-01T10:00:00, found {value!r}"


_AREA = record({"key": text, "name": text, "ons_code": text})
_ORGANISATION = record(
    {"key": text, "name": text, "kind": text, "areas": list_of(text)},
    # Signatories: accounts beside those of the roles, and in which capacity each, or the approver, signs.
    {"note": text, "accounts": boolean, "codes": mapping_of(text), "signatories": mapping_of(one_of(*Capacity))},
)
_BOARD = record(
    {"key": text, "name": text, "kind": text, "area": text, "parties": list_of(text)},
    {
        "status": text,
        "since": text,
        "note": text,
        "parties_note": text,
        "accountable_to": list_of(text),
        "functions_moved_to": list_of(record({"board": text, "note": text})),
    },
)
_MEETING = record({"board": text, "held_on": day, "title": text}, {"purpose": text, "outcome": text})
_SEAT = record({"email": text, "board": text, "title": text})
_AGREEMENT = record(
    {"key": text, "title": text, "kind": text, "status": text, "area": text, "board": text, "parties": list_of(text)},
    {"host": text, "statutory_basis": text, "note": text},
)
_FUNDING = record(
    {"source": text, "amount": nullable(money)},
    {"payer": text, "stream": text, "state": text, "note": text, "illustrative": boolean},
)
_FUND = record(
    {
        "key": text,
        "agreement": text,
        "owner": text,
        "financial_year": whole(2000, 2100),
        "name": text,
        "total": nullable(money),
        "total_note": text,
        "split_note": text,
    },
    {
        "total_state": text,
        "illustrative": boolean,
        "discrepancies": list_of(record({"figure": text, "printed": text, "where": text, "note": text})),
        "funding": list_of(_FUNDING),
    },
)
_PLAN = record(
    {"code": text, "name": text, "unit": text, "target": nullable(decimal)},
    {"target_period": text, "baseline": decimal, "baseline_period": text},
)
_PLANS = record({"fund": text, "owner": text, "metrics": list_of(_PLAN)}, {"illustrative": boolean})
_RISK = record({"text": text, "response": text, "held_by": text, "illustrative": boolean})
_STEP = record({"text": text, "illustrative": boolean}, {"held_by": text, "due_on": day})
_FIGURE = record(
    {"code": text, "source": text},
    {
        "value": decimal,
        "state": text,
        "available_on": day,
        "value_period": text,
        "lagged": boolean,
        "commentary": text,
        "action": text,
    },
)
_STORY: Shape = record(
    {
        "fund": text,
        "board": text,
        "council": text,
        "ccg": text,
        "quarter": whole(1, 4),
        "meeting": day,
        "plan": record({"at": _moment, "filename": text, "corrections": mapping_of(text), "released_at": _moment}),
        "register": record({"at": _moment, "risks": list_of(_RISK), "steps": list_of(_STEP)}),
        "figures": record({"at": _moment, "released_at": _moment, "rows": list_of(_FIGURE)}),
        # The words have a shape of their own, which is checked where they are saved; so have the answers.
        "report": record(
            {"words_at": _moment, "asked_at": _moment, "issued_at": _moment, "words": _anything},
        ),
        "return": record(
            {
                "opened_at": _moment,
                "answered_at": _moment,
                "sent_at": _moment,
                "signed": list_of(record({"partner": text, "as": text, "at": _moment})),
                "answers": mapping_of(text),
            }
        ),
    }
)
_SCHEME = record({"number": text, "name": text, "budget": money, "outturn": nullable(money)})
_WORK = record(
    {
        "fund": text,
        "council": text,
        "nhs": text,
        "quarter": whole(1, 4),
        "plan": record({"at": _moment, "filename": text, "schemes": list_of(_SCHEME)}),
        "return": record({"opened_at": _moment, "answered_at": _moment, "answers": mapping_of(text)}),
    }
)
_SIGNED = list_of(record({"partner": text, "as": text, "capacity": text, "at": _moment}))
_CLAUSES = mapping_of(record({"reference": text, "summary": text}))
_RECEIPT = record({"received_on": day, "amount": money, "reference": text})
_POSTED = record({"code": text, "month": whole(1, 13), "amount": money, "words": text, "reference": text})
_YEAR: Shape = record(
    {
        **dict.fromkeys(("fund", "agreement", "board", "council", "nhs", "nhs_party"), text),
        "agreement_signed": record(
            {
                "reason": text,
                "begun_at": _moment,
                "sent_at": _moment,
                "effective_from": day,
                "document": text,
                "document_lines": list_of(text),
                # Terms and rules have shapes of their own, which are checked where they are saved.
                "terms": _anything,
                "clauses": _CLAUSES,
                "signed": _SIGNED,
                "duties_done": list_of(record({"key": text, "at": _moment})),
            }
        ),
        "variation": record(
            {
                "reason": text,
                "begun_at": _moment,
                "shared_at": _moment,
                "sent_at": _moment,
                "effective_from": day,
                "terms": _anything,
                "clauses": _CLAUSES,
                "signed": _SIGNED,
            }
        ),
        "authority": record(
            {
                "decisions": list_of(
                    record(
                        {
                            **dict.fromkeys(("reference", "title", "text"), text),
                            "made_on": day,
                            "matters": list_of(text),
                            "amount_limit": nullable(money),
                            "at": _moment,
                        }
                    )
                ),
                "delegations": list_of(
                    record(
                        {
                            **dict.fromkeys(("reference", "to_role", "scheme_text"), text),
                            "matters": list_of(text),
                            "limit": money,
                            "year_total": money,
                            "starts_on": day,
                            "ends_on": day,
                            "at": _moment,
                        },
                        {"revoked": record({"ended_on": day, "reason": text, "at": _moment})},
                    )
                ),
            }
        ),
        "contribution_change": record(
            {
                **dict.fromkeys(("source", "reason", "decision"), text),
                "amount": money,
                "effective_on": day,
                "at": _moment,
            }
        ),
        "contributions": list_of(record({"source": text, "due": list_of(day), "receipts": list_of(_RECEIPT)})),
        "lines_at": _moment,
        "lines": list_of(
            record(
                {"scheme": text, "source": text, "budget": money, "code": text, "fields": mapping_of(text)},
                {"is_new": boolean},
            )
        ),
        "starts": list_of(record({"scheme": text, "starts_on": day, "decision": text, "at": _moment})),
        "extracts": list_of(record({"filename": text, "at": _moment, "post": boolean, "rows": list_of(_POSTED)})),
        "commitment": record(
            {
                **dict.fromkeys(("line", "supplier", "description"), text),
                "open_value": money,
                "due_month": whole(1, 12),
                "at": _moment,
            }
        ),
        "forecasts": record(
            {
                "at": _moment,
                "released_at": _moment,
                "rows": list_of(record({"line": text, "even": money, "months": list_of(whole(1, 12))})),
            }
        ),
        "months": list_of(
            record({"number": whole(1, 13), "kind": text, "reason": text, "at": _moment}, {"until": day})
        ),
        "variances": record(
            {
                "pounds": money,
                "percent": decimal,
                "at": _moment,
                "explained": list_of(record({"scheme": text, "text": text, "at": _moment})),
            }
        ),
        "balances": record(
            {
                "stated": list_of(record({"partner": text, "at": _moment, "amounts": mapping_of(money)})),
                "differences": list_of(
                    record(
                        {**dict.fromkeys(("line", "kind", "owner", "person", "note"), text), "at": _moment},
                        {"settled": record({"reason": text, "at": _moment})},
                    )
                ),
            }
        ),
        "virements": list_of(
            record(
                {
                    **dict.fromkeys(("from", "to", "reason"), text),
                    "amount": money,
                    "effective_on": day,
                    "at": _moment,
                },
                {"approved": record({"delegation": text, "at": _moment})},
            )
        ),
        "registers": record(
            {
                "at": _moment,
                "aligned": list_of(record({"values": _anything, "released": boolean})),
                "contracts": list_of(record({"values": _anything, "released": boolean}, {"scheme": text})),
            }
        ),
        "risk_share": record(
            {
                "contingency": money,
                "leads": mapping_of(text),
                "clause": text,
                "note": text,
                "prepared_at": _moment,
                "approved_at": _moment,
                "effective_from": day,
                "groups": _anything,
                "figures_at": _moment,
                "scenarios": list_of(
                    record({"name": text, "outturns": mapping_of(money), "at": _moment}, {"released_at": _moment})
                ),
            }
        ),
    }
)
_PERFORMANCE: Shape = record(
    {
        **dict.fromkeys(("fund", "council", "nhs"), text),
        "at": _moment,
        "unit": money,
        "quarters": list_of(record(dict.fromkeys(("baseline", "planned_reduction", "actual"), whole(0, 100_000)))),
    }
)
_FILE: Shape = record(
    {
        "source": text,
        "people_from": day,
        "areas": list_of(_AREA),
        "organisations": list_of(_ORGANISATION),
        "boards": list_of(_BOARD),
        "meetings": list_of(_MEETING),
        "seats": list_of(_SEAT),
        "agreements": list_of(_AGREEMENT),
        "funds": list_of(_FUND),
    },
    {"metric_plans": list_of(_PLANS), "same_people": mapping_of(text), "work": _WORK, "further": _anything},
)


@cache
def files() -> list[dict[str, Any]]:
    """The five papers and the made-up year, in the order of loading. Raises ShapeError with every mistake of a file."""
    return [_read(name, _FILE) for name in FILES]


@cache
def work_in_hand() -> dict[str, Any]:
    """What is half done in the made-up year 2025/26. Raises ShapeError with every mistake of the file."""
    work: dict[str, Any] = _read(MADE_UP, _FILE)["work"]
    return work


@cache
def quarter() -> dict[str, Any]:
    """What was done for Southwark's quarter 1 of 2014/15. Raises ShapeError with every mistake of the file."""
    return _read(QUARTER, _STORY)


@cache
def year() -> dict[str, Any]:
    """What was done over the made-up year 2025/26. Raises ShapeError with every mistake of the file."""
    return _read(YEAR, _YEAR)


@cache
def performance() -> dict[str, Any]:
    """The made-up payment for performance of 2015/16. Raises ShapeError with every mistake of the file."""
    return _read(PERFORMANCE, _PERFORMANCE)


def _read(name: str, shape: Shape) -> dict[str, Any]:
    path = FOLDER / f"{name}.yaml"
    data: dict[str, Any] = datafiles.read(path)
    check(data, shape, name=path.name)
    return data
