"""Managed services of other products: databases, a warehouse, caches, content delivery, tables."""

from decimal import Decimal

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.money.meters import daily, hourly
from mlcost_assets.demo.money.products import CACHE, CLOUDFRONT, DYNAMODB, RDS, REDSHIFT, S3, S3_TRANSFER
from mlcost_assets.demo.non_ml.fleets import web_owner, web_resource
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.world.world import World

_DATABASES = ("orders", "users", "catalog", "billing", "sessions")
DATABASE = hourly(RDS, "Multi-AZUsage:db.r5.4xlarge", "CreateDBInstance:0014", "3.856", "db.r5.4xlarge")
DATABASE_STORAGE = daily(
    RDS,
    "RDS:Multi-AZ-GP3-Storage",
    "CreateDBInstance:0014",
    "0.23",
    "GB-Mo",
    "$0.23 per GB-month of provisioned GP3 storage",
)
WAREHOUSE = hourly(REDSHIFT, "Node:ra3.4xlarge", "RunComputeNode:0001", "3.26", "ra3.4xlarge")
CACHE_NODE = hourly(CACHE, "NodeUsage:cache.r5.xlarge", "CreateCacheCluster:0002", "0.431", "cache.r5.xlarge")
DELIVERY = daily(CLOUDFRONT, "US-DataTransfer-Out-Bytes", "GET", "0.085", "GB")
ASSETS = daily(S3, "TimedStorage-ByteHrs", "StandardStorage", "0.023", "GB-Mo")
ASSETS_OUT = daily(S3_TRANSFER, "DataTransfer-Out-Bytes", "GetObject", "0.09", "GB")
TABLE_WRITES = daily(DYNAMODB, "WriteRequestUnits", "PayPerRequestThroughput", "0.00000125", "WriteRequestUnits")


def run_database(world: World, account: Account, chance: Chance, number: int) -> None:
    """Run a database."""
    owner = web_owner(world, chance)
    arn = world.arn("rds", account, world.home, f"db:{chance.one(_DATABASES)}-{number}")
    database = web_resource(world, arn, account, owner)
    world.bill(database, DATABASE, 1)
    world.bill(database, DATABASE_STORAGE, Decimal("65.78947368"))


def run_warehouse(world: World, account: Account, chance: Chance, number: int) -> None:
    """Run a warehouse."""
    owner = web_owner(world, chance)
    warehouse = web_resource(world, world.arn("redshift", account, world.home, f"cluster:dwh-{number}"), account, owner)
    world.bill(warehouse, WAREHOUSE, chance.randrange(2, 7))


def run_cache(world: World, account: Account, chance: Chance, number: int) -> None:
    """Run a cache."""
    owner = web_owner(world, chance)
    cache = web_resource(
        world, world.arn("elasticache", account, world.home, f"cluster:sessions-{number}"), account, owner
    )
    world.bill(cache, CACHE_NODE, 3)


def deliver_content(world: World, account: Account, chance: Chance, number: int) -> None:
    """Deliver content from a bucket."""
    owner = web_owner(world, chance)
    arn = f"arn:aws:cloudfront::{account.id}:distribution/E{chance.code(13).upper()}"
    distribution = web_resource(world, arn, account, owner)
    world.bill(distribution, DELIVERY, 500 * chance.randrange(1, 6))
    bucket = web_resource(world, f"{world.organisation.company}-{owner.team}-assets-{number}", account, owner)
    world.bill(bucket, ASSETS, 400)
    world.bill(bucket, ASSETS_OUT, 60)


def keep_table(world: World, account: Account, chance: Chance, number: int) -> None:
    """Keep a table."""
    owner = web_owner(world, chance)
    table = web_resource(world, world.arn("dynamodb", account, world.home, f"table/carts-{number}"), account, owner)
    world.bill(table, TABLE_WRITES, 20_000_000)
