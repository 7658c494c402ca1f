"""Buckets: prefixes that grow by the day, and whose they are."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.money.meters import daily, stored
from mlcost_assets.demo.money.products import S3, S3_REQUESTS
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import says
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import Clue, Share, by_model, by_team
from mlcost_assets.demo.truth.owners import Owner, of_model, of_team
from mlcost_assets.demo.world.layout import (
    CONTENTS,
    bucket_of,
    has_bucket,
    prefix_of,
    production_bucket,
    shared_bucket,
    storage_account,
    team_bucket,
)
from mlcost_assets.demo.world.world import World

GIGABYTE = 1024**3

# Gigabytes, from and to.
_SIZES = {
    "training-data": (800, 9000),
    "features": (100, 2500),
    "artifacts": (20, 600),
    "checkpoints": (50, 4000),
    "inference-output": (10, 1500),
    "logs": (1, 60),
}
STORAGE = daily(S3, "TimedStorage-ByteHrs", "StandardStorage", "0.023", "GB-Mo")
WRITES = daily(
    S3_REQUESTS, "Requests-Tier1", "PutObject", "0.000005", "Requests", "$0.000005 per Requests Requests-Tier1"
)
READS = daily(S3_REQUESTS, "Requests-Tier2", "GetObject", "0.0000004", "Requests")


def measure_prefix(
    world: World, account: Account, bucket: str, prefix: str, sizes: dict[datetime, tuple[int, int]]
) -> str:
    """Record what lies under a prefix, day by day, and give the key of the records."""
    prefix_id = f"arn:aws:s3:::{bucket}/{prefix}"
    for day, (size, objects) in sizes.items():
        body = {
            "Bucket": bucket,
            "Prefix": prefix,
            "Date": f"{day:%Y-%m-%d}",
            "Bytes": size,
            "Objects": objects,
        }
        world.record("s3:PrefixUsage", prefix_id, account, world.home, body, created=day, is_event=True, tags=None)
    return _usage_key(bucket, prefix)


def _usage_key(bucket: str, prefix: str) -> str:
    return f"s3:PrefixUsage arn:aws:s3:::{bucket}/{prefix}"


class _Prefix:
    """A prefix that grows, or is cleaned up now and then."""

    def __init__(self, world: World, bucket: str, prefix: str, owner: Owner, clues: tuple[Clue, ...], content: str):
        chance = world.chance("prefix", bucket, prefix)
        self.prefix = prefix
        self.owner = owner
        self.clues = clues
        start = chance.uniform(*_SIZES[content])
        growth = chance.uniform(0, 0.012)
        cleaned = chance.randrange(20, 200)
        self.sizes: dict[datetime, tuple[int, int]] = {}
        size = start
        for number, day in enumerate(world.window.days()):
            size = start if number and number % cleaned == 0 else size * (1 + growth)
            self.sizes[day] = (int(size * GIGABYTE), int(size * 3) + 1)


def fill_buckets(world: World) -> None:
    """Fill the shared bucket, the teams' own buckets, and the one with copies for production."""
    _fill(world, shared_bucket(world), None, list(_shared_prefixes(world)))
    for team in world.organisation.teams:
        models = [model for model in world.organisation.models if model.team == team]
        if has_bucket(world, team) and models:
            bucket = team_bucket(world, team)
            _fill(world, bucket, team, [prefix for model in models for prefix in _prefixes(world, model, bucket)])
    _fill(world, production_bucket(world), None, list(_copies(world)))


def _shared_prefixes(world: World) -> Iterator[_Prefix]:
    bucket = shared_bucket(world)
    for model in world.organisation.models:
        if bucket_of(world, model) == bucket:
            yield from _prefixes(world, model, bucket)
    # A web team keeps its exports in the same bucket, and a part is nobody's that anybody could name.
    web = Owner(team=world.organisation.web_teams[0], environment="prod", stage="storage", is_ml=False)
    prefix = f"exports/{web.team}"
    yield _Prefix(world, bucket, prefix, web, (by_team("team in the prefix", _usage_key(bucket, prefix)),), "features")
    yield _Prefix(world, bucket, "tmp", of_team(world.organisation.platform, None, "storage"), (), "logs")


def _prefixes(world: World, model: Model, bucket: str) -> Iterator[_Prefix]:
    """Lay out a model's data."""
    chance = world.chance("contents", model.name)
    for content in CONTENTS:
        if content in ("training-data", "features", "artifacts") or chance.maybe(0.6):
            prefix = prefix_of(world, model, content)
            usage = _usage_key(bucket, prefix)
            clues = world.job_clues(model, "lineage: jobs read and write the prefix", usage)
            if says(prefix, model.name):
                clues += (by_model(model, "model in the prefix", usage),)
            if model.team.name in prefix.split("/"):
                clues += (by_team("team in the prefix", usage),)
            yield _Prefix(world, bucket, prefix, of_model(model, "prod", "storage"), clues, content)


def _copies(world: World) -> Iterator[_Prefix]:
    """Copy the artifacts that are in production, under the same keys."""
    bucket = production_bucket(world)
    for model in world.organisation.models:
        prefix = prefix_of(world, model, "artifacts")
        usage = _usage_key(bucket, prefix)
        clues = world.job_clues(model, "lineage: same key as a training job's artifact", usage)
        if says(prefix, model.name):
            clues += (by_model(model, "model in the prefix", usage),)
        yield _Prefix(world, bucket, prefix, of_model(model, "prod", "storage"), clues, "artifacts")


def _fill(world: World, name: str, team: Team | None, prefixes: list[_Prefix]) -> None:
    """Record a bucket and what lies in it, and bill it day by day."""
    account = storage_account(world)
    owner = of_team(team, "prod", "storage") if team else Owner(stage="storage", environment="prod")
    body = {
        "Name": name,
        "CreationDate": iso(world.before(700)),
        "BucketRegion": world.home,
        "BucketArn": f"arn:aws:s3:::{name}",
    }
    tags = world.tags(name, owner)
    bucket = world.create(
        "s3:ListBuckets", name, account, world.home, owner, body, created=world.before(700), tags=tags
    )
    for prefix in prefixes:
        measure_prefix(world, account, name, prefix.prefix, prefix.sizes)
    chance = world.chance("requests", name)
    for day in world.window.days():
        parts = [Share(prefix.owner, prefix.sizes[day][0], prefix.clues) for prefix in prefixes]
        gigabytes = Decimal(sum(part.weight for part in parts)) / GIGABYTE
        world.bill(bucket, STORAGE, stored(gigabytes), day, day + DAY, shares=parts)
        world.bill(bucket, WRITES, chance.randrange(20_000, 400_000), day, day + DAY, shares=parts)
        world.bill(bucket, READS, chance.randrange(100_000, 3_000_000), day, day + DAY, shares=parts)
