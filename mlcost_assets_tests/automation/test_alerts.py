"""People are told of failed ERROR checks, once, and a receiver that is down fails nothing."""

import http.server
import json
import threading
from collections.abc import Iterator

import dagster as dg
import pytest

from mlcost_assets.automation.alerts import tell, tell_failed_checks
from mlcost_assets.automation.instance import open_instance
from mlcost_assets.definitions import defs
from mlcost_assets.runtime.partitions import range_tags
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World


class Receiver(http.server.HTTPServer):
    """A webhook on loopback that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-path"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        assert isinstance(self.server, Receiver)
        self.server.told.append(json.loads(self.rfile.read(length))["text"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_command_line_tells_what_failed(world: World, receiver: Receiver) -> None:
    world.configure(f"alerts: [{{webhook: '{receiver.url}'}}]\n")
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/mystery", 90.0)])
    world.refresh()
    assert len(receiver.told) == 1
    assert "ml_spend_has_owners" in receiver.told[0]


def test_the_daemon_tells_of_runs_that_nobody_told_of(world: World, receiver: Receiver) -> None:
    world.configure(f"alerts: [{{slack: '{receiver.url}'}}]\n")
    world.bill([sagemaker("Host:ml.m5.large", "endpoint/mystery", 90.0)])
    instance = open_instance(world.config)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    job = defs.resolve_job_def("refresh")
    result = job.execute_in_process(instance=instance, tags=range_tags("2026-10", "2026-10"), run_config=quiet)
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    context = dg.build_run_status_sensor_context(
        sensor_name="tell_failed_checks",
        dagster_instance=instance,
        dagster_run=run,
        dagster_event=result.get_run_success_event(),
    )
    tell_failed_checks(context)
    assert len(receiver.told) == 1


def test_a_receiver_that_is_down_is_said_without_its_address(world: World) -> None:
    world.configure("alerts: [{webhook: 'http://127.0.0.1:9/secret-path'}]\n")
    (problem,) = tell(world.config, ["something"])
    assert "webhook" in problem
    assert "secret" not in problem
    assert tell(world.config, []) == []
