"""What SageMaker's records say of each other becomes edges, each with the record that states it."""

import pytest

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.lineage.edges import make_edges
from mlcost_assets_tests.metadata.conftest import Landing
from mlcost_assets_tests.world import Record, World, arn, record

CREATED = {"CreationTime": "2026-10-01T00:00:00Z"}


def described(kind: str, resource: str, **body: object) -> Record:
    return record(f"sagemaker:Describe{kind}", arn(resource), CREATED | body)


JOB = described(
    "TrainingJob", "training-job/churn-1", TrainingJobName="churn-1", TuningJobArn=arn("hyper-parameter-tuning-job/tune"),
    ModelArtifacts={"S3ModelArtifacts": "s3://m/churn-1/model.tar.gz"}, OutputDataConfig={"S3OutputPath": "s3://m/"},
    InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://data/a/"}}}, {"DataSource": {"S3DataSource": {"S3Uri": "s3://data/b/"}}}],
    ExperimentConfig={"ExperimentName": "Exp"},
)  # fmt: skip
MODEL = described(
    "Model", "model/churn", ModelName="churn",
    Containers=[{"ModelDataUrl": "s3://m/churn-1/model.tar.gz"}, {"ModelPackageName": arn("model-package/churn/3")}],
)  # fmt: skip
PACKAGE = described(
    "ModelPackage", "model-package/churn/3", ModelPackageGroupName="churn",
    InferenceSpecification={"Containers": [{"ModelDataUrl": "s3://m/churn-1/model.tar.gz"}]},
    MetadataProperties={"GeneratedBy": arn("pipeline/p/execution/e")},
)  # fmt: skip
CONFIG = described(
    "EndpointConfig", "endpoint-config/c", EndpointConfigName="c",
    ProductionVariants=[{"VariantName": "a", "ModelName": "Churn"}, {"VariantName": "ic"}],
    ShadowProductionVariants=[{"VariantName": "s", "ModelName": "churn-next"}],
)  # fmt: skip
ENDPOINT = described("Endpoint", "endpoint/e", EndpointName="e", EndpointConfigName="C")
EXECUTION = described("PipelineExecution", "pipeline/p/execution/e", PipelineArn=arn("pipeline/p"))
STEPS = record(
    "sagemaker:ListPipelineExecutionSteps", arn("pipeline/p/execution/e"),
    {
        "PipelineExecutionArn": arn("pipeline/p/execution/e"),
        "PipelineExecutionSteps": [
            {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": arn("training-job/churn-1")}}},
            {"StepName": "Prepare", "Metadata": {"ProcessingJob": {"Arn": arn("processing-job/old")}}, "CacheHitResult": {"SourcePipelineExecutionArn": "x"}},
        ],
    },
)  # fmt: skip
COMPONENT = described(
    "TrialComponent", "experiment-trial-component/tc", Source={"SourceArn": arn("training-job/churn-1")}
)
TRANSFORM = described(
    "TransformJob",
    "transform-job/t",
    TransformJobName="t",
    ModelName="churn",
    TransformOutput={"S3OutputPath": "s3://out/"},
)

EDGES = {
    ("training-job/churn-1", "produced", "s3://m/churn-1/model.tar.gz"),
    ("training-job/churn-1", "reads", "s3://data/a/"),
    ("training-job/churn-1", "reads", "s3://data/b/"),
    ("training-job/churn-1", "writes", "s3://m/"),
    ("training-job/churn-1", "tuned_by", "hyper-parameter-tuning-job/tune"),
    ("training-job/churn-1", "part_of", "experiment/exp"),
    ("model/churn", "loads", "s3://m/churn-1/model.tar.gz"),
    ("model/churn", "deploys", "model-package/churn/3"),
    ("model-package/churn/3", "version_of", "model-package-group/churn"),
    ("model-package/churn/3", "contains", "s3://m/churn-1/model.tar.gz"),
    ("model-package/churn/3", "generated_by", "pipeline/p/execution/e"),
    ("endpoint-config/c", "serves", "model/churn"),
    ("endpoint-config/c", "serves", "model/churn-next"),
    ("endpoint/e", "configured_by", "endpoint-config/c"),
    ("pipeline/p/execution/e", "execution_of", "pipeline/p"),
    ("pipeline/p/execution/e", "has_step", "training-job/churn-1"),  # the cached step ran elsewhere
    ("experiment-trial-component/tc", "describes", "training-job/churn-1"),
    ("transform-job/t", "transforms_with", "model/churn"),
    ("transform-job/t", "writes", "s3://out/"),
}


@pytest.fixture
def edges(world: World) -> set[tuple[str, str, str]]:
    world.land(JOB, MODEL, PACKAGE, CONFIG, ENDPOINT, EXECUTION, STEPS, COMPONENT, TRANSFORM)
    with LakeWriter(world.config) as lake:
        landing = Landing(world, lake)
        landing.read()
        make_edges(lake)
        found = lake.connection.execute("FROM lineage_edges").fetchall()
    return {
        tuple(part.removeprefix(arn("")) for part in (from_id, relation, to_id))
        for from_id, to_id, relation, *_ in found
    }


def test_every_relation_is_found_and_none_is_made_up(edges: set[tuple[str, str, str]]) -> None:
    assert edges == EDGES
