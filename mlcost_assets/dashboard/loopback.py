"""Sockets that nobody but this machine reaches."""

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
