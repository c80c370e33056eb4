"""Sign-in by e-mail address and password. allauth's backend takes care that an unknown address costs the same time."""

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from partners.models import User
from partners.selectors import memberships


class EmailBackend(AuthenticationBackend):
    """allauth's backend; permissions come from partners.permissions alone, so it grants none."""

    def get_user(self, user_id: UUID | str) -> User | None:
        """The person of a session, with the partners that every page names in its head. One query for both."""
        person = memberships.signed_in(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None

    def has_perm(self, user_obj: object, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, user_obj: object, app_label: str) -> bool:
        return False
