"""What can go wrong, as a person should read it: what, where, and how to mend it, in one line.

The command line maps a class to its exit code here and nowhere else (CONTRACT §3).
"""


class MlcostError(Exception):
    """A failure whose message is one complete line for the user; never shown with a traceback."""

    exit_code = 1


class ConfigError(MlcostError):
    """mlcost.yaml, rules.yaml or the arguments are wrong; nothing has been touched."""

    exit_code = 2


class StorageError(MlcostError):
    """A folder, bucket or object cannot be read or written."""


class LakeConflictError(MlcostError):
    """Another refresh published first; this one's work is discarded and may be repeated."""


class DropRejectedError(MlcostError):
    """A billing drop cannot be loaded as it stands; its period keeps the last good version."""


class DropIncompleteError(DropRejectedError):
    """Files that the manifest names are not there yet; the drop is waited for."""


class DropChangedError(MlcostError):
    """A drop was replaced while it was read; what was read of it is void and it is read again."""
