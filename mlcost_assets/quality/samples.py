"""The sample outputs in README.md and docs/, made on the example: `python -m mlcost_assets.quality.samples demo`.

A sample is a block of code that begins with `$ mlcost …`; what follows is what the command prints. `… | head -12` cuts
it as a shell would. A block that begins with a line of what `mlcost demo` prints goes on as the demo does.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CUT = "…"


def pages(root: Path) -> Iterator[Path]:
    """The documents that may hold samples."""
    yield root / "README.md"
    yield from sorted((root / "docs").rglob("*.md"))


def current(page: str, folder: Path) -> str:
    """`page` with every sample as the commands print it now on the example in `folder`."""
    return _BLOCK.sub(lambda block: block[0] if block[1] else f"```\n{_anew(block[2], folder)}```", page)


def _anew(block: str, folder: Path) -> str:
    first, *after = block.splitlines()
    if first.startswith("$ mlcost "):
        return f"{first}\n{printed(first.removeprefix('$ '), folder)}"
    if first.startswith("What does each model cost"):
        lines = printed(f"mlcost demo --folder {shlex.quote(str(folder))}", folder).splitlines()
        place = lines.index(first)
        return "\n".join([*lines[place : place + len(after)], _CUT, ""])
    return block


def printed(command: str, folder: Path) -> str:
    """Standard output of a command that calls `mlcost`. Raises CalledProcessError where it fails."""
    mlcost = f'mlcost() {{ {shlex.quote(sys.executable)} -m mlcost_assets "$@"; }}\n'
    own = {**os.environ, "MLCOST_CONFIG": str(folder / "mlcost.yaml"), "COLUMNS": "120"}
    done = subprocess.run(  # noqa: S603  a command of our own documents
        ["/bin/sh", "-c", mlcost + command], env=own, capture_output=True, text=True, check=True
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def write(root: Path, folder: Path, told: Callable[[str], object]) -> None:
    """Writes the samples of every page anew, and tells which pages changed."""
    for page in pages(root):
        before = page.read_text(encoding="utf-8")
        if (after := current(before, folder)) != before:
            page.write_text(after, encoding="utf-8")
            told(f"{page}\n")


if __name__ == "__main__":
    write(Path(__file__).parents[2], Path(sys.argv[1]).absolute(), sys.stdout.write)
