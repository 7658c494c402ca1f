"""`mlcost dagster` as a user runs it: UI, daemon and code location on loopback, for its own pages only, ending whole."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from mlcost_assets.dashboard.access import OwnPagesOnly
from mlcost_assets_tests.cli.program import environment, mlcost
from mlcost_assets_tests.world import World

PATIENCE = 120  # seconds


def until(done: Callable[[], Any], what: str) -> Any:
    """What `done` gives once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := done():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what} did not come within {PATIENCE} s")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Served:
    """A running `mlcost dagster` and what it prints."""

    def __init__(self, world: World) -> None:
        self.port, self.folder = free_port(), world.folder
        self._said = (world.folder / "said.txt").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlcost_assets", "dagster", "--port", str(self.port)],
            cwd=world.folder, env=environment() | {"DAGSTER_TEST_MARK": str(world.folder)}, start_new_session=True,
            stdout=self._said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        until(lambda: "Dagster at" in self.said() or self.process.poll() is not None, "the address")
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return (self.folder / "said.txt").read_text()

    def ask(self, query: str) -> Any:
        answer = requests.post(f"http://localhost:{self.port}/graphql", json={"query": query}, timeout=60)
        return answer.json()["data"]

    def status(self, host: str, **headers: str) -> int:
        return requests.get(f"http://127.0.0.1:{self.port}/", headers={"Host": host, **headers}, timeout=60).status_code

    def processes(self) -> dict[int, str]:
        """All that carry this installation's mark in their environment, with their command."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"DAGSTER_TEST_MARK={self.folder}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:  # it has ended meanwhile
                continue
        return found

    def end(self) -> None:
        self._said.close()
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    one = Served(world)
    yield one
    one.end()


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")


@needs_proc
@pytest.mark.slow
def test_it_serves_its_own_pages_and_ends_whole(served: Served, world: World) -> None:
    port = served.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"):
        assert served.status(host) == 200, host
    for host in ("evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "10.0.0.1", ""):
        assert served.status(host) == 400, host
    assert served.status("localhost", Origin="https://evil.example") == 403

    where = served.ask(
        "{workspaceOrError {... on Workspace {locationEntries {name locationOrLoadError {__typename}}}}}"
    )
    (location,) = where["workspaceOrError"]["locationEntries"]
    assert location == {"name": "mlcost", "locationOrLoadError": {"__typename": "RepositoryLocation"}}
    health = "{instance {daemonHealth {allDaemonStatuses {daemonType healthy required}}}}"
    kinds = until(lambda: healthy(served.ask(health)), "a healthy daemon")
    assert {"SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR"} <= kinds

    again = mlcost("dagster", "--port", str(free_port()), cwd=world.folder)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == (
        f"mlcost: mlcost dagster runs on {world.config.home} already: use that one, or end it first\n"
    )

    assert len(served.processes()) >= 3
    os.kill(served.process.pid, signal.SIGINT)
    assert served.process.wait(60) == 0
    until(lambda: not served.processes(), "the end of all processes")
    assert served.said() == f"Dagster starts ...\nDagster at http://127.0.0.1:{port} (Ctrl-C ends it)\n"


def healthy(answer: Any) -> set[str]:
    statuses = [one for one in answer["instance"]["daemonHealth"]["allDaemonStatuses"] if one["required"]]
    return {one["daemonType"] for one in statuses} if all(one["healthy"] for one in statuses) else set()


def daemon_of(served: Served) -> int:
    (daemon,) = (process for process, command in served.processes().items() if "automation.daemon" in command)
    return daemon


@needs_proc
@pytest.mark.slow
def test_without_its_daemon_it_ends_and_says_so(served: Served) -> None:
    os.kill(daemon_of(served), signal.SIGKILL)
    assert served.process.wait(60) == 1
    assert served.said().splitlines()[2:] == [
        "mlcost: Dagster's daemon ended by itself (exit code -9), so all was ended"
    ]
    until(lambda: not served.processes(), "the end of all processes")


@needs_proc
@pytest.mark.slow
def test_the_daemon_does_not_outlive_a_killed_command(served: Served) -> None:
    daemon = daemon_of(served)
    os.kill(served.process.pid, signal.SIGKILL)
    until(lambda: daemon not in served.processes(), "the end of the daemon")


def test_a_taken_port_is_said_in_one_line_before_anything_starts(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = mlcost("dagster", "--port", str(port), cwd=world.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"mlcost: --port {port}: 127.0.0.1:{port} cannot be listened on: Address already in use\n"


@pytest.mark.parametrize("port", ["0", "-1", "65536", "99999"])
def test_a_port_that_cannot_be_is_refused(world: World, port: str) -> None:
    done = mlcost("dagster", f"--port={port}", cwd=world.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"mlcost: --port {port}: a port is a number from 1 to 65535\n"


OWN = "localhost:3000"
LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def answered(scope: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """The first thing that a client hears; Dagster would say `let in`."""
    heard: list[Any] = []

    async def dagster(*_: Any) -> None:
        heard.append({"type": "let in"})

    async def hear(message: Any) -> None:
        heard.append(message)

    given = {"Host": OWN} | headers
    raw = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    asyncio.run(OwnPagesOnly(dagster)({**scope, "path": "/graphql", "headers": raw}, hear, hear))  # type: ignore[arg-type]
    first: dict[str, Any] = heard[0]
    return first


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),  # curl, scripts
        ("POST", {"Origin": f"http://{OWN}", "Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Origin": "http://localhost:4000"}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("GET", LINK, 200),
        ("POST", LINK, 403),
        ("GET", LINK | {"Sec-Fetch-Dest": "iframe"}, 403),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ("GET", {"Host": "evil.example"}, 400),
        ("GET", {"Host": "localhost.evil.example:3000"}, 400),
    ],
)
def test_other_sites_cannot_ask_through_the_users_browser(method: str, headers: dict[str, str], status: int) -> None:
    assert answered({"type": "http", "method": method}, headers).get("status", 200) == status


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_other_sites_open_no_websocket(headers: dict[str, str]) -> None:
    assert answered({"type": "websocket"}, headers)["type"] == "websocket.close"


@pytest.mark.parametrize("headers", [{}, {"Origin": f"http://{OWN}"}])
def test_own_pages_open_a_websocket(headers: dict[str, str]) -> None:
    assert answered({"type": "websocket"}, headers) == {"type": "let in"}
