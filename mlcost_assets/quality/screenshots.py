"""Pictures of the dashboard in a real browser: `python -m mlcost_assets.quality.screenshots demo`.

Without more it makes those of the README; with a folder behind it, it puts every page there in both themes and all
widths, to be looked at.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

THEMES = ("light", "dark")
WIDTHS = (1440, 1280, 768, 390)
_QUIET = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync"
)
_TALL = 760
_README_WIDE = 1180
_PATIENCE = 60  # seconds until the dashboard must have answered
# What stands in the README: the page and the theme of each picture.
README = {"dashboard": ("/", "light"), "dashboard-model": ("/models/ad-ranking", "dark")}


def installed() -> str | None:
    """Where Chromium is; None where there is none. It is never downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser() -> Iterator[Browser]:
    """The installed Chromium, which asks nobody for anything. Raises FileNotFoundError where there is none."""
    if not (path := installed()):
        raise FileNotFoundError("No Chromium is installed; Debian's package is called chromium.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_QUIET.split())
        yield opened
        opened.close()


@contextmanager
def dashboard(folder: Path) -> Iterator[str]:
    """The address of the dashboard of an example in `folder`, for as long as it is needed."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlcost_assets", "dashboard", "--no-browser", "--port", str(port)]
    served = subprocess.Popen([*command, "--config", str(folder / "mlcost.yaml")])  # noqa: S603  our own command
    try:
        _await(f"http://127.0.0.1:{port}/components")
        yield f"http://127.0.0.1:{port}"
    finally:
        served.terminate()
        served.wait()


def _await(address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            urlopen(address).close()  # noqa: S310  our own address
            return
        except URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def picture(opened: Browser, address: str, theme: str, width: int, file: Path, *, whole: bool) -> None:
    """A picture of the page at `address`: the whole of it, or what is seen first."""
    page = opened.new_page(color_scheme=theme, viewport={"width": width, "height": _TALL})  # type: ignore[arg-type]
    page.goto(address, wait_until="load")
    page.screenshot(path=file, full_page=whole)
    page.close()


def _all(opened: Browser, address: str, folder: Path) -> None:
    page = opened.new_page()
    page.goto(address)
    menu = page.eval_on_selector_all("#menu a", "links => links.map(link => link.getAttribute('href'))")
    page.close()
    for path in dict.fromkeys(["/components", *menu, *(path for path, _ in README.values())]):
        for theme in THEMES:
            for width in WIDTHS:
                name = path.strip("/").partition("?")[0].replace("/", "-") or "overview"
                picture(opened, address + path, theme, width, folder / f"{name}-{theme}-{width}.png", whole=True)


if __name__ == "__main__":
    with dashboard(Path(sys.argv[1]).absolute()) as at, browser() as chromium:
        if len(sys.argv) > 2:
            _all(chromium, at, Path(sys.argv[2]))
        else:
            for called, (shown, light) in README.items():
                docs = Path(__file__).parents[2] / "docs"
                picture(chromium, at + shown, light, _README_WIDE, docs / f"{called}.png", whole=False)
