"""Amazon ECR: repositories, and their images by digest with the tags that point at them."""

from mlcost_assets.collect.listing import Listing, Within

COLLECTIONS = [
    Listing("ecr:DescribeRepositories", "DescribeRepositories", "repositories[]", "{repositoryArn}",
            page=1000, limit="maxResults"),
    Listing(
        "ecr:DescribeImages", "DescribeImages", "imageDetails[]",
        "arn:{partition}:ecr:{region}:{registryId}:repository/{repositoryName}@{imageDigest}",
        tags=None, page=1000, limit="maxResults",
        within=Within(
            "DescribeRepositories", "repositories[]", {"repositoryName": "repositoryName"}, 1000, "maxResults"
        ),
    ),
]  # fmt: skip
