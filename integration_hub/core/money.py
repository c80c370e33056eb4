"""Pounds and pence: reading what people type and paste, printing, and sharing out to the penny.

Every amount is a `Decimal` of pounds with exactly two places. A float enters only in `from_cell`, because
spreadsheets store nothing else, and leaves it as a Decimal or as a refusal.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

PENNY: Final = Decimal("0.01")
NIL: Final = Decimal("0.00")

# As many digits, pence included, as the database columns hold: £999,999,999,999.99.
MAXIMUM_DIGITS: Final = 14
LARGEST: Final = Decimal(10) ** (MAXIMUM_DIGITS - 2) - PENNY

# A spreadsheet that adds 0.1 and 0.2 stores 0.30000000000000004. Anything further from a penny was meant.
CELL_NOISE: Final = Decimal("0.000001")

MINUS: Final = "\N{MINUS SIGN}"
_MINUSES = "-\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FULLWIDTH HYPHEN-MINUS}"
_QUOTE_LIMIT = 40

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_EXPONENT = re.compile(r"[0-9.,]+e[+-]?[0-9]+", re.IGNORECASE)
_SUFFIX = re.compile(r"[0-9.,]+ *(k|m|mn|mil|million|millions|b|bn|billion|th|thousand|thousands|000s)", re.IGNORECASE)
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]*)?")


class MoneyError(ValueError):
    """An amount that cannot be taken: `code` for programs, `message` for people, `value` as it was read."""

    def __init__(self, code: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.value = value


def parse_pounds(text: str, *, negative: bool = False) -> Decimal:
    """Read pounds as people write them ("£5,621,000.00", " 1234.5 ") into two places; raises MoneyError.

    With `negative`, a leading minus of any kind and accountants' brackets are read too.
    """
    shown = _quoted(text)
    # Web pages and Word separate with no-break and thin spaces; all count as one ordinary space.
    read = " ".join(text.split())
    if not read:
        raise MoneyError("empty", "There is no amount. Write 0.00 if you mean nil.", text)

    bare, below_nil = _take_sign(read)
    if not bare or not any(character.isdigit() for character in bare):
        raise MoneyError(
            "not_a_number",
            f"{shown} is not an amount. Write digits, such as 5,621,000.00; write 0.00 if you mean nil.",
            text,
        )
    _refuse_other_notation(bare, shown, text)
    amount = _digits(bare, shown, text)
    if below_nil and amount:
        if not negative:
            raise MoneyError("negative", f"{shown} is below nil. Write an amount of 0.00 or more.", text)
        return -amount
    return amount


def from_cell(value: object, *, negative: bool = False) -> Decimal:
    """Take the value of one cell (text, whole number, float or Decimal) as pounds; raises MoneyError.

    A number may miss a penny only by what binary arithmetic leaves behind; a real third decimal is refused.
    """
    if value is None:
        raise MoneyError("empty", "There is no amount. Write 0.00 if you mean nil.", value)
    if isinstance(value, str):
        return parse_pounds(value, negative=negative)
    if isinstance(value, bool):
        raise MoneyError("boolean", f"The cell holds {str(value).upper()}, not an amount. Write the amount.", value)
    if isinstance(value, (date, time, timedelta)):
        raise MoneyError(
            "date",
            f"The cell holds a date or time ({value}), not an amount. Format the cell as a number.",
            value,
        )
    if not isinstance(value, (int, float, Decimal)):
        raise MoneyError("not_a_number", f"{_quoted(str(value))} is not an amount. Write digits.", value)

    # repr of a float is the shortest text that gives the same float again: 0.07 stays 0.07.
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise MoneyError("not_a_number", "The cell does not hold a number. Write the amount.", value)
    if abs(exact) >= LARGEST + PENNY:
        raise _too_large(_number_text(exact), value)
    amount = exact.quantize(PENNY, ROUND_HALF_UP)
    # Near a thousand million million a float cannot come closer than its own last place.
    if exact != amount and abs(exact - amount) > max(CELL_NOISE, 4 * Decimal(math.ulp(float(exact)))):
        raise MoneyError(
            "decimals",
            f"{_number_text(exact)} has more than two decimals. Round it to the penny in the sheet.",
            value,
        )
    if amount < 0 and not negative:
        raise MoneyError("negative", f"{as_plain(amount)} is below nil. Write an amount of 0.00 or more.", value)
    return amount if amount else NIL


def suggest_for_total(column: Sequence[Decimal | None], total: Decimal) -> Decimal | None:
    """The amount that makes a column with exactly one unread cell (None) tie to its printed total, in pounds.

    None where no cell or several are unread, or where the answer would be the column's only amount below nil.
    """
    if sum(cell is None for cell in column) != 1:
        return None
    known = [cell for cell in column if cell is not None]
    missing = total - sum(known, NIL)
    if missing < 0 and all(cell >= 0 for cell in known):
        return None
    return missing


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts up, in pounds; no amounts give 0.00."""
    return sum(amounts, NIL)


def pounds(amount: Decimal) -> str:
    """Print pounds for people: "£8,957,000.00", with a true minus sign below nil.

    Raises MoneyError for an amount that is not whole pence: printing never rounds.
    """
    exact = _to_the_penny(amount)
    return f"{MINUS if exact < 0 else ''}£{abs(exact):,.2f}"


def signed(amount: Decimal) -> str:
    """Print a variance with its sign: "+£12.00", a true minus sign below nil, and plain "£0.00"."""
    return f"+{pounds(amount)}" if amount > 0 else pounds(amount)


def as_plain(amount: Decimal) -> str:
    """Print pounds for programs and files: "8957000.00", "-40.00"."""
    return f"{_to_the_penny(amount):.2f}"


def split_largest_remainder(
    amount: Decimal, weights: Mapping[str, Decimal], *, tie_order: Sequence[str]
) -> dict[str, Decimal]:
    """Share pounds out by weight so that the shares add up to the penny; in the order of `weights`.

    Each share is cut down to the penny; the pennies left go one each to the largest remainders, ties to
    whoever stands first in `tie_order`. A negative amount is shared like its opposite. Raises MoneyError for
    weights that cannot share.
    """
    if any(not weight.is_finite() or weight < 0 for weight in weights.values()):
        raise MoneyError("weights", "A weight is below nil or not a number. Weights are 0 or more.", dict(weights))
    parts = _whole_numbers(weights)
    whole = sum(parts.values())
    if not whole:
        raise MoneyError("weights", "Every weight is nil, so nothing says how to share the amount.", dict(weights))
    unplaced = [key for key in weights if key not in tie_order]
    if unplaced:
        raise MoneyError("tie_order", f"The order for ties leaves out {', '.join(unplaced)}.", list(tie_order))

    sign = -1 if amount < 0 else 1
    pennies = int(abs(_to_the_penny(amount)) * 100)
    divided = {key: divmod(pennies * part, whole) for key, part in parts.items()}
    shares = {key: pence for key, (pence, _) in divided.items()}
    place = {key: number for number, key in reversed(list(enumerate(tie_order)))}
    by_remainder = sorted(weights, key=lambda key: (-divided[key][1], place[key]))
    for key in by_remainder[: pennies - sum(shares.values())]:
        shares[key] += 1
    return {key: (sign * Decimal(share) * PENNY if share else NIL) for key, share in shares.items()}


def _whole_numbers(weights: Mapping[str, Decimal]) -> dict[str, int]:
    """The same weights over one denominator, exactly: whole numbers are ten times as fast as fractions."""
    ratios = {key: weight.as_integer_ratio() for key, weight in weights.items()}
    denominator = math.lcm(*(below for _, below in ratios.values()))
    return {key: above * (denominator // below) for key, (above, below) in ratios.items()}


def _take_sign(read: str) -> tuple[str, bool]:
    """Strip one pound sign and one mark of negativity; anything doubled stays and is refused later."""
    below_nil = False
    bare = _without_pound(read)
    if bare.startswith("(") and bare.endswith(")"):
        below_nil, bare = True, bare[1:-1].strip()
    elif bare[:1] and bare[0] in _MINUSES:
        below_nil, bare = True, bare[1:].strip()
    if not read.startswith("£"):
        bare = _without_pound(bare)
    return bare, below_nil


def _without_pound(text: str) -> str:
    return text[1:].strip() if text.startswith("£") else text


def _refuse_other_notation(bare: str, shown: str, text: str) -> None:
    """Name the ways of writing an amount that are understood by people and too uncertain to take."""
    if _EXPONENT.fullmatch(bare):
        raise MoneyError(
            "exponent",
            f"{shown} is in scientific notation, which drops digits. Write it out in full.",
            text,
        )
    suffix = _SUFFIX.fullmatch(bare)
    if suffix:
        raise MoneyError(
            "suffix",
            f'{shown} ends in "{suffix[1]}". Write the full amount in pounds, such as {_example(suffix[1])}.',
            text,
        )
    if bare[0] in "$€" or bare[-1] in "$€":
        raise MoneyError("currency", f"{shown} is in another currency. Write the amount in pounds.", text)
    if _SPACED.fullmatch(bare):
        raise MoneyError("spaces", f"{shown} has spaces between the digits. Write 5,621,000.00 or 5621000.00.", text)


def _example(suffix: str) -> str:
    """A full amount beside its short form, for the suffix that was read."""
    return {"k": "40,000.00 for 40k", "t": "40,000.00 for 40k", "0": "40,000.00 for 40 thousand"}.get(
        suffix[0].lower(), "1,500,000.00 for 1.5m"
    )


def _digits(bare: str, shown: str, text: str) -> Decimal:
    """Read digits with optional thousands commas and at most two decimals."""
    whole, point, pence = bare.partition(".")
    if "," in bare:
        digits_only = re.fullmatch(r"[0-9,]*(?:\.[0-9,]*)?", bare) is not None
        if digits_only and ("," in pence or not _GROUPED.fullmatch(whole)):
            raise MoneyError("thousands", _thousands_message(whole, pence, shown), text)
        whole = whole.replace(",", "")
    if (whole and not _PLAIN.fullmatch(whole)) or (point and not _PLAIN.fullmatch(pence)):
        raise MoneyError("not_a_number", f"{shown} is not an amount. Write digits, such as 5,621,000.00.", text)
    if len(pence) > 2:
        raise MoneyError(
            "decimals", f"{shown} has {len(pence)} decimals. Write pounds and pence, with at most two.", text
        )
    whole = whole.lstrip("0")
    if len(whole) + 2 > MAXIMUM_DIGITS:
        raise _too_large(shown, text)
    return Decimal(f"{whole or '0'}.{pence:0<2}")


def _thousands_message(whole: str, pence: str, shown: str) -> str:
    expected = "Expected groups of three digits after each comma, such as 214,000 or 5,621,000.00."
    if "," in pence:
        return f"{shown} has a comma after the decimal point. {expected}"
    first, *groups = whole.split(",")
    wrong = next((group for group in groups if len(group) != 3), None)
    if wrong is not None:
        count = "no digits" if not wrong else f"{len(wrong)} digit{'s' if len(wrong) > 1 else ''} ({wrong})"
        return f"{shown} was read as {whole}, with {count} after a comma. {expected}"
    if len(first) > 3:
        return f"{shown} was read as {whole}, with {len(first)} digits before the first comma. {expected}"
    return f"{shown} was read as {whole}, which begins with {first or 'a comma'}. {expected}"


def _too_large(shown: str, value: object) -> MoneyError:
    return MoneyError("too_large", f"{shown} is too large. The largest amount is {LARGEST:,.2f}.", value)


def _to_the_penny(amount: Decimal) -> Decimal:
    if not amount.is_finite():
        raise MoneyError("not_a_number", f"{amount} is not an amount.", amount)
    exact = amount.quantize(PENNY, ROUND_HALF_UP)
    # Rounding is a decision that belongs to the calculation, never to the printing of its result.
    if exact != amount:
        raise MoneyError("decimals", f"{amount} is not a whole number of pence.", amount)
    return exact if exact else NIL


def _number_text(number: Decimal) -> str:
    return f"{number:f}" if abs(number.adjusted()) <= 20 else f"{number}"


def _quoted(text: str) -> str:
    """What was read, in quotes, cut short and without control characters, so that a message can repeat it."""
    clean = "".join(character if character.isprintable() else " " for character in text).strip()
    return f'"{clean}"' if len(clean) <= _QUOTE_LIMIT else f'"{clean[:_QUOTE_LIMIT]}…"'
