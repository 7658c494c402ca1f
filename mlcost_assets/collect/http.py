"""Plain HTTPS to APIs that no AWS client speaks: Kubernetes and MLflow."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

TIMEOUT = (5, 60)  # seconds to connect, and to wait for an answer


def open_http() -> requests.Session:
    """A session that waits and tries again where a server is busy, and gives up on one that is not there."""
    busy = (429, 500, 502, 503, 504)
    retry = Retry(
        total=None,
        connect=1,
        read=1,
        other=0,
        status=5,
        backoff_factor=0.5,
        status_forcelist=busy,
        allowed_methods=None,
    )
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session


def answered(response: requests.Response) -> Any:
    """The JSON of an answer. Raises requests.HTTPError when it is an error."""
    response.raise_for_status()
    return response.json()
