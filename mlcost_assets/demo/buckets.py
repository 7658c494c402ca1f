"""Buckets: prefixes that grow by the day, and whose they are."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from mlcost_assets.demo.catalogue import S3, S3_REQUESTS
from mlcost_assets.demo.clock import DAY, iso
from mlcost_assets.demo.layout import (
    CONTENTS,
    bucket_of,
    has_bucket,
    prefix_of,
    production_bucket,
    shared_bucket,
    storage_account,
    team_bucket,
)
from mlcost_assets.demo.organisation import US, Account, Model, Team
from mlcost_assets.demo.owners import MODEL, TEAM, Clue, Owner, Share, named, of_model, of_team
from mlcost_assets.demo.world import Resource, World, flat

GIGABYTE = 1024**3


STANDARD = Decimal("0.023")


PER_DAY = Decimal(1) / Decimal("30.4")


_SIZES = {
    "training-data": (800, 9000),
    "features": (100, 2500),
    "artifacts": (20, 600),
    "checkpoints": (50, 4000),
    "inference-output": (10, 1500),
    "logs": (1, 60),
}


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
        world.record("s3:PrefixUsage", prefix_id, account, US, body, created=day, is_event=True, tags=None)
    return f"s3:PrefixUsage {prefix_id}"


class _Prefix:
    """A prefix that grows, or is cleaned up now and then."""

    def __init__(self, world: World, bucket: str, prefix: str, owner: Owner, clues: tuple[Clue, ...], content: str):
        chance = world.chance("prefix", bucket, prefix)
        low, high = _SIZES[content]
        self.prefix = prefix
        self.owner = owner
        self.clues = clues
        start = chance.uniform(low, high)
        growth = chance.uniform(0, 0.012)
        cleaned = chance.randrange(20, 200)
        self.sizes: dict[datetime, tuple[int, int]] = {}
        size = start
        for number, day in enumerate(world.window.days()):
            size = start if number and number % cleaned == 0 else size * (1 + growth)
            self.sizes[day] = (int(size * GIGABYTE), int(size * 3) + 1)


def fill_buckets(world: World) -> None:
    """Fill the shared bucket, the teams' own buckets, and the one with copies for production."""
    account = storage_account(world)
    teams = {team.name: team for team in world.organisation.teams}
    _bucket(world, account, shared_bucket(world), None, list(_shared_prefixes(world, teams)))
    for team in world.organisation.teams:
        models = [model for model in world.organisation.models if model.team == team]
        if has_bucket(world, team) and models:
            bucket = team_bucket(world, team)
            _bucket(
                world,
                account,
                bucket,
                team,
                [p for model in models for p in _model_prefixes(world, model, bucket)],
            )
    _copies(world, account)


def _shared_prefixes(world: World, teams: dict[str, Team]) -> Iterator[_Prefix]:
    bucket = shared_bucket(world)
    for model in world.organisation.models:
        if bucket_of(world, model) == bucket:
            yield from _model_prefixes(world, model, bucket)
    # A web team keeps its exports in the same bucket, and a part is nobody's that anybody could name.
    web = Owner(team=world.organisation.web_teams[0], environment="prod", stage="storage", is_ml=False)
    prefix = f"exports/{web.team}"
    clue = Clue("team in the prefix", frozenset({TEAM}), (usage_key(bucket, prefix),))
    yield _Prefix(world, bucket, prefix, web, (clue,), "features")
    platform = of_team(world.organisation.platform, None, "storage")
    yield _Prefix(world, bucket, "tmp", platform, (), "logs")


def usage_key(bucket: str, prefix: str) -> str:
    """Give the key of the records about a prefix."""
    return f"s3:PrefixUsage arn:aws:s3:::{bucket}/{prefix}"


def _model_prefixes(world: World, model: Model, bucket: str) -> Iterator[_Prefix]:
    chance = world.chance("contents", model.name)
    for content in CONTENTS:
        if content in ("training-data", "features", "artifacts") or chance.maybe(0.6):
            prefix = prefix_of(world, model, content)
            usage = usage_key(bucket, prefix)
            clues = [
                Clue(
                    "lineage: jobs read and write the prefix",
                    frozenset({MODEL}),
                    (usage, job),
                    (named(model.name),),
                )
                for job in job_keys(world, model)
            ]
            if flat(model.name) in flat(prefix):
                clues.append(Clue("model in the prefix", frozenset({MODEL}), (usage,), (named(model.name),)))
            if model.team.name in prefix.split("/"):
                clues.append(Clue("team in the prefix", frozenset({TEAM}), (usage,)))
            yield _Prefix(world, bucket, prefix, of_model(model, "prod", "storage"), tuple(clues), content)


def job_keys(world: World, model: Model) -> list[str]:
    """Give the records of jobs that show where a model's data lies."""
    return [version.job_key for version in world.versions[model.name][:2]]


def _bucket(world: World, account: Account, name: str, team: Team | None, prefixes: list[_Prefix]) -> None:
    owner = of_team(team, "prod", "storage") if team else Owner(stage="storage", environment="prod")
    tags = world.tags(name, owner)
    body = {
        "Name": name,
        "CreationDate": iso(world.before(700)),
        "BucketRegion": US,
        "BucketArn": f"arn:aws:s3:::{name}",
    }
    key = world.record("s3:ListBuckets", name, account, US, body, created=world.before(700), tags=tags)
    resource = world.resource(name, account, US, owner, key=key, tags=tags)
    for prefix in prefixes:
        measure_prefix(world, account, name, prefix.prefix, prefix.sizes)
    _bill_bucket(world, resource, prefixes)


def _bill_bucket(world: World, resource: Resource, prefixes: list[_Prefix]) -> None:
    chance = world.chance("requests", resource.id)
    for day in world.window.days():
        parts = [Share(prefix.owner, prefix.sizes[day][0], prefix.clues) for prefix in prefixes]
        total = sum(part.weight for part in parts)
        gigabyte_months = (Decimal(total) / GIGABYTE * PER_DAY).quantize(Decimal("0.00000001"))
        bill = [
            (S3, "TimedStorage-ByteHrs", "StandardStorage", gigabyte_months, STANDARD, "GB-Mo"),
            (
                S3_REQUESTS,
                "Requests-Tier1",
                "PutObject",
                Decimal(chance.randrange(20_000, 400_000)),
                Decimal("0.000005"),
                "Requests",
            ),
            (
                S3_REQUESTS,
                "Requests-Tier2",
                "GetObject",
                Decimal(chance.randrange(100_000, 3_000_000)),
                Decimal("0.0000004"),
                "Requests",
            ),
        ]
        for product, usage, operation, quantity, rate, unit in bill:
            world.bill(
                resource,
                product,
                usage,
                operation,
                day,
                day + DAY,
                quantity=quantity,
                rate=rate,
                unit=unit,
                step="day",
                shares=parts,
                description=f"${rate} per {unit} {usage}",
            )


def _copies(world: World, account: Account) -> None:
    """A bucket with copies of the artifacts that are in production, under the same keys."""
    bucket = production_bucket(world)
    prefixes = []
    for model in world.organisation.models:
        prefix = prefix_of(world, model, "artifacts")
        usage = usage_key(bucket, prefix)
        clues = tuple(
            Clue(
                "lineage: same key as a training job's artifact",
                frozenset({MODEL}),
                (usage, job),
                (named(model.name),),
            )
            for job in job_keys(world, model)
        )
        if flat(model.name) in flat(prefix):
            clues += (Clue("model in the prefix", frozenset({MODEL}), (usage,), (named(model.name),)),)
        prefixes.append(_Prefix(world, bucket, prefix, of_model(model, "prod", "storage"), clues, "artifacts"))
    _bucket(world, account, bucket, None, prefixes)
