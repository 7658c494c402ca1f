"""Serves the dashboard until it is stopped: on loopback, or elsewhere behind its login."""

import socket
import sys
import webbrowser
from contextlib import ExitStack, closing, suppress

import uvicorn

from mlcost_assets.config import Config
from mlcost_assets.config.dashboard import LOOPBACK
from mlcost_assets.dashboard.app import application
from mlcost_assets.dashboard.loopback import listen, listen_at
from mlcost_assets.errors import ConfigError


def serve(config: Config, *, open_browser: bool) -> None:
    """Serves until Ctrl-C or SIGTERM. Raises ConfigError where the port cannot be had, and, before anything listens,
    where others would reach it without a login."""
    refuse_open(config)
    host, port = config.dashboard.host, config.dashboard.port
    server = _Server(config, open_browser=open_browser)
    with ExitStack() as stack:
        listening = listen(port) if host in LOOPBACK else [listen_at(host, port)]
        sockets = [stack.enter_context(closing(one)) for one in listening]
        stack.enter_context(suppress(KeyboardInterrupt))
        server.run(sockets)


def refuse_open(config: Config) -> None:
    """Raises ConfigError for a host that other machines reach, where nobody would be asked who they are."""
    given = config.dashboard
    if given.host in LOOPBACK:
        return
    if not given.oidc:
        raise ConfigError(
            f"dashboard.host {given.host}: every cost would be open to whoever reaches it; set dashboard.oidc and"
            f" dashboard.roles in {config.path}, or listen on 127.0.0.1"
        )
    if not given.is_secure:
        raise ConfigError(
            f"dashboard.host {given.host}: sessions would be open to whoever listens on the way; set"
            f" dashboard.public_url in {config.path} to the https:// address of the proxy before it"
        )


class _Server(uvicorn.Server):
    """Says where it serves once it does."""

    def __init__(self, config: Config, *, open_browser: bool) -> None:
        # No access log: addresses of a login hold its codes.
        told = uvicorn.Config(
            application(config), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
        )
        super().__init__(told)
        given = config.dashboard
        self._address = given.public_url or f"http://127.0.0.1:{given.port}"
        self._open_browser = open_browser and given.host in LOOPBACK

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stderr.write(f"Dashboard at {self._address} (Ctrl-C ends it)\n")
            sys.stderr.flush()
            if self._open_browser:
                webbrowser.open(self._address)
