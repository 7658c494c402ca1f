"""Amazon OpenSearch Service: domains. Collections without servers are another service (opensearchserverless.py)."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "opensearch:DescribeDomain", "ListDomainNames", "DomainNames[]", "{DomainStatus[ARN]}",
        describe={"DomainName": "DomainName"}, limit="",
    ),
]  # fmt: skip
