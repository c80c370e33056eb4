"""A whole snapshot, as Southwark's first quarter of 2014/15 would give it, and ways to spoil it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]

_FILE = Path(__file__).parent / "snapshot_southwark.json"


@pytest.fixture
def southwark() -> Json:
    """A fresh copy of the sound snapshot: seven schemes, six measures, every part filled."""
    data: Json = json.loads(_FILE.read_text(encoding="utf-8"))
    return data


@pytest.fixture
def incomplete(southwark: Json) -> Json:
    """The same with gaps: outturns missing and not yet due, a nil, a budget to come, pence, and an unsettled total."""
    schemes = {scheme["number"]: scheme for scheme in southwark["schemes"]}
    schemes["2"].update(outturn="1050000.55", variance="2000.55")
    schemes["3"].update(
        outturn=None, outturn_state="not_yet_available", outturn_until="2014-09-30", variance=None, note=""
    )
    schemes["4"].update(outturn=None, outturn_state="nil", variance="-100000.00")
    schemes["5"].update(budget=None, budget_state="to_be_confirmed", variance=None)
    schemes["7"].update(outturn=None, outturn_state="missing", variance=None)
    southwark["scheme_total"].update(budget="8850000.00", outturn="6992000.55", variance=None, missing=["3", "7"])
    southwark["fund"].update(total=None, total_state="to_be_confirmed")
    return southwark


@pytest.fixture
def withheld(southwark: Json) -> Json:
    """The report of another partner: of two schemes the fund's owner has released no outturn."""
    schemes = {scheme["number"]: scheme for scheme in southwark["schemes"]}
    for number in ("3", "7"):
        note = "Outturn not released by Southwark Council."
        schemes[number].update(outturn=None, outturn_state="not_released", variance=None, as_printed="", note=note)
    shown = [scheme for scheme in schemes.values() if scheme["outturn"]]
    outturn = sum(Decimal(scheme["outturn"]) for scheme in shown)
    southwark["scheme_total"].update(outturn=f"{outturn:.2f}", variance=None, missing=["3", "7"])
    return southwark


@pytest.fixture
def exempt(southwark: Json) -> Json:
    """The same report, withheld from the public under two paragraphs of Schedule 12A."""
    southwark["header"].update(
        classification="Exempt",
        exempt=[
            {
                "paragraph": "3",
                "reason": "It names prices that one provider has tendered.",
                "public_interest": "Publishing them before the award would harm the council's position.",
            },
            {
                "paragraph": "5",
                "reason": "It repeats legal advice.",
                "public_interest": "The council needs to be advised in confidence.",
            },
        ],
    )
    return southwark
