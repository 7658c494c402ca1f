"""The IAM policy of the role that collects: written from what the services' files call, and from nothing else.

`python -m mlcost_assets.collect.policy > deploy/iam/collector-policy.json`; a test holds the file to it.
"""

import json
import sys
from functools import cache
from typing import Any

import botocore.session

from mlcost_assets.collect.kubernetes import CALLS
from mlcost_assets.collect.services import services

_ALWAYS = {"sts:GetCallerIdentity"}  # needs no permission
# IAM calls a service by the name with which its calls are signed, but for these (service authorization reference).
_SERVICES = {"cloudwatch": "cloudwatch", "resourcegroupstaggingapi": "tag"}
_ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
}
_INVENTORY = "s3:GetObject"
_GATEWAY = "apigateway:GET"  # one action for all that API Gateway can read
# What MLflow servers of SageMaker check, which no AWS client calls.
_MLFLOW = ("SearchExperiments", "SearchModelVersions", "SearchRegisteredModels", "SearchRuns")


@cache
def allowed_operations() -> frozenset[str]:
    """Every API operation that a collection may call, as `service:Operation` in boto3's names."""
    called = {operation for collections in services().values() for one in collections for operation in one.operations}
    return frozenset(called | set(CALLS) | _ALWAYS)


def action(operation: str) -> str:
    """The IAM action that allows an API operation."""
    service, _, name = operation.partition(":")
    service = _SERVICES.get(service) or _signing_name(service)
    return _GATEWAY if service == "apigateway" else _ACTIONS.get(operation, f"{service}:{name}")


@cache
def _signing_name(service: str) -> str:
    """With what name the calls of a service are signed. Reading a service's model takes tenths of a second."""
    return str(botocore.session.get_session().get_service_model(service).signing_name)


def policy() -> dict[str, Any]:
    """The policy. Reading objects is for inventory reports alone: name the bucket they are delivered to."""
    actions = {action(operation) for operation in allowed_operations() - _ALWAYS} - {_INVENTORY, _GATEWAY}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "ReadMetadata", "Effect": "Allow", "Action": sorted(actions), "Resource": "*"},
            {
                "Sid": "ReadGateways",
                "Effect": "Allow",
                "Action": _GATEWAY,
                "Resource": [f"arn:aws:apigateway:*::/{what}" for what in ("restapis", "restapis/*", "apis", "apis/*")],
            },
            {
                "Sid": "ReadInventoryReports",
                "Effect": "Allow",
                "Action": _INVENTORY,
                "Resource": "arn:aws:s3:::REPLACE-WITH-INVENTORY-BUCKET/*",
            },
            {
                "Sid": "ReadManagedMlflow",
                "Effect": "Allow",
                "Action": [f"sagemaker-mlflow:{name}" for name in _MLFLOW],
                "Resource": "*",
            },
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(policy(), indent=2) + "\n")
