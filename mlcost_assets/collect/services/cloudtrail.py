"""AWS CloudTrail: who created what, from the event history of the last 90 days that every account has.

A lookup takes one event name and AWS allows two lookups a second, so only what costs money is asked for.
"""

import json
from collections.abc import Iterator
from datetime import timedelta

from mlcost_assets.collect.listing import Found, Gathering
from mlcost_assets.collect.look import Look

EVENTS = (
    "CreateTrainingJob", "CreateProcessingJob", "CreateTransformJob", "CreateHyperParameterTuningJob",
    "CreateAutoMLJobV2", "CreateEndpoint", "UpdateEndpoint", "CreateInferenceComponent", "CreateNotebookInstance",
    "CreateApp", "CreateSpace", "CreateCluster", "RunInstances", "RunJobFlow",
)  # fmt: skip
_KEPT = timedelta(days=90)
_LATE = timedelta(minutes=30)  # events appear within some minutes of the call


def _events(look: Look) -> Iterator[Found]:
    """The events as LookupEvents answers them, with CloudTrailEvent as the object that its text holds."""
    start = look.since - _LATE if look.since else look.started - _KEPT
    for name in EVENTS:
        attribute = {"AttributeKey": "EventName", "AttributeValue": name}
        arguments = {"LookupAttributes": [attribute], "StartTime": start, "EndTime": look.started, "MaxResults": 50}
        for page in look.pages("cloudtrail:LookupEvents", arguments):
            for event in page["Events"]:
                body = {**event, "CloudTrailEvent": json.loads(event["CloudTrailEvent"])}
                yield Found(event["EventId"], body, None)


COLLECTIONS = [Gathering("cloudtrail:LookupEvents", _events, calls=("cloudtrail:LookupEvents",), incremental=True)]
