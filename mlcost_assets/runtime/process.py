"""Which processes run something now. Each holds the lock of a file of its own in `home`, and the lock falls with it.

A process id tells nothing: the system gives it to another process, after a reboot or in a container soon.
"""

import atexit
import os
import re
import socket
import time
from contextlib import suppress
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

from mlcost_assets.lake.home import ALIVE, make_private

PROCESS_TAG = "mlcost/process"

# By home and process: what a forked child inherits is not its own.
_held: dict[tuple[Path, int], FileLock] = {}


def process_tag(home: Path) -> dict[str, str]:
    """The run tag that names this process: its host, id and start. It is alive from the first call until it ends."""
    lock = _held.get((home, os.getpid()))
    if lock is None:
        make_private(home)
        (home / ALIVE).mkdir(exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9._]", "_", socket.gethostname())
        lock = FileLock(home / ALIVE / f"{host}-{os.getpid()}-{time.time_ns()}.lock", thread_local=False)
        lock.acquire()
        _held[home, os.getpid()] = lock
        atexit.register(_leave, lock)
    return {PROCESS_TAG: Path(lock.lock_file).stem}


def tag_run(home: Path, instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """Tags a run that somebody else launched with the process that executes it, which is this one."""
    tag = process_tag(home)
    if not tag.items() <= run.tags.items():
        instance.add_run_tags(run.run_id, tag)


def is_alive(home: Path, name: str) -> bool:
    """Whether the process of that tag still runs, on whatever host; the file of one that does not is removed."""
    file = home / ALIVE / f"{name}.lock"
    if not file.exists():
        return False
    lock = FileLock(file, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    with suppress(FileNotFoundError):
        file.unlink()
    lock.release()
    return False


def forget_dead(home: Path) -> None:
    """Removes the files of processes that were killed."""
    for file in (home / ALIVE).glob("*.lock"):
        is_alive(home, file.stem)


def _leave(lock: FileLock) -> None:
    if lock.is_locked:  # not so in a forked child, which inherits this call
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()
