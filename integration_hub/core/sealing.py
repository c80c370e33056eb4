"""Secrets that must be used again, unreadable to whoever has the database or a backup without SECRET_KEY.

Fernet (AES-128-CBC with HMAC-SHA-256) under a key derived from SECRET_KEY. What an earlier key sealed is read while
that key stands in SECRET_KEY_FALLBACKS; `reseal_secrets` writes it under the present one.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MARK = "sealed:"
PURPOSE = b"integration_hub.core.sealing"


class Unreadable(ValueError):
    """Sealed under a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS."""


def seal(text: str) -> str:
    """The text, unreadable."""
    return MARK + _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable, also for what was never sealed."""
    try:
        return _keys().decrypt(sealed.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise Unreadable(
            "A secret was sealed under another SECRET_KEY. Put that key into SECRET_KEY_FALLBACKS, or set it anew."
        ) from error


def reseal(sealed: str) -> str:
    """The same secret under the present key. Raises Unreadable."""
    return seal(unseal(sealed))


def is_sealed(text: str) -> bool:
    """Whether a stored value is sealed at all."""
    return text.startswith(MARK)


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
