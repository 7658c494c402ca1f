"""How much lies under each prefix of a bucket, counted by listing it: a bounded number of calls, fairly spread.

Each object counts under one prefix: its folder, cut at `prefix_depth` levels. A prefix whose listing did not come to an
end is marked so: its figures are what was counted, not what there is.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlcost_assets.collect.look import Body, Look


@dataclass
class _Prefix:
    path: str
    bytes: int = 0
    objects: int = 0
    token: str | None = None
    asked: bool = False
    complete: bool = False

    @property
    def depth(self) -> int:
        return self.path.count("/")


def listed_usage(look: Look, bucket: str, region: str) -> Iterator[Body]:
    """The prefixes of `bucket` that up to `bucket_list_calls` calls could count."""
    client = look.client("s3", region)
    found = [_Prefix("")]
    waiting = deque(found)
    for _ in range(look.settings.collect.bucket_list_calls):
        if not waiting:
            break
        prefix = waiting.popleft()
        below = [_Prefix(path) for path in _list(look, client, bucket, prefix)]
        found += below
        waiting += below
        if not prefix.complete:
            waiting.append(prefix)
    for prefix in found:
        if prefix.asked and (prefix.objects or not prefix.complete):
            yield {
                "Bucket": bucket,
                "Prefix": prefix.path.rstrip("/"),
                "Date": f"{look.started:%Y-%m-%d}",
                "Bytes": prefix.bytes,
                "Objects": prefix.objects,
                "Source": "listing",
                "Complete": prefix.complete,
            }


def _list(look: Look, client: Any, bucket: str, prefix: _Prefix) -> list[str]:
    """Counts one page of what lies under `prefix`; gives the folders below it that are counted for themselves."""
    arguments: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix.path}
    if prefix.depth < look.settings.collect.prefix_depth:
        arguments["Delimiter"] = "/"
    if prefix.token:
        arguments["ContinuationToken"] = prefix.token
    page = client.list_objects_v2(**arguments)
    for entry in page.get("Contents", []):
        prefix.objects += 1
        prefix.bytes += entry["Size"]
    prefix.asked = True
    prefix.token = page.get("NextContinuationToken")
    prefix.complete = prefix.token is None
    return [one["Prefix"] for one in page.get("CommonPrefixes", [])]
