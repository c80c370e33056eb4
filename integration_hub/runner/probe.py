"""Asks an installation whether it is ready.

`python -m integration_hub.runner.probe [/healthz]` is the containers' health check.
"""

import http.client
import os
import sys
from collections.abc import Mapping

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  listened on, never asked at


def ask(host: str, port: int, *, name: str, path: str = "/readyz") -> tuple[int, str]:
    """Status and words of the answer to a request for `name`, one of ALLOWED_HOSTS; 0 when there is none in 5 s."""
    connection = http.client.HTTPConnection(EVERY_ADDRESS.get(host, host), port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": name, "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        return answer.status, answer.read(2000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def allowed_name(environment: Mapping[str, str]) -> str:
    """A host name that the application answers to."""
    first = environment.get("ALLOWED_HOSTS", "").split(",")[0].strip().removeprefix("*").removeprefix(".")
    return first or environment.get("HOST") or "127.0.0.1"


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "/readyz"
    port = int(os.environ.get("PORT") or "8000")
    status, words = ask("127.0.0.1", port, name=allowed_name(os.environ), path=path)
    sys.exit(0 if status == 200 else f"{path} answers {status}: {words}")
