"""Kinds of organisation, and the groups of kinds that pages and rules speak of."""

from typing import Final

# In the order in which lists offer them.
KINDS: Final[dict[str, str]] = {
    "county": "County council",
    "unitary": "Unitary authority",
    "metropolitan": "Metropolitan district council",
    "london_borough": "London borough council",
    "city_corporation": "City of London Corporation",
    "district": "District council",
    "pct": "Primary care trust",
    "ccg": "Clinical commissioning group",
    "icb": "Integrated care board",
    "nhs_trust": "NHS trust",
    "foundation_trust": "NHS foundation trust",
    "gp_federation": "GP federation",
    "pcn": "Primary care network",
    "healthwatch": "Local Healthwatch",
    "vcse": "Voluntary, community or social enterprise",
    "provider": "Provider of care",
    "nhs_england": "NHS England",
    "other": "Other",
}
# Councils whose area is a Health and Wellbeing Board's; a district's is not.
UPPER_TIER: Final = frozenset({"county", "unitary", "metropolitan", "london_borough", "city_corporation"})
COUNCILS: Final = UPPER_TIER | {"district"}
COMMISSIONERS: Final = frozenset({"pct", "ccg", "icb"})
NHS_PROVIDERS: Final = frozenset({"nhs_trust", "foundation_trust"})
GROUPS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "council": ("Every council", COUNCILS),
    "commissioner": ("Every NHS commissioner", COMMISSIONERS),
    "trust": ("Every NHS trust and foundation trust", NHS_PROVIDERS),
}
# What a filter by kind offers: groups first, then each kind.
CHOICES: Final = [*((code, words) for code, (words, _) in GROUPS.items()), *KINDS.items()]


def kinds_of(choice: str) -> frozenset[str]:
    """The kinds that a choice of CHOICES stands for."""
    return GROUPS[choice][1] if choice in GROUPS else frozenset({choice})


def is_council(kind: str) -> bool:
    """Whether organisations of the kind are councils, of either tier."""
    return kind in COUNCILS


def is_commissioner(kind: str) -> bool:
    """Whether organisations of the kind commission for the NHS in an area."""
    return kind in COMMISSIONERS
