"""The files of the demonstration, checked: a misspelt key or an amount that is no amount stops the load."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bcf_metrics.domain import datafiles
from bcf_metrics.domain.shapes import Shape, boolean, check, day, decimal, list_of, money, nullable, record, text, whole

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demonstration"
# In the order in which they are loaded: later files may name what earlier ones made.
AREA_FILES = ("southwark", "city-of-london", "tower-hamlets", "sutton", "plymouth")


def _anything(value: object, where: str) -> Iterator[str]:
    """What is kept for later has no fixed shape."""
    return iter(())


_AREA = record({"key": text, "name": text, "ons_code": text})
_ORGANISATION = record(
    {"key": text, "name": text, "kind": text, "areas": list_of(text)}, {"note": text, "accounts": boolean}
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
    {"source": text, "amount": nullable(money)}, {"payer": text, "state": text, "note": text, "illustrative": boolean}
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
    {"target_period": text, "baseline": decimal, "baseline_period": text, "rationale": text},
)
_PLANS = record(
    {"fund": text, "owner": text, "policy_year": text, "metrics": list_of(_PLAN)}, {"illustrative": boolean}
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
    {"metric_plans": list_of(_PLANS), "further": _anything},
)


def areas() -> list[dict[str, Any]]:
    """The five papers' areas, in the order of loading. Raises ShapeError with every mistake of a file."""
    return [_read(name, _FILE) for name in AREA_FILES]


def _read(name: str, shape: Shape) -> dict[str, Any]:
    path = FOLDER / f"{name}.yaml"
    data: dict[str, Any] = datafiles.read(path)
    check(data, shape, name=path.name)
    return data
