"""A fund's figures and an agreement's rules put together as the document that `reading.read` takes.

What is not known is named as a gap and never taken for nil: with a gap there is no document.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from integration_hub.core.money import NIL, as_plain, total
from pooled_budgets.domain.risk_share.terms import Method


@dataclass(frozen=True)
class Gap:
    """A figure that is not known: `field` for programs ("schemes[2].outturn"), `words` what is missing and where."""

    field: str
    words: str


@dataclass(frozen=True)
class SchemeFigures:
    """One scheme, in pounds. None where an amount is not known; `lead` is a partner's key, or empty."""

    number: str
    name: str
    budget: Decimal | None
    outturn: Decimal | None
    lead: str = ""
    contributions: Mapping[str, Decimal] | None = None
    entered_by: str = ""
    source: str = ""
    # Why there is no outturn, for a page: a state of a figure, and until when it is not yet available.
    state: str = ""
    until: date | None = None

    @property
    def variance(self) -> Decimal | None:
        """Outturn less budget: above nil is an overspend."""
        if self.budget is None or self.outturn is None:
            return None
        return self.outturn - self.budget


@dataclass(frozen=True)
class FundFigures:
    """What a fund has to share: contributions by partner's key, contingency and schemes, in pounds."""

    partners: Mapping[str, Decimal]
    names: Mapping[str, str]
    schemes: tuple[SchemeFigures, ...]
    contingency: Decimal | None = None
    # Contributions that nobody can be given: a payer or an amount that is not stated.
    gaps: tuple[Gap, ...] = ()

    def with_outturns(self, outturns: Mapping[str, Decimal]) -> "FundFigures":
        """The same with other outturns by scheme number; a number that is not there is a KeyError."""
        known = {scheme.number for scheme in self.schemes}
        for number in outturns:
            if number not in known:
                raise KeyError(number)
        schemes = tuple(replace(scheme, outturn=outturns.get(scheme.number, scheme.outturn)) for scheme in self.schemes)
        return FundFigures(self.partners, self.names, schemes, self.contingency, self.gaps)

    @property
    def difference(self) -> Decimal | None:
        """Contributions less budgets and contingency, in pounds: nil where the pool ties. None where unknown."""
        budgets = [scheme.budget for scheme in self.schemes]
        if self.gaps or None in budgets:
            return None
        held = total(budget for budget in budgets if budget is not None) + (self.contingency or NIL)
        return total(self.partners.values()) - held


def methods(rules: Mapping[str, Any]) -> set[str]:
    """The methods that the rules use."""
    return {str(tier.get("method")) for tier in _tiers(rules)}


def gaps(figures: FundFigures, rules: Mapping[str, Any]) -> list[Gap]:
    """What has to be known before these rules can be applied, in the order of the page."""
    found = list(figures.gaps)
    used = methods(rules)
    if not figures.partners:
        found.append(Gap("partners", "the agreement has no parties"))
    if Method.CONTINGENCY in used and figures.contingency is None:
        found.append(Gap("contingency", "the contingency of the year is not recorded"))
    for place, scheme in enumerate(figures.schemes):
        if scheme.budget is None:
            found.append(Gap(f"schemes[{place}].budget", f"scheme {scheme.number} has no stated budget"))
        if scheme.outturn is None:
            found.append(Gap(f"schemes[{place}].outturn", f"scheme {scheme.number} has no outturn"))
        if Method.LEAD in used and not scheme.lead:
            found.append(Gap(f"schemes[{place}].lead", f"scheme {scheme.number} has no lead partner"))
    if not figures.schemes:
        found.append(Gap("schemes", "the fund has no schemes"))
    return found


def document(figures: FundFigures, rules: Mapping[str, Any]) -> dict[str, Any]:
    """The pool as JSON; ValueError while something is missing (see `gaps`)."""
    if missing := gaps(figures, rules):
        raise ValueError("; ".join(gap.words for gap in missing))
    # Where no rule asks for a lead, any partner stands in its place: it weighs nothing.
    anybody = next(iter(figures.partners), "")
    return {
        "partners": {key: as_plain(amount) for key, amount in figures.partners.items()},
        "contingency": as_plain(figures.contingency or NIL),
        "schemes": [_scheme(scheme, anybody) for scheme in figures.schemes],
        "groups": rules["groups"],
    }


def trial(figures: FundFigures, rules: Mapping[str, Any], *, overspend: Decimal = NIL) -> dict[str, Any]:
    """A pool to try rules on where figures may be missing: a pound for each, and one overspend on the first scheme.

    Rules that settle it settle every pool of the same partners and schemes in which somebody contributes.
    """
    known = figures.partners if not figures.gaps and any(figures.partners.values()) else {}
    schemes = figures.schemes or (SchemeFigures("1", "", Decimal("1.00"), None),)
    anybody = next(iter(figures.partners), "")
    made = []
    for place, scheme in enumerate(schemes):
        budget = scheme.budget if scheme.budget is not None else Decimal("1.00")
        outturn = budget + (overspend if place == 0 else NIL)
        tried = SchemeFigures(
            scheme.number, scheme.name, budget, outturn, scheme.lead, scheme.contributions if known else None
        )
        made.append(_scheme(tried, anybody))
    return {
        "partners": {key: as_plain(known.get(key, Decimal("1.00"))) for key in figures.partners},
        "contingency": as_plain(figures.contingency or NIL),
        "schemes": made,
        "groups": rules.get("groups", []),
    }


def _scheme(scheme: SchemeFigures, anybody: str) -> dict[str, Any]:
    if scheme.budget is None or scheme.outturn is None:
        raise ValueError(f"Scheme {scheme.number} has no budget or no outturn.")
    made: dict[str, Any] = {
        "no": scheme.number,
        "budget": as_plain(scheme.budget),
        "outturn": as_plain(scheme.outturn),
        "lead": scheme.lead or anybody,
    }
    if scheme.contributions is not None:
        made["contributions"] = {key: as_plain(amount) for key, amount in scheme.contributions.items()}
    return made


def _tiers(rules: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    groups: Sequence[Mapping[str, Any]] = rules.get("groups", [])
    for group in groups:
        for direction in ("overspend", "underspend"):
            yield from group.get(direction, [])
