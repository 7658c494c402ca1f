"""Amazon Bedrock: application inference profiles, provisioned throughput, batch jobs, custom and imported models.

Lists that say all that the single answer says are not asked again one by one.
"""

from datetime import timedelta

from mlcost_assets.collect.listing import Listing, after

# What was submitted earlier has ended and was seen so, at the latest by the next full look.
_LONGEST = timedelta(days=3)

COLLECTIONS = [
    Listing(
        "bedrock:GetInferenceProfile", "ListInferenceProfiles", "inferenceProfileSummaries[]", "{inferenceProfileArn}",
        arguments={"typeEquals": "APPLICATION"}, page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock:GetProvisionedModelThroughput", "ListProvisionedModelThroughputs", "provisionedModelSummaries[]",
        "{provisionedModelArn}", page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock:GetModelInvocationJob", "ListModelInvocationJobs", "invocationJobSummaries[]", "{jobArn}",
        since=after("submitTimeAfter", overlap=_LONGEST), page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock:GetCustomModel", "ListCustomModels", "modelSummaries[]", "{modelArn}",
        describe={"modelIdentifier": "modelArn"}, arguments={"isOwned": True}, page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock:GetModelCustomizationJob", "ListModelCustomizationJobs", "modelCustomizationJobSummaries[]",
        "{jobArn}",
        describe={"jobIdentifier": "jobArn"},
        since=after("creationTimeAfter", overlap=_LONGEST),
        page=1000, limit="maxResults",
    ),
    Listing(
        "bedrock:GetImportedModel", "ListImportedModels", "modelSummaries[]", "{modelArn}",
        describe={"modelIdentifier": "modelArn"}, page=1000, limit="maxResults",
    ),
]  # fmt: skip
