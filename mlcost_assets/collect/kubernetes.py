"""What runs in EKS clusters: pods, nodes, namespaces, persistent volumes and services, from each cluster's own API.

A token is a signed STS request, as `aws eks get-token` makes it; no kubeconfig is needed. A cluster whose API cannot be
reached from here is reported and its objects stay as they were last seen.
"""

import base64
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import partial
from typing import Any

from botocore.model import ServiceId
from botocore.signers import RequestSigner

from mlcost_assets.collect.http import TIMEOUT, answered, open_http
from mlcost_assets.collect.listing import Collection, Found, Gathering
from mlcost_assets.collect.look import Look

KINDS = {
    "Pod": "/api/v1/pods",
    "Node": "/api/v1/nodes",
    "Namespace": "/api/v1/namespaces",
    "PersistentVolume": "/api/v1/persistentvolumes",
    "Service": "/api/v1/services",
}
CALLS = ("eks:ListClusters", "eks:DescribeCluster")
_PAGE = 500


def in_clusters(look: Look) -> Iterator[tuple[str, Collection]]:
    """The collections of each cluster of the place, with the cluster's ARN as their scope."""
    for page in look.pages("eks:ListClusters"):
        for name in page["clusters"]:
            if any(fnmatch(name, pattern) for pattern in look.settings.kubernetes):
                cluster = look.call("eks:DescribeCluster", name=name)["cluster"]
                if cluster.get("status") == "ACTIVE":
                    for kind, path in KINDS.items():
                        yield cluster["arn"], Gathering(f"k8s:{kind}", partial(_objects, cluster, kind, path), calls=())


def _objects(cluster: dict[str, Any], kind: str, path: str, look: Look) -> Iterator[Found]:
    http = open_http()
    http.headers["Authorization"] = f"Bearer {_token(look, cluster['name'])}"
    parameters: dict[str, Any] = {"limit": _PAGE}
    with tempfile.NamedTemporaryFile(suffix=".pem") as authority, http:
        authority.write(base64.b64decode(cluster["certificateAuthority"]["data"]))
        authority.flush()
        while True:
            url = cluster["endpoint"] + path
            listed = answered(http.get(url, params=parameters, verify=authority.name, timeout=TIMEOUT))
            for item in listed["items"]:
                metadata = {name: value for name, value in item["metadata"].items() if name != "managedFields"}
                # A list does not repeat what each of its items is.
                body = {"apiVersion": "v1", "kind": kind, **item, "metadata": metadata}
                yield Found(f"{cluster['arn']}/{kind}/{metadata['uid']}", body, None)
            parameters["continue"] = listed["metadata"].get("continue")
            if not parameters["continue"]:
                return


def _token(look: Look, cluster: str) -> str:
    region = look.place.ask_in
    credentials = look.place.session.credentials
    events = look.client("sts").meta.events
    signer = RequestSigner(ServiceId("STS"), region, "sts", "v4", credentials, events)
    suffix = "amazonaws.com.cn" if look.place.partition == "aws-cn" else "amazonaws.com"
    request = {
        "method": "GET",
        "url": f"https://sts.{region}.{suffix}/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": cluster},
        "context": {},
    }
    url = signer.generate_presigned_url(request, region_name=region, expires_in=60, operation_name="")
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
