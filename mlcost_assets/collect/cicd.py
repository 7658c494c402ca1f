"""Deployments as CI systems know them: one `cicd:Deployment` record from the variables of the running pipeline.

Variables as documented by GitHub Actions ("Default environment variables"), GitLab ("Predefined CI/CD variables"), AWS
CodeBuild ("Environment variables in build environments"), Jenkins with its Git plugin, Argo CD ("Build environment")
and Argo Workflows, whose steps pass {{workflow.name}} on themselves.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mlcost_assets.collect.plain import iso
from mlcost_assets.errors import ConfigError
from mlcost_assets.lake.stores import open_store
from mlcost_assets.text import path_part

Variables = Mapping[str, str]

# By provider: the variable that tells it, then the variables of each field, of which the first that is set counts.
_PROVIDERS: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {
    "github": (
        "GITHUB_ACTIONS",
        {
            "repository": ("GITHUB_REPOSITORY",),
            "commit": ("GITHUB_SHA",),
            "ref": ("GITHUB_REF",),
            "workflow": ("GITHUB_WORKFLOW",),
            "run_id": ("GITHUB_RUN_ID",),
            "actor": ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"),
        },
    ),
    "gitlab": (
        "GITLAB_CI",
        {
            "repository": ("CI_PROJECT_PATH",),
            "commit": ("CI_COMMIT_SHA",),
            "ref": ("CI_COMMIT_REF_NAME",),
            "workflow": ("CI_PIPELINE_NAME", "CI_JOB_NAME"),
            "run_id": ("CI_PIPELINE_ID",),
            "actor": ("GITLAB_USER_LOGIN",),
            "environment": ("CI_ENVIRONMENT_NAME",),
        },
    ),
    "codebuild": (
        "CODEBUILD_BUILD_ARN",
        {
            "repository": ("CODEBUILD_SOURCE_REPO_URL",),
            "commit": ("CODEBUILD_RESOLVED_SOURCE_VERSION",),
            "ref": ("CODEBUILD_WEBHOOK_HEAD_REF", "CODEBUILD_SOURCE_VERSION"),
            "workflow": ("CODEBUILD_BUILD_ID",),
            "run_id": ("CODEBUILD_BUILD_ID",),
            "actor": ("CODEBUILD_WEBHOOK_ACTOR_ACCOUNT_ID", "CODEBUILD_INITIATOR"),
        },
    ),
    "jenkins": (
        "JENKINS_URL",
        {
            "repository": ("GIT_URL",),
            "commit": ("GIT_COMMIT",),
            "ref": ("GIT_BRANCH",),
            "workflow": ("JOB_NAME",),
            "run_id": ("BUILD_TAG", "BUILD_ID"),
            "actor": ("BUILD_USER_ID", "CHANGE_AUTHOR"),
        },
    ),
    "argocd": (
        "ARGOCD_APP_NAME",
        {
            "repository": ("ARGOCD_APP_SOURCE_REPO_URL",),
            "commit": ("ARGOCD_APP_REVISION",),
            "ref": ("ARGOCD_APP_SOURCE_TARGET_REVISION",),
            "workflow": ("ARGOCD_APP_NAME",),
        },
    ),
    "argo": (
        "ARGO_WORKFLOW_NAME",
        {"workflow": ("ARGO_WORKFLOW_TEMPLATE", "ARGO_WORKFLOW_NAME"), "run_id": ("ARGO_WORKFLOW_NAME",)},
    ),
}
# https://user:password@host/group/name.git, git@host:group/name.git; a plain group/name is none.
_REMOTE = re.compile(r"^(?:\w+://(?:[^@/]+@)?[^/]+/|[^@/]+@[^:/]+:)(?P<path>.+?)(?:\.git)?/?$")


def deployment(
    variables: Variables,
    told: Mapping[str, str],
    resources: Sequence[str] = (),
    now: datetime | None = None,
) -> dict[str, Any]:
    """The record of this pipeline run; `told` are fields given by hand, which win over variables.

    Raises ConfigError where neither tells the CI system.
    """
    at = now or datetime.now(UTC)
    provider = told.get("provider") or next(
        (name for name, (sign, _) in _PROVIDERS.items() if variables.get(sign, "").lower() not in ("", "false")), ""
    )
    if not provider:
        raise ConfigError("no CI system is recognised by its environment variables: name it with --provider")
    body: dict[str, Any] = {"provider": provider, "occurred_at": iso(at)} | _fields(provider, variables)
    body |= {name: value for name, value in told.items() if value and name not in ("account", "region")}
    if resources:
        body["resources"] = list(resources)
    arn = next((one for one in [variables.get("CODEBUILD_BUILD_ARN", ""), *resources] if one.count(":") >= 5), "::::::")
    return {
        "collected_at": iso(at),
        "account_id": told.get("account") or arn.split(":")[4],
        "region": told.get("region") or arn.split(":")[3] or variables.get("AWS_REGION", ""),
        "kind": "cicd:Deployment",
        "id": "/".join(filter(None, [provider, body.get("repository"), "runs", body.get("run_id") or iso(at)])),
        "tags": None,
        "body": body,
    }


def _fields(provider: str, variables: Variables) -> dict[str, str]:
    _, fields = _PROVIDERS.get(provider, ("", {}))
    found = {}
    for field, names in fields.items():
        if value := next((variables[name] for name in names if variables.get(name)), None):
            found[field] = value
    if remote := _REMOTE.match(found.get("repository", "")):
        found["repository"] = remote["path"]
    if provider == "codebuild" and "workflow" in found:
        found["workflow"] = found["workflow"].partition(":")[0]
        initiator = variables.get("CODEBUILD_INITIATOR", "")
        if initiator.startswith("codepipeline/"):
            found["workflow"] = initiator.removeprefix("codepipeline/")
    return found


def land(record: dict[str, Any], uri: str) -> str:
    """Adds the record to the landing zone at `uri`, as a file of its own; gives its key."""
    at = datetime.fromisoformat(record["collected_at"])
    key = f"ci/{at:%Y-%m-%d}/{path_part(record['id'])}-{at:%H%M%S%f}.jsonl"
    open_store(uri).write(key, (json.dumps(record, ensure_ascii=False) + "\n").encode(), replaces="")
    return key
