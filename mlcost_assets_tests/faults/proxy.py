"""Faults between us and S3: a proxy on loopback that refuses, delays or cuts what it is told to."""

import http.client
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Fault = Literal[
    "403 AccessDenied", "404 NoSuchKey", "412 PreconditionFailed", "500 InternalError", "503 SlowDown", "hang", "cut"
]


@dataclass
class Trouble:
    """What happens to requests whose `method path` contains `where`, as often as `times` says (None: for ever)."""

    fault: Fault
    where: str
    times: int | None = None

    def strikes(self, request: str) -> bool:
        if self.where not in request or self.times == 0:
            return False
        if self.times:
            self.times -= 1
        return True


@dataclass
class FaultyS3:
    """A proxy in front of the S3 server at `behind`; `requests` are those it saw, as `method path`."""

    behind: str
    troubles: list[Trouble] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.socket.close()

    def trouble(self, request: str) -> Fault | None:
        """What is to happen to `request`, which is noted."""
        self.requests.append(request)
        return next((one.fault for one in self.troubles if one.strikes(request)), None)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: FaultyS3

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.proxy.trouble(f"{self.command} {self.path}")
        if fault == "hang":
            time.sleep(3)
            self.close_connection = True
        elif fault and fault != "cut":
            self._refuse(*fault.split())
        else:
            self._pass_on(body, cut=fault == "cut")

    def _refuse(self, status: str, code: str) -> None:
        text = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
        self.send_response(int(status))
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def _pass_on(self, body: bytes, *, cut: bool) -> None:
        server = http.client.HTTPConnection(self.proxy.behind.removeprefix("http://"), timeout=30)
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():  # Host too: it is signed
            server.putheader(name, value)
        server.endheaders(body)
        answer = server.getresponse()
        content = answer.read()
        server.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if cut else content)
        self.close_connection = cut

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _any  # noqa: N815
