"""Virements in words: as movements of money for the registers, and the rows of their pages."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse

from governance.domain.authority import Matter
from governance.selectors.movements import MovementKind
from integration_hub.core import money
from pooled_budgets.models import Virement
from pooled_budgets.models.virement import APPROVED
from pooled_budgets.selectors.virements import LineRow, line_words


def words(virement: Virement) -> str:
    """ "Virement 3: from Scheme 1: Reablement to Scheme 2: Carers"."""
    return f"Virement {virement.number}: from {line_words(virement.from_line)} to {line_words(virement.to_line)}"


def address(virement: Virement) -> str:
    return reverse("pooled_budgets:virement", args=[virement.fund_id, virement.pk])


def choices(lines: Iterable[LineRow]) -> list[tuple[str, str]]:
    """The lines as options of a form, with what each holds and its source."""
    return [("", "Choose a line"), *((str(row.line.pk), _option(row)) for row in lines)]


def _option(row: LineRow) -> str:
    budget = "budget not stated" if row.revised is None else money.pounds(row.revised)
    source = f", from {row.source_words}" if row.source_words else ""
    return f"{row.words} ({budget}{source})"


def summary(row: Virement) -> dict[str, Any]:
    """What a list of virements shows of one."""
    return {
        "virement": row,
        "label": f"Virement {row.number}",
        "from": line_words(row.from_line),
        "to": line_words(row.to_line),
    }


MOVEMENTS = MovementKind(
    slug="virement",
    noun="Virement",
    matter=Matter.VIREMENT,
    model=Virement,
    on="decided_on",
    fund="fund",
    words=words,
    address=address,
    counts=Q(status=APPROVED),
    related=("from_line__scheme", "to_line__scheme"),
)
