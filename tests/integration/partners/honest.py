"""An OpenID provider of somebody else's making, in a process of its own as it would be in life."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry


@contextmanager
def provider() -> Iterator[str]:
    """Its issuer, an address of this machine, once it answers."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    environment = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        with requests.Session() as asking:
            asking.mount(issuer, HTTPAdapter(max_retries=Retry(connect=12, backoff_factor=0.05)))
            asking.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)
