"""Amazon Kinesis Data Streams: streams."""

from mlcost_assets.collect.listing import Listing

COLLECTIONS = [
    Listing(
        "kinesis:DescribeStreamSummary", "ListStreams", "StreamNames[]", "{StreamDescriptionSummary[StreamARN]}",
        describe={"StreamName": "@"}, limit="Limit",
    ),
]  # fmt: skip
