"""Sending JSON to an address that a person configured, and to nowhere else.

An address may be wrong, stolen, or lead on: no redirect is followed, and nothing goes to where a machine keeps its own
credentials (link-local and metadata addresses), by whatever name or form of the number they are reached.
"""

import ipaddress
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from mlcost_assets.errors import MlcostError

_SECONDS = 10
_FORBIDDEN = tuple(map(ipaddress.ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class NotSentError(MlcostError):
    """What was to be sent was refused; the message holds no address and no secret."""


def post(url: str, content: dict[str, Any]) -> None:
    """Posts `content` as JSON. Raises NotSentError for an address that is refused, a redirect or a failure."""
    try:
        target = urlsplit(url)
        host, port = target.hostname or "", target.port
    except ValueError:
        raise NotSentError("its address is none") from None
    if target.scheme not in ("http", "https"):
        raise NotSentError("its address is not http:// or https://")
    with suppress(OSError):  # behind a proxy a name may mean nothing here
        for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            _check(str(place[0]))
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter())
        with session.post(url, json=content, timeout=_SECONDS, allow_redirects=False, stream=True) as answer:
            if answer.is_redirect or answer.is_permanent_redirect:
                raise NotSentError(f"it answered with a redirect ({answer.status_code}), which is not followed")
            if not answer.ok:
                raise NotSentError(f"it answered with status {answer.status_code}")


def is_forbidden(address: str) -> bool:
    """Whether an IP address is a machine's own affair, in any of its forms."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip)
    return any(ip in network for network in _FORBIDDEN if network.version == ip.version)


def _check(address: str) -> None:
    if is_forbidden(address):
        raise NotSentError("its host is a link-local or metadata address")


class _Checked(HTTPConnection):
    """Looks at whom it got before it says a word: a name may lead elsewhere when it is asked a second time."""

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        try:
            _check(connected.getpeername()[0])
        except NotSentError:
            connected.close()
            raise
        return connected


class _CheckedTls(_Checked, HTTPSConnection):
    pass


class _Plain(HTTPConnectionPool):
    ConnectionCls = _Checked


class _Tls(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **how: Any) -> None:
        super().init_poolmanager(*arguments, **how)
        self.poolmanager.pool_classes_by_scheme = {"http": _Plain, "https": _Tls}
