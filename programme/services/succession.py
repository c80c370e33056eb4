"""Successors take over open risks and next steps. Called by partners.services.succession alone."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from integration_hub.core.registry import SuccessionProvider, Taking
from partners.models import User
from programme.models import NextStep, Risk
from programme.selectors.succession import RISK, holdings


def move(takings: Sequence[Taking], *, on: date, by: User, at: datetime) -> None:
    """What is open goes to whoever takes what cannot be divided; closed risks and steps that were done stay."""
    by_keeper: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for taking in takings:
        by_keeper[taking.holding.kind == RISK, taking.keeper].append(taking.holding.key)
    for (is_risk, keeper), keys in sorted(by_keeper.items()):
        (Risk if is_risk else NextStep).objects.filter(pk__in=keys).update(owner=keeper)


PROVIDER = SuccessionProvider(holdings=holdings, move=move)
