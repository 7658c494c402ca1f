"""Amazon OpenSearch Serverless: collections, as vector stores use them."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "opensearchserverless:BatchGetCollection", "ListCollections", "collectionSummaries[]",
        "{collectionDetails[0][arn]}", describe={"ids": "[id]"}, limit="maxResults",
    ),
]  # fmt: skip
