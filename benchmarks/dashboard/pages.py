"""A dashboard that is served in a process of its own, asked as a browser asks: milliseconds, processor time, bytes."""

import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit

from mlcost_assets.reports.answers import reports

_LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
# What an address may say that makes no other page: the name in the path, order, part, month, kind of cost, filters.
_NAMED = re.compile(r"(?<=^/models/).+|(?<=^/teams/).+|(?<=^/environments/).+")
_EVERYWHERE = {
    "sort",
    "page",
    "page2",
    "page3",
    "page4",
    "page5",
    "page6",
    "period",
    "v",
    "cost",
    "model",
    "team",
    "environment",
    "since",
}
_TWIN = re.compile(r"^[^?]*\.(json|csv|xlsx)(\?|$)")


@dataclass(frozen=True)
class Shown:
    """One answer: seconds until the whole page was there, its bytes as sent and unpacked, and its links."""

    path: str
    status: int
    seconds: float
    sent: int
    raw: int
    links: Sequence[str] = ()


@dataclass(frozen=True)
class Server:
    """`mlcost dashboard`, in a process of its own."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Processor seconds that it has taken."""
        ran = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ran)) / os.sysconf("SC_CLK_TCK")

    def get(self, path: str) -> Shown:
        """What a browser gets that asks for `path`, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        sent = answer.read()
        took = time.perf_counter() - began
        connection.close()
        page = gzip.decompress(sent) if answer.getheader("Content-Encoding") == "gzip" else sent
        links = [link.replace("&amp;", "&") for link in _LINK.findall(page.decode())]
        return Shown(path, answer.status, took, len(sent), len(page), [one for one in links if not _TWIN.match(one)])


@contextmanager
def served(config: Path) -> Iterator[Server]:
    """A fresh server of the installation, asked once for a page that no other shares a statement with."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlcost_assets", "dashboard", "--no-browser", "--port", str(port)]
    with subprocess.Popen([*command, "--config", str(config)], stderr=subprocess.PIPE, text=True) as process:
        try:
            said = process.stderr.readline() if process.stderr else ""
            if not said.startswith("Dashboard at"):
                raise SystemExit(said)
            server = Server(port, process.pid)
            server.get("/data")
            yield server
        finally:
            process.terminate()


def every_page(server: Server) -> list[Shown]:
    """One page of each kind that links lead to from the first page and the reports, breadth first, as it came."""
    seen: set[str] = set()
    found: list[Shown] = []
    ahead = deque(["/", *(f"/reports/{name}" for name in reports())])
    while ahead:
        path = ahead.popleft()
        parts = urlsplit(path)
        kind = f"{_NAMED.sub('', parts.path)} {sorted(parse_qs(parts.query).keys() - _EVERYWHERE)}"
        if kind not in seen:
            seen.add(kind)
            found.append(server.get(path))
            ahead.extend(found[-1].links)
    return found


def readers(server: Server, paths: Sequence[str], count: int, seconds: float) -> list[Shown]:
    """What `count` readers get who follow one link after the other for so long."""
    found: list[Shown] = []
    until = time.monotonic() + seconds

    def read(number: int) -> None:
        chance = Random(number)  # noqa: S311  a benchmark, not a secret
        while time.monotonic() < until:
            found.append(server.get(chance.choice(paths)))
            time.sleep(chance.uniform(0.5, 1.5))  # a person looks at what came, shorter than people do

    threads = [threading.Thread(target=read, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
