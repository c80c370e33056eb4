"""The accounts of the demonstration, for the sign-in page and the terminal."""

from dataclasses import dataclass

from django.conf import settings

from partners.domain.roles import Role
from partners.models import User


@dataclass(frozen=True)
class DemoAccount:
    """An account that anybody may try; `partner_name` is the board where the person only sits on one."""

    email: str
    role_words: str
    partner_name: str


def accounts() -> list[DemoAccount]:
    """Each demonstration account, by partner and then in the order of the roles table. None without DEMO. One query.

    The partner is the one that the person came to first.
    """
    if not settings.DEMO:
        return []
    rows = (
        User.objects.filter(is_demonstration=True, is_active=True)
        .order_by("email", "memberships__starts_on", "memberships__role")
        .distinct("email")
        .values_list("email", "name", "memberships__role", "memberships__organisation__name")
    )
    order = {role.words: position for position, role in enumerate(Role)}
    found = [_account(*row) for row in rows]
    return sorted(found, key=lambda account: (account.partner_name, order.get(account.role_words, -1), account.email))


def _account(email: str, name: str, role: str | None, partner: str | None) -> DemoAccount:
    if role is None or partner is None:
        # Whoever acts for no partner sits on a board, and is named by it: "Board member, Sutton Health and …".
        seat, _, board = name.partition(", ")
        return DemoAccount(email, seat, board)
    return DemoAccount(email, Role(role).words, partner)
