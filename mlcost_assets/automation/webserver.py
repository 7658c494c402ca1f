"""Dagster's UI, its daemon and the code location `mlcost`, for this machine only.

What `dagster dev` starts, with three differences: a page of somebody else in the user's browser can neither read nor
run anything (it has no login, so whoever reaches it may launch runs); it is one a home; and it ends as a whole.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
import uvicorn
import yaml
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget, WorkspaceFileTarget
from dagster_webserver.webserver import DagsterWebserver
from filelock import FileLock, Timeout
from starlette.types import ASGIApp

from mlcost_assets.automation.instance import dagster_home, open_instance
from mlcost_assets.automation.launch import LOCATION, MODULE
from mlcost_assets.config import Config
from mlcost_assets.dashboard.access import OwnPagesOnly
from mlcost_assets.dashboard.loopback import listen
from mlcost_assets.errors import ConfigError, MlcostError

_DATABASE = (15_000, 3_600, 20)  # as dagster-webserver has it: statement timeout, recycling, overflow
_PATIENCE = 15  # seconds for a process to end what it does


def serve(config: Config, port: int) -> None:
    """Serves on loopback until Ctrl-C or SIGTERM, and leaves no process behind.

    Raises ConfigError where the port cannot be had or another serves this home, MlcostError where the daemon dies.
    """
    with ExitStack() as stack:
        stack.enter_context(_only_one(config))
        sockets = [stack.enter_context(closing(one)) for one in listen(port)]
        _say("Dagster starts ...")
        stack.enter_context(suppress(KeyboardInterrupt))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # Dagster's own beta warnings are not the user's business
        os.environ["PYTHONWARNINGS"] = "ignore"  # nor are those of its processes
        instance = stack.enter_context(open_instance(config))
        workspace = stack.enter_context(_code_location(instance))
        daemon = stack.enter_context(_daemon(workspace))
        server = _Server(_app(stack, instance, workspace), port, daemon)
        server.run(sockets)
        if daemon.poll() is not None:
            raise MlcostError(f"Dagster's daemon ended by itself (exit code {daemon.returncode}), so all was ended")


class _Server(uvicorn.Server):
    """Says where it serves once it does, and ends when the daemon has."""

    def __init__(self, app: ASGIApp, port: int, daemon: subprocess.Popen[bytes]) -> None:
        super().__init__(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3))
        self._port = port
        self._daemon = daemon

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _say(f"Dagster at http://127.0.0.1:{self._port} (Ctrl-C ends it)")

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._daemon.poll() is not None


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@contextmanager
def _only_one(config: Config) -> Iterator[None]:
    dagster_home(config)
    lock = FileLock(config.home / "mlcost-dagster.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ConfigError(f"mlcost dagster runs on {config.home} already: use that one, or end it first") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _code_location(instance: dg.DagsterInstance) -> Iterator[Path]:
    """Starts the processes that hold the code; gives the workspace file that leads to them."""
    target = ModuleTarget(module_name=MODULE, attribute=None, working_directory=None, location_name=LOCATION)
    with ProxyServerManager(instance, target, "warning") as servers, tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace.yaml"
        workspace.write_text(yaml.safe_dump({"load_from": [dict(one) for one in servers.get_code_server_specs()]}))
        try:
            yield workspace
        finally:
            _end_runs(instance)
    for process in servers._grpc_server_registry._all_processes:  # those have been told to end
        with suppress(subprocess.TimeoutExpired):
            process.server_process.wait(_PATIENCE)


def _end_runs(instance: dg.DagsterInstance) -> None:
    """Ends what the daemon and the UI have launched; its processes would work on behind our back."""
    under_way = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(filters=under_way):
        if GRPC_INFO_TAG in run.tags:
            with suppress(dg.DagsterError):  # a Ctrl-C at a terminal may have ended it before
                instance.run_launcher.terminate(run.run_id)


@contextmanager
def _daemon(workspace: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Dagster's daemon; a Ctrl-C of the terminal reaches it through us only."""
    command = [sys.executable, "-m", "mlcost_assets.automation.daemon", str(workspace)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603
        try:
            yield process
        finally:
            assert process.stdin is not None  # noqa: S101  asked for above
            process.stdin.close()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _app(stack: ExitStack, instance: dg.DagsterInstance, workspace: Path) -> ASGIApp:
    instance.optimize_for_webserver(*_DATABASE)
    context: Any = stack.enter_context(
        WorkspaceProcessContext(instance, WorkspaceFileTarget([str(workspace)]), version=dg.__version__)
    )
    app = DagsterWebserver(context, live_data_poll_rate=2000).create_asgi_app()
    app.add_middleware(OwnPagesOnly)
    return app
