"""What narrows a person's sight: one of their partners, one of their seats, or a role that they look through."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from partners.domain.roles import READING_ROLES, ROLE_PERMISSIONS, Role

# A look ends by itself, so that nobody goes on in somebody else's view without noticing.
LONGEST = timedelta(minutes=60)


@dataclass(frozen=True)
class Lens:
    """Only this partner's memberships count, or only the seat on this board. It narrows; it never widens.

    With a `role` the person is nobody in particular: the memberships of `through` (the administrator who looks) let
    them in, and the role alone says what they may do.
    """

    organisation: UUID | None = None
    board: UUID | None = None
    role: Role | None = None
    through: UUID | None = None

    @property
    def reads(self) -> bool:
        """Whether anything of the partner can be read through it: an operator reads no figures."""
        return self.role is None or self.role in READING_ROLES

    @property
    def granted(self) -> frozenset[str]:
        """What the role may do; nothing where there is none."""
        return frozenset(permission.value for permission in ROLE_PERMISSIONS[self.role]) if self.role else frozenset()

    def within(self, other: "Lens | None") -> "Lens":
        """This one seen through another as well: of two partners that differ, or a seat behind a partner, nothing."""
        if other is None:
            return self
        same = self.organisation is not None and self.organisation == other.organisation
        seat = self.board is not None and self.board == other.board
        return Lens(
            organisation=self.organisation if same else None,
            board=self.board if seat else None,
            role=other.role,
            through=other.through,
        )
