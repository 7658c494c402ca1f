"""A dashboard that is served to tests, and names that a page or a spreadsheet could take wrongly."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import requests
import uvicorn

from mlcost_assets.dashboard.app import application
from mlcost_assets_tests.world import World

EVIL = "<img src=x onerror=alert(1)>"
ODD = ('=HYPERLINK("http://x")', "\u202eevil", "naïve 🤖 model", "m" * 300)


@dataclass(frozen=True)
class Site:
    """A dashboard that is served, and the installation behind it."""

    world: World
    address: str

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.address + path, headers=headers, timeout=60)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.text


def served(world: World) -> Iterator[Site]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(application(world.config), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield Site(world, f"http://127.0.0.1:{listening.getsockname()[1]}")
        server.should_exit = True
        thread.join(30)
