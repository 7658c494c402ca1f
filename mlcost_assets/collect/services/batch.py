"""AWS Batch: job definitions, and the jobs of each queue, which stay listed for about a week after their end."""

from collections.abc import Iterator
from datetime import timedelta

from mlcost_assets.collect.listing import Found, Gathering, Listing
from mlcost_assets.collect.look import Look, tag_map

_KEPT = timedelta(days=8)
_LONGEST = timedelta(days=3)  # a job that was made before the look before may have ended since
_AT_ONCE = 100  # the most that DescribeJobs takes


def _jobs(look: Look) -> Iterator[Found]:
    """Jobs by when they were made; those of an array or of several nodes by the job as a whole."""
    made_after = look.since - _LONGEST if look.since else look.started - _KEPT
    filters = [{"name": "AFTER_CREATED_AT", "values": [str(int(made_after.timestamp() * 1000))]}]
    for queues in look.pages("batch:DescribeJobQueues"):
        for queue in queues["jobQueues"]:
            for page in look.pages("batch:ListJobs", {"jobQueue": queue["jobQueueArn"], "filters": filters}):
                ids = [one["jobId"] for one in page["jobSummaryList"]]
                for first in range(0, len(ids), _AT_ONCE):
                    for job in look.call("batch:DescribeJobs", jobs=ids[first : first + _AT_ONCE])["jobs"]:
                        yield Found(job["jobArn"], job, tag_map(job.get("tags")))


COLLECTIONS = [
    Listing(
        "batch:DescribeJobDefinitions", "DescribeJobDefinitions", "jobDefinitions[]", "{jobDefinitionArn}",
        tags="tags", arguments={"status": "ACTIVE"}, limit="maxResults",
    ),
    Gathering(
        "batch:DescribeJobs", _jobs, calls=("batch:DescribeJobQueues", "batch:ListJobs", "batch:DescribeJobs"),
        incremental=True,
    ),
]  # fmt: skip
