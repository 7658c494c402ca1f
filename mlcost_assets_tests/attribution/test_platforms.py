"""Platforms as they are: who labels a namespace, what trackers know, what others made, and what payers put in categories."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    cluster_arn,
    endpoint,
    given,
    instance,
    model,
    pod,
    sagemaker_record,
    training_job,
    variant,
)  # fmt: skip
from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import arn, record

CPU_4 = {"cpu": "4", "memory": "0"}

# A team labels or annotates its namespace, not its pods; the node is called by its instance id and nobody recorded it.
given(
    record("k8s:Namespace", f"{cluster_arn('labelled')}/Namespace/u-1", {"metadata": {"name": "zq7", "labels": {"team": "puffins", "kubernetes.io/metadata.name": "zq7"}}}),
    record("k8s:Namespace", f"{cluster_arn('labelled')}/Namespace/u-2", {"metadata": {"name": "zq8", "annotations": {"owner": "auks"}}}),
    pod("labelled", "web-1", "i-0f00000000000001", requests=CPU_4, namespace="zq7"),
    pod("labelled", "web-2", "i-0f00000000000001.us-east-1.compute.internal", requests=CPU_4, namespace="zq8"),
    billed=[charge(cost=8.0, line_item_resource_id="i-0f00000000000001")],
)  # fmt: skip


def test_a_namespace_says_whose_its_pods_are_and_a_node_is_the_instance_whose_id_it_is_called_by(paid: Paid) -> None:
    assert paid("i-0f00000000000001", "team") == {"puffins": 4, "auks": 4}


# An artifact that MLflow tracked lies under the id of its run.
RUN = "3f2a9c0d11e24b7f8a6655443322110f"
given(
    record("mlflow:RegisteredModel", "models:/credit-limit", {"name": "credit-limit", "tags": [{"key": "team", "value": "cards"}, {"key": "codename", "value": "garnet"}]}),
    training_job("tj-coded", tags={"model": "Garnet"}),
    record("mlflow:ModelVersion", "models:/credit-limit/4", {"name": "credit-limit", "version": "4", "run_id": RUN, "source": f"s3://mlf-art/7/{RUN}/artifacts/model"}),
    model("m-tracked", f"s3://mlf-art/7/{RUN}/artifacts/model/model.tar.gz"),
    *endpoint("e-tracked", variant("m-tracked")),
    # Runs as MLflow's client writes them, tags and parameters as objects.
    record("mlflow:Run", "aa11bb", {"info": {"run_id": "aa11bb", "run_name": "jolly-fox"}, "data": {"tags": {"team": "miners", "model": "ore-grade", "job": "tj-dict"}, "params": {"lr": "0.1"}}}),
    training_job("tj-dict"),
    # The labels of a chart that was copied, and a test that was called after another model.
    instance("i-0f00000000000011", name="ip-loads"), instance("i-0f00000000000012", name="ip-run"),
    pod("tracked", "scores-1", "ip-loads", requests=CPU_4, labels={"model": "ore-grade", "squad": "miners"},
        containers=[{"env": [{"name": "MLSERVER_MODEL_URI", "value": f"s3://mlf-art/7/{RUN}/artifacts/model"}]}]),
    record("mlflow:Run", RUN, {"info": {"run_id": RUN}}),
    pod("tracked", "ore-grade-fit-1", "ip-run", requests=CPU_4, owner=("Job", "ore-grade-fit"), labels={"model": "ore-grade"},
        containers=[{"env": [{"name": "MLFLOW_RUN_ID", "value": RUN}]}]),
    # A workflow pushed the image for a model; the cluster that serves it has a name of its own.
    instance("i-0f00000000000013", name="ip-pushed"),
    record("cicd:Deployment", "ci/31", {"provider": "github", "run_id": "31", "model": "credit-limit", "occurred_at": "2026-09-30T00:00:00Z", "resources": [f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/opal-serve:3"]}),
    pod("tracked", "opal-head-1", "ip-pushed", requests=CPU_4, owner=("RayCluster", "opal"), image=f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/opal-serve:3"),
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/e-tracked", 6.0), sagemaker("Train:ml.m5.large", "training-job/tj-dict", 2.0), sagemaker("Train:ml.m5.large", "training-job/tj-coded", 1.0),
        charge(cost=8.0, line_item_resource_id="i-0f00000000000011"), charge(cost=4.0, line_item_resource_id="i-0f00000000000012"),
        charge(cost=2.0, line_item_resource_id="i-0f00000000000013"),
    ],
)  # fmt: skip


def test_what_mlflow_registered_is_the_model_of_what_loads_its_artifact(paid: Paid) -> None:
    assert paid("endpoint/e-tracked", "model, team") == {("credit-limit", "cards"): 6}


def test_a_code_name_of_the_registry_is_the_model(paid: Paid) -> None:
    assert paid("training-job/tj-coded", "model, team") == {("credit-limit", "cards"): 1}


def test_what_a_pod_loads_or_was_tracked_as_counts_before_its_labels_and_name(paid: Paid) -> None:
    assert paid("i-0f00000000000011", "model, team") == {("credit-limit", "cards"): 8}
    assert paid("i-0f00000000000012", "model, team") == {("credit-limit", "cards"): 4}


def test_what_runs_an_image_is_of_the_model_that_a_workflow_pushed_it_for(paid: Paid) -> None:
    assert paid("i-0f00000000000013", "model, team") == {("credit-limit", "cards"): 2}


def test_tags_of_a_run_are_read_as_objects_too(paid: Paid) -> None:
    assert paid("training-job/tj-dict", "model, team") == {("ore-grade", "miners"): 2}


# Two teams load what neither made; the second says nothing of itself.
JUMPSTART = {"S3DataSource": {"S3Uri": "s3://jumpstart-cache-prod-us-east-1/qx-8b/artifacts/"}}
PACKAGE = "arn:aws:sagemaker:us-east-1:865070037744:model-package/qvendor-embed-v3"
given(
    sagemaker_record("Model", "model/js-a", ModelName="js-a", PrimaryContainer={"ModelDataSource": JUMPSTART}, tags={"model": "chat-helper", "team": "alphas"}),
    sagemaker_record("Model", "model/js-b", ModelName="js-b", PrimaryContainer={"ModelDataSource": JUMPSTART}),
    sagemaker_record("Model", "model/mp-a", ModelName="mp-a", PrimaryContainer={"ModelPackageName": PACKAGE}, tags={"model": "lead-scorer", "team": "sellers"}),
    sagemaker_record("Model", "model/mp-b", ModelName="mp-b", PrimaryContainer={"ModelPackageName": PACKAGE}),
    *endpoint("q-js-a", variant("js-a")), *endpoint("q-js-b", variant("js-b")), *endpoint("q-mp-a", variant("mp-a")), *endpoint("q-mp-b", variant("mp-b")),
    billed=[sagemaker("Host:ml.m5.large", f"endpoint/q-{name}", 1.0) for name in ("js-a", "js-b", "mp-a", "mp-b")],
)  # fmt: skip


def test_who_merely_uses_what_others_made_tells_nothing_of_its_other_users(paid: Paid) -> None:
    assert paid("endpoint/q-js-a", "model, team") == {("chat-helper", "alphas"): 1}
    assert paid("endpoint/q-mp-a", "model, team") == {("lead-scorer", "sellers"): 1}
    assert paid("endpoint/q-js-b", "model, team") == {(None, None): 1}
    assert paid("endpoint/q-mp-b", "model, team") == {(None, None): 1}


# An inference pipeline: several containers that agree, and some that do not.
given(
    *(
        training_job(f"tj-{name}", artifact=f"s3://chain/{name}/output/model.tar.gz", tags={"model": of})
        for name, of in (("pre", "rent-price"), ("xgb", "rent-price"), ("odd", "noise-filter"))
    ),
    *(
        sagemaker_record("Model", f"model/chain-{name}", ModelName=f"chain-{name}", Containers=[{"ModelDataUrl": f"s3://chain/{part}/output/model.tar.gz"} for part in parts])
        for name, parts in (("one", ("pre", "xgb")), ("two", ("odd", "xgb")))
    ),
    *endpoint("q-chain-one", variant("chain-one")), *endpoint("q-chain-two", variant("chain-two")),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/q-chain-one", 3.0), sagemaker("Host:ml.m5.large", "endpoint/q-chain-two", 3.0)],
)  # fmt: skip


def test_containers_that_agree_have_their_model_and_those_that_do_not_have_none(paid: Paid) -> None:
    assert paid("endpoint/q-chain-one") == {"rent-price": 3}
    assert paid("endpoint/q-chain-two") == {None: 3}


# Names that an SDK cut to make room for the time.
STAMP = "2026-10-05-09-12-33-123"
given(
    *(
        sagemaker_record("ModelPackageGroup", f"model-package-group/{name}", ModelPackageGroupName=name)
        for name in ("quayside-reactivation-propensity-emea-retail", "depot-replenishment-demand-outlook-north", "depot-replenishment-demand-outlook-south")
    ),
    billed=[
        sagemaker("Train:ml.m5.large", f"training-job/quayside-reactivation-propensity-em-{STAMP}", 2.0),
        sagemaker("Train:ml.m5.large", f"training-job/depot-replenishment-demand-outlook-{STAMP}", 2.0),
    ],
)  # fmt: skip


def test_a_cut_name_is_the_one_name_that_begins_so(paid: Paid) -> None:
    assert paid(f"quayside-reactivation-propensity-em-{STAMP}") == {"quayside-reactivation-propensity-emea-retail": 2}
    assert paid(f"depot-replenishment-demand-outlook-{STAMP}") == {None: 2}


# What the payer's cost categories say, where nothing else is said; and the account's, where all its charges agree.
given(
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/cc-1", 2.0, account="200000000801", cost_category={"team": "lagoon", "env": "Production"}),
        sagemaker("Train:ml.m5.large", "training-job/cc-2", 2.0, account="200000000802", cost_category={"team": "lagoon"}, resource_tags={"user_team": "reef"}),
        sagemaker("Train:ml.m5.large", "training-job/cc-3", 2.0, account="200000000803", cost_category={"team": "No category"}),
    ],
)  # fmt: skip


def test_a_cost_category_owns_what_nothing_else_speaks_of(paid: Paid) -> None:
    assert paid("training-job/cc-1", "team, environment") == {("lagoon", "prod"): 2}
    assert paid("training-job/cc-2", "team") == {"reef": 2}
    assert paid("training-job/cc-3", "team") == {None: 2}


# A record whose labels and tags no parser likes is read for what it has.
given(
    pod(
        "hostile",
        "gull-1",
        "i-0f00000000000002",
        requests=CPU_4,
        labels={'te"am': "x", "te'am": "y", "": "z", "*": "w", "team": "gulls"},
    ),
    billed=[charge(cost=1.0, line_item_resource_id="i-0f00000000000002")],
)


def test_a_key_with_a_quotation_mark_stops_nothing(paid: Paid) -> None:
    assert paid("i-0f00000000000002", "team") == {"gulls": 1}


# Steps of a pipeline that say what they ran in their own words.
given(
    sagemaker_record("Pipeline", "pipeline/meadow-weekly", PipelineName="meadow-weekly", tags={"team": "meadows", "model": "meadow-yield"}),
    record(
        "sagemaker:ListPipelineExecutionSteps", arn("pipeline/meadow-weekly/execution/abc123"),
        {"PipelineExecutionSteps": [{"StepName": "Q", "Metadata": {"QualityCheck": {"CheckJobArn": arn("processing-job/mq-1")}}}]},
    ),
    billed=[sagemaker("Processing:ml.m5.large", "processing-job/mq-1", 2.0)],
)  # fmt: skip


def test_a_check_of_a_pipeline_is_of_its_model(paid: Paid) -> None:
    assert paid("processing-job/mq-1", "model, team") == {("meadow-yield", "meadows"): 2}
