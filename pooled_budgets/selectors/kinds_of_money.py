"""Contributions, schemes, virements, settlements, rules and register rows as kinds of object with a timeline."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from integration_hub.core.models import Period
from partners.models import Organisation, User, Ways, known, own_or_released
from partners.selectors import kinds
from partners.selectors.kinds import FORMER, Kind, Part, events_of, everything
from pooled_budgets.models import (
    Agreement,
    AlignedBudget,
    Forecast,
    Fund,
    FundingLine,
    Instalment,
    JointContract,
    RiskShareRules,
    Scheme,
    SchemeLead,
    SchemeLine,
    Settlement,
    Virement,
)
from pooled_budgets.models.agreement import released_while_party
from pooled_budgets.selectors.kinds import party_until

SEAT = "You sit on the board that oversees the agreement, and it was released to it."
RULES = {
    "own": "Your partner entered it.",
    "inherited": "Your partner followed, in the area of the agreement, the one that entered it.",
    "released": "Your partner is a party to the agreement, and it was released to the parties.",
    "released by seat": SEAT,
}
LEFT = {FORMER: "It was released while your partner was a party to the agreement, before that partner ended."}


def ways_in_fund(user: User) -> Ways:
    """In which ways a person may know of a row of a fund: joined, they are what its `visible_to` asks."""
    shared = Q(fund__in=known(user, Fund.objects.shared_now))
    ways = own_or_released(user, area="fund__agreement__area", shared_with=shared)
    return ways | {FORMER: released_while_party(user, "fund__agreement")}


def ways_of_rules(user: User) -> Ways:
    """The same of the rules of an agreement."""
    shared = Q(agreement__in=known(user, Agreement.objects.visible_to))
    ways = own_or_released(user, area="agreement__area", shared_with=shared)
    return ways | {FORMER: released_while_party(user, "agreement")}


def instalments_seen(user: User) -> Q:
    """Versions of instalments of the reader's partners' contributions, and of others those after their release."""
    own = Organisation.objects.acted_for_by(user)
    return Q(line__owner__in=own) | Q(line__released_at__lte=F("pgh_created_at"))


def _of_self(found: Any) -> Q:
    return Q(pgh_obj=found.pk)


def _of_scheme(found: Any) -> Q:
    return Q(scheme=found.pk)


def _address(path: str) -> Callable[[Any], str]:
    return lambda found: reverse(f"pooled_budgets:{path}", args=[found.fund_id, found.pk])


def register_all() -> None:
    """Tell the pages of reasons and timelines about them."""
    of_fund: dict[str, Any] = {"ways": ways_in_fund, "rules": RULES | LEFT, "until": _until_of_fund}
    period = Concat(Value(" "), Subquery(Period.objects.filter(pk=OuterRef("period")).values("label")[:1]))
    found = [
        Kind(
            slug="contribution",
            noun="contribution",
            model=FundingLine,
            address=_address("contribution"),
            parts=[
                Part(events_of(FundingLine), "Contribution", _of_self),
                Part(
                    events_of(Instalment),
                    "Instalment",
                    lambda found: Q(line=found.pk),
                    instalments_seen,
                    Cast("number", TextField()),
                ),
            ],
            **of_fund,
        ),
        Kind(
            slug="scheme",
            noun="scheme",
            model=Scheme,
            address=_address("scheme"),
            parts=[
                Part(events_of(Scheme), "Scheme", _of_self),
                Part(events_of(SchemeLine), "Budget line", _of_scheme, label=Cast("position", TextField())),
                Part(events_of(Forecast), "Projected outturn,", _of_scheme, label=period),
                Part(events_of(SchemeLead), "Lead", _of_scheme, everything),
            ],
            **of_fund,
        ),
        Kind(
            slug="virement",
            noun="virement",
            model=Virement,
            address=_address("virement"),
            parts=[Part(events_of(Virement), "Virement", _of_self)],
            **of_fund,
        ),
        Kind(
            slug="settlement",
            noun="settlement",
            model=Settlement,
            address=lambda found: reverse("pooled_budgets:settlement_version", args=[found.fund_id, found.number]),
            # Its rows never change: what was done stands in the audit log alone.
            deeds=lambda user, found: Q(target_type=Settlement._meta.label_lower, target_id=str(found.pk)),
            parts=[],
            **of_fund,
        ),
        Kind(
            slug="risk-share-rules",
            noun="version of the rules",
            model=RiskShareRules,
            ways=ways_of_rules,
            rules=RULES | LEFT,
            until=lambda user, found: party_until(user, found.agreement_id),
            address=lambda found: reverse("agreements:agreement", args=[found.agreement_id]),
            parts=[Part(events_of(RiskShareRules), "Risk-share rules", _of_self)],
        ),
        Kind(
            slug="aligned-budget",
            noun="aligned budget",
            model=AlignedBudget,
            ways=AlignedBudget.objects.all().ways,
            rules=RULES,
            address=lambda found: reverse("agreements:aligned_budget", args=[found.pk]),
            parts=[Part(events_of(AlignedBudget), "Aligned budget", _of_self)],
        ),
        Kind(
            slug="joint-contract",
            noun="joint contract",
            model=JointContract,
            ways=JointContract.objects.all().ways,
            rules=RULES,
            address=lambda found: reverse("agreements:joint_contract", args=[found.pk]),
            parts=[Part(events_of(JointContract), "Joint contract", _of_self)],
        ),
    ]
    for kind in found:
        kinds.register(kind)


def _until_of_fund(user: User, found: Any) -> Any:
    return party_until(user, found.fund.agreement_id)
