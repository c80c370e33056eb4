"""An OpenID provider over HTTP that sends whatever ID token a test wants: what an honest one never would."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

SECRET = "a secret that both sides know, long enough"


class Forger:
    """`claims` of the next ID token; None leaves a claim out. `key` and `alg` sign it."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with: RSAKey | OctKey = self.key
        self.alg = "RS256"
        self.described_as = self.issuer
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {"sub": "42"}

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "hub", "sub": "42", "iat": now, "exp": now + 300} | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.alg, "kid": "one"}
        return jwt.encode(header, kept, self.signs_with, algorithms=[self.alg])

    def answer(self, path: str) -> dict[str, Any]:
        if path.startswith("/.well-known"):
            return {
                "issuer": self.described_as,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        if path.startswith("/keys"):
            public = self.key.as_dict(private=False)
            return {"keys": [public, OctKey.import_key(SECRET, {"kid": "shared"}).as_dict(private=True)]}
        if path.startswith("/userinfo"):
            return self.userinfo
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": self.token()}


@contextmanager
def forging() -> Iterator[Forger]:
    """The provider on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(forger.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    forger = Forger(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield forger
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
