"""The login: by OpenID Connect, with a signed cookie for as long as a session lasts.

Authlib does the code flow (PKCE, state, nonce, signature and claims of the ID token), Starlette signs the cookie,
`limits` counts the tries. Whatever is wrong with an answer of the provider, nobody is signed in, and neither the page
nor the log says more than what kind of fault it was: codes and tokens stand in neither.
"""

import ipaddress
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mlcost_assets.config import Config
from mlcost_assets.dashboard.keys import client_secret, session_key
from mlcost_assets.dashboard.people import Person, SignedIn, person, told

Show = Callable[[Request, str, int, Person], Response]  # a page that says one thing

_TRIES = parse("10/minute")  # of a client, for each step of signing in
# Keys that only the provider has; never none, nor a secret that others share.
_SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"}
_LEEWAY = 60  # seconds that two clocks may differ
_LARGEST = 2_800  # letters of a session: browsers drop a cookie of more than 4 kB
_LONGEST_FORM = 2_000  # bytes
_REFUSED = (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError, RuntimeError)
_log = logging.getLogger(__name__)


class SignIn:
    """The login of one dashboard: its routes, and what stands before every other route."""

    def __init__(self, config: Config, show: Show) -> None:
        self._dashboard = config.dashboard
        self._show = show
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._ended: dict[str, float] = {}  # sessions that were signed out, until when their cookie would hold
        self.signed_in = SignedIn()
        oidc = config.dashboard.oidc
        assert oidc  # noqa: S101  made where there is a login
        self._oidc = oidc
        self._key = session_key(config)
        self._client: Any = OAuth().register(
            "provider",
            client_id=oidc.client_id,
            client_secret=client_secret(config),
            server_metadata_url=f"{oidc.issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": " ".join(oidc.scopes), "code_challenge_method": "S256", "timeout": 10},
        )

    def routes(self) -> list[Route]:
        """What can be asked for without being signed in."""
        return [
            Route("/login", self._begin),
            Route("/login/callback", self._finish),
            Route("/logout", self._end, methods=["POST"]),
            Route("/signed-out", self._ended_page),
        ]

    def middleware(self) -> list[Middleware]:
        """The cookie, and what lets nobody through whom it does not know."""
        cookie = Middleware(
            SessionMiddleware, secret_key=self._key, session_cookie="mlcost", same_site="lax",
            max_age=int(self._dashboard.session_hours * 3600), path=self._dashboard.prefix or "/",
            https_only=self._dashboard.is_secure,
        )  # fmt: skip
        return [cookie, Middleware(_KnownOnly, sign_in=self)]

    def answer(self, request: Request) -> Response | Person:
        """Who asks; or what they get who are not signed in, or have no role."""
        session = request.session
        if not self._holds(session):
            if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
                return PlainTextResponse("Sign in first, in a browser.\n", 401)
            wanted = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
            session["wanted"] = wanted if len(wanted) < _LONGEST_FORM else ""
            return RedirectResponse(f"{self._dashboard.prefix}/login", 303)
        who = person(session["known"], self._dashboard, session["csrf"])
        if who:
            return who
        nobody = Person(session["known"]["name"], "no role", (), session["csrf"])
        return self._show(
            request, f"You have no permission: no role was given to you. Ask {self._dashboard.contact} for one.", 403,
            nobody,
        )  # fmt: skip

    def _holds(self, session: dict[str, Any]) -> bool:
        return session.get("until", 0) > time.time() and session.get("id") not in self._ended

    async def _begin(self, request: Request) -> Response:
        if refused := self._too_often(request):
            return refused
        try:
            await self._provider()
            started: Response = await self._client.authorize_redirect(request, self._callback(request))
        except _REFUSED as error:
            _log.warning("Sign-in cannot begin: %s", type(error).__name__)
            return self._show(
                request, "The login provider does not answer as it should; try again soon.", 503, Person()
            )
        return started

    async def _finish(self, request: Request) -> Response:
        if refused := self._too_often(request):
            return refused
        wanted = request.session.get("wanted", "")
        try:
            claims = await self._claims(request)
            known = told(claims, self._oidc, self._dashboard.roles)
        except _REFUSED as error:
            _log.warning("Sign-in refused: %s", type(error).__name__)
            request.session.clear()
            said = "You are not signed in: what the login provider answered was not accepted. Open a page to try again."
            return self._show(request, said, 401, Person())
        request.session.clear()
        if len(str(known)) > _LARGEST:
            said = f"Your login names {len(known['teams'])} teams, more than a session holds. Ask"
            return self._show(request, f"{said} {self._dashboard.contact} for a role by group.", 403, Person())
        until = time.time() + self._dashboard.session_hours * 3600
        request.session.update(id=secrets.token_urlsafe(16), until=until, csrf=secrets.token_urlsafe(32), known=known)
        self.signed_in.add(known, person(known, self._dashboard, ""))
        home = f"{self._dashboard.prefix}/"
        is_ours = wanted.startswith(home) and not wanted.startswith("//")
        return RedirectResponse(wanted if is_ours else home, 303)

    async def _claims(self, request: Request) -> dict[str, Any]:
        metadata = await self._provider()
        token = await self._client.authorize_access_token(
            request, leeway=_LEEWAY, claims_options={
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": self._oidc.client_id},
                **{name: {"essential": True} for name in ("sub", "exp", "iat", "nonce")},
            },
        )  # fmt: skip
        return dict(token["userinfo"])

    async def _provider(self) -> dict[str, Any]:
        """What the provider says of itself. Raises ValueError where it is another than the one that was configured."""
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != self._oidc.issuer:
            raise ValueError("issuer")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [one for one in offered if one in _SIGNATURES] or ["RS256"]
        return metadata

    def _callback(self, request: Request) -> str:
        base = self._dashboard.public_url or f"http://{request.headers['host']}"
        return f"{base}/login/callback"

    async def _end(self, request: Request) -> Response:
        session = request.session
        if self._holds(session):
            if not secrets.compare_digest(await _field(request, "csrf"), session["csrf"]):
                return PlainTextResponse("This form is not of this session.\n", 403)
            now = time.time()
            self._ended = {one: until for one, until in self._ended.items() if until > now}
            self._ended[session["id"]] = session["until"]
        session.clear()
        return RedirectResponse(f"{self._dashboard.prefix}/signed-out", 303)

    async def _ended_page(self, request: Request) -> Response:
        return self._show(request, "You are signed out here; the login provider may still know you.", 200, Person())

    def _too_often(self, request: Request) -> Response | None:
        if self._limiter.hit(_TRIES, request.url.path, _client_of(request)):
            return None
        return PlainTextResponse("Too many tries to sign in; wait a minute.\n", 429, {"Retry-After": "60"})


class _KnownOnly:
    """Lets through whom the login knows, with who that is; and everybody to the login itself and to the style."""

    def __init__(self, app: ASGIApp, sign_in: SignIn) -> None:
        self._app = app
        self._sign_in = sign_in
        self._open = {route.path for route in sign_in.routes()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # nothing here answers a websocket
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in self._open or path.startswith("/static/"):
            await self._app(scope, receive, send)
            return
        answer = self._sign_in.answer(Request(scope, receive))
        if isinstance(answer, Person):
            await self._app({**scope, "person": answer}, receive, send)
        else:
            await answer(scope, receive, send)


async def _field(request: Request, name: str) -> str:
    """A field of a short form; '' where it has none. What is longer is not read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return ""
    return parse_qs(body.decode("ascii", "replace")).get(name, [""])[0]


def _client_of(request: Request) -> str:
    """Who tries: an address, or of IPv6 the network that one household has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
