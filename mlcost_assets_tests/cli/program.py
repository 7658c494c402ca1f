"""`mlcost` as a process of its own, forked from one that has imported everything.

What a command imports costs it two to three seconds of CPU, its work a tenth of that. Streams, exit code, environment
and folder are those of a true process. Tests of imports, limits, pipes and signals start Python anew instead.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
# `__main__`, which is pytest's, would else be imported by each of them.
_FORKS.set_forkserver_preload(["__main__", "mlcost_assets_tests.cli.imports"])


def environment() -> dict[str, str]:
    """What a shell has, without what other tests left in it."""
    own = {key: value for key, value in os.environ.items() if key != "MLCOST_CONFIG"}
    return own | {"PYTHONPATH": str(Path(__file__).parents[2])}


def mlcost(*arguments: str, cwd: Path = Path()) -> subprocess.CompletedProcess[str]:
    """Runs a command in the folder `cwd`; gives its exit code and what it wrote."""
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        code = run(arguments, cwd, environment(), out.name, err.name)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


def run(arguments: tuple[str, ...], cwd: Path, environment: dict[str, str], out: str, err: str) -> int:
    """Runs a command whose standard output and error are the files or terminals of these names; gives its exit code."""
    process = _FORKS.Process(target=_mlcost, args=(arguments, cwd, environment, out, err))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code is not None
    return code


def _mlcost(arguments: tuple[str, ...], cwd: Path, environment: dict[str, str], out: str, err: str) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for name, stream in ((out, 1), (err, 2)):
        opened = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_NOCTTY)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = ["mlcost", *arguments]
    from mlcost_assets.cli.main import main

    try:
        main()
    finally:
        atexit._run_exitfuncs()  # a forked process ends without them
