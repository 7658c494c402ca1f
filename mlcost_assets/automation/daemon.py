"""Dagster's daemon as a child of `mlcost dagster`: it ends with its parent, also when that was killed."""

import os
import signal
import sys
import threading

from dagster._daemon.cli import run_command

_PATIENCE = 15  # seconds to end in order


def main() -> None:
    """Runs sensors and schedules of the workspace file in the first argument until standard input ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run_command(["--workspace", sys.argv[1], "--log-level", "warning"])


def _end_with_parent() -> None:
    os.read(0, 1)  # the parent writes nothing; its end closes the pipe
    os.kill(os.getpid(), signal.SIGINT)
    # A tick that waits for the code server, which is gone, too, would not hear of it for minutes.
    threading.Event().wait(_PATIENCE)
    os._exit(1)


if __name__ == "__main__":
    main()
