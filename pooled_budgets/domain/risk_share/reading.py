"""Rules, figures and results of a risk share as JSON: what an agreement's editor saves and what the API takes.

Amounts, percentages and weights are strings, so that no program between turns a penny into a float. Whatever would
leave a penny without an owner is refused here, with the field that is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from integration_hub.core.money import LARGEST, NIL, PENNY, as_plain, pounds
from pooled_budgets.domain.risk_share.settling import Entry, Line, Settlement
from pooled_budgets.domain.risk_share.terms import (
    OTHERS,
    REST,
    Basis,
    Cap,
    Direction,
    Group,
    Limit,
    Method,
    Netting,
    Pool,
    Scheme,
    Tier,
)

# More digits than any population or contribution has; longer text is refused before it is counted with.
LONGEST_NUMBER: Final = 30

_MONEY = re.compile(r"-?[0-9]+(?:\.[0-9]{1,2})?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_NUMBER_WORDS = {"percent": "a percentage", "weight": "a weight"}
_KEYS_OF_METHOD: Final[Mapping[Method, tuple[str, ...]]] = {
    Method.FIXED: ("shares",),
    Method.WEIGHTS: ("weights",),
    Method.PARTNER: ("partner",),
}


class RuleRefused(ValueError):
    """Rules or figures that cannot be settled: `field` is where ("groups[0].overspend[2].limit"), `message` why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def read(data: object) -> Pool:
    """A pool with its rules from JSON; RuleRefused names the first field that is wrong."""
    document = _object(data, "", required=("partners", "schemes", "groups"), optional=("contingency",))
    partners = _partners(document["partners"])
    schemes = tuple(
        _scheme(each, f"schemes[{place}]", partners) for place, each in enumerate(_list(document["schemes"], "schemes"))
    )
    _once([scheme.number for scheme in schemes], "schemes", "two schemes have the number {}")
    groups = tuple(
        _group(each, f"groups[{place}]", partners) for place, each in enumerate(_list(document["groups"], "groups"))
    )
    contingency = _money(document["contingency"], "contingency") if "contingency" in document else NIL
    pool = Pool(partners=partners, schemes=schemes, groups=groups, contingency=contingency)
    _check_schemes_have_one_group(pool)
    _check_contributions_weigh(pool)
    return pool


def as_json(settlement: Settlement) -> dict[str, Any]:
    """A settlement as the API gives it: pounds as text, nil shares left out, every partner listed."""
    return {
        "groups": [_entry(entry) for entry in settlement.entries],
        "partners": {
            partner: {"pays": as_plain(amount), "receives": as_plain(settlement.receives[partner])}
            for partner, amount in settlement.pays.items()
        },
        "contingency": {
            "opening": as_plain(settlement.contingency_opening),
            "closing": as_plain(settlement.contingency_closing),
        },
        "carried_forward": as_plain(settlement.carried_forward),
        "unresolved": as_plain(settlement.unresolved),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.group.name,
        "direction": entry.direction.value,
        "amount": as_plain(entry.amount),
        "lines": [_line(line) for line in entry.lines],
        "capped": [
            {"partner": move.partner, "excess": as_plain(move.excess), "to": _amounts(move.to)} for move in entry.capped
        ],
        "shares": _amounts(entry.shares),
        "from_contingency": as_plain(entry.from_contingency),
        "to_contingency": as_plain(entry.to_contingency),
        "carried_forward": as_plain(entry.carried_forward),
        "unresolved": as_plain(entry.unresolved),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "tier": line.number,
        "method": line.tier.method.value,
        "amount": as_plain(line.amount),
        "shares": _amounts(line.shares),
    }


def _amounts(shares: Mapping[str, Decimal]) -> dict[str, str]:
    return {partner: as_plain(amount) for partner, amount in shares.items() if amount}


def _partners(value: object) -> dict[str, Decimal]:
    found = {key: _money(amount, f"partners.{key}") for key, amount in _mapping(value, "partners").items()}
    if not found:
        raise RuleRefused("partners", "name at least one partner with its contribution")
    for key in found:
        if not key.strip():
            raise RuleRefused("partners", "a partner has an empty key")
        if key == OTHERS:
            raise RuleRefused(
                f"partners.{key}", f'"{OTHERS}" means all other partners; call the partner something else'
            )
    return found


def _scheme(value: object, path: str, partners: Mapping[str, Decimal]) -> Scheme:
    given = _object(value, path, required=("no", "budget", "outturn", "lead"), optional=("contributions",))
    contributions = None
    if "contributions" in given:
        where = f"{path}.contributions"
        contributions = {
            _partner(key, f"{where}.{key}", partners): _money(amount, f"{where}.{key}")
            for key, amount in _mapping(given["contributions"], where).items()
        }
    return Scheme(
        number=_text(given["no"], f"{path}.no"),
        budget=_money(given["budget"], f"{path}.budget"),
        outturn=_money(given["outturn"], f"{path}.outturn", negative=True),
        lead=_partner(given["lead"], f"{path}.lead", partners),
        contributions=contributions,
    )


def _group(value: object, path: str, partners: Mapping[str, Decimal]) -> Group:
    given = _object(value, path, required=("name", "schemes", "overspend", "underspend"), optional=("netting", "caps"))
    caps = tuple(
        _cap(each, f"{path}.caps[{place}]", partners)
        for place, each in enumerate(_list(given.get("caps", []), f"{path}.caps"))
    )
    _once([cap.partner for cap in caps], f"{path}.caps", "there are two caps for {}")
    return Group(
        name=_text(given["name"], f"{path}.name"),
        schemes=_numbers(given["schemes"], f"{path}.schemes"),
        netting=Netting(_one_of(given.get("netting", Netting.NET.value), f"{path}.netting", list(Netting))),
        overspend=_tiers(given["overspend"], f"{path}.overspend", Direction.OVERSPEND, partners),
        underspend=_tiers(given["underspend"], f"{path}.underspend", Direction.UNDERSPEND, partners),
        caps=caps,
    )


def _numbers(value: object, path: str) -> tuple[str, ...] | None:
    if value == REST:
        return None
    if not isinstance(value, list):
        raise RuleRefused(path, f'give a list of scheme numbers, or "{REST}" for all that no other group names')
    return tuple(_text(number, f"{path}[{place}]") for place, number in enumerate(value))


def _tiers(value: object, path: str, direction: Direction, partners: Mapping[str, Decimal]) -> tuple[Tier, ...]:
    tiers = tuple(_tier(each, f"{path}[{place}]", partners) for place, each in enumerate(_list(value, path)))
    if not tiers:
        raise RuleRefused(path, f"say who bears the {direction.value}: the list is empty")
    for place, tier in enumerate(tiers):
        if direction is Direction.OVERSPEND and tier.method is Method.CARRY_FORWARD:
            raise RuleRefused(f"{path}[{place}].method", "an overspend cannot be carried forward")
    last, where = tiers[-1], f"{path}[{len(tiers) - 1}]"
    if last.limit is not None:
        raise RuleRefused(f"{where}.limit", "the last tier takes all that is left, so it has no limit")
    if direction is Direction.OVERSPEND and last.method is Method.CONTINGENCY:
        raise RuleRefused(f"{where}.method", "the contingency can run out, so another tier has to follow it")
    return tiers


def _tier(value: object, path: str, partners: Mapping[str, Decimal]) -> Tier:
    kinds = _mapping(value, path)
    if "method" not in kinds:
        raise RuleRefused(f"{path}.method", "is missing")
    method = Method(_one_of(kinds["method"], f"{path}.method", list(Method)))
    optional = ("limit", "basis") if method is Method.CONTRIBUTIONS else ("limit",)
    given = _object(value, path, required=("method", *_KEYS_OF_METHOD.get(method, ())), optional=optional)
    weights: dict[str, Decimal] = {}
    if method is Method.FIXED:
        weights = _weights(given["shares"], f"{path}.shares", "percent", partners)
        # As fractions: a sum of Decimals is itself rounded, to 28 digits.
        if sum(Fraction(weight) for weight in weights.values()) != 100:
            said = f"{sum(weights.values()):f}"
            raise RuleRefused(f"{path}.shares", f"the percentages add up to {said}; they have to add up to exactly 100")
    elif method is Method.WEIGHTS:
        weights = _weights(given["weights"], f"{path}.weights", "weight", partners)
        if not any(weights.values()):
            raise RuleRefused(f"{path}.weights", "every weight is nil, so nothing says how to share")
    return Tier(
        method=method,
        weights=weights,
        partner=_partner(given["partner"], f"{path}.partner", partners) if method is Method.PARTNER else "",
        basis=Basis(_one_of(given.get("basis", Basis.SCHEME.value), f"{path}.basis", list(Basis))),
        limit=_limit(given["limit"], f"{path}.limit") if "limit" in given else None,
    )


def _limit(value: object, path: str) -> Limit:
    given = _object(value, path, required=(), optional=("amount", "percent_of_budget"))
    if len(given) != 1:
        raise RuleRefused(path, "give either an amount or a percentage of the budget, not both and not neither")
    if "amount" in given:
        return Limit(amount=_money(given["amount"], f"{path}.amount"))
    return Limit(percent_of_budget=_number(given["percent_of_budget"], f"{path}.percent_of_budget", "percent"))


def _cap(value: object, path: str, partners: Mapping[str, Decimal]) -> Cap:
    given = _object(value, path, required=("partner", "amount", "excess_to"), optional=())
    partner = _partner(given["partner"], f"{path}.partner", partners)
    excess_to = given["excess_to"]
    if excess_to != OTHERS:
        excess_to = _partner(excess_to, f"{path}.excess_to", partners)
    if excess_to == partner:
        raise RuleRefused(f"{path}.excess_to", f"{partner} is capped, so its excess goes to somebody else")
    return Cap(partner=partner, amount=_money(given["amount"], f"{path}.amount"), excess_to=excess_to)


def _check_schemes_have_one_group(pool: Pool) -> None:
    known = {scheme.number for scheme in pool.schemes}
    groups_of: dict[str, str] = {}
    rest = ""
    for place, group in enumerate(pool.groups):
        path = f"groups[{place}].schemes"
        if group.schemes is None:
            if rest:
                raise RuleRefused(path, f'only one group takes "{REST}", and {rest} does')
            rest = f"groups[{place}]"
        for number in group.schemes or ():
            if number not in known:
                raise RuleRefused(path, f"there is no scheme {number}")
            if number in groups_of:
                raise RuleRefused(path, f"scheme {number} is in two groups, or twice in one: {groups_of[number]}")
            groups_of[number] = group.name
    if not rest:
        for place, scheme in enumerate(pool.schemes):
            if scheme.number not in groups_of:
                raise RuleRefused(f"schemes[{place}].no", f"scheme {scheme.number} is in no group")


def _check_contributions_weigh(pool: Pool) -> None:
    """Somebody has to contribute where contributions decide who bears a tier."""
    if any(pool.partners.values()):
        return
    for place, group in enumerate(pool.groups):
        schemes = pool.schemes_of(group)
        own = any(amount for scheme in schemes for amount in (scheme.contributions or {}).values())
        for direction in Direction:
            for number, tier in enumerate(group.tiers(direction)):
                if tier.method is Method.CONTRIBUTIONS and (tier.basis is Basis.POOL or not own):
                    path = f"groups[{place}].{direction.value}[{number}]"
                    raise RuleRefused(path, "every contribution is nil, so nothing says how to share")


# Shapes


def _object(value: object, path: str, *, required: Sequence[str], optional: Sequence[str]) -> dict[str, Any]:
    found = _mapping(value, path)
    for key in required:
        if key not in found:
            raise RuleRefused(_at(path, key), "is missing")
    for key in found:
        if key not in required and key not in optional:
            known = ", ".join([*required, *optional])
            raise RuleRefused(_at(path, str(key)[:LONGEST_NUMBER]), f"is not known here; known are {known}")
    return found


def _mapping(value: object, path: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise RuleRefused(path or "the document", "has to be an object with named values")
    return value


def _list(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise RuleRefused(path, "has to be a list")
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleRefused(path, "has to be text, and not empty")
    return value


def _one_of(value: object, path: str, known: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise RuleRefused(path, f"has to be one of {', '.join(known)}")
    return value


def _partner(value: object, path: str, partners: Mapping[str, Decimal]) -> str:
    if not isinstance(value, str) or value not in partners:
        raise RuleRefused(path, f"is not one of the partners {', '.join(partners)}")
    return value


def _weights(value: object, path: str, kind: str, partners: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {
        _partner(key, f"{path}.{key}", partners): _number(weight, f"{path}.{key}", kind)
        for key, weight in _mapping(value, path).items()
    }


def _number(value: object, path: str, kind: str) -> Decimal:
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER or not _PLAIN.fullmatch(value):
        raise RuleRefused(path, f'has to be {_NUMBER_WORDS[kind]} of 0 or more, as text such as "12.5"')
    return Decimal(value)


def _money(value: object, path: str, *, negative: bool = False) -> Decimal:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise RuleRefused(path, 'has to be pounds as text with at most two decimals, such as "9000000.00"')
    amount = Decimal(value).quantize(PENNY) if len(value) <= LONGEST_NUMBER else LARGEST + 1
    if abs(amount) > LARGEST:
        raise RuleRefused(path, f"is too large; the largest amount is {pounds(LARGEST)}")
    if amount < 0 and not negative:
        raise RuleRefused(path, "is below nil; only an outturn may be")
    return amount or NIL


def _once(values: Sequence[str], path: str, message: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise RuleRefused(path, message.format(value))
        seen.add(value)


def _at(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
