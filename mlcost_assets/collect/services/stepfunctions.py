"""AWS Step Functions: state machines with their definitions."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "stepfunctions:DescribeStateMachine", "ListStateMachines", "stateMachines[]", "{stateMachineArn}",
        describe={"stateMachineArn": "stateMachineArn"}, page=1000, limit="maxResults",
    ),
]  # fmt: skip
