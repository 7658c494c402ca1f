"""Sockets that nobody but this machine reaches; and, where somebody is asked who they are first, others."""

import errno
import os
import socket
from collections.abc import Iterator

from mlcost_assets.errors import ConfigError


def listen(port: int) -> Iterator[socket.socket]:
    """Sockets on loopback, of IPv6 where the machine has it. Raises ConfigError for a port that cannot be had."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            yield socket.create_server((host, port), family=family)
        except OSError as error:
            if family == socket.AF_INET or error.errno in (errno.EADDRINUSE, errno.EACCES):
                why = os.strerror(error.errno or errno.EIO)  # without the address once more
                raise ConfigError(f"--port {port}: {host}:{port} cannot be listened on: {why}") from None


def listen_at(host: str, port: int) -> socket.socket:
    """A socket on an address of this machine, `0.0.0.0` for all. Raises ConfigError where it cannot be had."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(f"--host {host} --port {port} cannot be listened on: {error.strerror or error}") from None
