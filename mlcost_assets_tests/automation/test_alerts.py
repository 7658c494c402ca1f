"""People are told of failed ERROR checks, once, and a receiver that is down fails nothing."""

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from mlcost_assets.automation.alerts import tell, tell_failed_checks, tell_failed_runs
from mlcost_assets.automation.instance import open_instance
from mlcost_assets.automation.webhook import is_forbidden
from mlcost_assets.definitions import defs
from mlcost_assets.runtime.partitions import keep_periods, range_tags
from mlcost_assets_tests.automation.smtp_server import SmtpServer
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import World


class Receiver(http.server.HTTPServer):
    """A webhook on loopback that remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[str] = []
        self.leads_to = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-path"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        assert isinstance(self.server, Receiver)
        self.server.told.append(json.loads(self.rfile.read(length))["text"])
        self.send_response(302 if self.server.leads_to else 200)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.end_headers()

    def do_GET(self) -> None:
        assert isinstance(self.server, Receiver)
        self.server.told.append("followed")
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
    with open_instance(world.config) as instance:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        keep_periods(instance, ["2026-10"])
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


@pytest.mark.parametrize(("tags", "calls"), [({}, 0), ({"dagster/sensor_name": "new_billing_drops"}, 1)])
def test_a_run_that_failed_after_a_click_calls_nobody(
    world: World, receiver: Receiver, tags: dict[str, str], calls: int
) -> None:
    world.configure(f"alerts: [{{webhook: '{receiver.url}'}}]\n")
    with open_instance(world.config) as instance:
        run = instance.create_run_for_job(defs.resolve_job_def("collect"), tags=tags)
        event = instance.report_run_failed(run, "it broke")
        tell_failed_runs(
            dg.build_run_status_sensor_context(
                sensor_name="tell_failed_runs", dagster_instance=instance, dagster_run=run, dagster_event=event
            ).for_run_failure()
        )
    assert len(receiver.told) == calls


def test_a_receiver_that_is_down_is_said_without_its_address(world: World) -> None:
    world.configure("alerts: [{webhook: 'http://127.0.0.1:9/secret-path'}]\n")
    (problem,) = tell(world.config, ["something"])
    assert "webhook" in problem
    assert "secret" not in problem
    assert tell(world.config, []) == []


def test_a_redirect_is_a_failure_and_is_not_followed(world: World, receiver: Receiver) -> None:
    receiver.leads_to = receiver.url
    for kind in ("slack", "webhook"):
        receiver.told.clear()
        world.configure(f"alerts: [{{{kind}: '{receiver.url}'}}]\n")
        (problem,) = tell(world.config, ["something"])
        assert problem == (
            f"the {kind} alert could not be sent: it answered with a redirect (302), which is not followed"
        )
        assert receiver.told == ["ML Cost Intel: something"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "https://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
    ],
)
def test_nothing_is_sent_to_where_a_machine_keeps_its_credentials(world: World, url: str) -> None:
    world.configure(f"alerts: [{{webhook: '{url}'}}]\n")
    (problem,) = tell(world.config, ["something"])
    assert problem == "the webhook alert could not be sent: its host is a link-local or metadata address"


def test_what_is_link_local_is_known_in_every_form() -> None:
    for address in ("169.254.0.1", "fe80::1%eth0", "::ffff:169.254.1.1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"):
        assert is_forbidden(address), address
    for address in ("127.0.0.1", "::1", "10.0.0.1", "::ffff:10.0.0.1", "2600::1", "fd00::1"):
        assert not is_forbidden(address), address


def test_a_name_that_leads_elsewhere_the_second_time_is_told_nothing(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.configure(f"alerts: [{{webhook: '{receiver.url}'}}]\n")
    # The receiver's address plays the forbidden one, and the name is looked up as another the first time.
    asked: list[object] = []
    look_up = socket.getaddrinfo

    def changing(host: str, port: int, *how: Any, **named: Any) -> object:
        asked.append(host)
        return look_up("127.0.0.2" if len(asked) == 1 else host, port, *how, **named)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr("mlcost_assets.automation.webhook.is_forbidden", lambda address: address == "127.0.0.1")
    (problem,) = tell(world.config, ["something"])
    assert "link-local" in problem
    assert len(asked) == 2
    assert receiver.told == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "hooks.example/x"])
def test_only_http_is_spoken(world: World, url: str) -> None:
    world.configure(f"alerts: [{{slack: '{url}'}}]\n")
    assert tell(world.config, ["something"]) == [
        "the slack alert could not be sent: its address is not http:// or https://"
    ]


def test_slack_is_told_letters_and_a_webhook_the_text_as_it_is(world: World, receiver: Receiver) -> None:
    line = "model <!channel> @here <https://evil.example|mend> & co"
    for kind in ("slack", "webhook"):
        world.configure(f"alerts: [{{{kind}: '{receiver.url}'}}]\n")
        assert tell(world.config, [line]) == []
    assert receiver.told == [
        "ML Cost Intel: model &lt;!channel&gt; @ here &lt;https://evil.example|mend&gt; &amp; co",
        f"ML Cost Intel: {line}",
    ]


@pytest.fixture
def mail_server(tmp_path: Path) -> Iterator[Callable[[str | None], SmtpServer]]:
    servers: list[SmtpServer] = []

    def start(tls: str | None) -> SmtpServer:
        servers.append(SmtpServer(tmp_path, tls))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("tls", "url"),
    [
        ("starttls", "smtp://joe:secret@{}"),
        ("starttls", "smtp://{}"),
        ("smtps", "smtps://joe:secret@{}"),
        (None, "smtp://joe:secret@{}"),
        ("starttls", "mail://joe:secret@{}"),
    ],
)
def test_mail_to_a_server_that_is_not_trusted_is_refused_before_anything_is_said(
    world: World,
    mail_server: Callable[[str | None], SmtpServer],
    monkeypatch: pytest.MonkeyPatch,
    tls: str | None,
    url: str,
) -> None:
    server = mail_server(tls)
    monkeypatch.setenv("MLCOST_SMTP_URL", url.format(server.address))
    world.configure("alerts: [{email: who@example.com}]\n")
    (problem,) = tell(world.config, ["something"])
    assert problem.startswith("the email alert could not be sent: ")
    assert not any(word in problem for word in ("secret", "joe", "127.0.0.1"))
    assert not [line for line in server.heard if line.startswith(("AUTH", "DATA", "MAIL"))]


@pytest.mark.parametrize(("tls", "scheme"), [("starttls", "smtp"), ("smtps", "smtps")])
def test_mail_goes_to_a_trusted_server_over_tls(
    world: World,
    mail_server: Callable[[str | None], SmtpServer],
    monkeypatch: pytest.MonkeyPatch,
    tls: str,
    scheme: str,
) -> None:
    server = mail_server(tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    monkeypatch.setenv("MLCOST_SMTP_URL", f"{scheme}://joe:se%40cret@{server.address}")
    world.configure("alerts: [{email: who@example.com}]\n")
    assert tell(world.config, ["something \x1b[2J"]) == []
    assert any(line.startswith("AUTH PLAIN") for line in server.heard)
    assert "ML Cost Intel: something" in "".join(server.heard)
