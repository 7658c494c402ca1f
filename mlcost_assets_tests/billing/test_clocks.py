"""Clocks that were ahead: what counts is the order in which things happened, not what a clock said then."""

import os
import time
from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest

from mlcost_assets.billing import ledger
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.lake.sql import read_sql, run
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.exports import charge


def set_clock(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + ahead

    monkeypatch.setattr(ledger, "datetime", Clock)


def test_a_clock_that_was_ahead_does_not_keep_the_next_drop_pending_for_ever(
    ingested: Ingested, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, timedelta(days=3650))
    ingested.world.bill([charge(cost=1.0)], execution="1")
    assert [one.state for one in ingested.load()] == ["loaded"]
    set_clock(monkeypatch, timedelta())
    ingested.world.bill([charge(cost=2.0)], execution="2")
    assert [one.state for one in ingested.load()] == ["loaded"]
    assert ingested.load() == []
    assert ingested.rows("SELECT sum(billed_cost) AS total FROM line_items") == [{"total": 2}]


def test_a_drop_that_went_bad_after_the_clock_was_set_back_is_told(
    ingested: Ingested, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, timedelta(days=3650))
    ingested.world.bill([charge(cost=1.0)], execution="1")
    ingested.load()
    set_clock(monkeypatch, timedelta())
    ingested.world.bill([charge(cost=2.0)], execution="2").write_text("no manifest")
    ingested.load()
    found = run(ingested.lake.connection, read_sql(ledger.__file__, "standing_drops"), {"periods": []}).fetchall()
    assert [problem for problem, _ in found if problem == "unusable"] == ["unusable"]


def test_entries_of_versions_before_are_ordered_by_their_time_and_come_before_numbered_ones(
    ingested: Ingested,
) -> None:
    connection = ingested.lake.connection
    for drop, seen, entry in (
        ("older", "2026-01-01", None),
        ("newer", "2099-01-01", None),
        ("numbered", "2026-02-01", 1),
    ):
        connection.execute(
            "INSERT INTO billing_drops (export_name, billing_period, drop_id, state, manifest_etag, seen_at, entry_no)"
            " VALUES ('payer', '2026-10', ?, 'loaded', '', ?, ?)", [drop, seen, entry],
        )  # fmt: skip
    assert ledger.standing(connection)["payer", "2026-10"].drop_id == "numbered"
    connection.execute("DELETE FROM billing_drops WHERE entry_no IS NOT NULL")
    assert ledger.standing(connection)["payer", "2026-10"].drop_id == "newer"
    connection.execute("ALTER TABLE billing_drops DROP COLUMN entry_no")  # as an earlier version published it
    assert ledger.standing(connection)["payer", "2026-10"].drop_id == "newer"


@pytest.mark.parametrize(
    ("age", "pending"), [(timedelta(days=1), 1), (timedelta(minutes=1), 0), (-timedelta(days=900), 1)]
)
def test_files_that_were_replaced_count_once_they_are_settled_and_a_future_time_is_no_delivery_under_way(
    ingested: Ingested, age: timedelta, pending: int
) -> None:
    ingested.world.bill([charge(cost=1.0)])
    ingested.load()
    (file,) = (ingested.world.root() / "data").rglob("*.parquet")
    manifest = next((ingested.world.root() / "metadata").rglob("*.json"))
    was, kept = manifest.stat(), manifest.read_bytes()
    ingested.world.bill([charge(cost=2.0)])
    manifest.write_bytes(kept)
    os.utime(manifest, ns=(was.st_atime_ns, was.st_mtime_ns))
    written = time.time() - age.total_seconds()
    os.utime(file, (written, written))
    plan = make_plan(ingested.world.config, ingested.lake.connection, look_at_files=True)
    assert len(plan.pending) == pending
