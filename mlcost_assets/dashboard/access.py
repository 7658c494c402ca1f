"""Who may ask: this machine's own browser, for pages of this server; and what a page may load and do."""

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


class OwnPagesOnly:
    """Lets through what this machine's names were asked for, by no page or by a page of this server's own.

    A name that somebody else lets resolve to 127.0.0.1 (DNS rebinding) is another Host; a page of another site tells
    itself by Origin or, where a browser sends none, by Sec-Fetch-Site. A link to here may be followed from anywhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 400 to a foreign Host and 403 to a foreign page; to a websocket it does not open."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        answer: ASGIApp = self._app
        if not _HOST.fullmatch(host):
            answer = PlainTextResponse("This host is not served here.\n", 400)
        elif not _is_own(scope, headers, host):
            answer = PlainTextResponse("Only this server's own pages may ask it.\n", 403)
        if scope["type"] == "websocket" and answer is not self._app:
            answer = WebSocketClose(1008)
        await answer(scope, receive, send)


def _is_own(scope: Scope, headers: Headers, host: str) -> bool:
    if "origin" in headers:
        return headers["origin"].partition("://")[2] == host
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
        """Passes on what is asked, and the answer with the headers."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_safe)
