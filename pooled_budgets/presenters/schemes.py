"""Scheme lines in words: what the template of their year holds of them."""

from decimal import Decimal

from integration_hub.core import emptyfigures, money
from pooled_budgets.domain import scheme_fields
from pooled_budgets.models import SchemeLine


def template_fields(line: SchemeLine, year: int) -> list[tuple[str, str]]:
    """The fields that hold something, each with its name in the year (the one a financial year starts in)."""
    found = []
    for name in scheme_fields.LABELS:
        value = getattr(line, name)
        if value is None or value == "":
            continue
        if name == scheme_fields.PERCENT:
            rest = scheme_fields.la_percent(value)
            found.append(("Commissioned by", f"NHS {value:f} per cent, local authority {rest:f} per cent"))
        elif name == scheme_fields.PREVIOUS:
            found.append((scheme_fields.LABELS[name], money.pounds(value)))
        elif isinstance(value, Decimal):
            found.append((scheme_fields.LABELS[name], f"{value.normalize():f}"))
        else:
            found.append((scheme_fields.label(name, year), str(value)))
    return found


def amount_words(amount: Decimal | None, state: str) -> str:
    """A budget as it is printed."""
    return emptyfigures.words(state) if amount is None else money.pounds(amount)
