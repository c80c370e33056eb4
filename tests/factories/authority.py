"""Decisions and delegations, entered as governance officers enter them."""

from datetime import date
from decimal import Decimal
from typing import Any

from governance.domain.authority import Matter
from governance.models import Decision, Delegation
from governance.services import decisions, delegations
from tests.factories.partners import NOON
from tests.factories.worlds import World


def decision(world: World, **changes: Any) -> Decision:
    """A decision of the world's board of 14 July 2014 that allows virements up to £40,000.00 in all."""
    usual = {
        "board_id": world.board.pk,
        "reference": "HWB 2014/12",
        "made_on": NOON.date(),
        "title": "Money moved between schemes",
        "text": "The board agreed to allocate up to £40,000.00.",
        "matters": [Matter.VIREMENT],
        "amount_limit": Decimal("40000.00"),
        "by": changes.get("by") or world.person("governance"),
        "at": NOON,
    }
    return decisions.record(**(usual | changes))


def delegation(world: World, **changes: Any) -> Delegation:
    """A delegation by the council to its approvers for 2014/15: virements up to £50,000.00, £80,000.00 in the year."""
    usual = {
        "board_id": world.board.pk,
        "reference": "D1",
        "scheme_text": "Part 3, paragraph 4.2",
        "to_organisation": world.council,
        "to_role": "approver",
        "matters": [Matter.VIREMENT],
        "limit": Decimal("50000.00"),
        "year_total": Decimal("80000.00"),
        "starts_on": date(2014, 4, 1),
        "ends_on": date(2015, 3, 31),
        "by": changes.get("by") or world.person("governance"),
        "at": NOON,
    }
    return delegations.grant(**(usual | changes))
