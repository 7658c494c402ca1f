"""The boundary to a delivered file: whatever its reader raises is the delivery's fault, and says so by name.

A damaged file makes its readers raise almost anything, from DuckDB's bare Error of a Thrift message to OverflowError.
So faults are told by where they come from, never by their class; but a machine without room and an S3 that does not
answer are no file's fault.
"""

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb

from mlcost_assets.errors import DropRejectedError, MlcostError, NoRoomError, StorageError, excerpt
from mlcost_assets.lake.s3 import s3_mend

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_WORDS = 300


def _nothing() -> None:
    pass


@contextmanager
def reading(what: str, export: str, look_closer: Callable[[], None] = _nothing) -> Iterator[None]:
    """Inside, `what` of the export at `export` is opened, unpacked or scanned.

    Raises DropRejectedError with the reader's words for whatever is raised there, NoRoomError where disk or memory is
    used up and StorageError where S3 does not answer. What already speaks to a person passes; so does what
    `look_closer` raises, which knows the file that it is.
    """
    try:
        yield
    except MlcostError:
        raise
    except Exception as error:
        _refuse_what_is_no_file(error, export)
        look_closer()
        raise DropRejectedError(f"{excerpt(what, 160)} cannot be read: {words(error)}") from error


@contextmanager
def reading_rows(export: str, look_closer: Callable[[], None], over_no_rows: Callable[[], object]) -> Iterator[None]:
    """Inside, statements of ours go over the rows of the export at `export`.

    What these raise is a fault of its rows when `over_no_rows`, the same statements over none, works, and becomes
    DropRejectedError. Otherwise it is ours, and passes as it is. The rest is as in `reading`.
    """
    try:
        yield
    except (duckdb.Error, ValueError, ArithmeticError) as error:
        _refuse_what_is_no_file(error, export)
        look_closer()
        if isinstance(error, duckdb.IOException):
            raise StorageError(f"{export} can be read, but its charges cannot be written: {words(error)}") from error
        try:
            over_no_rows()
        except DropRejectedError:
            pass  # for want of rows: the statements work
        except (duckdb.Error, ValueError, ArithmeticError):
            raise error from None
        raise DropRejectedError(f"the rows of the export cannot be read: {words(error)}") from error


def words(error: BaseException) -> str:
    """What a reader says, in one line; its class where it says nothing."""
    said = str(error).strip().splitlines()
    return excerpt(said[0], _LONGEST_WORDS) if said else type(error).__name__


def _refuse_what_is_no_file(error: BaseException, export: str) -> None:
    """Raises StorageError when `error` means that this machine has no room left, or that S3 does not answer."""
    if isinstance(error, (duckdb.OutOfMemoryException, MemoryError)):
        raise NoRoomError(
            f"no memory is left to read {export}: {words(error)}. Mend: a larger limits.memory"
        ) from error
    full = {os.strerror(code) for code in _FULL}
    if getattr(error, "errno", None) in _FULL or (isinstance(error, duckdb.Error) and any(map(str(error).count, full))):
        raise NoRoomError(f"no disk is left to read {export}: {words(error)}. Mend: make room where home and lake lie")
    if isinstance(error, duckdb.HTTPException):
        said = s3_mend(str(getattr(error, "status_code", ""))) or words(error)
        raise StorageError(f"{export}: {said}") from None
    if no_answer := re.match(r"IO Error: (.*) error for HTTP ", words(error)):
        raise StorageError(f"{export}: no answer from S3 ({no_answer[1]}). Check network and endpoint.") from None
