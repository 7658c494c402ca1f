"""AWS Glue: jobs."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing("glue:GetJob", "GetJobs", "Jobs[]", "arn:{partition}:glue:{region}:{account}:job/{Job[Name]}", wrap="Job"),
]
