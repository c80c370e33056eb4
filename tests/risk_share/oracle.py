"""A second program for the risk share, written from the rules alone: whole pennies and fractions, one long function.

It shares no line with the one under test, so that a mistake has to be made twice to go unseen.
"""

from fractions import Fraction
from math import floor
from typing import Any


def pennies(text: str) -> int:
    return int(Fraction(text) * 100)


def text(amount: int) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def texts(shares: dict[str, int]) -> dict[str, str]:
    return {key: text(value) for key, value in shares.items() if value}


def settle(document: dict[str, Any]) -> dict[str, Any]:
    pool = {key: pennies(value) for key, value in document["partners"].items()}
    rank = sorted(pool, key=lambda key: (-pool[key], key))
    opening = purse = pennies(document.get("contingency", "0"))
    named = {number for group in document["groups"] if group["schemes"] != "rest" for number in group["schemes"]}
    pays, receives = dict.fromkeys(pool, 0), dict.fromkeys(pool, 0)
    found: list[dict[str, Any]] = []

    def share(amount: int, weights: dict[str, Fraction]) -> dict[str, int]:
        whole = sum(weights.values())
        exact = {key: amount * weight / whole for key, weight in weights.items()}
        result = {key: floor(value) for key, value in exact.items()}
        queue = sorted(exact, key=lambda key: (result[key] - exact[key], rank.index(key)))
        for key in queue[: amount - sum(result.values())]:
            result[key] += 1
        return result

    for group in document["groups"]:
        mine = [
            scheme
            for scheme in document["schemes"]
            if (scheme["no"] in group["schemes"] if group["schemes"] != "rest" else scheme["no"] not in named)
        ]
        gaps = {scheme["no"]: pennies(scheme["outturn"]) - pennies(scheme["budget"]) for scheme in mine}
        budget = sum(pennies(scheme["budget"]) for scheme in mine)
        if group.get("netting", "net") == "net":
            over, under = max(0, sum(gaps.values())), max(0, -sum(gaps.values()))
        else:
            over = sum(gap for gap in gaps.values() if gap > 0)
            under = sum(-gap for gap in gaps.values() if gap < 0)
        for direction, amount, sign in (("overspend", over, 1), ("underspend", under, -1)):
            if amount == 0:
                continue
            rest, borne, lines = amount, dict.fromkeys(pool, 0), []
            drawn = added = kept = 0
            for place, tier in enumerate(group[direction]):
                width = rest
                if "amount" in tier.get("limit", {}):
                    width = pennies(tier["limit"]["amount"])
                elif "percent_of_budget" in tier.get("limit", {}):
                    width = floor(budget * Fraction(tier["limit"]["percent_of_budget"]) / 100 + Fraction(1, 2))
                take = min(rest, width)
                method, split = tier["method"], {}
                if method == "contingency":
                    if sign > 0:
                        take = min(take, purse)
                        purse -= take
                        drawn += take
                    else:
                        purse += take
                        added += take
                elif method == "carry_forward":
                    kept += take
                elif take:
                    if method == "partner":
                        weights = {tier["partner"]: Fraction(1)}
                    elif method in ("fixed", "weights"):
                        given = tier["shares" if method == "fixed" else "weights"]
                        weights = {key: Fraction(value) for key, value in given.items()}
                    elif method == "lead":
                        weights = {}
                        for scheme in mine:
                            if gaps[scheme["no"]] * sign > 0:
                                weights.setdefault(scheme["lead"], Fraction(0))
                                weights[scheme["lead"]] += abs(gaps[scheme["no"]])
                    else:
                        weights = {}
                        if tier.get("basis", "scheme") == "scheme":
                            for scheme in mine:
                                for key, value in scheme.get("contributions", {}).items():
                                    weights[key] = weights.get(key, Fraction(0)) + pennies(value)
                        if not sum(weights.values()):
                            weights = {key: Fraction(value) for key, value in pool.items()}
                    split = share(take, weights)
                    for key, value in split.items():
                        borne[key] += value
                if take:
                    lines.append({"tier": place + 1, "method": method, "amount": text(take), "shares": texts(split)})
                rest -= take
            capped, lost = [], 0
            if sign > 0:
                caps = {cap["partner"]: cap for cap in group.get("caps", [])}
                limit = {key: pennies(cap["amount"]) for key, cap in caps.items()}
                while any(borne[key] > limit[key] for key in limit):
                    down = next(key for key in rank if key in limit and borne[key] > limit[key])
                    excess, borne[down] = borne[down] - limit[down], limit[down]
                    free = {key for key in pool if key not in limit or borne[key] < limit[key]}
                    to: dict[str, int] = {}
                    if caps[down]["excess_to"] in free:
                        to = {caps[down]["excess_to"]: excess}
                    elif caps[down]["excess_to"] == "others" and sum(pool[key] for key in free):
                        to = share(excess, {key: Fraction(pool[key]) for key in free})
                    else:
                        lost += excess
                    for key, value in to.items():
                        borne[key] += value
                    capped.append({"partner": down, "excess": text(excess), "to": texts(to)})
            for key in pool:
                (pays if sign > 0 else receives)[key] += borne[key]
            found.append(
                {
                    "name": group["name"],
                    "direction": direction,
                    "amount": text(amount),
                    "lines": lines,
                    "capped": capped,
                    "shares": texts(borne),
                    "from_contingency": text(drawn),
                    "to_contingency": text(added),
                    "carried_forward": text(kept),
                    "unresolved": text(lost),
                }
            )
    return {
        "groups": found,
        "partners": {key: {"pays": text(pays[key]), "receives": text(receives[key])} for key in pool},
        "contingency": {"opening": text(opening), "closing": text(purse)},
        "carried_forward": text(sum(pennies(entry["carried_forward"]) for entry in found)),
        "unresolved": text(sum(pennies(entry["unresolved"]) for entry in found)),
    }
