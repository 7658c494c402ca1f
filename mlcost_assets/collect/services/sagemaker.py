"""Amazon SageMaker AI: jobs, the registry, endpoints, Studio, pipelines and experiments.

`Search` gives the whole record with its tags, a hundred a call, where it knows the resource and leaves out nothing that
lineage reads; what it does not know is listed and described. Jobs, executions and models only ever gain: they are
asked for by what changed, the rest whole at each snapshot.
"""

from datetime import datetime, timedelta
from typing import Any

from mlcost_assets.collect.listing import Listing, after
from mlcost_assets.collect.look import Arguments, Body, Look


def _modified_since(time: datetime) -> Arguments:
    value = (time - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    condition = {"Name": "LastModifiedTime", "Operator": "GreaterThan", "Value": value}
    return {"SearchExpression": {"Filters": [condition]}}


def _searched(operation: str, resource: str, id_: str, member: str = "") -> Listing:
    return Listing(
        kind=f"sagemaker:{operation}",
        list="Search",
        items=f"Results[].{member or resource}",
        id=f"{{{id_}}}",
        tags="Tags",
        arguments={"Resource": resource},
        since=_modified_since,
    )


def _described(operation: str, listed: str, items: str, *names: str, id_: str, since: str = "") -> Listing:
    return Listing(
        kind=f"sagemaker:{operation}",
        list=listed,
        items=items,
        id=f"{{{id_}}}",
        describe={name: name for name in names},
        since=after(since) if since else None,
    )


def _steps(look: Look, execution: Any) -> Body:
    """The steps of an execution, all pages together, beside the ARN of the execution."""
    arguments = {"PipelineExecutionArn": execution["PipelineExecutionArn"], "MaxResults": 100}
    pages = look.pages("sagemaker:ListPipelineExecutionSteps", arguments)
    return {
        "PipelineExecutionArn": execution["PipelineExecutionArn"],
        "PipelineExecutionSteps": [step for page in pages for step in page["PipelineExecutionSteps"]],
    }


COLLECTIONS = [
    _searched("DescribeTrainingJob", "TrainingJob", "TrainingJobArn"),
    _described(
        "DescribeProcessingJob", "ListProcessingJobs", "ProcessingJobSummaries[]", "ProcessingJobName",
        id_="ProcessingJobArn", since="LastModifiedTimeAfter",
    ),
    _described(
        "DescribeTransformJob", "ListTransformJobs", "TransformJobSummaries[]", "TransformJobName",
        id_="TransformJobArn", since="LastModifiedTimeAfter",
    ),
    _searched("DescribeHyperParameterTuningJob", "HyperParameterTuningJob", "HyperParameterTuningJobArn"),
    _described(
        "DescribeAutoMLJobV2", "ListAutoMLJobs", "AutoMLJobSummaries[]", "AutoMLJobName",
        id_="AutoMLJobArn", since="LastModifiedTimeAfter",
    ),
    _described("DescribeModel", "ListModels", "Models[]", "ModelName", id_="ModelArn", since="CreationTimeAfter"),
    _searched("DescribeModelPackageGroup", "ModelPackageGroup", "ModelPackageGroupArn"),
    _searched("DescribeModelPackage", "ModelPackage", "ModelPackageArn"),
    _described(
        "DescribeEndpointConfig", "ListEndpointConfigs", "EndpointConfigs[]", "EndpointConfigName",
        id_="EndpointConfigArn", since="CreationTimeAfter",
    ),
    _described("DescribeEndpoint", "ListEndpoints", "Endpoints[]", "EndpointName", id_="EndpointArn"),
    _described(
        "DescribeInferenceComponent", "ListInferenceComponents", "InferenceComponents[]", "InferenceComponentName",
        id_="InferenceComponentArn",
    ),
    _described(
        "DescribeMonitoringSchedule", "ListMonitoringSchedules", "MonitoringScheduleSummaries[]",
        "MonitoringScheduleName", id_="MonitoringScheduleArn",
    ),
    _searched("DescribeFeatureGroup", "FeatureGroup", "FeatureGroupArn"),
    _searched("DescribePipeline", "Pipeline", "PipelineArn"),
    Listing(
        kind="sagemaker:DescribePipelineExecution",
        list="Search",
        items="Results[].PipelineExecution",
        id="{PipelineExecutionArn}",
        arguments={"Resource": "PipelineExecution"},
        since=_modified_since,
    ),
    Listing(
        kind="sagemaker:ListPipelineExecutionSteps",
        list="Search",
        items="Results[].PipelineExecution",
        id="{PipelineExecutionArn}",
        describe=_steps,
        arguments={"Resource": "PipelineExecution"},
        since=_modified_since,
        calls=("sagemaker:ListPipelineExecutionSteps",),
    ),
    _searched("DescribeExperiment", "Experiment", "ExperimentArn"),
    _searched("DescribeTrial", "ExperimentTrial", "TrialArn", member="Trial"),
    _searched("DescribeTrialComponent", "ExperimentTrialComponent", "TrialComponentArn", member="TrialComponent"),
    _described(
        "DescribeNotebookInstance", "ListNotebookInstances", "NotebookInstances[]", "NotebookInstanceName",
        id_="NotebookInstanceArn",
    ),
    _described("DescribeDomain", "ListDomains", "Domains[]", "DomainId", id_="DomainArn"),
    _described(
        "DescribeUserProfile", "ListUserProfiles", "UserProfiles[]", "DomainId", "UserProfileName", id_="UserProfileArn"
    ),
    _described("DescribeSpace", "ListSpaces", "Spaces[]", "DomainId", "SpaceName", id_="SpaceArn"),
    # An app stays listed for a day after its end.
    _described(
        "DescribeApp", "ListApps", "Apps[?Status!='Deleted']",
        "DomainId", "UserProfileName", "SpaceName", "AppType", "AppName", id_="AppArn",
    ),
    _described(
        "DescribeLabelingJob", "ListLabelingJobs", "LabelingJobSummaryList[]", "LabelingJobName",
        id_="LabelingJobArn", since="LastModifiedTimeAfter",
    ),
    _described("DescribeCluster", "ListClusters", "ClusterSummaries[]", "ClusterName", id_="ClusterArn"),
    _described(
        "DescribeMlflowTrackingServer", "ListMlflowTrackingServers", "TrackingServerSummaries[]", "TrackingServerName",
        id_="TrackingServerArn",
    ),
    _described(
        "DescribeTrainingPlan", "ListTrainingPlans", "TrainingPlanSummaries[]", "TrainingPlanName",
        id_="TrainingPlanArn",
    ),
]  # fmt: skip
