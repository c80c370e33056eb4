from typing import Any

import pytest

from bcf_metrics.domain import templates
from bcf_metrics.domain.templates import Template

Content = dict[str, Any]

SCHEMES = [
    ("1", "Existing NHS transfers within social care budget", "5621000.00"),
    ("2", "Winter Pressures services", "1048000.00"),
    ("3", "Reablement grant", "1813000.00"),
    ("4", "Change management capacity", "100000.00"),
    ("5", "Self management programme", "107000.00"),
    ("7", "Psychiatric liaison", "54000.00"),
    ("11", "Admission avoidance: enhanced rapid response", "214000.00"),
]
METRICS = [
    ("RES65", "Care home admissions of older people", "167", "23", "on_track"),
    ("DTOC_DAYS", "Delayed transfers of care", "424", "808", "not_on_track"),
    ("REABL91", "Reablement: still at home 91 days after discharge", "85%", "88%", "on_track"),
    ("AVOID_ADM", "Avoidable admissions to hospital", "450", "missing", "data_not_available"),
    ("LOCAL", "People feeling supported to manage long term conditions", "60%", "59%", "not_on_track"),
    ("PX", "User experience", "not yet defined", "not yet defined", "not_defined"),
]


@pytest.fixture
def template() -> Template:
    return templates.load("2015-16")


@pytest.fixture
def southwark() -> Content:
    return content_of_southwark()


def content_of_southwark() -> Content:
    """Southwark's quarter 1 of 2014/15: complete, sent before the Board signed off, no signature yet."""
    return {
        "template": "2015-16",
        "layout_note": "No national return for quarter 1 of 2014/15. The layout of 2015/16 is used.",
        "area": {"name": "Southwark", "ons_code": "E09000028"},
        "organisations": ["Southwark Council", "NHS Southwark CCG"],
        "fund": {
            "name": "Southwark Better Care Fund 2014/15",
            "financial_year": "2014/15",
            "statutory_basis": "Preparatory year; section 256 for scheme 11",
        },
        "period": {
            "label": "Quarter 1 2014/15",
            "quarter": 1,
            "financial_year": "2014/15",
            "ends_on": "2014-06-30",
            "due_on": None,
        },
        "version": 1,
        "status_words": "With signatories",
        "as_at": "2014-07-28",
        "answers": {
            "completed_by": "Metrics officer",
            "email": "metrics@southwark-council.example",
            "phone": "020 7946 0000",
            "signed_off_by_board": "No",
            "sign_off_expected_on": "2014-07-28",
            "sent_by_delegate": "Director of Adult Care",
            "delegate_authority": "Board, 24 March 2014",
            "reported_to_board_on": "2014-07-28",
            "section_75_in_place": "No",
            "section_75_expected_on": "2015-04-01",
            "finance_commentary": "All schemes are forecast to spend their budget.",
            "narrative": "Neighbourhood teams are in place.\nIntegrated contracts follow from April 2015.",
        },
        "conditions": [
            {
                "number": number,
                "text": f"Condition {number}",
                "plan": "Yes",
                "answer": "No - In Progress" if number == 3 else "Yes",
                "expected_on": "2015-03-31" if number == 3 else None,
                "comment": "Weekend services start in winter." if number == 3 else "",
            }
            for number in range(1, 7)
        ],
        "income": [
            {
                "source": source,
                "plan": amount,
                "forecast": amount,
                "actual": None,
                "state": "not_yet_available",
                "until": "2014-09-30",
                "note": "",
            }
            for source, amount in [
                ("Integration payment", "1300000.00"),
                ("Existing NHS transfers to social care", "7657000.00"),
            ]
        ],
        "expenditure": [
            {
                "scheme_no": number,
                "name": name,
                "plan": budget,
                "forecast": budget,
                "actual": None if number in ("4", "11") else "12345.67",
                "state": {"4": "nil", "11": "not_applicable"}.get(number, "stated"),
                "note": "",
            }
            for number, name, budget in SCHEMES
        ],
        "totals": {
            "income": {"plan": "8957000.00", "forecast": "8957000.00", "actual": None},
            "expenditure": {"plan": "8957000.00", "forecast": "8957000.00", "actual": "61728.35"},
        },
        "metrics": [
            {
                "code": code,
                "indicator": name,
                "target_words": target,
                "progress_words": progress,
                "comparison": f"{progress} against {target}",
                "status": status,
                "commentary": "Latest data is being obtained." if "not" in status else "",
                "action": "",
            }
            for code, name, target, progress, status in METRICS
        ],
        "signatures": [
            {
                "organisation": name,
                "capacity": "Approver",
                "name_words": "",
                "signed_at": None,
                "version": None,
            }
            for name in ("Southwark Council", "NHS Southwark CCG")
        ],
        "prepared_by": "Metrics officer",
        "discrepancies": ["Scheme 11 is printed as £214,00. The printed total shows that it is £214,000.00."],
        "illustrative": ["answers.phone", "income[0]"],
    }
