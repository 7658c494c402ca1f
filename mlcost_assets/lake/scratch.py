"""Folders for temporary copies, gone with their process however it ends: a killed one's by the next that makes one."""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

_PREFIX = "mlcost-"
_LOCK = "held"


class ScratchFolder:
    """A folder below the system's temporary folder, private to its user; `close()`, or the end of `with`, removes it.

    Its process holds a lock inside it. A folder of ours whose lock is free was left by a process that was killed.
    """

    def __init__(self) -> None:
        _remove_abandoned(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getuid()}-"))
        self._lock = FileLock(self.path / _LOCK)
        self._lock.acquire()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Removes the folder with everything in it."""
        self._lock.release()
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}{os.getuid()}-*"):
        # Others may write into a common folder for temporary files: only a true folder of this user is taken for ours.
        status = folder.lstat() if folder.exists() else None
        if folder.is_symlink() or status is None or status.st_uid != os.getuid() or not (folder / _LOCK).is_file():
            continue
        lock = FileLock(folder / _LOCK)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            continue
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)
