"""What the platform keeps in `home`, under names of its own: its lock and the folder of the run under way."""

import shutil
from pathlib import Path

from mlcost_assets.errors import StorageError

LOCK = "mlcost.lock"
ALIVE = "alive"  # a locked file of each process that runs something (runtime/process.py)
_WORK = "mlcost-work"
# In a folder of ours, so that no folder that somebody else made is ever emptied.
_MARK = ".made-by-mlcost"


def make_private(folder: Path) -> None:
    """Makes `folder` for its user alone; one that is there stays as it is. Raises StorageError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}. Set home and lake in mlcost.yaml.") from None


def working_folder(home: Path) -> Path:
    """The folder of a run's intermediate files, emptied of what a killed run left; for who holds the lock of `home`.

    Raises StorageError when a folder of that name is not ours.
    """
    folder = home / _WORK
    if folder.exists() and not (folder / _MARK).is_file() and any(folder.iterdir()):
        raise StorageError(f"{folder} is not mlcost's: rename it, or set home in mlcost.yaml to another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    make_private(folder)
    (folder / _MARK).touch()
    return folder
