"""The policy of a year as one plain dict that JSON can hold: what a version and a working copy of it are.

It has the keys of a data file (policy_years.py), every optional one filled in, dates as text.
"""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from bcf_metrics.domain import policy_years
from bcf_metrics.domain.policy_years import PolicyYear
from bcf_metrics.domain.shapes import parse_date

Plain = dict[str, Any]

# Keys of a year that is not loaded; a loaded one has the others as well.
ALWAYS = ("code", "financial_year", "label", "starts_on", "ends_on", "kind", "loaded", "checked", "note")
_DAYS = {"reporting_periods": "due_on", "planning": "day"}


def dump(year: PolicyYear) -> Plain:
    """A year as plain data. Equal years, equal data."""
    whole: Plain = _plain(asdict(year))
    for metric, row in zip(year.metrics, whole["metrics"], strict=True):
        row["multiplier"] = None if metric.multiplier is None else int(metric.multiplier)
    if not whole["lineage"]:
        # Contents from before there were lines stay equal to what they were.
        del whole["lineage"]
    return whole if year.loaded else {key: whole[key] for key in ALWAYS}


def parse(content: Mapping[str, Any], *, name: str) -> PolicyYear:
    """The year in plain data; raises ShapeError with every mistake, each by its place."""
    return policy_years.parse(_with_days(content), name=name)


def canonical(content: Any) -> bytes:
    """The one way to write content down. Equal contents, equal bytes."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest(content: Any) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()


def empty(content: Plain) -> Plain:
    """The content of a year that was not loaded, as a working copy begins with it: lists without rows."""
    lists = ("funding_streams", "national_conditions", "metrics", "reporting_periods", "planning")
    return {
        **{key: content[key] for key in ALWAYS},
        "loaded": True,
        "checked": False,
        "return_template": "",
        "layout_note": "",
        **{key: [] for key in lists},
    }


def _with_days(content: Mapping[str, Any]) -> Plain:
    """With dates as the shape of a file expects them; what is no date stays as it is, and is told of."""
    found: Plain = deepcopy(dict(content))
    for key in ("starts_on", "ends_on"):
        found[key] = _day(found.get(key))
    for part, key in _DAYS.items():
        for row in found.get(part, []):
            if isinstance(row, dict) and row.get(key) is not None:
                row[key] = _day(row[key])
    for row in found.get("metrics", []):
        if isinstance(row, dict) and row.get("multiplier", 0) is None:
            del row["multiplier"]
    return found


def _day(value: object) -> object:
    return (parse_date(value) or value) if isinstance(value, str) else value


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | str) else value
