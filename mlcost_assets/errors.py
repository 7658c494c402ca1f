"""What can go wrong, as a person should read it: what, where, and how to mend it, in one line.

The command line maps a class to its exit code here and nowhere else.
"""

import re
from collections.abc import Sequence


class MlcostError(Exception):
    """A failure whose message is one complete line for the user; never shown with a traceback."""

    exit_code = 1


class ConfigError(MlcostError):
    """mlcost.yaml, rules.yaml or the arguments are wrong; nothing has been touched."""

    exit_code = 2


class UnknownNameError(ConfigError):
    """Nothing has the name that was asked for; `near` are those that are spelt nearly so, the nearest first."""

    def __init__(self, said: str, near: Sequence[str] = ()) -> None:
        super().__init__(f"{said} Near it: {', '.join(near)}." if near else said)
        self.said = said
        self.near = tuple(near)


class StorageError(MlcostError):
    """A folder, bucket or object cannot be read or written."""


class NoRoomError(StorageError):
    """This machine has no disk or memory left: the fault of no file, so nothing is refused for it."""


class LakeConflictError(MlcostError):
    """Another refresh published first; this one's work is discarded and may be repeated."""


class DropRejectedError(MlcostError):
    """A billing drop cannot be loaded as it stands; its period keeps the last good version."""


class DropIncompleteError(DropRejectedError):
    """Files that the manifest names are not there yet; the drop is waited for."""


class DropChangedError(MlcostError):
    """A drop was replaced while it was read; what was read of it is void and it is read again."""


_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?|\x9b[0-?]*[ -/]*[@-~]", re.DOTALL)


def excerpt(text: object, longest: int = 80) -> str:
    """What a message may quote of a file: one line of at most `longest` characters, without escape sequences and
    characters that are not printed."""
    # A value may have megabytes; what is cut off need not be cleaned.
    bare = _ESCAPES.sub("", str(text)[: 10 * longest])
    line = " ".join("".join(one if one.isprintable() else " " for one in bare).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
