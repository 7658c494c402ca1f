"""Real and public samples tie out to the last digit; skipped where ../shared is not there.

Totals are those of the samples' own README: exact sums, read independently of this code.
"""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets_tests.billing.conftest import Ingested
from mlcost_assets_tests.samples import FOLDER, SAMPLES, table
from mlcost_assets_tests.world import World

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared samples are not here")


def loaded(tmp_path: Path, path: str) -> Ingested:
    """The sample at `path`, loaded into a lake that lives as long as the test."""
    world = World(tmp_path / "world")
    (sample,) = [one for one in SAMPLES if one.path == path]
    sample.lay_out(world.root())
    world.begin()
    lake = LakeWriter(world.config).__enter__()
    ingested = Ingested(world, lake)
    ingested.load()
    return ingested


def totals(ingested: Ingested) -> dict[str, tuple[int, Decimal, Decimal]]:
    rows = ingested.rows(
        "SELECT billing_period, count(*) AS rows, sum(billed_cost) AS billed, sum(effective_cost) AS effective FROM line_items GROUP BY ALL"
    )
    return {row["billing_period"]: (row["rows"], row["billed"], row["effective"]) for row in rows}


def test_a_real_bill_with_reservations_as_cur_2(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "workshop-cur-2018/exports/WorkshopCUR2")
    # 124,340 exported rows; nine RIFee rows are two charges each.
    assert totals(ingested) == {"2018-11": (124_349, Decimal("3505.3269681268"), Decimal("3632.5598464968"))}
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["state"], drop["rows"], drop["rounding"]) == ("loaded", 124_340, 0)


def test_a_mock_cur_2_as_csv(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "keboola-mock-s3/mock-cur-v2-bucket")
    assert totals(ingested) == {"2024-09": (4, Decimal("0.108304"), Decimal("0.108304"))}


def test_focus_1_2_in_both_delivery_modes_and_restated(tmp_path: Path) -> None:
    export = "demo/exports/costroid-demo"
    ingested = loaded(tmp_path, f"costroid-focus/aws-focus-s3/fixture/{export}")
    billed = Decimal("32.7663")
    assert totals(ingested) == {"2026-05": (42, billed, billed), "2026-06": (42, billed, billed)}
    shutil.copytree(FOLDER / "costroid-focus/aws-focus-s3/restated" / export, ingested.world.root(), dirs_exist_ok=True)
    assert [outcome.period for outcome in ingested.load()] == ["2026-06"]
    assert totals(ingested)["2026-06"][1] == Decimal("58.1679")
    assert totals(ingested)["2026-05"][1] == billed


@pytest.mark.parametrize("name", ["sample-export.csv.gz", "bom-export.csv.gz"])
def test_focus_1_2_with_and_without_a_byte_order_mark(tmp_path: Path, name: str) -> None:
    ingested = loaded(tmp_path, f"costroid-focus/aws-focus-1.2/{name}")
    assert totals(ingested)["2026-05"][:2] == (42, Decimal("32.7663"))


def test_focus_with_bad_rows_keeps_the_good_ones_and_loses_nothing(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "costroid-focus/aws-focus-1.2/invalid-export.csv.gz")
    (drop,) = ingested.rows("FROM billing_drops")
    assert drop["billed_cost"] + drop["quarantined_cost"] == Decimal("9.6768")
    reasons = {row["reason"] for row in ingested.rows("FROM quarantined_rows")}
    assert {"ChargeCategory is none of FOCUS: Consumption", "BilledCost is no number: 12,34"} <= reasons


def test_real_anonymised_focus_1_0_keeps_aws_and_sets_the_other_providers_aside(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "focus-1.0/focus_sample.csv")
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["rows"], drop["quarantined_rows"]) == (1000, 58)
    aws = ingested.rows(
        "SELECT count(*) AS rows, sum(billed_cost) AS billed, sum(effective_cost) AS effective, sum(list_cost) AS list FROM line_items"
    )
    assert aws == [{"rows": 942, "billed": Decimal("18.0066386184"), "effective": 13, "list": Decimal("18.1493176406")}]
    # To the last digit: what was written, set aside and rounded is what the file holds.
    assert drop["billed_cost"] + drop["quarantined_cost"] + drop["rounding"] == Decimal("20.52022672899")


@pytest.mark.parametrize("name", ["sample-cur20.csv", "sample-legacy-csv.csv"])
def test_an_export_without_line_item_types_is_refused_plainly(tmp_path: Path, name: str) -> None:
    ingested = loaded(tmp_path, f"aws-cur-anonymize/{name}")
    (drop,) = ingested.rows("FROM billing_drops")
    assert drop["state"] == "rejected"
    assert "line_item_line_item_type" in drop["reason"]


def test_a_real_legacy_bill_in_parquet(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "workshop-cur-2018/cur/WorkshopCUR")
    assert totals(ingested) == {
        "2018-10": (119_316, Decimal("4064.4831315379"), Decimal("4195.9571093179")),
        "2018-11": (124_349, Decimal("3505.3269681268"), Decimal("3632.5598464968")),
    }


def test_a_real_anonymised_legacy_bill_in_csv(tmp_path: Path) -> None:
    ingested = loaded(
        tmp_path,
        "cur-legacy-anonymised/sample-anonymous-aws-export-dataset.csv",
    )
    found = ingested.rows(
        "SELECT charge_category, count(*) AS rows, sum(billed_cost) AS billed, sum(list_cost) AS list FROM line_items GROUP BY 1 ORDER BY 1"
    )
    assert [tuple(row.values())[:3] for row in found] == [
        ("Tax", 12, Decimal("0.08")),
        ("Usage", 1269, Decimal("1.6023086974")),
    ]


def test_a_bill_in_another_currency_keeps_it_and_its_leading_zeros(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "koku/2023-06-01.csv")
    assert totals(ingested) == {"2023-06": (3, Decimal(30), Decimal("0.3"))}
    assert ingested.rows("SELECT DISTINCT billing_currency, billing_account_id FROM line_items") == [
        {"billing_currency": "NOK", "billing_account_id": "0099999999999"}
    ]


def test_a_bill_of_other_months_is_set_aside_and_ties_out(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "koku/koku-local")
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["rows"], drop["quarantined_rows"]) == (13_380, 12_604)
    exact = drop["billed_cost"] + drop["quarantined_cost"] + drop["rounding"]
    assert abs(exact - Decimal("143227.763678187615017991050")) < Decimal(
        "1e-17"
    )  # the sample prints 21 decimals, we keep 20


@pytest.mark.parametrize(
    ("name", "rows", "total"),
    [
        ("koku/2022-07-01-alt-columns.csv", 2, "0"),
        ("koku/empty_frame.csv", 0, "0"),
        ("koku/test_cur.csv", 19, "0.0827499841274349353"),
        ("koku/test_cur.csv.gz", 19, "0.0827499841274349353"),
    ],
)
def test_legacy_test_data_of_another_project(tmp_path: Path, name: str, rows: int, total: str) -> None:
    ingested = loaded(tmp_path, name)
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["state"], drop["rows"], drop["quarantined_rows"]) == ("loaded", rows, 0)
    assert drop["billed_cost"] + drop["rounding"] == Decimal(total)


def test_a_legacy_mock_in_zip(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "keboola-mock-s3/mock-cur-bucket")
    assert totals(ingested) == {"2024-01": (3, Decimal("0.045152"), Decimal("0.045152"))}


def test_a_generated_legacy_bill_with_every_kind_of_commitment(tmp_path: Path) -> None:
    ingested = loaded(tmp_path, "nise-2026-07/billing/cur")
    (drop,) = ingested.rows("FROM billing_drops")
    assert (drop["state"], drop["rows"]) == ("loaded", 577)
    assert drop["billed_cost"] + drop["rounding"] == Decimal("1415.37869128671190784")
    types = {row["x_line_item_type"]: row for row in ingested.rows(
        "SELECT x_line_item_type, sum(billed_cost) AS billed, sum(effective_cost) AS effective, max(x_lacking_column) AS lacking FROM line_items GROUP BY 1"
    )}  # fmt: skip
    assert types["SavingsPlanCoveredUsage"]["effective"] == Decimal("6.7440")
    assert types["SavingsPlanCoveredUsage"]["billed"] + types["SavingsPlanNegation"]["billed"] == 0
    # The export does not say how much was committed: of 7.20 paid, 6.744 is on what the plan covers.
    assert types["SavingsPlanRecurringFee"]["effective"] == Decimal("0.4560")
    assert types["SavingsPlanRecurringFee"]["lacking"] == "savings_plan_used_commitment"
    poison = "pricing_public_on_demand_cost: 48 values are no number (such as 'convertible') and left unknown"
    assert poison in drop["notes"]


def test_the_table_of_samples_in_the_docs_is_what_a_run_gives() -> None:
    """Every sample ties out to a scan of its files that shares no code with the product."""
    page = Path(__file__).parents[2] / "docs" / "samples.md"
    assert page.read_text(encoding="utf-8").splitlines() == list(table()), (
        "run: python -m mlcost_assets_tests.samples > docs/samples.md"
    )
