"""Temporary copies go with their process, however it ends."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from mlcost_assets.lake.scratch import ScratchFolder, _remove_abandoned


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def killed_with_a_folder() -> None:
    process = os.fork()
    if not process:
        (ScratchFolder().path / "copy.ducklake").write_bytes(b"a copy of the catalog")
        os._exit(0)  # as kill -9 does
    os.waitpid(process, 0)


def test_what_a_killed_process_left_goes_with_the_next(temporary: Path) -> None:
    killed_with_a_folder()
    (left,) = temporary.iterdir()
    assert (left / "copy.ducklake").exists()
    folder = ScratchFolder()
    assert list(temporary.iterdir()) == [folder.path]
    folder.close()
    assert list(temporary.iterdir()) == []


def test_what_another_process_uses_or_made_stays(temporary: Path) -> None:
    used = ScratchFolder()
    named_alike = temporary / f"mlcost-{os.getuid()}-backup"
    named_alike.mkdir()
    (named_alike / "precious").touch()
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "held").touch()
    (temporary / f"mlcost-{os.getuid()}-link").symlink_to(elsewhere)
    process = os.fork()
    if not process:
        ScratchFolder().close()
        os._exit(0)
    os.waitpid(process, 0)
    assert used.path.exists()
    assert (named_alike / "precious").exists()
    assert (elsewhere / "held").exists()
    used.close()


def test_a_folder_that_another_process_takes_for_abandoned_before_it_is_locked_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []
    make = tempfile.mkdtemp

    def make_slowly(**how: Any) -> str:
        made.append(Path(make(**how)))
        if len(made) == 1:
            (made[0] / "held").touch()  # as acquiring the lock begins
            another = os.fork()
            if not another:
                _remove_abandoned(temporary)
                os._exit(0)
            os.waitpid(another, 0)
        return str(made[-1])

    monkeypatch.setattr(tempfile, "mkdtemp", make_slowly)
    with ScratchFolder() as folder:
        assert list(temporary.iterdir()) == [folder]
        assert folder.stat().st_mode & 0o777 == 0o700


def test_an_abandoned_folder_is_removed_while_it_is_locked(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed_with_a_folder()
    (left,) = temporary.iterdir()
    remove, locked = shutil.rmtree, []

    def look(folder: Path, **how: Any) -> None:
        with pytest.raises(Timeout):
            FileLock(folder / "held").acquire(timeout=0)
        locked.append(folder)
        remove(folder, **how)

    monkeypatch.setattr(shutil, "rmtree", look)
    _remove_abandoned(temporary)
    assert locked == [left]


def test_a_folder_is_private_to_its_user(temporary: Path) -> None:
    folder = ScratchFolder()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.close()
