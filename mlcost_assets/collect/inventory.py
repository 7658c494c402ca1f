"""How much lies under each prefix of a bucket, from its newest S3 Inventory report.

A report's files are fetched one at a time and summed by DuckDB; nothing of them passes through Python. Layout and
manifest as in the S3 guide, "Inventory lists"; CSV reports write keys URL-encoded, ORC reports are not read.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import duckdb

from mlcost_assets.collect.look import Body, Look
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.scratch import ScratchFolder
from mlcost_assets.lake.sql import read_sql

_MOST_PREFIXES = 5000  # beyond that, folders are cut a level higher
_READ = {
    "Parquet": "read_parquet({file})",
    "CSV": "read_csv({file}, header = false, names = {names}, all_varchar = true)",
}


def inventory_usage(look: Look, bucket: str, region: str) -> Iterator[Body] | None:
    """The prefixes of `bucket` as its newest report has them; None where it has no report that can be read."""
    manifest = _newest_manifest(look, bucket, region)
    return _summed(look, bucket, region, manifest) if manifest else None


def _newest_manifest(look: Look, bucket: str, region: str) -> dict[str, Any] | None:
    newest: dict[str, Any] | None = None
    for configuration in _configurations(look, bucket, region):
        destination = configuration["Destination"]["S3BucketDestination"]
        if not configuration["IsEnabled"] or destination["Format"] not in _READ or "Filter" in configuration:
            continue
        # Reports stand at <prefix>/<bucket>/<configuration>/<time>/manifest.json, times as YYYY-MM-DDTHH-MMZ.
        folder = "/".join(filter(None, [destination.get("Prefix"), bucket, configuration["Id"]]))
        target = destination["Bucket"].rpartition(":")[2]
        times = [
            one["Prefix"].rstrip("/").rpartition("/")[2]
            for page in look.pages(
                "s3:ListObjectsV2", {"Bucket": target, "Prefix": f"{folder}/", "Delimiter": "/"}, region=region
            )
            for one in page.get("CommonPrefixes", [])
        ]
        for time in sorted((time for time in times if time[:2].isdigit()), reverse=True)[:1]:
            manifest = _manifest(look, target, f"{folder}/{time}/manifest.json", region)
            if newest is None or manifest["creationTimestamp"] > newest["creationTimestamp"]:
                newest = manifest
    return newest


def _configurations(look: Look, bucket: str, region: str) -> Iterator[dict[str, Any]]:
    arguments = {"Bucket": bucket}
    while True:
        answer = look.call("s3:ListBucketInventoryConfigurations", region=region, **arguments)
        yield from answer.get("InventoryConfigurationList", [])
        if not answer.get("IsTruncated"):
            return
        arguments["ContinuationToken"] = answer["NextContinuationToken"]


def _manifest(look: Look, bucket: str, key: str, region: str) -> dict[str, Any]:
    content = look.call("s3:GetObject", region=region, Bucket=bucket, Key=key)["Body"].read()
    manifest: dict[str, Any] = json.loads(content)
    return manifest


def _summed(look: Look, bucket: str, region: str, manifest: dict[str, Any]) -> Iterator[Body]:
    created = datetime.fromtimestamp(int(manifest["creationTimestamp"]) / 1000, UTC)
    if look.since and created <= look.since:
        return  # told in an earlier snapshot
    source = manifest["destinationBucket"].rpartition(":")[2]
    with ScratchFolder() as folder, duckdb.connect() as connection:
        connection.execute("CREATE TABLE usage (folder VARCHAR[], bytes BIGINT, objects BIGINT)")
        for entry in manifest["files"]:
            file = folder / "report"
            with file.open("wb") as target:
                body = look.call("s3:GetObject", region=region, Bucket=source, Key=entry["key"])["Body"]
                shutil.copyfileobj(body, target)
            names = [name.strip().lower() for name in manifest["fileSchema"].split(",")]
            scan = _READ[manifest["fileFormat"]].format(file=quote(str(file)), names=names)
            key = "url_decode(key)" if manifest["fileFormat"] == "CSV" else "key"
            connection.execute(
                read_sql(__file__, "inventory_usage").format(scan=scan, key=key),
                {"depth": look.settings.collect.prefix_depth},
            )
        depth = look.settings.collect.prefix_depth
        while _prefixes(connection, depth) > _MOST_PREFIXES and depth > 1:
            depth -= 1
        rows = connection.execute(
            "SELECT array_to_string(folder[:$depth], '/'), CAST(sum(bytes) AS BIGINT), CAST(sum(objects) AS BIGINT)"
            " FROM usage GROUP BY 1 ORDER BY 1",
            {"depth": depth},
        ).fetchall()
    for prefix, size, objects in rows:
        yield {
            "Bucket": bucket,
            "Prefix": prefix,
            "Date": f"{created:%Y-%m-%d}",
            "Bytes": size,
            "Objects": objects,
            "Source": "inventory",
            "Complete": True,
        }


def _prefixes(connection: duckdb.DuckDBPyConnection, depth: int) -> int:
    row = connection.execute("SELECT count(DISTINCT folder[:$depth]) FROM usage", {"depth": depth}).fetchone()
    return int(row[0]) if row else 0
