"""Random pools with random rules, as JSON. A seed gives the same pool on every machine."""

import random
from typing import Any

NAMES = ("council", "ccg", "trust", "borough", "north", "south", "east", "west")


def amount(dice: random.Random, most: int) -> str:
    """Pounds with odd pennies, often round and sometimes nil."""
    number = dice.choice([0, dice.randint(0, 300), dice.randint(0, most), dice.randint(0, most // 10_000 + 1) * 10_000])
    return f"{number // 100}.{number % 100:02d}"


def percentages(dice: random.Random, names: list[str]) -> dict[str, str]:
    cuts = sorted(dice.randint(0, 10_000) for _ in names[1:])
    parts = [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    return {name: f"{part // 100}.{part % 100:02d}" for name, part in zip(names, parts, strict=True)}


def tiers(dice: random.Random, direction: str, names: list[str], has_contributions: bool) -> list[dict[str, Any]]:
    kinds = ["contingency", "fixed", "weights", "lead", "partner"]
    kinds += ["contributions"] * 2 if has_contributions else []
    kinds += ["carry_forward"] if direction == "underspend" else []
    found = []
    number = dice.randint(1, 4)
    for place in range(number):
        is_last = place == number - 1
        method = dice.choice(
            [kind for kind in kinds if not (is_last and direction == "overspend" and kind == "contingency")]
        )
        tier: dict[str, Any] = {"method": method}
        some = dice.sample(names, dice.randint(1, len(names)))
        if method == "fixed":
            tier["shares"] = percentages(dice, some)
        elif method == "weights":
            tier["weights"] = {name: str(dice.randint(0, 400_000)) for name in some} | {some[0]: "7"}
        elif method == "partner":
            tier["partner"] = dice.choice(names)
        elif method == "contributions" and dice.random() < 0.5:
            tier["basis"] = dice.choice(["scheme", "pool"])
        if not is_last:
            limit = dice.choice(
                [{"amount": amount(dice, 20_000_00)}, {"percent_of_budget": f"{dice.randint(0, 400) / 100}"}]
            )
            tier |= {"limit": limit} if dice.random() < 0.8 else {}
        found.append(tier)
    return found


def pool(seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    names = dice.sample(NAMES, dice.randint(1, 5))
    partners = {name: amount(dice, 9_000_000_00) for name in names}
    if dice.random() < 0.2:
        # Equal contributions: ties go by the key.
        partners = dict.fromkeys(names, "40000.00")
    has_contributions = any(value != "0.00" for value in partners.values())
    schemes = []
    for number in range(1, dice.randint(1, 6) + 1):
        budget = dice.randint(0, 500_000_00)
        outturn = budget + dice.choice([0, dice.randint(-100, 100), dice.randint(-40_000_00, 60_000_00)])
        scheme: dict[str, Any] = {
            "no": str(number),
            "budget": f"{budget // 100}.{budget % 100:02d}",
            "outturn": f"{'-' if outturn < 0 else ''}{abs(outturn) // 100}.{abs(outturn) % 100:02d}",
            "lead": dice.choice(names),
        }
        if dice.random() < 0.4:
            scheme["contributions"] = {
                name: amount(dice, 300_000_00) for name in dice.sample(names, dice.randint(1, len(names)))
            }
        schemes.append(scheme)
    numbers = [scheme["no"] for scheme in schemes]
    dice.shuffle(numbers)
    cut = dice.randint(0, len(numbers))
    parts: list[Any] = [numbers[:cut], "rest"] if cut else ["rest"]
    groups = []
    for place, part in enumerate(parts):
        group: dict[str, Any] = {
            "name": f"Group {place + 1}",
            "schemes": part,
            "overspend": tiers(dice, "overspend", names, has_contributions),
            "underspend": tiers(dice, "underspend", names, has_contributions),
        }
        if dice.random() < 0.5:
            group["netting"] = dice.choice(["net", "gross"])
        if len(names) > 1 and dice.random() < 0.6:
            capped = dice.sample(names, dice.randint(1, len(names)))
            group["caps"] = [
                {
                    "partner": name,
                    "amount": amount(dice, 9_000_00),
                    "excess_to": dice.choice(["others", *[other for other in names if other != name]]),
                }
                for name in capped
            ]
        groups.append(group)
    document: dict[str, Any] = {"partners": partners, "schemes": schemes, "groups": groups}
    if dice.random() < 0.6:
        document["contingency"] = amount(dice, 40_000_00)
    return document
