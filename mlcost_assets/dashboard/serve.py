"""Serves the dashboard on loopback until it is stopped."""

import socket
import sys
import webbrowser
from contextlib import ExitStack, closing, suppress

import uvicorn

from mlcost_assets.config import Config
from mlcost_assets.dashboard.app import application
from mlcost_assets.dashboard.loopback import listen


def serve(config: Config, port: int, *, open_browser: bool) -> None:
    """Serves until Ctrl-C or SIGTERM. Raises ConfigError where the port cannot be had."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(closing(one)) for one in listen(port)]
        stack.enter_context(suppress(KeyboardInterrupt))
        _Server(config, port, open_browser=open_browser).run(sockets)


class _Server(uvicorn.Server):
    """Says where it serves once it does."""

    def __init__(self, config: Config, port: int, *, open_browser: bool) -> None:
        super().__init__(uvicorn.Config(application(config), log_level="warning", timeout_graceful_shutdown=3))
        self._address = f"http://127.0.0.1:{port}"
        self._open_browser = open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stderr.write(f"Dashboard at {self._address} (Ctrl-C ends it)\n")
            sys.stderr.flush()
            if self._open_browser:
                webbrowser.open(self._address)
