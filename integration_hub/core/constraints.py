"""Constraints that recur: the database states what must always be true."""

from collections.abc import Sequence

from django.db.models import CheckConstraint, F, Q


def both_or_neither(first: str, second: str, *, name: str) -> CheckConstraint:
    """A who and a when (or any pair) stand together or not at all."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return CheckConstraint(condition=both | neither, name=name)


def one_of(field: str, values: Sequence[str], *, name: str) -> CheckConstraint:
    """A text field holds one of the listed words."""
    return CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)


def not_negative(field: str, *, name: str) -> CheckConstraint:
    """Nil or more; empty is allowed where the field is."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True}), name=name)


def in_order(first: str, last: str, *, name: str) -> CheckConstraint:
    """The last date is not before the first; an empty last date is open."""
    return CheckConstraint(condition=Q(**{f"{last}__gte": F(first)}) | Q(**{f"{last}__isnull": True}), name=name)


def amount_has_reason(amount: str, state: str, *, stated: str = "stated", name: str) -> CheckConstraint:
    """An amount is there exactly where its state says so: an empty one always has a reason."""
    return CheckConstraint(
        condition=Q(**{f"{amount}__isnull": False, state: stated})
        | (Q(**{f"{amount}__isnull": True}) & ~Q(**{state: stated})),
        name=name,
    )
