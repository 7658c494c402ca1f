"""Amazon OpenSearch Service: domains. Collections without servers are a service of their own, opensearchserverless.py."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "opensearch:DescribeDomain", "ListDomainNames", "DomainNames[]", "{DomainStatus[ARN]}",
        describe={"DomainName": "DomainName"}, limit="",
    ),
]  # fmt: skip
