"""One odd record never stops a refresh: what cannot be read is set aside or NULL, all beside it is read as ever, and no
cent is lost. In records of every kind one place each has something odd in it (odd.py). MLCOST_ODD_SEEDS says which seeds
(`10:20`); where a refresh fails, the record that makes it fail is named, with its seed and place.
"""

import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from mlcost_assets_tests.attribution.scenarios import (
    billed,
    endpoint,
    instance,
    model,
    pod,
    registered,
    training_job,
    variant,
)
from mlcost_assets_tests.exports import ACCOUNT, Row
from mlcost_assets_tests.faults.odd import Place, odd, places, put
from mlcost_assets_tests.faults.told import PACKAGE, read_of, records
from mlcost_assets_tests.world import World, arn

SEEDS = range(*map(int, os.environ.get("MLCOST_ODD_SEEDS", "1:11").split(":")))
GOOD = "444444444444"
MACHINE = "i-0444444444444444a"
GOOD_RECORDS = [
    training_job("waders-train-1", tags={"team": "shore", "model": "avocet"}),
    *registered("dunlin", "s3://shore/dunlin/model.tar.gz", tags={"team": "estuary"}),
    model("dunlin-serving", "s3://shore/dunlin/model.tar.gz"),
    *endpoint("dunlin-live", variant("dunlin-serving")),
    instance(MACHINE, name="ip-shore"),
    pod("shore", "curlew-7c9d", "ip-shore", requests={"cpu": "3"}, labels={"team": "shore", "model": "curlew"}),
]
OWNERS = {
    (arn("training-job/waders-train-1", GOOD), "avocet", "shore"),
    (arn("endpoint/dunlin-live", GOOD), "dunlin", "estuary"),
    (MACHINE, "curlew", "shore"),
}
# What charges of a service look like; of others there is a request.
USAGE = {
    "sagemaker": ("AmazonSageMaker", "USE1-Host:ml.g5.xlarge"), "ec2": ("AmazonEC2", "BoxUsage:g5.xlarge"), "s3": ("AmazonS3", "TimedStorage-ByteHrs"),
    "logs": ("AmazonCloudWatch", "TimedStorage-ByteHrs"), "eks": ("AmazonEKS", "USE1-AmazonEKS-Hours:perCluster"), "lambda": ("AWSLambda", "Lambda-GB-Second"),
    "bedrock": ("AmazonBedrock", "USE1-NovaLite-input-tokens"), "ecs": ("AmazonECS", "USE1-Fargate-vCPU-Hours:perCPU"),
}  # fmt: skip


class Odd(NamedTuple):
    """A record with something odd in one place, as a line of the landing zone."""

    seed: int
    kind: str
    place: Place
    line: str


def account_of(seed: int) -> str:
    """Each seed has an account of its own, so that its records meet no other's."""
    return str(300_000_000_000 + seed)


def odd_records(seed: int) -> Iterator[Odd]:
    chance = Random(seed)
    for record in records():
        if chance.random() < 0.5:
            place: Place = ("body", *chance.choice(read_of()[record["kind"]] or [("Name",)]))
            changed = put(record, place, odd(chance.choice((1, "b", {"a": "b"}, "2026-10-05T05:00:00Z")), (), chance))
        else:
            place = chance.choice([place for place in places(record) if place and place != ("kind",)])
            changed = odd(record, place, chance)
        yield Odd(seed, record["kind"], place, json.dumps(changed).replace(ACCOUNT, account_of(seed)))


def charges(account: str) -> Iterator[Row]:
    """An hour of everything that has a record."""
    for id_, kind in sorted({record["id"]: record["kind"] for record in records()}.items()):
        service, usage = USAGE.get(kind.partition(":")[0], (kind.partition(":")[0], "Requests"))
        yield billed(service, usage, id_.replace(ACCOUNT, account), 1.0, line_item_usage_account_id=account)


def installed(folder: Path, landed: list[Odd]) -> World:
    world = World(folder)
    good = [
        billed(*USAGE["ec2" if id_ == MACHINE else "sagemaker"], id_, 5.0, line_item_usage_account_id=GOOD)
        for id_, *_ in sorted(OWNERS)
    ]
    accounts = sorted({account_of(one.seed) for one in landed})
    world.bill([*good, *[row for account in accounts for row in charges(account)]])
    (world.metadata / "odd.jsonl").write_text("".join(one.line + "\n" for one in landed))
    (world.metadata / "good.jsonl").write_text(
        "".join(json.dumps(one).replace(ACCOUNT, GOOD) + "\n" for one in GOOD_RECORDS)
    )
    return world


def culprits(landed: list[Odd], folder: Path) -> list[Odd]:
    """Of records with which a refresh fails, as few as it still fails with."""
    for number, half in enumerate((landed[::2], landed[1::2])):
        inner = folder / str(number)
        try:
            installed(inner, half).refresh()
        except AssertionError:
            return culprits(half, inner) if len(half) > 1 else half
    return landed


class Refreshed(NamedTuple):
    world: World
    landed: list[Odd]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    landed = [one for seed in SEEDS for one in odd_records(seed)]
    world = installed(tmp_path_factory.mktemp("odd"), landed)
    try:
        world.refresh()
    except AssertionError as error:
        found = [
            f"seed {one.seed}, {one.kind} {one.place}: {one.line[:2000]}"
            for one in culprits(landed, tmp_path_factory.mktemp("culprits"))
        ]
        pytest.fail("\n".join([str(error)[:2000], *found[:5]]))
    return Refreshed(world, landed)


def test_statements_read_numbers_and_lists_of_records_by_the_macros_of_told() -> None:
    """A cast raises, or lets through what no sum can hold: NaN, infinity, 40 digits."""
    cast = re.compile(r"CAST\([^()]*->>? '\$[^']*' AS (DOUBLE|BIGINT|INTEGER|DATE|TIMESTAMP|\w+\[\])")
    assert [file.name for file in PACKAGE.rglob("*.sql") if cast.search(file.read_text(encoding="utf-8"))] == []


def test_every_line_is_a_record_or_set_aside_for_what_a_record_must_have(refreshed: Refreshed) -> None:
    world, landed = refreshed
    ((read,),) = world.query("SELECT count(*) FROM metadata_records WHERE file = 'odd.jsonl'")
    aside = world.query("SELECT line, reason FROM quarantined_records WHERE file = 'odd.jsonl'")
    assert read + len(aside) == len(landed)
    places = {(landed[line - 1].place, reason.partition(":")[0]) for line, reason in aside}
    assert places <= {
        (("collected_at",), "collected_at is missing or no time"), (("collected_at",), "collected_at lies in the future"),
        (("id",), "has no id"), (("body",), "has no body"),
    }  # fmt: skip


def test_good_records_are_read_as_without_the_odd_ones(refreshed: Refreshed) -> None:
    owners = refreshed.world.query(
        "SELECT DISTINCT resource_id, model, team FROM attributed_costs WHERE account_id = $account", account=GOOD
    )
    assert set(owners) == OWNERS


def test_no_cent_is_lost(refreshed: Refreshed) -> None:
    rows: dict[str, Any] = dict(
        refreshed.world.query("SELECT account_id, sum(billed_cost) FROM attributed_costs GROUP BY ALL")
    )
    assert rows == {GOOD: Decimal(15)} | {account_of(seed): len(list(charges(""))) for seed in SEEDS}
