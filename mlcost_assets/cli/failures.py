"""What went wrong as one line and an exit code: what a user can mend, what the machine refused, and our own faults."""

import errno

from mlcost_assets.errors import MlcostError
from mlcost_assets.text import one_line

_LONGEST = 600  # letters of an error that others worded
# What the operating system refuses.
_REFUSALS = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE,
    errno.ENFILE, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT,
)  # fmt: skip


def told(error: Exception) -> tuple[str, int]:
    """The line for standard error, and the exit code."""
    cause: BaseException | None = error
    while cause is not None:  # libraries wrap what the machine said
        if isinstance(cause, MlcostError):
            return f"mlcost: {one_line(str(cause))}", cause.exit_code
        if refusal := _refusal(cause):
            return f"mlcost: {_cut(refusal)}", 1
        cause = cause.__cause__
    first = next(iter(str(error).strip().splitlines()), "") or "no message"
    return (
        f"mlcost: this is a fault of mlcost: {type(error).__name__}: {_cut(first)};"
        " run it again with MLCOST_DEBUG=1 for the traceback",
        1,
    )


def _refusal(error: BaseException) -> str | None:
    """What the machine would not do, told by an error's kind; None for a fault of ours."""
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        told = f"{error.filename} cannot be used" if error.filename else "what was to be written could not be"
        return f"{told}: {error.strerror}"
    module = type(error).__module__.partition(".")[0]
    if module == "sqlalchemy" and type(error).__name__ in ("OperationalError", "DatabaseError"):
        return f"Dagster's database in `home` cannot be used: {getattr(error, 'orig', None) or error}"
    if module in ("duckdb", "_duckdb") and type(error).__name__ in ("IOException", "OutOfMemoryException"):
        return str(error)
    return None


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
