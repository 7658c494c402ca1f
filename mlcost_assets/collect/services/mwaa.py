"""Amazon MWAA: Airflow environments."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "mwaa:GetEnvironment", "ListEnvironments", "Environments[]", "{Environment[Arn]}",
        describe={"Name": "@"}, tags="Environment.Tags", page=25,
    ),
]  # fmt: skip
