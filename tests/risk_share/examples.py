"""Pools worked out by hand, as JSON."""

import copy
from decimal import Decimal
from typing import Any

# The example of the documentation: contingency, then half each up to 2% of the budget, then by contributions.
INPUT: dict[str, Any] = {
    "partners": {"council": "9000000.00", "ccg": "13000000.00"},
    "contingency": "150000.00",
    "schemes": [
        {
            "no": "1",
            "budget": "12000000.00",
            "outturn": "12900000.00",
            "lead": "council",
            "contributions": {"council": "9000000.00", "ccg": "3000000.00"},
        },
        {"no": "2", "budget": "9850000.00", "outturn": "9810000.00", "lead": "ccg"},
    ],
    "groups": [
        {
            "name": "Whole pool",
            "schemes": "rest",
            "netting": "net",
            "overspend": [
                {"method": "contingency"},
                {"method": "fixed", "shares": {"council": "50", "ccg": "50"}, "limit": {"percent_of_budget": "2"}},
                {"method": "contributions"},
            ],
            "underspend": [{"method": "carry_forward"}],
            "caps": [{"partner": "ccg", "amount": "300000.00", "excess_to": "council"}],
        }
    ],
}

RESULT: dict[str, Any] = {
    "groups": [
        {
            "name": "Whole pool",
            "direction": "overspend",
            "amount": "860000.00",
            "lines": [
                {"tier": 1, "method": "contingency", "amount": "150000.00", "shares": {}},
                {
                    "tier": 2,
                    "method": "fixed",
                    "amount": "437000.00",
                    "shares": {"council": "218500.00", "ccg": "218500.00"},
                },
                {
                    "tier": 3,
                    "method": "contributions",
                    "amount": "273000.00",
                    "shares": {"council": "204750.00", "ccg": "68250.00"},
                },
            ],
            "capped": [],
            "shares": {"council": "423250.00", "ccg": "286750.00"},
            "from_contingency": "150000.00",
            "to_contingency": "0.00",
            "carried_forward": "0.00",
            "unresolved": "0.00",
        }
    ],
    "partners": {
        "council": {"pays": "423250.00", "receives": "0.00"},
        "ccg": {"pays": "286750.00", "receives": "0.00"},
    },
    "contingency": {"opening": "150000.00", "closing": "0.00"},
    "carried_forward": "0.00",
    "unresolved": "0.00",
}


def whole_pool(overspend: list[Any], underspend: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """One group of every scheme."""
    rules = {"overspend": overspend, "underspend": underspend or [{"method": "carry_forward"}]}
    return {"name": "Whole pool", "schemes": "rest", **rules, **more}


def scheme(number: str, variance: str, lead: str, budget: str = "1000000.00", **more: Any) -> dict[str, Any]:
    """A scheme by its variance in pounds, such as "-40000.00"."""
    outturn = f"{Decimal(budget) + Decimal(variance):.2f}"
    return {"no": number, "budget": budget, "outturn": outturn, "lead": lead, **more}


def changed(**values: Any) -> dict[str, Any]:
    """A copy of INPUT with other values; a path's parts are joined by two underscores (groups__0__netting)."""
    document = copy.deepcopy(INPUT)
    for path, value in values.items():
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        place: Any = document
        for part in way:
            place = place[part]
        place[last] = value
    return document
