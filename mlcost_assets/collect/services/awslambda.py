"""AWS Lambda: functions. The list says all of their configuration; GetFunction would add a signed link to the code."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "lambda:GetFunction", "ListFunctions", "Functions[]", "{Configuration[FunctionArn]}",
        wrap="Configuration", page=50, limit="",
    ),
]  # fmt: skip
