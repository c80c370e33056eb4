"""Sign-in by e-mail address and password. allauth's backend takes care that an unknown address costs the same time."""

from allauth.account.auth_backends import AuthenticationBackend


class EmailBackend(AuthenticationBackend):
    """allauth's backend; permissions come from partners.permissions alone, so it grants none."""

    def has_perm(self, user_obj: object, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, user_obj: object, app_label: str) -> bool:
        return False
