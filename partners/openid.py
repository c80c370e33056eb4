"""The conversation with an OpenID provider: authlib's client with this project's demands.

authlib makes and checks state, nonce and the proof key (PKCE, S256), and verifies signature, issuer, audience, age and
access-token hash of the ID token. Here: which issuer and audience, which signatures, and what a failure is.
"""

import logging
from collections.abc import Mapping
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from integration_hub.core import sealing
from partners.models import SingleSignOn

logger = logging.getLogger(__name__)

TIMEOUT = 5.0  # seconds, for each question to the provider
LEEWAY = 60  # seconds by which the clocks may differ
# Signatures that only the provider can make. "none", and those by a secret that both know, are not among them.
SIGNATURES = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
DISCOVERY = "/.well-known/openid-configuration"
NEXT = "_hub_single_sign_on_next"


class Failed(Exception):
    """The provider did not answer, refused, or sent something that does not prove who the person is.

    The text is for the log of the installation, never for the person.
    """


def send_to(provider: SingleSignOn, request: HttpRequest, *, came_for: str) -> HttpResponse:
    """The redirect to the provider. Raises Failed where it does not answer."""
    request.session[NEXT] = came_for
    try:
        return _client(provider).authorize_redirect(request, _way_back(provider, request))
    except (AuthlibBaseError, RequestException, ValueError, KeyError) as error:
        raise Failed(f"{provider.issuer} could not be asked: {_words(error)}") from error


def came_back(provider: SingleSignOn, request: HttpRequest) -> Mapping[str, Any]:
    """The claims of the person who came back. Raises Failed for anything that does not prove who they are."""
    try:
        client = _client(provider)
        token = client.authorize_access_token(
            request,
            leeway=LEEWAY,
            claims_options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
        )
        claims = dict(token.get("userinfo") or {})
        if not claims.get("sub"):
            raise Failed(f"{provider.issuer} sent no ID token with a subject.")
        if provider.address_claim and provider.address_claim not in claims:
            claims = _asked_for_more(client, token, claims)
    except (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError) as error:
        raise Failed(f"{provider.issuer} sent somebody back who is not proven: {_words(error)}") from error
    return claims


def _client(provider: SingleSignOn) -> Any:
    client = OAuth().register(
        name=str(provider.pk),
        client_id=provider.client_id,
        client_secret=sealing.unseal(provider.sealed_secret),
        server_metadata_url=provider.issuer.rstrip("/") + DISCOVERY,
        client_kwargs={"scope": provider.scope, "code_challenge_method": "S256", "default_timeout": TIMEOUT},
    )
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != provider.issuer:
        raise Failed(f"{provider.issuer} calls itself {metadata.get('issuer')!r} in its own description.")
    offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    metadata["id_token_signing_alg_values_supported"] = [name for name in offered if name in SIGNATURES]
    return client


def _asked_for_more(client: Any, token: Mapping[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with those of the userinfo address, where that speaks of the same person; the token's own win."""
    if "userinfo_endpoint" not in client.server_metadata:
        return claims
    more = dict(client.userinfo(token=token))
    if more.get("sub") != claims["sub"]:
        raise Failed("The userinfo address speaks of somebody else than the ID token.")
    return more | claims


def _way_back(provider: SingleSignOn, request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("single_sign_on_back", args=[provider.pk]))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
