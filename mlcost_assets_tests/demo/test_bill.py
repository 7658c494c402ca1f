"""The bill is a true CUR 2.0 export, and the truth accounts for all of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from mlcost_assets.demo.bill.cur2_columns import COLUMNS
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.organisation.organise import organise
from mlcost_assets.demo.truth.costs import divide
from mlcost_assets_tests.demo.conftest import Simulated

EXACT = "cast(cast({} AS VARCHAR) AS DECIMAL(28, 10))"


def ask(folder: Path, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as db:
        files = f"{folder}/billing/*/data/*/*.parquet"
        db.execute(f"CREATE VIEW cur AS SELECT * FROM read_parquet('{files}', hive_partitioning = false)")
        db.execute(f"CREATE VIEW truth AS SELECT * FROM '{folder}/truth/charges.parquet'")
        return db.execute(question).fetchall()


@pytest.mark.parametrize("seed", [7, 11, 0])
def test_truth_sums_to_the_bill_exactly(simulated: Simulated, seed: int) -> None:
    folder = simulated(seed)
    ((billed,),) = ask(
        folder,
        f"SELECT sum({EXACT.format('line_item_unblended_cost')}) FROM cur WHERE line_item_operation NOT IN ('EKSPod-EC2', 'ECSTask-EC2')",
    )
    ((found,),) = ask(folder, "SELECT sum(unblended_cost) FROM truth")
    assert isinstance(found, Decimal)
    assert found == billed


@pytest.mark.parametrize("seed", [7, 11])
def test_effective_cost_is_what_the_columns_of_each_line_item_type_say(simulated: Simulated, seed: int) -> None:
    folder = simulated(seed)
    cost = """CASE line_item_line_item_type
        WHEN 'SavingsPlanCoveredUsage' THEN coalesce(savings_plan_net_savings_plan_effective_cost,
                                                     savings_plan_savings_plan_effective_cost)
        WHEN 'SavingsPlanNegation' THEN 0
        WHEN 'SavingsPlanRecurringFee' THEN
            (savings_plan_total_commitment_to_date - savings_plan_used_commitment)
            * coalesce(savings_plan_net_recurring_commitment_for_billing_period
                       / savings_plan_recurring_commitment_for_billing_period, 1)
        WHEN 'DiscountedUsage' THEN coalesce(reservation_net_effective_cost, reservation_effective_cost)
        WHEN 'RIFee' THEN coalesce(reservation_net_unused_recurring_fee, reservation_unused_recurring_fee)
            + coalesce(reservation_net_unused_amortized_upfront_fee_for_billing_period,
                       reservation_unused_amortized_upfront_fee_for_billing_period)
        ELSE coalesce(line_item_net_unblended_cost, line_item_unblended_cost) END"""
    expected = dict(
        ask(
            folder,
            f"""SELECT line_item_line_item_type, sum(cast(round({cost}, 10) AS DECIMAL(28, 10)))
                FROM cur WHERE line_item_operation NOT IN ('EKSPod-EC2', 'ECSTask-EC2') GROUP BY ALL""",
        )
    )
    found = dict(ask(folder, "SELECT line_item_type, sum(effective_cost) FROM truth GROUP BY ALL"))
    assert {kind: found.get(kind, Decimal(0)) for kind in expected} == expected


TWO_PAYERS = 0


def test_every_payer_has_an_export_of_its_own_accounts(simulated: Simulated) -> None:
    folder = simulated(TWO_PAYERS)
    settings = yaml.safe_load((folder / "mlcost.yaml").read_text())
    payers = []
    for export in settings["billing"]["exports"]:
        with duckdb.connect() as db:
            payers += db.execute(
                f"""SELECT DISTINCT bill_payer_account_id, bill_payer_account_name
                    FROM read_parquet('{folder / export["uri"]}/data/*/*.parquet')"""
            ).fetchall()
    assert len(settings["billing"]["exports"]) == len(payers) == len(set(payers)) == 2
    shared = ask(
        folder,
        """SELECT line_item_usage_account_id FROM cur
           GROUP BY 1 HAVING count(DISTINCT bill_payer_account_id) > 1""",
    )
    assert not shared


def test_savings_plans_cover_only_accounts_of_their_payer(simulated: Simulated) -> None:
    rows = ask(
        simulated(TWO_PAYERS),
        """SELECT savings_plan_savings_plan_a_r_n FROM cur WHERE savings_plan_savings_plan_a_r_n <> ''
           GROUP BY 1 HAVING count(DISTINCT bill_payer_account_id) > 1""",
    )
    assert not rows


def test_every_kind_of_line_item_is_there(simulated: Simulated) -> None:
    kinds = {kind for (kind,) in ask(simulated(), "SELECT DISTINCT line_item_line_item_type FROM cur")}
    assert kinds >= {
        "Usage",
        "SavingsPlanCoveredUsage",
        "SavingsPlanNegation",
        "SavingsPlanRecurringFee",
        "DiscountedUsage",
        "RIFee",
        "Fee",
        "Credit",
        "Refund",
    }


def test_savings_plan_negation_takes_back_what_covered_rows_show(simulated: Simulated) -> None:
    rows = ask(
        simulated(),
        f"""SELECT sum({EXACT.format("line_item_unblended_cost")}) FROM cur
            WHERE line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
            GROUP BY line_item_usage_start_date, line_item_usage_type""",
    )
    assert rows
    assert all(total == 0 for (total,) in rows)


def test_no_hour_uses_more_of_a_savings_plan_than_was_committed(simulated: Simulated) -> None:
    rows = ask(
        simulated(),
        """SELECT savings_plan_total_commitment_to_date, savings_plan_used_commitment FROM cur
           WHERE line_item_line_item_type = 'SavingsPlanRecurringFee'""",
    )
    assert len(rows) == 2 * 31 * 24
    assert all(0 <= used <= committed for committed, used in rows)


def test_split_cost_rows_describe_the_cost_of_their_node(simulated: Simulated) -> None:
    rows = ask(
        simulated(),
        """WITH pods AS (
               SELECT split_line_item_parent_resource_id AS id, line_item_usage_start_date AS hour,
                      sum(split_line_item_split_cost + split_line_item_unused_cost) AS cost
               FROM cur WHERE line_item_operation = 'EKSPod-EC2' GROUP BY ALL),
           nodes AS (
               SELECT line_item_resource_id AS id, line_item_usage_start_date AS hour,
                      sum(coalesce(savings_plan_savings_plan_effective_cost, line_item_unblended_cost)) AS cost
               FROM cur WHERE line_item_line_item_type IN ('Usage', 'SavingsPlanCoveredUsage') GROUP BY ALL)
           SELECT pods.cost, nodes.cost FROM pods JOIN nodes USING (id, hour)""",
    )
    assert len(rows) > 1000
    close = sum(abs(pods - node) < 1e-6 for pods, node in rows)
    # In a node's first hour pods start some minutes later than it.
    assert close > 0.97 * len(rows)
    assert all(pods < node + 1e-6 for pods, node in rows)


def test_tasks_of_batch_are_split_cost_rows_with_their_queue(simulated: Simulated) -> None:
    rows = ask(
        simulated(),
        """SELECT DISTINCT line_item_product_code, resource_tags['aws_batch_job_queue'] IS NOT NULL,
               regexp_matches(line_item_resource_id, '^arn:aws:ecs:.*:task/'), split_line_item_parent_resource_id LIKE 'i-%'
           FROM cur WHERE line_item_operation = 'ECSTask-EC2'""",
    )
    assert rows == [("AmazonECS", True, True, True)]


DISCOUNT_IN_ROWS = next(
    seed
    for seed in range(100)
    for one in [organise(seed, Window.of("2026-08", 1))]
    if one.discount_in_rows and one.discount_percent
)


def test_a_discount_is_shown_in_net_columns_or_in_rows_of_its_own(simulated: Simulated) -> None:
    question = """SELECT count(*) FILTER (line_item_line_item_type = 'EdpDiscount'),
                      count(line_item_net_unblended_cost), sum(line_item_unblended_cost)
                          FILTER (line_item_line_item_type = 'EdpDiscount') < 0 FROM cur"""
    ((rows, net, negative),) = ask(simulated(DISCOUNT_IN_ROWS), question)
    assert rows > 10
    assert net == 0
    assert negative
    ((rows, net, _),) = ask(simulated(11), question)
    assert rows == 0
    assert net > 0


def test_layout_and_manifest_are_those_of_an_overwritten_export(simulated: Simulated) -> None:
    (export,) = (simulated() / "billing").iterdir()
    manifest = json.loads((export / "metadata" / "BILLING_PERIOD=2026-08" / f"{export.name}-Manifest.json").read_text())
    files = sorted(path.name for path in (export / "data" / "BILLING_PERIOD=2026-08").iterdir())
    assert len(files) >= 2
    assert [url.rsplit("/", 1)[1] for url in manifest["dataFiles"]] == files
    assert all(url.startswith("s3://") and "/data/BILLING_PERIOD=2026-08/" in url for url in manifest["dataFiles"])
    columns = ask(simulated(), "DESCRIBE cur")
    assert [(name, kind) for name, kind, *_ in columns] == [(name, kind) for name, (_, kind) in COLUMNS.items()]
    assert [(column["name"], column["type"]) for column in manifest["columns"]] == [
        (name, kind) for name, (kind, _) in COLUMNS.items()
    ]


def test_costs_have_at_most_ten_decimals(simulated: Simulated) -> None:
    ((wrong,),) = ask(
        simulated(),
        "SELECT count(*) FROM cur WHERE line_item_unblended_cost <> round(line_item_unblended_cost, 10)",
    )
    assert wrong == 0


def test_division_is_exact_and_by_largest_remainder() -> None:
    assert divide(10, [1, 1, 1]) == [4, 3, 3]
    assert divide(-10, [1, 1, 1]) == [-4, -3, -3]
    assert divide(7, [0, 5]) == [0, 7]
    assert divide(100, [1, 2, 4]) == [14, 29, 57]
