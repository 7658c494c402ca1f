"""AWS Resource Groups Tagging API: tags of resources of the services that have no file of their own here."""

from collections.abc import Iterator

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Look

# What has a file of its own: the service as it stands in an ARN, and the types of its resources; () are all.
_WHOLE = (
    "airflow", "apigateway", "ecr", "eks", "elasticfilesystem", "elasticmapreduce", "emr-serverless", "fsx", "glue",
    "kms", "lambda", "logs", "s3", "states",
)  # fmt: skip
_COLLECTED: dict[str, tuple[str, ...]] = dict.fromkeys(_WHOLE, ()) | {
    "bedrock": (
        "application-inference-profile", "provisioned-model", "model-invocation-job", "custom-model",
        "model-customization-job", "imported-model",
    ),
    "ec2": ("instance", "volume", "snapshot", "network-interface", "natgateway"),
    "elasticloadbalancing": ("loadbalancer",),
    "sagemaker": (
        "training-job", "processing-job", "transform-job", "hyper-parameter-tuning-job", "automl-job", "labeling-job",
        "model", "model-package-group", "model-package", "endpoint-config", "endpoint", "inference-component",
        "monitoring-schedule", "feature-group", "pipeline", "experiment", "experiment-trial",
        "experiment-trial-component", "notebook-instance", "domain", "user-profile", "space", "app", "cluster",
        "mlflow-tracking-server", "training-plan",
    ),
}  # fmt: skip


def _tagged(look: Look) -> Iterator[Found]:
    for arn, tags in look.tags().items():
        _, _, service, _, _, resource = arn.split(":", 5)
        types = _COLLECTED.get(service)
        if types is None or (types and resource.partition("/")[0] not in types):
            yield Found(arn, {"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}, tags)


COLLECTIONS = [Gathering("tagging:GetResources", _tagged, calls=("resourcegroupstaggingapi:GetResources",))]
