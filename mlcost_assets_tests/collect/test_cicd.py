"""Deployments noted by CI systems: each one's own variables, and a line that lands."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlcost_assets.collect.cicd import deployment
from mlcost_assets.errors import ConfigError

AT = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)
ENDPOINT = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/churn"


@pytest.mark.parametrize(
    ("variables", "id_", "body"),
    [
        (
            {
                "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/growth", "GITHUB_SHA": "c0ffee", "GITHUB_REF": "refs/heads/main",
                "GITHUB_WORKFLOW": "deploy", "GITHUB_RUN_ID": "77", "GITHUB_ACTOR": "app[bot]", "GITHUB_TRIGGERING_ACTOR": "ada",
            },
            "github/acme/growth/runs/77",
            {
                "provider": "github", "repository": "acme/growth", "commit": "c0ffee", "ref": "refs/heads/main",
                "workflow": "deploy", "run_id": "77", "actor": "ada",
            },
        ),
        (
            {
                "GITLAB_CI": "true", "CI_PROJECT_PATH": "ml/risk/fraud", "CI_COMMIT_SHA": "c0ffee", "CI_COMMIT_REF_NAME": "main",
                "CI_JOB_NAME": "deploy", "CI_PIPELINE_ID": "9", "GITLAB_USER_LOGIN": "ada", "CI_ENVIRONMENT_NAME": "staging",
            },
            "gitlab/ml/risk/fraud/runs/9",
            {
                "provider": "gitlab", "repository": "ml/risk/fraud", "commit": "c0ffee", "ref": "main", "workflow": "deploy",
                "run_id": "9", "actor": "ada", "environment": "staging",
            },
        ),
        (
            {
                "CODEBUILD_BUILD_ARN": "arn:aws:codebuild:us-east-1:444455556666:build/train:1f", "CODEBUILD_BUILD_ID": "train:1f",
                "CODEBUILD_SOURCE_REPO_URL": "https://user:secret@github.com/acme/search.git", "CODEBUILD_INITIATOR": "codepipeline/search-train",
                "CODEBUILD_RESOLVED_SOURCE_VERSION": "c0ffee",
            },
            "codebuild/acme/search/runs/train:1f",
            {
                "provider": "codebuild", "repository": "acme/search", "commit": "c0ffee", "workflow": "search-train",
                "run_id": "train:1f", "actor": "codepipeline/search-train",
            },
        ),
        (
            {
                "JENKINS_URL": "https://ci.acme", "GIT_URL": "git@git.acme:ml/ranker.git", "GIT_COMMIT": "c0ffee", "GIT_BRANCH": "origin/main",
                "JOB_NAME": "ranker/deploy", "BUILD_TAG": "jenkins-ranker-deploy-4",
            },
            "jenkins/ml/ranker/runs/jenkins-ranker-deploy-4",
            {
                "provider": "jenkins", "repository": "ml/ranker", "commit": "c0ffee", "ref": "origin/main", "workflow": "ranker/deploy",
                "run_id": "jenkins-ranker-deploy-4",
            },
        ),
        (
            {
                "ARGOCD_APP_NAME": "ranker-prod", "ARGOCD_APP_SOURCE_REPO_URL": "ssh://git@git.acme:7999/ml/ranker.git", "ARGOCD_APP_REVISION": "c0ffee",
            },
            "argocd/ml/ranker/runs/2026-10-05T06:30:00Z",
            {"provider": "argocd", "repository": "ml/ranker", "commit": "c0ffee", "workflow": "ranker-prod"},
        ),
        (
            {"ARGO_WORKFLOW_NAME": "train-x7k2p"},
            "argo/runs/train-x7k2p",
            {"provider": "argo", "workflow": "train-x7k2p", "run_id": "train-x7k2p"},
        ),
    ],
    ids=["github", "gitlab", "codebuild", "jenkins", "argocd", "argo"],
)  # fmt: skip
def test_each_system_is_known_by_its_variables(variables: dict[str, str], id_: str, body: dict[str, str]) -> None:
    record = deployment(variables, {}, now=AT)
    assert (record["kind"], record["id"]) == ("cicd:Deployment", id_)
    assert record["body"] == body | {"occurred_at": "2026-10-05T06:30:00Z"}


def test_what_is_given_by_hand_wins_and_resources_tell_the_account() -> None:
    record = deployment(
        {"GITLAB_CI": "true", "CI_ENVIRONMENT_NAME": "x"}, {"environment": "prod", "model": "churn"}, [ENDPOINT], AT
    )
    assert (record["account_id"], record["region"]) == ("111122223333", "eu-west-1")
    assert record["body"]["environment"] == "prod"
    assert record["body"]["resources"] == [ENDPOINT]
    assert deployment({}, {"provider": "tekton", "account": "1" * 12}, now=AT)["account_id"] == "1" * 12


def test_where_no_system_is_recognised_that_is_said() -> None:
    with pytest.raises(ConfigError, match="--provider"):
        deployment({"CI": "true", "GITHUB_ACTIONS": "false"}, {})


def test_the_command_appends_a_line_and_never_writes_over_one(tmp_path: Path) -> None:
    def noted(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mlcost_assets", "cicd-event", *arguments], capture_output=True, text=True, check=False,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "a/b", "GITHUB_RUN_ID": "1"},
        )  # fmt: skip

    printed = noted("--to", "-", "--model", "churn")
    assert json.loads(printed.stdout)["body"]["model"] == "churn"
    for _ in range(2):
        done = noted("--to", str(tmp_path / "landing"), "--model", "churn")
        assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "landing").rglob("*.jsonl"))
    assert len(files) == 2
    assert all(json.loads(file.read_text())["id"] == "github/a/b/runs/1" for file in files)
