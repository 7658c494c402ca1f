"""Amazon Q Business: applications."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "qbusiness:GetApplication", "ListApplications", "applications[]", "{applicationArn}",
        describe={"applicationId": "applicationId"}, limit="maxResults",
    ),
]  # fmt: skip
