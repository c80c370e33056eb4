"""The table of roles and permissions, as it is printed."""

from dataclasses import dataclass

from partners.domain.capacities import Capacity
from partners.domain.roles import DELEGABLE, NOT_DELEGABLE, ROLE_PERMISSIONS, SECOND_FACTOR_ROLES, Permission, Role


@dataclass(frozen=True)
class RoleRow:
    """A role with a yes or no for each permission, in the order of `Permission`."""

    words: str
    description: str
    second_factor: bool
    allowed: list[tuple[Permission, bool]]

    @property
    def acts(self) -> list[str]:
        """What the role may do, in words."""
        return [permission.words for permission, yes in self.allowed if yes]


def table() -> list[RoleRow]:
    """Every role, in the order of the table in code."""
    return [
        RoleRow(
            words=role.words,
            description=role.description,
            second_factor=role in SECOND_FACTOR_ROLES,
            allowed=[(permission, permission in ROLE_PERMISSIONS[role]) for permission in Permission],
        )
        for role in Role
    ]


@dataclass(frozen=True)
class Right:
    """Something that a role permits, and whether a deputy may do it; `reason` why not, or when not."""

    words: str
    delegable: bool
    reason: str = ""


def rights() -> list[Right]:
    """Every permission in the order of the table, with what keeps a deputy from it."""
    reasons = NOT_DELEGABLE | {Permission.RETURN_SIGN: "except in a capacity that is held in person (below)"}
    return [Right(permission.words, permission in DELEGABLE, reasons.get(permission, "")) for permission in Permission]


def capacities() -> list[Capacity]:
    """In which capacities an approver signs, in the order in which forms offer them."""
    return list(Capacity)
