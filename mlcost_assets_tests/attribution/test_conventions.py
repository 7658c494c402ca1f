"""Where records leave a choice: docs/contract.md#conventions, in its order; each is named in the evidence."""

from mlcost_assets_tests.attribution.scenarios import (
    Paid,
    billed,
    cluster_arn,
    endpoint,
    given,
    instance,
    pod,
    registered,
    sagemaker_record,
    training_job,
    variant,
)
from mlcost_assets_tests.exports import ACCOUNT, charge, sagemaker
from mlcost_assets_tests.world import record

given(rules="workloads: [{model: cypress, team: forest}]")

# 1 · A node's idle part goes to the pods that ran on it that day; a day without pods to the team that owns the cluster.
given(
    record("eks:DescribeCluster", cluster_arn("wood"), {"cluster": {"name": "wood", "createdAt": "2026-01-01T00:00:00Z"}}, tags={"team": "rangers"}),
    record("k8s:Node", f"{cluster_arn('wood')}/Node/n-1", {"metadata": {"name": "ip-10-9-0-1", "creationTimestamp": "2026-10-01T00:00:00Z"}, "spec": {"providerID": "aws:///us-east-1a/i-0a000000000001"}}),
    instance("i-0a000000000001", name="ip-10-9-0-1"),
    pod("wood", "cypress-1", "ip-10-9-0-1", requests={"cpu": "1"}, labels={"app.kubernetes.io/name": "cypress"}, start="2026-10-05T10:00:00Z", end="2026-10-05T12:00:00Z"),
    billed=[charge(cost=24.0, line_item_resource_id="i-0a000000000001"), charge(cost=12.0, line_item_resource_id="i-0a000000000001", at="2026-10-06T10:00:00")],
)  # fmt: skip


def test_idle_time_goes_to_the_pods_of_the_day_and_a_day_without_pods_to_the_clusters_team(paid: Paid) -> None:
    assert paid("i-0a000000000001", "charge_date::VARCHAR, model, team, stage") == {
        ("2026-10-05", "cypress", "forest", "inference"): 24,
        ("2026-10-06", None, "rangers", "platform"): 12,
    }


# 2 · Environment: tag, name, role or namespace, account; interactive work is dev.
given(
    record("organizations:DescribeAccount", "222222229002", {"Account": {"Id": "222222229002", "Name": "acme-ml-staging"}}, account="222222229002"),
    sagemaker_record("TrainingJob", "training-job/tj-a3-prod", TrainingJobName="tj-a3-prod", account="222222229002", RoleArn="arn:aws:iam::222222229002:role/train-dev"),
    sagemaker_record("TrainingJob", "training-job/tj-a4", TrainingJobName="tj-a4", account="222222229002", RoleArn="arn:aws:iam::222222229002:role/train-dev"),
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-a2-prod", 1.0, account="222222229002", resource_tags={"user_environment": "test"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-a3-prod", 2.0, account="222222229002"),
        sagemaker("Train:ml.m5.large", "training-job/tj-a4", 3.0, account="222222229002"),
        sagemaker("Train:ml.m5.large", "training-job/tj-a5", 4.0, account="222222229002"),
        sagemaker("Notebk:ml.t3.medium", "notebook-instance/nb-a6", 5.0),
        sagemaker("Train:ml.m5.large", "training-job/tj-a7", 6.0),
    ],
)  # fmt: skip


def test_environment_is_the_tags_then_the_names_then_the_roles_then_the_accounts(paid: Paid) -> None:
    assert paid.of("account_id = '222222229002'", "environment") == {"test": 1, "prod": 2, "dev": 3, "staging": 4}


def test_interactive_work_is_dev_and_other_work_of_no_known_environment(paid: Paid) -> None:
    assert paid("nb-a6", "environment") == {"dev": 5}
    assert paid("tj-a7", "environment") == {None: 6}


given(
    sagemaker_record("Model", "model/willow-dev", ModelName="willow-dev", ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/serve-staging"),
    endpoint("ep-a8-prod", variant("willow-dev")), endpoint("ep-a9", variant("willow-dev")),
    record("organizations:DescribeAccount", "222222229003", {"Account": {"Id": "222222229003", "Name": "acme-lab-staging"}}, account="222222229003"),
    [record("s3:ListBuckets", name, {"Name": name, "CreationDate": "2026-01-01T00:00:00Z"}, account=account)
     for name, account in (("lab-things-prod", "222222229003"), ("park-things-prod", "222222229004"))],
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/ep-a8-prod", 8.0), sagemaker("Host:ml.m5.large", "endpoint/ep-a9", 9.0),
        billed("AmazonS3", "TimedStorage-ByteHrs", "lab-things-prod", 10.0, line_item_usage_account_id="222222229003"),
        billed("AmazonS3", "TimedStorage-ByteHrs", "park-things-prod", 11.0, line_item_usage_account_id="222222229004"),
    ],
)  # fmt: skip


def test_a_resources_name_comes_before_that_of_its_model_and_this_before_a_role(paid: Paid) -> None:
    assert paid("ep-a8-prod", "environment") == {"prod": 8}
    assert paid("ep-a9", "environment") == {"dev": 9}


def test_a_buckets_name_tells_its_environment_last(paid: Paid) -> None:
    assert paid("lab-things-prod", "environment") == {"staging": 10}
    assert paid("park-things-prod", "environment") == {"prod": 11}


# 3 · Team follows the model where it is established: by the registry, or by most of its resources.
given(
    billed=[
        *[sagemaker("Train:ml.m5.large", f"training-job/tj-b{number}", 1.0, resource_tags={"user_model": "sequoia", "user_team": "grove-keepers"}) for number in range(1, 10)],
        sagemaker("Train:ml.m5.large", "training-job/tj-b0", 5.0, resource_tags={"user_model": "sequoia", "user_team": "visitors"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-c1", 1.0, resource_tags={"user_model": "baobab", "user_team": "savanna-a"}),
        sagemaker("Train:ml.m5.large", "training-job/tj-c2", 1.0, resource_tags={"user_model": "baobab", "user_team": "savanna-b"}),
    ],
)  # fmt: skip


def test_team_follows_the_consistent_majority_of_the_models_resources(paid: Paid) -> None:
    assert paid("tj-b0", "model, team") == {("sequoia", "grove-keepers"): 5}
    assert any("visitors" in str(others) for others in paid.evidence("tj-b0", "others", "dimension = 'team'"))


def test_where_a_models_resources_disagree_each_keeps_its_own(paid: Paid) -> None:
    assert paid.of("regexp_matches(resource_id, 'tj-c[12]$')", "team") == {"savanna-a": 1, "savanna-b": 1}


given(
    rules="tags: {values: {team: {rangers: [park-wardens]}}}",
    billed=[charge(cost=3.0, line_item_resource_id="i-0a000000000003", resource_tags={"user_team": "Park Wardens"})],
)


def test_a_teams_former_name_means_its_present_one(paid: Paid) -> None:
    assert paid("i-0a000000000003", "team") == {"rangers": 3}


# 4 · Stage is never NULL.
def test_stage_is_never_null(paid: Paid) -> None:
    assert paid.of("stage IS NULL") == {}


# 5 · A shared image is divided evenly; where several environments use it, its environment is NULL.
given(
    [training_job(f"tj-d{number}", artifact=f"s3://wood/tj-d{number}/model.tar.gz", tags={"environment": environment},
                  AlgorithmSpecification={"TrainingImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/wood/one-env:1"}) for number, environment in ((1, "prod"), (2, "prod"))],
    registered("maple", "s3://wood/tj-d1/model.tar.gz"), registered("poplar", "s3://wood/tj-d2/model.tar.gz"),
    billed=[billed("AmazonECR", "TimedStorage-ByteHrs", f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/wood/one-env", 2.0)],
)  # fmt: skip


def test_an_image_that_one_environment_uses_is_of_that_environment(paid: Paid) -> None:
    assert paid("wood/one-env", "model, environment") == {("maple", "prod"): 1, ("poplar", "prod"): 1}


# 6 and 7 · Pools by direct cost; the part of what nobody owns stays nobody's, that of non-ML not ML.
given(
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/ep-e1", 5.0, account="222222229006", resource_tags={"user_model": "cypress"}),
        sagemaker("Host:ml.m5.large", "endpoint/ep-e2", 3.0, account="222222229006"),
        charge(cost=2.0, line_item_usage_account_id="222222229006", line_item_resource_id="i-0a000000000006", resource_tags={"user_team": "web"}),
        billed("AmazonCloudWatch", "CW:AlarmMonitorUsage", "", 10.0, line_item_usage_account_id="222222229006"),
    ],
)  # fmt: skip


def test_a_pool_is_divided_by_direct_cost_and_nobody_pays_by_silence(paid: Paid) -> None:
    assert paid.of("account_id = '222222229006' AND service_code = 'AmazonCloudWatch'", "model, team, is_ml") == {
        ("cypress", "forest", True): 5,
        (None, None, True): 3,
        (None, "web", False): 2,
    }


def test_conventions_are_named_in_the_evidence(paid: Paid) -> None:
    assert "interactive work is development where nothing else speaks" in paid.evidence("nb-a6")
    assert any("the cluster whose node it is" in statement for statement in paid.evidence("i-0a000000000001"))
