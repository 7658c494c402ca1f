"""What MLflow tracked: runs with their tags, registered models and their versions, through MLflow's REST API 2.0.

A server is named by its URL, or, for one that SageMaker runs, by its ARN: requests are then signed for the service
sagemaker-mlflow. Credentials of other servers come from the variables that MLflow's own client reads.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests.auth import AuthBase

from mlcost_assets.collect.http import TIMEOUT, answered, open_http
from mlcost_assets.collect.listing import Collection, Found, Gathering
from mlcost_assets.collect.look import Body, Look
from mlcost_assets.config.settings import MlflowServer

_EXPERIMENTS_A_CALL = 100
_LATE = timedelta(hours=1)


def on_server(server: MlflowServer, look: Look) -> Iterator[tuple[str, Collection]]:
    """The collections of a server, with its URI as their scope."""
    client = _Client(server, look.place.session.credentials)
    for kind, gather, incremental in (
        ("mlflow:Run", _runs, True),
        ("mlflow:RegisteredModel", _registered_models, False),
        ("mlflow:ModelVersion", _model_versions, False),
    ):
        yield server.uri, Gathering(kind, partial(gather, client), calls=(), incremental=incremental)


def _runs(client: "_Client", look: Look) -> Iterator[Found]:
    """Every run, or those that ended since the last look or are still under way."""
    experiments = [one["experiment_id"] for one in client.search("experiments", view_type="ALL")]
    filters = [""]
    if look.since:
        filters = [f"attributes.end_time > {_milliseconds(look.since - _LATE)}", "attributes.status = 'RUNNING'"]
    for first in range(0, len(experiments), _EXPERIMENTS_A_CALL):
        some = experiments[first : first + _EXPERIMENTS_A_CALL]
        for condition in filters:
            for run in client.search("runs", experiment_ids=some, filter=condition, run_view_type="ALL"):
                yield Found(run["info"]["run_id"], run, None, "")


def _registered_models(client: "_Client", _: Look) -> Iterator[Found]:
    for model in client.list("registered-models", "registered_models"):
        yield Found(f"models:/{model['name']}", model, None, "")


def _model_versions(client: "_Client", _: Look) -> Iterator[Found]:
    for version in client.list("model-versions", "model_versions"):
        yield Found(f"models:/{version['name']}/{version['version']}", version, None, "")


class _Client:
    """The few calls of MLflow's REST API that read lists, all pages."""

    def __init__(self, server: MlflowServer, credentials: Any) -> None:
        self._http = open_http()
        self._url = server.uri.rstrip("/")
        if server.uri.startswith("arn:"):
            signed = _Signed(server.uri, credentials)
            self._url, self._http.auth = signed.url, signed
        elif token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
            self._http.headers["Authorization"] = f"Bearer {token}"
        elif user := os.environ.get("MLFLOW_TRACKING_USERNAME"):
            self._http.auth = (user, os.environ.get("MLFLOW_TRACKING_PASSWORD", ""))

    def search(self, what: str, **arguments: Any) -> Iterator[Body]:
        """What POST …/search gives of `what`."""
        asked = {"max_results": 1000, **arguments}
        while True:
            answer = answered(self._http.post(self._api(what), json=asked, timeout=TIMEOUT))
            yield from answer.get(what, [])
            if not answer.get("next_page_token"):
                return
            asked["page_token"] = answer["next_page_token"]

    def list(self, what: str, member: str) -> Iterator[Body]:
        """What GET …/search gives of `what`."""
        asked: dict[str, Any] = {"max_results": 1000}
        while True:
            answer = answered(self._http.get(self._api(what), params=asked, timeout=TIMEOUT))
            yield from answer.get(member, [])
            if not answer.get("next_page_token"):
                return
            asked["page_token"] = answer["next_page_token"]

    def _api(self, what: str) -> str:
        return f"{self._url}/api/2.0/mlflow/{what}/search"


class _Signed(AuthBase):
    """Signature and headers that SageMaker's MLflow asks for, as its sagemaker-mlflow plugin makes them."""

    def __init__(self, arn: str, credentials: Any) -> None:
        self._arn, self._credentials = arn, credentials
        _, _, _, self._region, _, resource = arn.split(":", 5)
        if resource.startswith("mlflow-app/"):
            self._header = "x-sm-mlflow-app-arn"
            self.url = f"https://mlflow.sagemaker.{self._region}.app.aws"
        else:
            self._header = "x-mlflow-sm-tracking-server-arn"
            self.url = f"https://{self._region}.experiments.sagemaker.aws"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        content = request.body or b""
        content = content.encode() if isinstance(content, str) else content
        headers = {self._header: self._arn, "X-Amz-Content-SHA256": hashlib.sha256(content).hexdigest()}
        if "Content-Type" in request.headers:
            headers["Content-Type"] = request.headers["Content-Type"]
        signed = AWSRequest(method=request.method, url=request.url, data=content, headers=headers)
        SigV4Auth(self._credentials, "sagemaker-mlflow", self._region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
