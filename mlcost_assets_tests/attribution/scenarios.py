"""Sentences of the specification: what landed and what was billed stands above the tests that say who pays for it.

All sentences of the test files that run live in one installation, refreshed once a session. Each uses ids and names of
its own; where scopes matter (pools, accounts' defaults) an account of its own too.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import yaml

from mlcost_assets.lake.reader import LakeReader
from mlcost_assets_tests.exports import ACCOUNT, Row, charge
from mlcost_assets_tests.world import Record, World, arn, record

Owners = dict[Any, Decimal]

_landed: list[Record] = []
_billed: list[Row] = []
_rules: dict[str, Any] = {"workloads": [], "rules": [], "splits": [], "tags": {}}


def given(*landed: Record | Iterable[Record], billed: Iterable[Row] = (), rules: str = "") -> None:
    """Adds to the installation what a sentence is about: records, rows of the bill, entries of rules.yaml."""
    for one in landed:
        _landed.extend([one] if isinstance(one, dict) else one)
    _billed.extend(billed)
    for kind, entries in (yaml.safe_load(rules) or {}).items():
        if kind == "tags":
            _rules[kind].update(entries)
        else:
            _rules[kind].extend(entries)


def refreshed(world: World) -> World:
    """The installation with everything given, refreshed."""
    world.rules(yaml.safe_dump(_rules))
    world.land(*_landed)
    by_period: dict[str, list[Row]] = {}
    for row in _billed:
        by_period.setdefault(f"{row['line_item_usage_start_date']:%Y-%m}", []).append(row)
    for period, rows in by_period.items():
        world.bill(rows, period=period)
    assert not world.refresh().failures
    return world


class Paid:
    """Who pays: effective cost to the cent by owner, of what is billed under a resource id or of what a condition selects."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.reader = LakeReader(world.config)

    def query(self, sql: str, **given: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over the published tables."""
        return self.reader.query(sql, given).fetchall()

    def __call__(self, resource: str, columns: str = "model", where: str = "true") -> Owners:
        """By `columns` (a tuple of values where it lists several), for resources whose id ends with `resource`."""
        return self.of(f"ends_with(resource_id, '{resource}') AND {where}", columns)

    def of(self, where: str, columns: str = "model") -> Owners:
        """The same for the rows that `where` selects."""
        rows = self.query(
            f"SELECT {columns}, round(sum(effective_cost), 2) FROM attributed_costs WHERE {where} GROUP BY ALL"
        )
        return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in rows}

    def evidence(self, resource: str, columns: str = "statement", where: str = "true") -> list[Any]:
        """What attribution_evidence says of what is billed under `resource`."""
        rows = self.query(
            f"""
            SELECT DISTINCT {columns} FROM attribution_evidence JOIN (
                SELECT DISTINCT billing_period, evidence_id FROM attributed_costs WHERE ends_with(resource_id, $resource)
            ) USING (billing_period, evidence_id) WHERE {where} ORDER BY ALL
            """,
            resource=resource,
        )
        return [row[0] if len(row) == 1 else row for row in rows]

    def close(self) -> None:
        self.reader.close()


# Records, in the shapes of AWS's own answers.


def sagemaker_record(
    kind: str,
    resource: str,
    *,
    tags: dict[str, str] | None = None,
    at: str = "2026-10-06T06:00:00Z",
    account: str = ACCOUNT,
    created: str = "2026-09-01T00:00:00Z",
    **body: object,
) -> Record:
    """A `sagemaker:Describe<kind>` record; `resource` as in `training-job/x`."""
    return record(
        f"sagemaker:Describe{kind}",
        arn(resource, account),
        {"CreationTime": created} | body,
        tags=tags,
        at=at,
        account=account,
    )


def training_job(name: str, *, artifact: str = "", **more: Any) -> Record:
    """A training job that made `artifact`."""
    produced = {"ModelArtifacts": {"S3ModelArtifacts": artifact}} if artifact else {}
    return sagemaker_record(
        "TrainingJob",
        f"training-job/{name}",
        TrainingJobName=name,
        **({"created": "2026-10-05T13:00:00Z"} | produced | more),
    )


def model(name: str, artifact: str = "", **container: Any) -> Record:
    """A SageMaker model that loads `artifact`."""
    loaded = {"ModelDataUrl": artifact} if artifact else {}
    return sagemaker_record("Model", f"model/{name}", ModelName=name, PrimaryContainer=loaded | container)


def registered(name: str, artifact: str, version: int = 1, **more: Any) -> list[Record]:
    """A model registry's group `name`, and a package of it that holds `artifact`."""
    return [
        sagemaker_record("ModelPackageGroup", f"model-package-group/{name}", ModelPackageGroupName=name),
        sagemaker_record(
            "ModelPackage",
            f"model-package/{name}/{version}",
            ModelPackageGroupName=name,
            InferenceSpecification={"Containers": [{"ModelDataUrl": artifact}]},
            **more,
        ),
    ]


def endpoint(name: str, *variants: dict[str, Any], config: str = "", **more: Any) -> list[Record]:
    """An endpoint and its configuration (called `config`, else like it) of `variants`."""
    config = config or name
    told = {key: more.pop(key) for key in ("at", "created", "tags", "LastModifiedTime") if key in more}
    return [
        sagemaker_record(
            "EndpointConfig",
            f"endpoint-config/{config}",
            EndpointConfigName=config,
            ProductionVariants=list(variants),
            **more,
        ),
        sagemaker_record("Endpoint", f"endpoint/{name}", EndpointName=name, EndpointConfigName=config, **told),
    ]


def variant(of: str, instance_type: str = "ml.m5.large", count: int = 1) -> dict[str, Any]:
    """A variant of an endpoint's configuration that serves the SageMaker model `of`."""
    return {"VariantName": of, "ModelName": of, "InstanceType": instance_type, "InitialInstanceCount": count}


def instance(
    id_: str, *, name: str = "", tags: dict[str, str] | None = None, account: str = ACCOUNT, **body: Any
) -> Record:
    """An EC2 instance; `name` is its host name."""
    told = {"InstanceId": id_, "PrivateDnsName": name or f"ip-{id_}", "LaunchTime": "2026-10-01T00:00:00Z"}
    return record("ec2:DescribeInstances", id_, told | body, tags=tags, account=account)


def pod(
    cluster: str,
    name: str,
    node: str,
    *,
    requests: dict[str, str],
    owner: tuple[str, str] | None = ("ReplicaSet", "replicas-6f7c9d"),
    namespace: str = "work",
    labels: dict[str, str] | None = None,
    image: str = "web:1",
    start: str = "2026-10-05T00:00:00Z",
    end: str | None = None,
    **spec: Any,
) -> Record:
    """A pod on the node of this host name, from `start` (to `end`)."""
    owned = {"ownerReferences": [{"kind": owner[0], "name": owner[1]}]} if owner else {}
    body = {
        "metadata": {"name": name, "namespace": namespace, "uid": name, "labels": labels or {}, "creationTimestamp": start} | owned,
        "spec": {"nodeName": node, "containers": [{"name": "main", "image": image, "resources": {"requests": requests}}]} | spec,
        "status": {"startTime": start, "containerStatuses": [{"state": {"terminated": {"finishedAt": end}} if end else {}}]},
    }  # fmt: skip
    return record("k8s:Pod", f"{cluster_arn(cluster)}/Pod/{name}", body, at="2026-10-06T06:00:00Z")


def cluster_arn(name: str) -> str:
    """The ARN of an EKS cluster."""
    return f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/{name}"


def prefix(bucket: str, path: str, size: int, day: str = "2026-10-01") -> Record:
    """How much lay under a prefix on a day."""
    body = {"Bucket": bucket, "Prefix": path, "Date": day, "Bytes": size, "Objects": 1}
    return record("s3:PrefixUsage", f"arn:aws:s3:::{bucket}/{path}", body, at=f"{day}T06:00:00Z")


# Rows of the bill.


def billed(service: str, usage: str, resource: str, cost: float, **more: Any) -> Row:
    """A row of any service: its code, usage type and the resource it names ('' for none)."""
    named: Row = {
        "line_item_product_code": service,
        "product_servicecode": service,
        "product": {"product_name": service},
        "line_item_usage_type": usage,
        "line_item_operation": more.pop("operation", None),
        "line_item_resource_id": resource,
    }
    return charge(cost=cost, **(named | more))
