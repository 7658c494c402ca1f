"""Teams that nobody tags: what organisations call alike, whom people work for, what an account is called, who made a machine."""

from mlcost_assets_tests.attribution.scenarios import Paid, given, instance, sagemaker_record, training_job
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import record

CLAIMS, MOSAIC = "222222229201", "222222229202"
PROFILE = "user-profile/d-92/ines-roy"


def role(name: str, account: str = CLAIMS) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


# The teams tulip and daffodil are tagged; their roles and accounts are called like others of which nobody says anything.
given(
    training_job("t-92-1", account=CLAIMS, tags={"team": "tulip"}, RoleArn=role("tulip-learning-execution")),
    training_job("t-92-2", account=CLAIMS, tags={"team": "tulip"}),
    training_job("t-92-3", account=CLAIMS, tags={"team": "daffodil"}, RoleArn=role("daffodil-learning-execution")),
    training_job("t-92-4", account=CLAIMS, tags={"team": "daffodil"}),
    training_job("t-92-5", account=CLAIMS, RoleArn=role("crocus-learning-execution")),
    training_job("t-92-6", account=CLAIMS, RoleArn=role("crocus-somewhat-else")),
    *[record("organizations:DescribeAccount", account, {"Account": {"Id": account, "Name": name}}, account=account)
      for account, name in (("222222229203", "garden-tulip-lab"), ("222222229204", "garden-daffodil-lab"), (MOSAIC, "garden-peony-lab"))],
    billed=[
        *[sagemaker("Train:ml.m5.large", f"training-job/t-92-{number}", float(number), account=CLAIMS) for number in (5, 6)],
        sagemaker("Train:ml.m5.large", "training-job/t-92-7", 7.0, account=MOSAIC),
    ],
)  # fmt: skip


def test_a_role_called_like_those_of_several_teams_names_a_team(paid: Paid) -> None:
    assert paid("t-92-5", "team, method") == {("crocus", "name"): 5}


def test_an_account_called_like_those_of_several_teams_is_a_teams_where_nothing_else_speaks(paid: Paid) -> None:
    assert paid("t-92-7", "team, method") == {("peony", "account"): 7}


# A person of a platform team works on no model; the role of their profile names the team.
given(
    sagemaker_record(
        "UserProfile", PROFILE, account=CLAIMS, DomainId="d-92", UserProfileName="ines-roy",
        UserSettings={"ExecutionRole": role("crocus-learning-execution")},
    ),
    instance("i-09200000000001", account=CLAIMS, tags={"aws:createdBy": "AssumedRole:AROAX:ines-roy"}, InstanceType="g5.xlarge"),
    instance("i-09200000000002", account=CLAIMS, tags={"aws:createdBy": "AssumedRole:AROAX:ines-roy"}, InstanceType="m5.large"),
    instance("i-09200000000003", account=CLAIMS, InstanceType="trn1.2xlarge"),
    instance("i-09200000000004", account=CLAIMS, InstanceType="g5.xlarge", IamInstanceProfile={"Arn": f"arn:aws:iam::{CLAIMS}:instance-profile/gpu-inference"}),
    instance("i-09200000000005", account=CLAIMS, InstanceType="g5.xlarge", tags={"Name": "render-farm"}),
    billed=[
        sagemaker("Studio:JupyterLab-ml.t3.medium", "app/d-92/ines-roy/JupyterLab/default", 9.0, account=CLAIMS),
        *[charge(cost=float(number), line_item_usage_account_id=CLAIMS, line_item_resource_id=f"i-0920000000000{number}") for number in range(1, 6)],
    ],
)  # fmt: skip


def test_who_works_on_no_model_is_of_the_team_that_their_things_name(paid: Paid) -> None:
    assert paid("ines-roy/JupyterLab/default", "team") == {"crocus": 9}


def test_a_gpu_machine_of_somebody_who_works_in_studio_is_ml_work_of_their_team(paid: Paid) -> None:
    assert paid("i-09200000000001", "is_ml, team, stage") == {(True, "crocus", "experimentation"): 1}
    assert paid("i-09200000000002", "is_ml, team") == {(False, "crocus"): 2}


def test_an_accelerator_is_ml_work_by_what_it_is_a_gpu_by_what_its_machine_is_called(paid: Paid) -> None:
    assert paid("i-09200000000003", "is_ml, model") == {(True, None): 3}
    assert paid("i-09200000000004", "is_ml, model, stage") == {(True, None, "inference"): 4}
    assert paid("i-09200000000005", "is_ml") == {False: 5}
