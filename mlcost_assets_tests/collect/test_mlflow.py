"""What MLflow tracked, from a real HTTP server that answers as its REST API 2.0 does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mlcost_assets.collect.mlflow import _Signed
from mlcost_assets_tests.collect.conftest import Collecting
from mlcost_assets_tests.collect.fake_aws import ACCOUNT, FakeAws
from mlcost_assets_tests.collect.local_server import Asked, LocalServer


def run(id_: str, experiment: str) -> dict[str, Any]:
    info = {"run_id": id_, "experiment_id": experiment, "status": "FINISHED", "start_time": 1785578400000}
    return {"info": info, "data": {"tags": [{"key": "mlflow.user", "value": "ada"}]}}


class Tracking:
    """Three experiments, two pages of runs, a registered model with a version."""

    def __init__(self) -> None:
        self.status = 200

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        method, path, given, _ = asked
        what = path.split("/")[-2]
        assert path == f"/api/2.0/mlflow/{what}/search"
        assert method == ("POST" if what in ("experiments", "runs") else "GET")
        if self.status != 200:
            return self.status, {"error_code": "PERMISSION_DENIED"}
        second = "page_token" in given
        return 200, {
            "experiments": {"experiments": [{"experiment_id": str(n)} for n in range(3)]},
            "runs": {"runs": [run("r2" if second else "r1", given.get("experiment_ids", ["0"])[0])]} | ({} if second else {"next_page_token": "p2"}),
            "registered-models": {"registered_models": [{"name": "churn", "tags": [{"key": "team", "value": "risk"}]}]},
            "model-versions": {"model_versions": [{"name": "churn", "version": "3", "run_id": "r1", "source": "s3://b/p"}]},
        }[what]  # fmt: skip


@pytest.fixture
def tracking() -> Tracking:
    return Tracking()


@pytest.fixture
def server(tracking: Tracking) -> Iterator[LocalServer]:
    server = LocalServer(tracking)
    yield server
    server.stop()


@pytest.fixture
def tracked(installed: Collecting, server: LocalServer, aws: FakeAws) -> Collecting:
    aws.made_up = False
    installed.configure(accounts="[]", more=f'  mlflow: [{{uri: "{server.url}", account_id: "{ACCOUNT}"}}]\n')
    return installed


def test_runs_models_and_versions_land(tracked: Collecting) -> None:
    assert tracked.collect().failures == []
    runs = tracked.records("mlflow:Run")
    assert [one["id"] for one in runs] == ["r1", "r2"]
    assert runs[0]["body"] == run("r1", "0")
    assert (runs[0]["account_id"], runs[0]["region"], runs[0]["tags"]) == (ACCOUNT, "", None)
    assert [one["id"] for one in tracked.records("mlflow:RegisteredModel")] == ["models:/churn"]
    assert [one["id"] for one in tracked.records("mlflow:ModelVersion")] == ["models:/churn/3"]


def test_later_only_what_ended_since_or_still_runs_is_asked_for(tracked: Collecting, server: LocalServer) -> None:
    tracked.collect()
    server.asked.clear()
    for file in (tracked.folder / "landing").rglob("mlflow-*"):
        file.unlink()  # so that the second snapshot of this second may land
    for file in (tracked.folder / "landing").rglob("snapshots-*"):
        file.rename(file.with_name(file.name.replace("snapshots-", "snapshots-earlier-")))
    tracked.collect()
    filters = {given["filter"] for _, path, given, _ in server.asked if path.endswith("runs/search")}
    ended = [one for one in filters if one.startswith("attributes.end_time > ")]
    assert filters == {*ended, "attributes.status = 'RUNNING'"}
    told = datetime.fromtimestamp(int(ended[0].rpartition(" ")[2]) / 1000, UTC)
    assert 3000 < (datetime.now(UTC) - told).total_seconds() < 4500


def test_a_server_that_refuses_is_listed(tracked: Collecting, tracking: Tracking, server: LocalServer) -> None:
    tracking.status = 403
    outcome = tracked.collect()
    assert len(outcome.failures) == 3
    assert f"{ACCOUNT} {server.url} mlflow:Run: HTTPError: 403" in outcome.failures[0]
    assert all(not look["complete"] for look in tracked.snapshots().values())


def test_credentials_are_those_of_mlflows_own_client(
    tracked: Collecting, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0ken")
    tracked.collect()
    assert {headers["Authorization"] for *_, headers in server.asked} == {"Bearer t0ken"}


def test_a_server_of_sagemaker_is_asked_with_a_signature(
    installed: Collecting, server: LocalServer, aws: FakeAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:mlflow-tracking-server/team"
    assert _Signed(arn, None).url == "https://eu-west-1.experiments.sagemaker.aws"
    assert _Signed(arn.replace("tracking-server", "app"), None).url == "https://mlflow.sagemaker.eu-west-1.app.aws"
    make = _Signed.__init__

    def signed(self: _Signed, given: str, credentials: Any) -> None:
        make(self, given, credentials)
        self.url = server.url

    monkeypatch.setattr(_Signed, "__init__", signed)
    installed.configure(more=f'  mlflow: [{{uri: "{arn}"}}]\n')
    assert installed.collect("mlflow").failures == []
    for *_, headers in server.asked:
        assert f"KEY-{ACCOUNT}/" in headers["Authorization"]
        assert "/eu-west-1/sagemaker-mlflow/aws4_request" in headers["Authorization"]
        assert headers["x-mlflow-sm-tracking-server-arn"] == arn
    assert {one["account_id"] for one in installed.records("mlflow:Run")} == {ACCOUNT}
