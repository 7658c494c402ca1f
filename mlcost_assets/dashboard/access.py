"""From where one may ask: by this server's names, for pages of its own; and what a page may load and do."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?", re.IGNORECASE)  # a forwarded port may be another
# Nothing from elsewhere, no script or style inside a page: a name of somebody else's can be text and nothing more.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class UnderPrefix:
    """Serves every address under a path, as a proxy gives it, whether the proxy takes the path away or leaves it."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on the whole path, and what of it is the prefix."""
        if self._prefix and scope["type"] in ("http", "websocket"):
            rest = scope["path"]
            if rest == self._prefix or rest.startswith(f"{self._prefix}/"):
                rest = rest[len(self._prefix) :]
            scope = {**scope, "path": f"{self._prefix}{rest or '/'}", "root_path": self._prefix}
        await self._app(scope, receive, send)


class OwnPagesOnly:
    """Lets through what this machine's names, or the `public` host, were asked for, by no page or by a page of this
    server's own.

    A name that somebody else lets resolve to 127.0.0.1 (DNS rebinding) is another Host; a page of another site tells
    itself by Origin or, where a browser sends none, by Sec-Fetch-Site. A link to here may be followed from anywhere.
    """

    def __init__(self, app: ASGIApp, public: str = "") -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 400 to a foreign Host and 403 to a foreign page; to a websocket it does not open."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "").lower()
        answer: ASGIApp = self._app
        if not _HOST.fullmatch(host) and (not self._public or host != self._public):
            answer = PlainTextResponse("This host is not served here.\n", 400)
        elif not _is_own(scope, headers, {host, self._public} - {""}):
            answer = PlainTextResponse("Only this server's own pages may ask it.\n", 403)
        if scope["type"] == "websocket" and answer is not self._app:
            answer = WebSocketClose(1008)
        await answer(scope, receive, send)


def _is_own(scope: Scope, headers: Headers, hosts: set[str]) -> bool:
    if "origin" in headers:
        return headers["origin"].lower().partition("://")[2] in hosts
    follows_link = (
        scope.get("method") == "GET"
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
    )
    return follows_link or headers.get("sec-fetch-site", "none") in ("same-origin", "none")


class SafePages:
    """Adds to every answer the headers that keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is asked, and the answer with the headers; nobody keeps what has amounts."""
        is_static = scope.get("path", "").startswith(f"{scope.get('root_path', '')}/static/")

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if not is_static:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_safe)
