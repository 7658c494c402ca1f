"""An OpenID Connect provider on loopback: discovery, authorize, token and keys, as strict as a real one.

It lets the person in whom a test has put at its door, and spoils its answers where a test says how.
"""

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

CLIENT, SECRET = "mlcost", "the-clients-own-secret"
Claims = dict[str, Any]


class Provider:
    """`claims` are those of whoever is at the door. `spoil` may change the head and the claims of the next ID token, and
    give a token of its own instead."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.claims: Claims = {"sub": "nobody"}
        self.spoil: Callable[[Claims, Claims], str | None] = lambda head, claims: None
        self.spoken = issuer  # the issuer that it says it is
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: list[str] = []
        self._key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.spoken,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                # Some providers say such; nobody may believe a token without a signature for it.
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        assert given["response_type"] == "code"
        assert given["client_id"] == CLIENT
        assert given["code_challenge_method"] == "S256"
        assert "openid" in given["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = given
        return RedirectResponse(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}", 302)

    async def _token(self, request: Request) -> Response:
        given = {name: value[0] for name, value in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(given["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if (
            request.headers["authorization"] != f"Basic {basic}"
            or not asked
            or asked["redirect_uri"] != given["redirect_uri"]
            or asked["code_challenge"] != proof
        ):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        head: Claims = {"alg": "RS256", "kid": "one"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        token = self.spoil(head, claims) or jwt.encode(head, claims, self._key)
        self.tokens.append(token)
        return JSONResponse({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token})

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})


@contextmanager
def listening(app: Callable[[str], ASGIApp]) -> Iterator[str]:
    """Serves what `app` makes of its own address on loopback; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app(address), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, args=([opened],), daemon=True)
        thread.start()
        yield address
        server.should_exit = True
        thread.join(30)
