"""Studio, spaces, notebooks and what is made in them: by person, by team, by experiment."""

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given, registered, sagemaker_record, training_job
from mlcost_assets_tests.exports import ACCOUNT, sagemaker
from mlcost_assets_tests.world import arn, record

# A user profile is tagged with its team; apps and private spaces are of a user.
given(
    sagemaker_record("Domain", "domain/d-aaaa", DomainId="d-aaaa", DomainName="science", HomeEfsFileSystemId="fs-0aaaa"),
    sagemaker_record("UserProfile", "user-profile/d-aaaa/amara", tags={"team": "reef"}, UserProfileName="amara", DomainId="d-aaaa"),
    sagemaker_record("Space", "space/d-aaaa/amara-lab", SpaceName="amara-lab", DomainId="d-aaaa",
                     OwnershipSettings={"OwnerUserProfileName": "amara"}),
    sagemaker_record("App", "app/d-aaaa/amara-lab/jupyterlab/default", AppName="default", DomainId="d-aaaa", SpaceName="amara-lab", AppType="JupyterLab"),
    billed=[
        sagemaker("Studio:JupyterLab-ml.m7i.48xlarge", "app/d-aaaa/amara-lab/JupyterLab/default", 10.0),
        sagemaker("Studio:KernelGateway-ml.t3.medium", "app/d-aaaa/amara/KernelGateway/old", 3.0),
        sagemaker("Studio:VolumeUsage.gp3", "space/d-aaaa/amara-lab", 2.0),
        sagemaker("Rstudio:Rsession-ml.t3.medium", "app/d-aaaa/amara/RSession/s1", 1.0),
    ],
)  # fmt: skip


def test_an_app_in_a_users_space_belongs_to_the_users_team(paid: Paid) -> None:
    assert paid("amara-lab/JupyterLab/default", "team, stage, environment") == {("reef", "experimentation", "dev"): 10}


def test_an_app_of_which_only_the_bill_tells_does_too(paid: Paid) -> None:
    assert paid("amara/KernelGateway/old", "team, stage") == {("reef", "experimentation"): 3}
    assert paid("amara/RSession/s1", "team, stage") == {("reef", "experimentation"): 1}


def test_a_spaces_volume_belongs_to_its_owners_team(paid: Paid) -> None:
    assert paid("space/d-aaaa/amara-lab", "team, stage") == {("reef", "experimentation"): 2}


# Home directories of a domain, by what its apps cost.
given(
    record("efs:DescribeFileSystems", "fs-0aaaa", {"FileSystemId": "fs-0aaaa", "CreationTime": "2026-01-01T00:00:00Z"},
           tags={"ManagedByAmazonSageMakerResource": arn("domain/d-aaaa")}),
    billed=[billed("AmazonEFS", "TimedStorage-ByteHrs", f"arn:aws:elasticfilesystem:us-east-1:{ACCOUNT}:file-system/fs-0aaaa", 20.0)],
)  # fmt: skip


def test_home_directories_go_to_those_who_work_in_the_domain(paid: Paid) -> None:
    # amara's apps cost 10 + 3 + 1, benno's 6.
    assert paid("file-system/fs-0aaaa", "team, is_ml") == {("reef", True): 14, ("lagoon", True): 6}


# A job that was started in a space, for an experiment.
given(
    sagemaker_record("Experiment", "experiment/coral-bleaching", ExperimentName="coral-bleaching"),
    sagemaker_record("UserProfile", "user-profile/d-aaaa/benno", UserProfileName="benno", DomainId="d-aaaa"),
    sagemaker_record("Space", "space/d-aaaa/benno-lab", SpaceName="benno-lab", DomainId="d-aaaa", OwnershipSettings={"OwnerUserProfileName": "benno"}),
    sagemaker_record("App", "app/d-aaaa/benno-lab/jupyterlab/default", AppName="default", DomainId="d-aaaa", SpaceName="benno-lab", AppType="JupyterLab"),
    training_job("tj-1001", tags={"sagemaker:space-arn": arn("space/d-aaaa/benno-lab"), "sagemaker:user-profile-arn": arn("user-profile/d-aaaa/benno")},
                 ExperimentConfig={"ExperimentName": "coral-bleaching"}, artifact="s3://art/tj-1001/output/model.tar.gz"),
    registered("coral-watch", "s3://art/tj-1001/output/model.tar.gz"),
    billed=[sagemaker("Studio:JupyterLab-ml.m5.large", "app/d-aaaa/benno-lab/JupyterLab/default", 6.0)],
    rules="workloads: [{model: coral-watch, team: lagoon}]",
)  # fmt: skip


def test_an_app_is_its_persons_work_of_the_experiment_that_ran_in_its_space_and_of_no_model(paid: Paid) -> None:
    assert paid("benno-lab/JupyterLab/default", "model, experiment, team") == {(None, "coral-bleaching", "lagoon"): 6}


# A job that Studio stamped with its user; stamps are activated as cost-allocation tags.
given(
    billed=[
        sagemaker("Train:ml.m5.large", "training-job/tj-1002", 5.0,
                  resource_tags={"user_sagemaker_user_profile_arn": arn("user-profile/d-aaaa/amara")}),
        sagemaker("Processing:ml.m5.large", "processing-job/pj-1003", 3.0,
                  resource_tags={"user_sagemaker_space_arn": arn("space/d-aaaa/amara-lab")}),
    ],
)  # fmt: skip


def test_a_job_that_studio_stamped_belongs_to_its_users_team(paid: Paid) -> None:
    assert paid("tj-1002", "team") == {"reef": 5}
    assert paid("pj-1003", "team") == {"reef": 3}


# Notebook instances: by tag, by role, by repository.
given(
    registered("anemone", "s3://art/anemone/model.tar.gz"),
    sagemaker_record("NotebookInstance", "notebook-instance/nb-1004", NotebookInstanceName="nb-1004", tags={"team": "reef", "model": "anemone"}),
    sagemaker_record("NotebookInstance", "notebook-instance/nb-1005", NotebookInstanceName="nb-1005",
                     RoleArn=f"arn:aws:iam::{ACCOUNT}:role/anemone-notebook-role"),
    billed=[
        sagemaker("Notebk:ml.t3.medium", "notebook-instance/nb-1004", 7.0), sagemaker("Notebk:VolumeUsage.gp2", "notebook-instance/nb-1004", 1.0),
        sagemaker("Notebk:ml.t3.medium", "notebook-instance/nb-1005", 2.0),
    ],
)  # fmt: skip


def test_a_notebook_is_experimentation_in_dev_of_whom_its_tags_name(paid: Paid) -> None:
    assert paid("nb-1004", "model, team, stage, environment") == {("anemone", "reef", "experimentation", "dev"): 8}


def test_a_notebooks_role_may_name_its_model(paid: Paid) -> None:
    assert paid("nb-1005") == {"anemone": 2}


# What nobody tells of.
given(billed=[sagemaker("Canvas:Session-Hrs", "", 3.0, account="222222220101"), sagemaker("Studio:JupyterLab-ml.m5.large", "app/d-zzzz/x9/JupyterLab/default", 2.0)])  # fmt: skip


def test_canvas_without_a_resource_is_experimentation_of_nobody(paid: Paid) -> None:
    assert paid.of("account_id = '222222220101'", "model, team, stage, is_ml") == {
        (None, None, "experimentation", True): 3
    }


def test_an_unknown_space_tells_no_team(paid: Paid) -> None:
    assert paid("x9/JupyterLab/default", "team, stage") == {(None, "experimentation"): 2}
