"""What was typed about a risk share, in shape: the rules, the figures that they need, and what-ifs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from integration_hub.core.formfields import DateField, MoneyField
from integration_hub.core.money import MoneyError, as_plain, parse_pounds
from integration_hub.core.states import AmountState
from integration_hub.core.templatetags.components import Problem
from pooled_budgets.domain.risk_share.inputs import FundFigures, SchemeFigures
from pooled_budgets.domain.risk_share.terms import OTHERS, REST, Basis, Direction, Method, Netting
from pooled_budgets.forms import NUL

# More than any agreement has; a page with more could not be read.
MOST_GROUPS, MOST_TIERS, MOST_CAPS = 20, 10, 20
DIRECTIONS = tuple(direction.value for direction in Direction)
METHODS = {
    Method.CONTINGENCY: "The contingency",
    Method.CONTRIBUTIONS: "In proportion to contributions",
    Method.FIXED: "By fixed percentages",
    Method.WEIGHTS: "By weights, such as populations",
    Method.LEAD: "By the leads of the schemes",
    Method.PARTNER: "All to one partner",
    Method.CARRY_FORWARD: "Stays in the pool for next year",
}
NETTINGS = {
    Netting.NET: "Set overspends and underspends against each other, then share the rest",
    Netting.GROSS: "Share overspends and underspends separately",
}
BASES = {Basis.SCHEME: "to these schemes", Basis.POOL: "to the whole pool"}
LIMITS = {
    "none": "No limit: all that is left",
    "amount": "Up to an amount in pounds",
    "percent_of_budget": "Up to a percentage of the budget",
}
# What an agreement without rules begins with.
BEGINNING: list[dict[str, Any]] = [
    {
        "name": "Whole pool",
        "schemes": REST,
        "netting": "net",
        "overspend": [{"method": "contributions"}],
        "underspend": [{"method": "carry_forward"}],
    }
]
_PLACE = re.compile(r"groups\[(\d+)\](?:\.(overspend|underspend|caps)(?:\[(\d+)\])?|\.(\w+))?")


@dataclass
class TierRow:
    """One rule as it is typed: amounts and percentages are text."""

    key: str
    method: str = Method.CONTRIBUTIONS.value
    shares: dict[str, str] = field(default_factory=dict)
    partner: str = ""
    basis: str = Basis.SCHEME.value
    limit_kind: str = "none"
    limit: str = ""
    sentence: str = ""
    error: str = ""

    @property
    def shows_shares(self) -> bool:
        return self.method in (Method.FIXED, Method.WEIGHTS)


@dataclass
class CapRow:
    key: str
    partner: str = ""
    amount: str = ""
    excess_to: str = OTHERS
    sentence: str = ""
    error: str = ""


@dataclass
class GroupRow:
    key: str
    name: str = "Whole pool"
    is_rest: bool = True
    schemes: str = ""
    netting: str = Netting.NET.value
    tiers: dict[str, list[TierRow]] = field(default_factory=dict)
    caps: list[CapRow] = field(default_factory=list)
    sentence: str = ""
    error: str = ""

    @property
    def directions(self) -> list[tuple[str, list[TierRow]]]:
        return [(direction, self.tiers.get(direction, [])) for direction in DIRECTIONS]


class RulesForm:
    """The rules of an agreement as a page of inputs: groups, rules and caps, added and taken away by buttons."""

    methods = [(method.value, words) for method, words in METHODS.items()]
    overspend_methods = [(method.value, words) for method, words in METHODS.items() if method != Method.CARRY_FORWARD]
    nettings = [(netting.value, words) for netting, words in NETTINGS.items()]
    bases = [(basis.value, words) for basis, words in BASES.items()]
    limits = list(LIMITS.items())

    def __init__(
        self, partners: Mapping[str, str], *, groups: Sequence[Mapping[str, Any]] = (), data: Any = None
    ) -> None:
        self.partners = dict(partners)
        self.act = data.get("act", "update") if data is not None else ""
        self.clause = _line(data.get("clause", "")) if data is not None else ""
        self.note = _line(data.get("note", "")) if data is not None else ""
        self.is_illustrative = bool(data is not None and data.get("illustrative"))
        self.seen = data.get("seen-rules", "") if data is not None else ""
        self.refusal = ""
        self.problems: list[Problem] = []
        if data is None:
            self.groups = [_group_of(place, group) for place, group in enumerate(groups)]
        else:
            self.groups = [
                _group_typed(f"g{place}", data, self.partners)
                for place in range(MOST_GROUPS)
                if f"g{place}-name" in data
            ]
            self._act()

    @property
    def is_save(self) -> bool:
        return self.act == "save"

    def as_json(self) -> list[dict[str, Any]] | None:
        """The rules as the domain reads them; None where an amount cannot be read (see `problems`)."""
        made = [self._group(group) for group in self.groups]
        return None if self.problems else made

    def refuse(self, path: str, message: str) -> None:
        """Put why the rules are refused at the place that the domain names."""
        found = _PLACE.match(path)
        group = self._at(self.groups, found[1] if found else None)
        row: Any = group
        if found and group is not None and found[2]:
            rows = group.caps if found[2] == "caps" else group.tiers.get(found[2], [])
            row = self._at(rows, found[3]) or group
        if row is None:
            self.refusal = f"{message[:1].upper()}{message[1:]}."
            self.problems.append(Problem(self.refusal))
            return
        words = f"{message[:1].upper()}{message[1:]}."
        row.error = words
        where = f"{group.name}: " if group is not None else ""
        inputs = {TierRow: "method", CapRow: "partner", GroupRow: "name"}
        self.problems.append(Problem(f"{where}{words}", f"#{row.key}-{inputs[type(row)]}"))

    def _at(self, rows: Sequence[Any], number: str | None) -> Any:
        return rows[int(number)] if number is not None and int(number) < len(rows) else None

    def _group(self, group: GroupRow) -> dict[str, Any]:
        made: dict[str, Any] = {
            "name": group.name,
            "schemes": REST if group.is_rest else [part.strip() for part in group.schemes.split(",") if part.strip()],
            "netting": group.netting,
        }
        for direction, tiers in group.directions:
            made[direction] = [self._tier(tier) for tier in tiers]
        if group.caps:
            made["caps"] = [
                {"partner": cap.partner, "amount": self._pounds(cap, cap.amount, "amount"), "excess_to": cap.excess_to}
                for cap in group.caps
            ]
        return made

    def _tier(self, tier: TierRow) -> dict[str, Any]:
        made: dict[str, Any] = {"method": tier.method}
        if tier.shows_shares:
            shares = {key: _plain_number(text) for key, text in tier.shares.items() if text}
            made["shares" if tier.method == Method.FIXED else "weights"] = shares
        if tier.method == Method.PARTNER:
            made["partner"] = tier.partner
        if tier.method == Method.CONTRIBUTIONS:
            made["basis"] = tier.basis
        if tier.limit_kind == "amount":
            made["limit"] = {"amount": self._pounds(tier, tier.limit, "limit")}
        elif tier.limit_kind == "percent_of_budget":
            made["limit"] = {"percent_of_budget": _plain_number(tier.limit)}
        return made

    def _pounds(self, row: TierRow | CapRow, text: str, name: str) -> str:
        try:
            return as_plain(parse_pounds(text))
        except MoneyError as error:
            row.error = error.message
            self.problems.append(Problem(error.message, f"#{row.key}-{name}"))
            return ""

    def _act(self) -> None:
        """Add or take away what a button asked for; an act that fits nothing changes nothing."""
        verb, *places = self.act.split(":")
        group = self._at(self.groups, places[0]) if places and places[0].isdecimal() else None
        if verb == "add-group" and len(self.groups) < MOST_GROUPS:
            self.groups.append(_group_of(len(self.groups), {**BEGINNING[0], "name": "New group", "schemes": []}))
        elif verb == "remove-group" and group is not None:
            self.groups.remove(group)
        elif group is not None and len(places) > 1:
            self._act_in(verb, group, places[1], places[2] if len(places) > 2 else "")
        self._number_anew()

    def _act_in(self, verb: str, group: GroupRow, what: str, number: str) -> None:
        rows: Any = group.caps if what == "caps" else group.tiers.get(what)
        if rows is None:
            return
        most = MOST_CAPS if what == "caps" else MOST_TIERS
        if verb == "add" and len(rows) < most:
            rows.append(CapRow("", partner=next(iter(self.partners), "")) if what == "caps" else TierRow(""))
        elif verb == "remove" and number.isdecimal() and int(number) < len(rows):
            del rows[int(number)]

    def _number_anew(self) -> None:
        for place, group in enumerate(self.groups):
            group.key = f"g{place}"
            for direction, tiers in group.directions:
                for number, tier in enumerate(tiers):
                    tier.key = f"g{place}-{direction}-{number}"
            for number, cap in enumerate(group.caps):
                cap.key = f"g{place}-caps-{number}"


class ApproveForm(forms.Form):
    """The day from which rules apply."""

    effective_from = DateField(label="In force from", help_text="The rules apply to funds whose year holds this day")


class FiguresForm(forms.Form):
    """The contingency of the year, and the lead of each scheme."""

    contingency = MoneyField(
        label="Contingency held back", required=False, help_text="Part of the pool that stands in no scheme"
    )
    contingency_state = forms.ChoiceField(
        label="If empty, why",
        choices=[
            (AmountState.NOT_STATED.value, "Not stated"),
            (AmountState.TO_BE_CONFIRMED.value, "To be confirmed"),
        ],
    )

    def __init__(self, data: Any = None, *, figures: FundFigures, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.schemes = figures.schemes
        choices = [("", "Not stated"), *figures.names.items()]
        for place, scheme in enumerate(self.schemes):
            self.fields[f"lead-{place}"] = forms.ChoiceField(
                label=f"Lead of scheme {scheme.number}: {scheme.name}",
                choices=choices,
                required=False,
                initial=scheme.lead,
            )

    @property
    def leads(self) -> dict[str, str]:
        """The chosen partner's key by scheme number."""
        return {scheme.number: self.cleaned_data[f"lead-{place}"] for place, scheme in enumerate(self.schemes)}


class ScenarioForm(forms.Form):
    """What a what-if is called."""

    name = forms.CharField(
        label="Name of the what-if",
        max_length=100,
        required=True,
        error_messages={"required": "Give the what-if a name, such as “Hard winter”"},
    )


@dataclass
class WhatIfRow:
    """One scheme with the outturn that is tried."""

    scheme: SchemeFigures
    place: int
    typed: str = ""
    error: str = ""

    @property
    def label(self) -> str:
        return f"Scheme {self.scheme.number}: {self.scheme.name}"


class WhatIfForm:
    """An outturn to try for each scheme; one left empty stays as it is recorded."""

    def __init__(self, figures: FundFigures, data: Any = None) -> None:
        self.rows = [WhatIfRow(scheme, place) for place, scheme in enumerate(figures.schemes)]
        if data is not None:
            for row in self.rows:
                row.typed = data.get(f"outturn-{row.place}", "").strip()
        self.outturns: dict[str, Decimal] = {}

    def is_valid(self) -> bool:
        for row in self.rows:
            if row.typed:
                try:
                    self.outturns[row.scheme.number] = parse_pounds(row.typed, negative=True)
                except MoneyError as error:
                    row.error = error.message
        return not self.problems

    @property
    def problems(self) -> list[Problem]:
        return [Problem(f"{row.label}: {row.error}", f"#outturn-{row.place}") for row in self.rows if row.error]


def _group_of(place: int, group: Mapping[str, Any]) -> GroupRow:
    key = f"g{place}"
    schemes = group.get("schemes", REST)
    return GroupRow(
        key=key,
        name=str(group.get("name", "")),
        is_rest=schemes == REST,
        schemes="" if schemes == REST else ", ".join(schemes),
        netting=str(group.get("netting", Netting.NET.value)),
        tiers={
            direction: [_tier_of(f"{key}-{direction}-{number}", tier) for number, tier in enumerate(group[direction])]
            for direction in DIRECTIONS
        },
        caps=[
            CapRow(f"{key}-caps-{number}", cap["partner"], _shown(cap["amount"]), cap["excess_to"])
            for number, cap in enumerate(group.get("caps", []))
        ],
    )


def _tier_of(key: str, tier: Mapping[str, Any]) -> TierRow:
    limit: Mapping[str, str] = tier.get("limit", {})
    kind = next(iter(limit), "none")
    return TierRow(
        key=key,
        method=tier["method"],
        shares=dict(tier.get("shares") or tier.get("weights") or {}),
        partner=tier.get("partner", ""),
        basis=tier.get("basis", Basis.SCHEME.value),
        limit_kind=kind,
        limit=_shown(limit["amount"]) if kind == "amount" else limit.get(kind, ""),
    )


def _group_typed(key: str, data: Any, partners: Mapping[str, str]) -> GroupRow:
    return GroupRow(
        key=key,
        name=_line(data.get(f"{key}-name", "")),
        is_rest=data.get(f"{key}-which", REST) == REST,
        schemes=_line(data.get(f"{key}-schemes", "")),
        netting=data.get(f"{key}-netting", Netting.NET.value),
        tiers={
            direction: [
                _tier_typed(f"{key}-{direction}-{number}", data, partners)
                for number in range(MOST_TIERS)
                if f"{key}-{direction}-{number}-method" in data
            ]
            for direction in DIRECTIONS
        },
        caps=[
            CapRow(
                f"{key}-caps-{number}",
                data.get(f"{key}-caps-{number}-partner", ""),
                _line(data.get(f"{key}-caps-{number}-amount", "")),
                data.get(f"{key}-caps-{number}-to", OTHERS),
            )
            for number in range(MOST_CAPS)
            if f"{key}-caps-{number}-partner" in data
        ],
    )


def _tier_typed(key: str, data: Any, partners: Mapping[str, str]) -> TierRow:
    return TierRow(
        key=key,
        method=data.get(f"{key}-method", ""),
        shares={partner: _line(data.get(f"{key}-share-{partner}", "")) for partner in partners},
        partner=data.get(f"{key}-partner", ""),
        basis=data.get(f"{key}-basis", Basis.SCHEME.value),
        limit_kind=data.get(f"{key}-limit-kind", "none"),
        limit=_line(data.get(f"{key}-limit", "")),
    )


def _line(text: str) -> str:
    """One line without the only character that the database cannot keep."""
    return " ".join(text.replace(NUL, "").split())


def _plain_number(text: str) -> str:
    """A percentage or weight as programs write it: "301,402" and "50%" are understood."""
    return text.replace(",", "").removesuffix("%").strip()


def _shown(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"
