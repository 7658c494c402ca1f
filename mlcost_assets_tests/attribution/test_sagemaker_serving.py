"""SageMaker endpoints: one model or several, over time, and what watches and surrounds them."""

from mlcost_assets.attribution.ladder import told
from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    endpoint,
    given,
    model,
    prefix,
    registered,
    sagemaker_record,
    variant,
)
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.world import Record, arn, record


def named(name: str) -> list[Record]:
    """A registered model, and a SageMaker model m-<name> of it."""
    return [
        *registered(name, f"s3://serving/{name}/model.tar.gz"),
        model(f"m-{name}", f"s3://serving/{name}/model.tar.gz"),
    ]


given(*map(named, ["linnet", "siskin", "brambling"]))

# Variants share by instances; charges of an instance type are those of the variants on it.
given(
    endpoint("two-on-one-type", variant("m-linnet", count=3), variant("m-siskin")),
    endpoint("two-types", variant("m-linnet", "ml.g5.xlarge"), variant("m-siskin", "ml.m5.large", 2)),
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/two-on-one-type", 8.0),
        sagemaker("Host:ml.g5.xlarge", "endpoint/two-types", 15.0),
        sagemaker("Host:ml.m5.large", "endpoint/two-types", 5.0, line_item_usage_amount=2.0),
        sagemaker("Host:VolumeUsage.gp2", "endpoint/two-types", 4.0),
    ],
)


def test_variants_on_one_type_share_by_their_instances(paid: Paid) -> None:
    assert paid("two-on-one-type", "model, method") == {("linnet", "telemetry"): 6, ("siskin", "telemetry"): 2}


def test_hours_of_a_type_belong_to_the_variant_on_it(paid: Paid) -> None:
    assert paid("two-types", where="usage_type LIKE '%g5%'") == {"linnet": 15}
    assert paid("two-types", where="usage_type LIKE '%m5%'") == {"siskin": 5}


def test_what_has_no_type_is_shared_by_instances_and_the_price_of_their_type(paid: Paid) -> None:
    assert paid("two-types", where="usage_type LIKE '%Volume%'") == {"linnet": 3, "siskin": 1}


# A shadow variant is paid by the model that it tries out.
given(
    endpoint("with-shadow", variant("m-linnet"), ShadowProductionVariants=[variant("m-brambling")]),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/with-shadow", 4.0)],
)


def test_a_shadow_variant_pays_for_its_own_instances(paid: Paid) -> None:
    assert paid("with-shadow") == {"linnet": 2, "brambling": 2}


# The instances that run now count, not those of the configuration.
scaled = endpoint("scaled-out", variant("m-linnet"), variant("m-siskin"))
scaled[1]["body"]["ProductionVariants"] = [
    {"VariantName": "m-linnet", "CurrentInstanceCount": 4},
    {"VariantName": "m-siskin", "CurrentInstanceCount": 1},
]
given(scaled, billed=[sagemaker("Host:ml.m5.large", "endpoint/scaled-out", 10.0)])


def test_variants_share_by_the_instances_that_run(paid: Paid) -> None:
    assert paid("scaled-out") == {"linnet": 8, "siskin": 2}


# Inference components share an endpoint's accelerators while they live.
def component(
    name: str, on: str, of: str, copies: int = 1, *, created: str = "2026-10-01T00:00:00Z", **requirements: int
) -> Record:
    return sagemaker_record(
        "InferenceComponent", f"inference-component/{name}", created=created, InferenceComponentName=name, EndpointName=on,
        EndpointArn=arn(f"endpoint/{on}"), RuntimeConfig={"CurrentCopyCount": copies},
        Specification={"ModelName": of, "ComputeResourceRequirements": requirements},
    )  # fmt: skip


HUB = {"VariantName": "all", "InstanceType": "ml.g5.12xlarge", "InitialInstanceCount": 1}
given(
    endpoint("hub", HUB), endpoint("hub-cpu", HUB), endpoint("hub-late", HUB),
    component("ic-1", "hub", "m-linnet", copies=2, NumberOfAcceleratorDevicesRequired=1),
    component("ic-2", "hub", "m-siskin", NumberOfAcceleratorDevicesRequired=2),
    component("ic-3", "hub-cpu", "m-linnet", NumberOfCpuCoresRequired=3), component("ic-4", "hub-cpu", "m-siskin", NumberOfCpuCoresRequired=1),
    component("ic-5", "hub-late", "m-linnet", NumberOfAcceleratorDevicesRequired=1),
    component("ic-6", "hub-late", "m-siskin", NumberOfAcceleratorDevicesRequired=1, created="2026-10-05T12:00:00Z"),
    billed=[
        sagemaker("Host:ml.g5.12xlarge", "endpoint/hub", 8.0), sagemaker("Host:ml.g5.12xlarge", "endpoint/hub-cpu", 8.0),
        sagemaker("Host:ml.g5.12xlarge", "endpoint/hub-late", 8.0, at="2026-10-05T10:00:00"),
        sagemaker("Host:ml.g5.12xlarge", "endpoint/hub-late", 8.0, at="2026-10-05T14:00:00"),
    ],
)  # fmt: skip


def test_inference_components_share_by_accelerators_times_copies(paid: Paid) -> None:
    assert paid("endpoint/hub") == {"linnet": 4, "siskin": 4}


def test_without_accelerators_components_share_by_cores(paid: Paid) -> None:
    assert paid("endpoint/hub-cpu") == {"linnet": 6, "siskin": 2}


def test_a_component_pays_from_when_it_was_created(paid: Paid) -> None:
    assert paid("endpoint/hub-late") == {"linnet": 12, "siskin": 4}


# Serverless and asynchronous endpoints.
given(
    endpoint("sls", {"VariantName": "all", "ModelName": "m-linnet", "ServerlessConfig": {"MemorySizeInMB": 4096, "MaxConcurrency": 5}}),
    endpoint("async", variant("m-siskin"), AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://async-out/answers"}}),
    billed=[
        sagemaker("ServerlessInf:Mem-4GB", "endpoint/sls", 1.0), sagemaker("ProvisionedConcurrency:Usage-4GB", "endpoint/sls", 2.0),
        sagemaker("AsyncInf:ml.m5.large", "endpoint/async", 3.0),
    ],
)  # fmt: skip


def test_serverless_and_asynchronous_endpoints_belong_to_their_model(paid: Paid) -> None:
    assert paid("endpoint/sls", "model, stage") == {("linnet", "inference"): 3}
    assert paid("endpoint/async", "model, stage") == {("siskin", "inference"): 3}


# Multi-model endpoints: the application counts calls per target model, or nobody does.
def multi_model(name: str) -> list[Record]:
    return [*endpoint(name, variant(f"mme-{name}")), model(f"mme-{name}", f"s3://mme/{name}/", Mode="MultiModel")]


def calls(on: str, target: str, count: int) -> Record:
    body = {"Namespace": "acme/inference", "MetricName": "Requests", "Dimensions": {"EndpointName": on, "TargetModel": target}, "Stat": "Sum",
            "Period": 86400, "Timestamps": ["2026-10-05T00:00:00Z"], "Values": [count]}  # fmt: skip
    return record("cloudwatch:GetMetricData", f"acme/inference/Requests/{on}/{target}", body, at="2026-10-06T06:00:00Z")


given(
    multi_model("counted"), calls("counted", "linnet.tar.gz", 30), calls("counted", "siskin.tar.gz", 10),
    multi_model("uncounted"), prefix("mme", "uncounted/linnet", 900), prefix("mme", "uncounted/siskin", 100),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/counted", 8.0), sagemaker("Host:ml.m5.large", "endpoint/uncounted", 8.0)],
)  # fmt: skip


def test_a_multi_model_endpoint_is_shared_by_the_calls_that_the_application_counts(paid: Paid) -> None:
    assert paid("endpoint/counted", "model, method") == {("linnet", "telemetry"): 6, ("siskin", "telemetry"): 2}


def test_where_nobody_counts_it_is_shared_evenly_at_low_confidence(paid: Paid) -> None:
    assert paid("endpoint/uncounted") == {"linnet": 4, "siskin": 4}
    assert paid.query(
        "SELECT max(confidence) <= 0.5 FROM attributed_costs WHERE ends_with(resource_id, 'uncounted')"
    ) == [(True,)]


# A registry contradicts a tag that was copied from a template.
given(
    endpoint("copied", variant("m-linnet"), tags={"model": "siskin"}),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/copied", 10.0)],
)


def test_a_tag_copied_from_a_template_loses_to_the_registry(paid: Paid) -> None:
    assert paid("endpoint/copied") == {"linnet": 10}


def test_the_tag_that_lost_stands_in_the_evidence(paid: Paid) -> None:
    assert any("siskin" in str(others) for others in paid.evidence("endpoint/copied", "others", "dimension = 'model'"))


# A monitor, its jobs, and the endpoint's logs and captured data.
given(
    endpoint("watched", variant("m-linnet"), DataCaptureConfig={"DestinationS3Uri": "s3://captured/watched"}),
    sagemaker_record("MonitoringSchedule", "monitoring-schedule/ms-1", MonitoringScheduleName="ms-1", EndpointName="watched"),
    sagemaker_record("ProcessingJob", "processing-job/model-monitoring-202610051400-abc", ProcessingJobName="model-monitoring-202610051400-abc",
                     MonitoringScheduleArn=arn("monitoring-schedule/ms-1")),
    prefix("captured", "watched", 100),
    billed=[
        sagemaker("Processing:ml.m5.large", "processing-job/model-monitoring-202610051400-abc", 2.0),
        sagemaker("Data-Bytes-In", "endpoint/watched", 1.0, ),
    ],
)  # fmt: skip


def test_a_monitoring_job_belongs_to_the_endpoint_that_it_watches(paid: Paid) -> None:
    assert paid("model-monitoring-202610051400-abc", "model, stage") == {("linnet", "monitoring"): 2}


def test_the_data_that_an_endpoint_receives_is_its_own(paid: Paid) -> None:
    assert paid("endpoint/watched", "model, stage", "usage_type LIKE '%Data-Bytes%'") == {("linnet", "inference"): 1}


# Answers that are not as they should be stop nothing.
odd = endpoint("odd", variant("m-linnet") | {"InitialInstanceCount": "many"})
odd[1]["body"]["ProductionVariants"] = [{"VariantName": "m-linnet", "CurrentInstanceCount": "several"}]
given(
    odd, component("ic-odd", "odd", "m-linnet") | {"body": {"InferenceComponentName": "ic-odd", "EndpointName": "odd", "RuntimeConfig": {"CurrentCopyCount": "x"}}},
    prefix("odd", "a", 1) | {"body": {"Bucket": "odd", "Prefix": "a", "Date": "yesterday", "Bytes": "lots"}},
    calls("odd", "a.tar.gz", 1) | {"body": {"Dimensions": {"EndpointName": "odd", "TargetModel": "a.tar.gz"}, "Timestamps": ["noon"], "Values": ["few"]}},
    billed=[sagemaker("Host:ml.m5.large", "endpoint/odd", 1.0)],
)  # fmt: skip


def test_answers_that_cannot_be_read_stop_nothing(paid: Paid) -> None:
    assert sum(paid("endpoint/odd").values()) == 1


# Nothing is known of an endpoint but that it exists.
given(billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-0099", 9.0)])


def test_an_endpoint_of_which_nobody_tells_stays_without_an_owner(paid: Paid) -> None:
    assert paid("ep-0099", "model, team, method, is_ml, stage") == {(None, None, "none", True, "inference"): 9}


# An endpoint that metadata never saw: its name tells one of the models that it tries against each other.
given(
    registered("shelduck", "s3://pond/shelduck/model.tar.gz"),
    billed=[
        sagemaker("Host:ml.m5.large", f"endpoint/{name}", 5.0) for name in ("shelduck-ab-unseen", "shelduck-unseen")
    ],
)


def test_an_unseen_endpoint_for_a_comparison_is_its_names_model_at_lower_confidence(paid: Paid) -> None:
    sure = f"confidence > {told('name', 0.92) * told('tests several', 0.67):.6f}"
    assert paid("shelduck-unseen", f"model, {sure}") == {("shelduck", True): 5}
    assert paid("shelduck-ab-unseen", f"model, {sure}") == {("shelduck", False): 5}


# A registry of which only the packages could be collected: they say what group they are of.
_, only_package = registered("phalarope", "s3://shore/1/model.tar.gz")
given(
    only_package,
    model("m-0100", "s3://shore/1/model.tar.gz"),
    endpoint("ep-0100", variant("m-0100")),
    billed=[sagemaker("Host:ml.m5.large", "endpoint/ep-0100", 3.0)],
)


def test_a_package_tells_its_model_where_its_group_was_never_collected(paid: Paid) -> None:
    assert paid("ep-0100") == {"phalarope": 3}
