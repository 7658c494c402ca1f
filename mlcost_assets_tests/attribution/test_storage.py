"""Where data lies: buckets by prefix, images by what is built from them, file systems by who mounts them, logs by who writes them."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    billed,
    cluster_arn,
    endpoint,
    given,
    model,
    pod,
    prefix,
    registered,
    sagemaker_record,
    training_job,
    variant,
)
from mlcost_assets_tests.exports import ACCOUNT, Row
from mlcost_assets_tests.world import record


def bucket(name: str, cost: float, usage: str = "TimedStorage-ByteHrs", **more: object) -> Row:
    return billed("AmazonS3", usage, name, cost, operation="StandardStorage", **more)


# Every place that a model's jobs speak of: data, artifacts, checkpoints, captured and written answers.
given(
    training_job("tj-2001", artifact="s3://lake-1/artifacts/tj-2001/output/model.tar.gz", OutputDataConfig={"S3OutputPath": "s3://lake-1/artifacts"},
                 InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://lake-1/training/set-a"}}}], CheckpointConfig={"S3Uri": "s3://lake-1/checkpoints/tj-2001"}),
    registered("merlin", "s3://lake-1/artifacts/tj-2001/output/model.tar.gz"),
    model("m-2001", "s3://lake-1/artifacts/tj-2001/output/model.tar.gz"),
    sagemaker_record("TransformJob", "transform-job/tf-2001", TransformJobName="tf-2001", ModelName="m-2001", TransformOutput={"S3OutputPath": "s3://lake-1/answers/daily"}),
    registered("hobby", "s3://lake-1/artifacts/hobby/model.tar.gz"),
    sagemaker_record("FeatureGroup", "feature-group/fg-2001", FeatureGroupName="fg-2001", tags={"model": "hobby"},
                     OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://lake-1/features/fg-2001"}}),
    prefix("lake-1", "training/set-a", 100), prefix("lake-1", "checkpoints/tj-2001", 200), prefix("lake-1", "artifacts/tj-2001", 100),
    prefix("lake-1", "answers/daily", 100), prefix("lake-1", "features/fg-2001", 300), prefix("lake-1", "unmapped/stuff", 200),
    billed=[bucket("lake-1", 10.0, resource_tags={"user_team": "falconry"}), bucket("lake-1", 5.0, "Requests-Tier1")],
)  # fmt: skip


def test_a_bucket_is_divided_by_the_bytes_of_what_each_model_keeps_there(paid: Paid) -> None:
    assert paid("lake-1", where="usage_type LIKE 'Timed%'") == {"merlin": 5, "hobby": 3, None: 2}


def test_requests_are_divided_as_the_bytes_are(paid: Paid) -> None:
    assert paid("lake-1", where="usage_type LIKE 'Requests%'") == {"merlin": 2.5, "hobby": 1.5, None: 1}


def test_prefixes_of_nobody_stay_with_the_buckets_owner(paid: Paid) -> None:
    assert paid("lake-1", "team, stage", "model IS NULL") == {("falconry", "storage"): 3}


# Bytes × time: what grew in the middle of the month counts from then on.
given(
    registered("kite-depth", "s3://elsewhere/kite-depth/model.tar.gz"), registered("buzzard", "s3://elsewhere/buzzard/model.tar.gz"),
    prefix("lake-2", "kite-depth", 100), prefix("lake-2", "buzzard", 100),
    prefix("lake-2", "kite-depth", 300, "2026-10-10"), prefix("lake-2", "buzzard", 100, "2026-10-10"),
    billed=[bucket("lake-2", 4.0), bucket("lake-2", 4.0, at="2026-10-20T14:00:00")],
)  # fmt: skip


def test_a_bucket_is_divided_by_bytes_as_they_were_at_the_time(paid: Paid) -> None:
    assert paid("lake-2", "model, charge_date < '2026-10-10'") == {
        ("kite-depth", True): 2, ("buzzard", True): 2, ("kite-depth", False): 3, ("buzzard", False): 1,
    }  # fmt: skip


# A prefix inside another counts once; what a whole-bucket measurement has besides stays with the bucket.
given(
    prefix("lake-3", "kite-depth", 300),
    prefix("lake-3", "kite-depth/archive", 100),
    prefix("lake-3", "", 400),
    billed=[bucket("lake-3", 8.0)],
)


def test_nested_prefixes_count_once_and_the_rest_is_nobodys(paid: Paid) -> None:
    assert paid("lake-3") == {"kite-depth": 6, None: 2}


# Several models read one prefix.
given(
    [training_job(f"tj-20{number}", artifact=f"s3://art/tj-20{number}/output/model.tar.gz",
                  InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://lake-4/common/clicks"}}}]) for number in (11, 12)],
    registered("harrier", "s3://art/tj-2011/output/model.tar.gz"), registered("goshawk", "s3://art/tj-2012/output/model.tar.gz"),
    prefix("lake-4", "common/clicks", 100),
    billed=[bucket("lake-4", 6.0)],
)  # fmt: skip


def test_data_that_several_models_read_is_divided_evenly_among_them(paid: Paid) -> None:
    assert paid("lake-4") == {"harrier": 3, "goshawk": 3}


# Images.
IMAGES = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com"


def repository(name: str) -> str:
    return f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/{name}"


given(
    [record("ecr:DescribeRepositories", repository(name), {"repositoryName": name, "createdAt": "2026-01-01T00:00:00Z"}) for name in ("img/alpha", "img/base")],
    training_job("tj-2021", artifact="s3://art/tj-2021/output/model.tar.gz", AlgorithmSpecification={"TrainingImage": f"{IMAGES}/img/alpha:3"}),
    registered("peregrine", "s3://art/tj-2021/output/model.tar.gz"),
    [training_job(f"tj-20{number}", artifact=f"s3://art/tj-20{number}/output/model.tar.gz", tags={"environment": environment},
                  AlgorithmSpecification={"TrainingImage": f"{IMAGES}/img/base@sha256:00"}) for number, environment in ((22, "prod"), (23, "dev"))],
    registered("saker", "s3://art/tj-2022/output/model.tar.gz"), registered("gyr", "s3://art/tj-2023/output/model.tar.gz"),
    billed=[billed("AmazonECR", "TimedStorage-ByteHrs", repository(name), 4.0) for name in ("img/alpha", "img/base")],
)  # fmt: skip


def test_an_image_belongs_to_the_model_that_was_built_from_it(paid: Paid) -> None:
    assert paid("img/alpha", "model, stage") == {("peregrine", "storage"): 4}


def test_a_shared_image_is_divided_evenly_and_is_of_no_environment(paid: Paid) -> None:
    assert paid("img/base", "model, environment") == {("saker", None): 2, ("gyr", None): 2}


# File systems that jobs mount.
given(
    training_job("tj-2031", artifact="s3://art/tj-2031/output/model.tar.gz",
                 InputDataConfig=[{"DataSource": {"FileSystemDataSource": {"FileSystemId": "fs-02031", "FileSystemType": "FSxLustre"}}}]),
    registered("osculate", "s3://art/tj-2031/output/model.tar.gz"),
    billed=[billed("AmazonFSx", "Lustre:StorageUsage", f"arn:aws:fsx:us-east-1:{ACCOUNT}:file-system/fs-02031", 7.0)],
)  # fmt: skip


def test_a_file_system_belongs_to_the_jobs_that_mount_it(paid: Paid) -> None:
    assert paid("file-system/fs-02031", "model, stage") == {("osculate", "storage"): 7}


# A file system that pods mount by a claim.
given(
    record("k8s:PersistentVolume", f"{cluster_arn('files')}/PersistentVolume/pv-2032", {
        "metadata": {"name": "pv-2032", "creationTimestamp": "2026-10-01T00:00:00Z"},
        "spec": {"csi": {"driver": "efs.csi.aws.com", "volumeHandle": "fs-02032::fsap-1"}, "claimRef": {"namespace": "work", "name": "shared"}}}),
    [pod("files", f"{app}-1", "ip-10-2-0-1", requests={"cpu": "1"}, labels={"app.kubernetes.io/name": app}, volumes=[{"persistentVolumeClaim": {"claimName": "shared"}}])
     for app in ("peregrine", "saker")],
    billed=[billed("AmazonEFS", "TimedStorage-ByteHrs", f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-02032", 8.0)],
)  # fmt: skip


def test_a_file_system_is_shared_by_the_pods_that_mount_it(paid: Paid) -> None:
    assert paid("file-system/fs-02032") == {"peregrine": 4, "saker": 4}


# Logs.
def log_group(path: str) -> str:
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{path}"


given(
    model("m-2041", "s3://art/tj-2021/output/model.tar.gz"), endpoint("ep-2041", variant("m-2041")),
    billed=[
        billed("AmazonCloudWatch", "DataProcessing-Bytes", log_group("/aws/sagemaker/Endpoints/ep-2041"), 1.0),
        billed("AmazonCloudWatch", "TimedStorage-ByteHrs", log_group("/applications/peregrine-api"), 2.0),
        billed("AmazonCloudWatch", "TimedStorage-ByteHrs", log_group("/applications/web-shop"), 3.0),
    ],
)  # fmt: skip


def test_logs_of_an_endpoint_are_its_models(paid: Paid) -> None:
    assert paid("Endpoints/ep-2041", "model, stage, is_ml") == {("peregrine", "monitoring", True): 1}


def test_a_log_group_may_be_named_after_its_model(paid: Paid) -> None:
    assert paid("/applications/peregrine-api", "model, stage") == {("peregrine", "monitoring"): 2}
