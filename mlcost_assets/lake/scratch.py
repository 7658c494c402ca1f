"""Folders for temporary copies, gone with their process however it ends: a killed one's by the next that makes one."""

import os
import shutil
import stat
import tempfile
from contextlib import suppress
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
        # Until it is locked, another process may take it for abandoned and remove it.
        while not self._made():
            pass

    def _made(self) -> bool:
        """Makes the folder and locks it; gives whether it is the same then: locking makes a folder that is gone."""
        self.path = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getuid()}-"))
        self._lock = FileLock(self.path / _LOCK)
        with suppress(FileNotFoundError):
            made = os.open(self.path, os.O_RDONLY)
            try:
                self._lock.acquire()
                if (self.path / _LOCK).exists() and os.path.samestat(os.fstat(made), self.path.stat()):
                    return True
            finally:
                os.close(made)
        self.close()
        return False

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
        try:
            status = folder.lstat()
            if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or not (folder / _LOCK).is_file():
                continue
            lock = FileLock(folder / _LOCK)
            lock.acquire(timeout=0)
        except (Timeout, OSError):  # in use, or removed by another meanwhile
            continue
        # Who waits for the lock sees that the folder is gone.
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
