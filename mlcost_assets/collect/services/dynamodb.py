"""Amazon DynamoDB: tables."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "dynamodb:DescribeTable", "ListTables", "TableNames[]", "{Table[TableArn]}",
        describe={"TableName": "@"}, limit="Limit",
    ),
]  # fmt: skip
