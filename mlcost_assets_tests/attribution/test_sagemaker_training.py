"""SageMaker jobs without a tag: training, tuning, processing and transform, to the model that they worked for."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    endpoint,
    given,
    model,
    registered,
    sagemaker_record,
    training_job,
    variant,
)
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import arn, record

# The registry knows the artifact that the job produced.
given(
    training_job("tj-0001", artifact="s3://art/tj-0001/output/model.tar.gz"),
    registered("kestrel", "s3://art/tj-0001/output/model.tar.gz"),
    billed=[
        sagemaker("Train:ml.g5.2xlarge", "training-job/tj-0001", 3.0),
        sagemaker("TrSpt:ml.g5.2xlarge", "training-job/tj-0001", 2.0),
        sagemaker("TrainWarmPool:ml.g5.2xlarge", "training-job/tj-0001", 1.0),
        sagemaker("Train:VolumeUsage.gp2", "training-job/tj-0001", 0.5),
    ],
)


def test_a_training_job_belongs_to_the_registered_model_that_holds_its_artifact(paid: Paid) -> None:
    assert paid("tj-0001", where="usage_type LIKE '%Train:ml%'") == {"kestrel": 3}


def test_spot_hours_warm_pool_and_volume_of_a_job_go_with_it(paid: Paid) -> None:
    assert paid("tj-0001", "model, stage") == {("kestrel", "training"): 6.5}


# The bill writes the bare name of the job.
given(
    training_job("tj-0002", artifact="s3://art/tj-0002/output/model.tar.gz"),
    registered("petrel", "s3://art/tj-0002/output/model.tar.gz"),
    billed=[sagemaker("Train:ml.m5.large", "", 4.0) | {"line_item_resource_id": "tj-0002"}],
)


def test_a_bare_name_in_the_bill_is_the_same_job(paid: Paid) -> None:
    assert paid("tj-0002") == {"petrel": 4}


# An artifact is loaded by a model that an endpoint serves, and only the endpoint is tagged.
given(
    training_job("tj-0003", artifact="s3://art/tj-0003/output/model.tar.gz"),
    model("m-0003", "s3://art/tj-0003/output/model.tar.gz"),
    endpoint("ep-0003", variant("m-0003")),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-0003", 5.0),
        sagemaker("Host:ml.m5.large", "endpoint/ep-0003", 7.0, resource_tags={"user_model": "curlew", "user_team": "shore"}),
    ],
)  # fmt: skip


def test_a_job_belongs_to_the_tagged_endpoint_that_serves_its_artifact(paid: Paid) -> None:
    assert paid("tj-0003", "model, team, method") == {("curlew", "shore", "lineage"): 5}


# A package says which job generated it.
given(
    training_job("tj-0004"),
    registered("dunlin", "s3://elsewhere/dunlin-1.tar.gz", MetadataProperties={"GeneratedBy": arn("training-job/tj-0004")}),
    billed=[sagemaker("Train:ml.m5.large", "training-job/tj-0004", 6.0)],
)  # fmt: skip


def test_a_job_belongs_to_the_package_that_it_generated(paid: Paid) -> None:
    assert paid("tj-0004") == {"dunlin": 6}


# A team's name begins that of its model; people tag it in full, and the registry knows it so.
NAMED = {"user_model": "heath-plover", "user_team": "heath"}
given(
    training_job("tj-0096", artifact="s3://art/tj-0096/output/model.tar.gz"),
    registered("heath-plover", "s3://art/tj-0096/output/model.tar.gz"),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-0096", 8.0),
        *[sagemaker("Train:ml.m5.large", f"training-job/tj-009{number}", 1.0, resource_tags=NAMED | {"sagemaker_model_package_group_name": "heath-plover"}) for number in (7, 8)],
    ],
)  # fmt: skip


def test_a_model_that_people_call_in_full_keeps_its_teams_name(paid: Paid) -> None:
    assert paid("tj-0096", "model, team") == {("heath-plover", "heath"): 8}


# A pipeline's execution prepares data, trains, evaluates and registers.
EXECUTION = arn("pipeline/nightly-osprey/execution/abc123")
given(
    sagemaker_record("Pipeline", "pipeline/nightly-osprey", PipelineName="nightly-osprey"),
    sagemaker_record("PipelineExecution", "pipeline/nightly-osprey/execution/abc123",
                     PipelineArn=arn("pipeline/nightly-osprey"), PipelineExecutionArn=EXECUTION),
    sagemaker_record("PipelineExecution", "pipeline/nightly-osprey/execution/abc123") | {
        "kind": "sagemaker:ListPipelineExecutionSteps",
        "body": {"PipelineExecutionArn": EXECUTION, "PipelineExecutionSteps": [
            {"StepName": "Prepare", "Metadata": {"ProcessingJob": {"Arn": arn("processing-job/pj-0005")}}},
            {"StepName": "Train", "Metadata": {"TrainingJob": {"Arn": arn("training-job/tj-0005")}}},
            {"StepName": "EvaluateModel", "Metadata": {"ProcessingJob": {"Arn": arn("processing-job/pj-0006")}}},
            {"StepName": "Register", "Metadata": {"RegisterModel": {"Arn": arn("model-package/osprey/1")}}},
            {"StepName": "Cached", "CacheHitResult": {"SourcePipelineExecutionArn": arn("pipeline/other/execution/x")},
             "Metadata": {"ProcessingJob": {"Arn": arn("processing-job/pj-0007")}}},
        ]},
    },
    sagemaker_record("ProcessingJob", "processing-job/pj-0005", ProcessingJobName="pj-0005"),
    sagemaker_record("ProcessingJob", "processing-job/pj-0006", ProcessingJobName="pj-0006"),
    training_job("tj-0005"),
    registered("osprey", "s3://elsewhere/osprey-1.tar.gz"),
    billed=[
        sagemaker("Processing:ml.m5.large", "processing-job/pj-0005", 1.0),
        sagemaker("Train:ml.m5.large", "training-job/tj-0005", 2.0),
        sagemaker("Processing:ml.m5.large", "processing-job/pj-0006", 3.0),
        sagemaker("Processing:ml.m5.large", "processing-job/pj-0007", 4.0),
    ],
)  # fmt: skip


def test_the_steps_of_an_execution_belong_to_the_model_that_it_registered(paid: Paid) -> None:
    assert paid("job/pj-0005", "model, pipeline, stage") == {("osprey", "nightly-osprey", "data_preparation"): 1}
    assert paid("job/tj-0005", "model, pipeline, stage") == {("osprey", "nightly-osprey", "training"): 2}


def test_a_step_that_evaluates_is_evaluation(paid: Paid) -> None:
    assert paid("job/pj-0006", "model, stage") == {("osprey", "evaluation"): 3}


def test_a_cached_step_ran_for_another_execution(paid: Paid) -> None:
    assert paid("job/pj-0007", "model, pipeline") == {(None, None): 4}


# A job of an experiment.
given(
    training_job("tj-0008", ExperimentConfig={"ExperimentName": "avocet-depth", "TrialName": "depth-4"}),
    sagemaker_record("Experiment", "experiment/avocet-depth", ExperimentName="avocet-depth"),
    billed=[sagemaker("Train:ml.m5.large", "training-job/tj-0008", 8.0)],
)


def test_a_job_of_an_experiment_is_experimentation(paid: Paid) -> None:
    assert paid("tj-0008", "experiment, stage") == {("avocet-depth", "experimentation"): 8}


# A trial component describes a job.
given(
    training_job("tj-0009"),
    sagemaker_record("Experiment", "experiment/avocet-width", ExperimentName="avocet-width"),
    sagemaker_record("Trial", "experiment-trial/width-2", TrialName="width-2", ExperimentName="avocet-width"),
    sagemaker_record("TrialComponent", "experiment-trial-component/tj-0009-aws-training-job", Source={"SourceArn": arn("training-job/tj-0009")},
                     TrialComponentName="tj-0009-aws-training-job", Parents=[{"TrialName": "width-2", "ExperimentName": "avocet-width"}]),
    billed=[sagemaker("Train:ml.m5.large", "training-job/tj-0009", 9.0)],
)  # fmt: skip


def test_a_job_that_a_trial_component_describes_is_of_its_experiment(paid: Paid) -> None:
    assert paid("tj-0009", "experiment, stage") == {("avocet-width", "experimentation"): 9}


# A tuning job's children; and those of AutoML.
given(
    sagemaker_record("HyperParameterTuningJob", "hyper-parameter-tuning-job/tune-11", tags={"model": "plover"}, HyperParameterTuningJobName="tune-11"),
    training_job("tune-11-001-a1b2", TuningJobArn=arn("hyper-parameter-tuning-job/tune-11")),
    sagemaker_record("AutoMLJobV2", "automl-job/auto-12", tags={"model": "plover"}, AutoMLJobName="auto-12"),
    training_job("auto-12-tr-1", AutoMLJobArn=arn("automl-job/auto-12")),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tune-11-001-a1b2", 11.0),
        sagemaker("Train:ml.m5.large", "training-job/auto-12-tr-1", 12.0),
    ],
)  # fmt: skip


def test_children_of_a_tuning_job_are_tuning_and_its_models(paid: Paid) -> None:
    assert paid("tune-11-001-a1b2", "model, stage") == {("plover", "tuning"): 11}
    assert paid("auto-12-tr-1", "model, stage") == {("plover", "tuning"): 12}


# A batch transform names the model that it runs.
given(
    registered("godwit", "s3://art/godwit/model.tar.gz"),
    model("m-0013", "s3://art/godwit/model.tar.gz"),
    sagemaker_record("TransformJob", "transform-job/tf-0013", TransformJobName="tf-0013", ModelName="m-0013"),
    billed=[sagemaker("Tsform:ml.c5.9xlarge", "transform-job/tf-0013", 13.0)],
)


def test_a_batch_transform_belongs_to_the_model_that_it_runs(paid: Paid) -> None:
    assert paid("tf-0013", "model, stage") == {("godwit", "inference"): 13}


# Only the job's name tells.
given(
    rules="workloads: [{model: sanderling, team: shore}]",
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/sanderling-retrain-2026-10-05-04-11-09-123", 14.0),
        sagemaker("Train:ml.m5.large", "training-job/sanderlingfeedback-2026-10-05", 1.0),
        sagemaker("Train:ml.m5.large", "training-job/pytorch-training-2026-10-05-04-11-09-123", 15.0),
    ],
)


def test_a_known_name_among_ordinary_words_says_whose_a_job_is(paid: Paid) -> None:
    assert paid("sanderling-retrain-2026-10-05-04-11-09-123", "model, team, method") == {
        ("sanderling", "shore", "name"): 14
    }


def test_a_name_inside_another_word_says_nothing(paid: Paid) -> None:
    assert paid("sanderlingfeedback-2026-10-05") == {None: 1}


def test_a_name_that_an_sdk_made_says_nothing(paid: Paid) -> None:
    assert paid("pytorch-training-2026-10-05-04-11-09-123", "model, method, stage") == {(None, "none", "training"): 15}


# A labelling job made the data that a model was trained on; its features are kept in a feature group.
given(
    sagemaker_record("LabelingJob", "labeling-job/lj-0016", LabelingJobName="lj-0016", OutputConfig={"S3OutputPath": "s3://lab/redshank/labels"}),
    training_job("tj-0016", artifact="s3://art/tj-0016/output/model.tar.gz",
                 InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://lab/redshank/labels"}}}]),
    registered("redshank", "s3://art/tj-0016/output/model.tar.gz"),
    sagemaker_record("FeatureGroup", "feature-group/fg-0016", FeatureGroupName="fg-0016", tags={"model": "redshank"}),
    billed=[
        sagemaker("LabeledObject", "labeling-job/lj-0016", 16.0),
        sagemaker("FeatureStore:WriteRequestUnits", "feature-group/fg-0016", 2.0),
    ],
)  # fmt: skip


def test_labels_belong_to_the_model_that_was_trained_on_them(paid: Paid) -> None:
    assert paid("lj-0016", "model, stage") == {("redshank", "data_preparation"): 16}


def test_a_feature_group_is_data_preparation_of_its_model(paid: Paid) -> None:
    assert paid("fg-0016", "model, stage") == {("redshank", "data_preparation"): 2}


# HyperPod bills under SageMaker, for the cluster; capacity that a training plan bought in advance is used by its jobs.
given(
    sagemaker_record("Cluster", "cluster/a1b2c3d4e5f6", ClusterName="turnstone-pretraining", tags={"model": "turnstone", "team": "shore"}),
    training_job("tj-0018", artifact="s3://art/tj-0018/output/model.tar.gz", ResourceConfig={"TrainingPlanArn": arn("training-plan/tp-0018")}),
    registered("whimbrel", "s3://art/tj-0018/output/model.tar.gz"),
    billed=[
        sagemaker("Cluster:ml.g5.8xlarge", "cluster/a1b2c3d4e5f6", 17.0),
        sagemaker("ReservedCluster:ml.g5.8xlarge", "training-plan/tp-0018", 18.0),
    ],
)  # fmt: skip


def test_a_hyperpod_cluster_is_training_of_its_model(paid: Paid) -> None:
    assert paid("cluster/a1b2c3d4e5f6", "model, team, stage") == {("turnstone", "shore", "training"): 17}


def test_a_training_plan_is_paid_by_the_job_that_used_it(paid: Paid) -> None:
    assert paid("tp-0018", "model, stage") == {("whimbrel", "training"): 18}


# MLflow's registry keeps what a run made, and the run names its job.
given(
    training_job("tj-0019"),
    record("mlflow:Run", "run-0019", {"info": {"run_id": "run-0019", "run_name": "nightly"}, "data": {"tags": [{"key": "sagemaker_job_name", "value": "tj-0019"}], "params": []}}),
    record("mlflow:RegisteredModel", "knot", {"name": "knot", "latest_versions": [{"name": "knot", "version": "3", "run_id": "run-0019"}]}),
    billed=[sagemaker("Train:ml.m5.large", "training-job/tj-0019", 19.0)],
)  # fmt: skip


def test_a_job_belongs_to_the_model_as_which_mlflow_registered_its_run(paid: Paid) -> None:
    assert paid("tj-0019") == {"knot": 19}


# One tag on one thing is enough to know that a model is called so.
given(
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/ep-0020", 1.0, resource_tags={"user_model": "lapwing"}),
        sagemaker("Train:ml.m5.large", "training-job/lapwing-training-2026-10-05-04-11-09", 20.0),
    ],
)


def test_a_name_that_one_tag_tells_names_other_things_too(paid: Paid) -> None:
    assert paid("lapwing-training-2026-10-05-04-11-09", "model, method") == {("lapwing", "name"): 20}


# A registry keeps a second version beside the first, both behind the house's ml-.
given(
    registered("ml-jackdaw", "s3://aviary/jackdaw/model.tar.gz"),
    registered("ml-jackdaw-v2", "s3://aviary/jackdaw-v2/model.tar.gz"),
    training_job("t-93-1", artifact="s3://aviary/jackdaw/model.tar.gz"),
    training_job("t-93-2", artifact="s3://aviary/jackdaw-v2/model.tar.gz"),
    billed=[sagemaker("Train:ml.m5.large", f"training-job/t-93-{number}", float(number)) for number in (1, 2)],
)


def test_a_version_that_a_registry_keeps_beside_the_plain_name_is_a_model_of_its_own(paid: Paid) -> None:
    assert paid("t-93-1") == {"jackdaw": 1}
    assert paid("t-93-2") == {"jackdaw-v2": 2}


# The dearest resource of a model is tagged with a slip of the fingers, beside a project that nobody else uses.
given(
    [training_job(f"t-94-{number}", tags={"model": "nightingale", "project": "song"}) for number in range(12)],
    sagemaker_record("Cluster", "cluster/t94slip", ClusterName="nightingale-prod-hp", tags={"model": "nightingle", "project": "borrowed"}),
    billed=[
        *[sagemaker("Train:ml.m5.large", f"training-job/t-94-{number}", 0.1, resource_tags={"user_model": "nightingale", "user_project": "song"}) for number in range(12)],
        sagemaker("Cluster:ml.g5.48xlarge", "cluster/t94slip", 5000.0, resource_tags={"user_model": "nightingle", "user_project": "borrowed"}),
    ],
)  # fmt: skip


def test_a_misspelt_tag_means_what_its_resource_is_called_however_dear_it_is(paid: Paid) -> None:
    assert paid("cluster/t94slip") == {"nightingale": 5000}


# People tag a version beside the plain name for weeks; rules.yaml knows the plain name alone.
given(
    rules="workloads: [{model: heron, team: waders}]",
    billed=[
        sagemaker("Train:ml.m5.large", f"training-job/t-95-{name}-{number}", 1.0, at=f"2026-10-{day:02}T10:00:00", resource_tags={"user_model": name})
        for name in ("heron", "heron_v4") for number in range(4) for day in (2, 22)
    ],
)  # fmt: skip


def test_a_version_of_a_name_that_the_registry_knows_is_that_name(paid: Paid) -> None:
    assert paid.of("resource_id LIKE '%t-95-%'", "model, team") == {("heron", "waders"): 16}
