"""Aligned budgets and joint contracts, as the reader may see them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from partners.models import User
from pooled_budgets.models import Agreement, AlignedBudget, JointContract, Scheme

Row = AlignedBudget | JointContract


def aligned_budgets(user: User) -> QuerySet[AlignedBudget]:
    """The aligned budgets that the person may read, the newest year first."""
    return (
        AlignedBudget.objects.visible_to(user)
        .select_related("agreement__area", "owner")
        .order_by("-financial_year", "service", "pk")
    )


def joint_contracts(user: User) -> QuerySet[JointContract]:
    """The joint contracts that the person may read, the one that ends first at the top."""
    return (
        JointContract.objects.visible_to(user)
        .select_related("agreement__area", "owner", "scheme")
        .order_by("ends_on", "service", "pk")
    )


def narrowed(rows: QuerySet[Any], *, words: str, agreement: str, until: date | None, field: str) -> QuerySet[Any]:
    """Of a register, the rows that fit; `until` is the latest day of `field`. An empty wish fits everything."""
    if words:
        rows = rows.filter(service__icontains=words)
    if agreement:
        rows = rows.filter(agreement=agreement)
    return rows.filter(**{f"{field}__lte": until}) if until else rows


def get(rows: QuerySet[Any], pk: UUID) -> Any:
    """One row of a register, or Http404."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such entry.")
    return found


def held(model: type[Row], user: User, pk: UUID) -> Any:
    """One row that the person may see, held until the end of the transaction; Http404 for any other."""
    rows: Any = model.objects.visible_to(user)
    return get(rows.select_for_update(of=("self",)).select_related("owner", "agreement"), pk)


def agreements_of(user: User) -> QuerySet[Agreement]:
    """The agreements beside which the person's partners may enter something: those they are party to."""
    return Agreement.objects.of_parties(user).order_by("title", "pk")


def schemes(user: User) -> QuerySet[Scheme]:
    """The schemes that a contract may belong to, as far as the person may see them."""
    return Scheme.objects.visible_to(user).select_related("fund").order_by("fund__name", "position", "number")


def no_aligned_budgets() -> QuerySet[AlignedBudget]:
    return AlignedBudget.objects.none()


def no_joint_contracts() -> QuerySet[JointContract]:
    return JointContract.objects.none()
