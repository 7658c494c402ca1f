"""What is kept once it is said: a file that is written whole, once, and never again."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from mlcost_assets.errors import MlcostError, StorageError

_SUMS = "SHA256SUMS"  # as `sha256sum --check` reads it


def read_kept(folder: Path, name: str) -> bytes | None:
    """The file `name` that `folder` keeps; None where nothing was kept there.

    Raises MlcostError where it is no longer what was kept, StorageError where it cannot be read.
    """
    if not folder.exists():
        return None
    try:
        content, sums = (folder / name).read_bytes(), (folder / _SUMS).read_text(encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{folder / name} cannot be read: {error.strerror}") from None
    if sums.split()[:1] != [digest(content)]:
        raise MlcostError(
            f"{folder / name} is not the file that was kept: its sha256 is not that of {_SUMS}. Mend: restore both from"
            " a backup; nothing is made anew in place of what was final."
        )
    return content


def keep(folder: Path, name: str, content: bytes) -> bytes:
    """Keeps `content` as the file `name` of `folder`, unless that keeps one already; gives what is kept.

    A folder appears whole, and of two that keep at one time the first one counts. Raises as read_kept, and StorageError
    where it cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder.parent))
        try:
            made.chmod(0o755)
            _write(made / name, content)
            _write(made / _SUMS, f"{digest(content)}  {name}\n".encode())
            if not folder.exists():
                made.rename(folder)
        except FileExistsError:
            pass
        except OSError:
            if not folder.exists():  # else another was first
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}") from None
    kept = read_kept(folder, name)
    assert kept is not None  # noqa: S101  it was just made, or was there
    return kept


def digest(content: bytes) -> str:
    """The sha256 of `content`, in hexadecimal letters."""
    return hashlib.sha256(content).hexdigest()


def _write(file: Path, content: bytes) -> None:
    with file.open("xb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    file.chmod(0o444)
