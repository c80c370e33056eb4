"""Sign-in by e-mail address and password, through allauth's flow and rate limits."""

from allauth.account.auth_backends import AuthenticationBackend


class EmailBackend(AuthenticationBackend):
    """allauth's backend; permissions come from partners.permissions alone, so it grants none."""

    def has_perm(self, user_obj: object, perm: str, obj: object = None) -> bool:
        return False
