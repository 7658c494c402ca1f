"""Amazon EMR Serverless: applications and the jobs that ran in them."""

from datetime import timedelta

from mlcost_assets.collect.listing import Listing, Within, after

COLLECTIONS = [
    Listing(
        "emr-serverless:GetApplication", "ListApplications", "applications[]", "{application[arn]}",
        describe={"applicationId": "id"}, tags="application.tags", page=50, limit="maxResults",
    ),
    Listing(
        "emr-serverless:GetJobRun", "ListJobRuns", "jobRuns[]", "{jobRun[arn]}",
        describe={"applicationId": "applicationId", "jobRunId": "id"}, tags="jobRun.tags", page=50, limit="maxResults",
        since=after("createdAtAfter", overlap=timedelta(days=3)),
        within=Within("ListApplications", "applications[]", {"applicationId": "id"}, 50, "maxResults"),
    ),
]  # fmt: skip
