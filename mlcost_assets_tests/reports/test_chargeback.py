"""`mlcost report chargeback`: from the bill to the ledger, in every format, and again a year later."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mlcost_assets_tests.cli.program import mlcost
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import World

FORMULA, SCRIPTS = '=HYPERLINK("https://evil.example")', "команда-日本"
RULES = f"""rules:
  - {{name: formula, when: {{resource_id: '*/one'}}, set: {{team: '{FORMULA}'}}}}
  - {{name: scripts, when: {{resource_id: '*/two'}}, set: {{team: '{SCRIPTS}'}}}}
"""
ACCOUNTS = """attribution: {rules: rules.yaml}
chargeback:
  credit: {account: 2100}
  unattributed: {account: 6999}
  parties:
    - {team: red, account: 6100, cost_centre: CC-1}
    - {team: blue, account: 6200, cost_centre: CC-2}
"""
# A line of it, and what is said where it is missing.
LACKING = {
    "  credit: {account: 2100}\n": "chargeback.credit.account: no account is credited",
    "  unattributed: {account: 6999}\n": "chargeback.unattributed.account: what nobody is known to own has no account",
    "    - {team: blue, account: 6200, cost_centre: CC-2}\n": "add - {team: blue, account: '6100'}",
}


def of(team: str | None, cost: float, day: str, **more: Any) -> Row:
    tags: dict[str, Any] = {"resource_tags": {"user_team": team}} if team else {}
    return sagemaker("Train:ml.m5.large", f"training-job/{team}", cost, at=f"{day}T10:00:00", **tags, **more)


def september(*more: Row) -> list[Row]:
    invoice = {"bill_invoice_id": "INV-9"}
    return [
        of("red", 10.004, "2026-09-03", **invoice), of("blue", 20.004, "2026-09-03", **invoice),
        of(None, 5.004, "2026-09-03", **invoice),
        charge("Tax", 3.0, at="2026-09-01T00:00:00", line_item_resource_id="", **invoice),
        charge("Credit", -1.5, at="2026-09-01T00:00:00", line_item_resource_id="", **invoice),
        *more,
    ]  # fmt: skip


def october() -> list[Row]:
    """Two invoices, one of them a refund; a second payer in another currency; names that are no names."""
    invoice = {"bill_invoice_id": "INV-10"}
    yen = {"bill_payer_account_id": "333333333333", "line_item_currency_code": "JPY", "bill_invoice_id": "INV-JP"}
    return [
        of("red", 7.77, "2026-10-05", **invoice), of("blue", 2.225, "2026-10-05", **invoice),
        of("red", -0.77, "2026-10-05", bill_invoice_id="INV-R") | {"line_item_line_item_type": "Refund"},
        of("red", 1000.4, "2026-10-05", **yen), of("blue", 500.4, "2026-10-05", **yen),
        of("one", 1.5, "2026-10-06", **invoice), of("two", 2.5, "2026-10-06", **invoice),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("chargeback"))
    world.rules(RULES)
    world.bill(september(), period="2026-09")
    world.bill([one | {"bill_invoice_id": None} for one in october()], period="2026-10")
    world.refresh()
    return world


def report(world: World, *arguments: str) -> str:
    done = mlcost("report", "chargeback", *arguments, cwd=world.folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(world: World, *arguments: str) -> list[dict[str, str]]:
    return list(json.loads(report(world, *arguments, "--format", "json")))


def printed(told: list[dict[str, str]], *key: str, of: str = "amount") -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = {}
    for line in told:
        of_line = tuple(line[name] for name in key)
        sums[of_line] = sums.get(of_line, Decimal(0)) + Decimal(line[of])
    return sums


def test_a_statement_is_final_once_and_what_changes_later_is_adjusted_in_the_next(world: World, tmp_path: Path) -> None:
    refused = mlcost("report", "chargeback", "--period", "2026-10", "--status", "final", cwd=world.folder)
    assert refused.returncode == 2
    assert "2026-10 cannot be final" in refused.stderr
    assert "--status draft" in refused.stderr
    september_was = lines(world, "--period", "2026-09")
    assert printed(september_was, "invoice_id") == {("INV-9",): Decimal("36.51")}
    assert printed(september_was, "section")[("tax",)] == 3
    assert printed(september_was, "section")[("credit",)] == -1.5

    first = {
        format_: report(world, "--period", "2026-09", "--status", "final", "--format", format_)
        for format_ in ("table", "md", "csv", "json")
    }
    assert {line["status"] for line in json.loads(first["json"])} == {"final"}
    for lacking, said in LACKING.items():
        world.configure(ACCOUNTS.replace(lacking, ""))
        refused = mlcost("report", "chargeback", "--period", "2026-09", "--format", "journal", cwd=world.folder)
        assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)
        assert said in refused.stderr
    world.configure(ACCOUNTS)
    first["journal"] = report(world, "--period", "2026-09", "--status", "final", "--format", "journal")

    # AWS restates September, and issues October's invoices.
    world.bill(september(of("red", 4.0, "2026-09-20", bill_invoice_id="INV-9")), period="2026-09", execution="again")
    world.bill(october(), period="2026-10", execution="again")
    world.refresh()
    world.configure(ACCOUNTS.replace("6100", "7100"))
    for format_, was in first.items():
        assert report(world, "--period", "2026-09", "--status", "final", "--format", format_) == was
    now = lines(world, "--period", "2026-10", "--status", "final")
    adjusted = [line for line in now if line["section"] == "adjustment"]
    assert {(line["billing_period"], line["invoice_id"]) for line in adjusted} == {("2026-09", "INV-9")}
    assert printed(adjusted, "billing_currency", "because") == {("USD", "AWS restated the invoice"): Decimal("4.00")}
    assert printed(now, "billing_period", "invoice_id") == {
        ("2026-10", "INV-10"): Decimal("14.00"), ("2026-10", "INV-R"): Decimal("-0.77"),
        ("2026-10", "INV-JP"): Decimal(1501), ("2026-09", "INV-9"): Decimal("4.00"),
    }  # fmt: skip
    assert all(line["amount"].isdigit() for line in now if line["billing_currency"] == "JPY")
    refunds = [line for line in now if line["invoice_id"] == "INV-R"]
    assert {line["section"] for line in refunds} == {"correction"}
    assert printed(refunds, "party") == {("red",): Decimal("-0.77")}


def test_debits_equal_credits_and_cost_centres_follow_the_team(world: World) -> None:
    world.configure(ACCOUNTS)
    entries = list(csv.DictReader(io.StringIO(report(world, "--period", "2026-09", "--format", "journal"))))
    assert list(entries[0]) == ["account", "cost_centre", "debit", "credit", "memo", "reference", "currency"]
    debits, credited = (sum(Decimal(entry[side] or 0) for entry in entries) for side in ("debit", "credit"))
    assert debits == credited > 0
    assert {entry["cost_centre"] for entry in entries if entry["account"] == "6100"} == {"CC-1"}
    by_centre = printed(lines(world, "--period", "2026-09", "--by", "cost-centre"), "party", of="billed_cost")
    by_team = printed(lines(world, "--period", "2026-09"), "party", of="billed_cost")
    assert set(by_centre) == {("CC-1",), ("CC-2",), (None,)}
    assert by_centre[("CC-1",)] == by_team[("red",)]


def test_each_format_opens_in_its_program_and_no_name_is_a_formula(world: World, tmp_path: Path) -> None:
    from openpyxl import load_workbook
    from pypdf import PdfReader

    for name in ("once", "twice"):
        for suffix in ("xlsx", "pdf", "csv", "md"):
            report(world, "--period", "2026-10", "--output", str(tmp_path / f"{name}.{suffix}"))
    for suffix in ("xlsx", "pdf", "csv", "md"):
        assert (tmp_path / f"once.{suffix}").read_bytes() == (tmp_path / f"twice.{suffix}").read_bytes()

    told = lines(world, "--period", "2026-10")
    named = {line["party"] for line in told}
    assert {FORMULA, SCRIPTS} <= named
    book = load_workbook(tmp_path / "once.xlsx")
    assert book.sheetnames == ["Parties", "Lines", "Invoices", "About"]
    cells = [cell for row in book["Lines"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {FORMULA, SCRIPTS} <= {cell.value for cell in cells}
    head, *rows = book["Lines"].values
    amounts = [(row[head.index("billing_currency")], row[head.index("amount")]) for row in rows]
    for currency, amount in printed(told, "billing_currency").items():
        assert round(sum(value for of_row, value in amounts if (of_row,) == currency), 2) == float(amount)

    pages = PdfReader(tmp_path / "once.pdf").pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Chargeback 2026-10 by team" in text
    assert "INV-10" in text
    assert "1,501" in text
    assert "日本" not in text
    assert "letters that the font of this PDF lacks" in text

    read = list(csv.DictReader(io.StringIO((tmp_path / "once.csv").read_text())))
    assert f"'{FORMULA}" in {row["party"] for row in read}
    assert SCRIPTS in {row["party"] for row in read}
    assert printed(read, "invoice_id") == printed(told, "invoice_id")
    assert SCRIPTS in (tmp_path / "once.md").read_text()


def test_a_statement_that_somebody_changed_is_not_printed(world: World, tmp_path: Path) -> None:
    twin = world.copy(tmp_path / "changed")
    report(twin, "--period", "2026-09", "--by", "model", "--status", "final")
    kept = twin.config.home / "statements" / "2026-09-model" / "source" / "statement.json"
    kept.chmod(0o644)
    kept.write_text(kept.read_text().replace("INV-9", "INV-8"))
    refused = mlcost(
        "report", "chargeback", "--period", "2026-09", "--by", "model", "--status", "final", cwd=twin.folder
    )
    assert refused.returncode == 1
    assert "is not the file that was kept" in refused.stderr


def test_the_check_fails_where_an_invoice_is_not_divided_whole(world: World) -> None:
    """What the table says is compared with the bill, invoice by invoice."""
    from mlcost_assets.lake.sql import run
    from mlcost_assets_tests.attribution.statements import PACKAGE, holding

    sql = (PACKAGE / "reports" / "chargeback" / "untied_invoices.sql").read_text(encoding="utf-8")
    same = {"billing_period": "2026-10", "billing_account_id": "p", "billing_currency": "USD"}
    cost = {"billed_cost": 3, "effective_cost": 3}
    bill = [same | cost | {"invoice_id": "A", "is_split_cost": False}]
    for invoice, off in (("A", []), ("B", [("A", -3), ("B", 3)])):
        rows = {"line_items": bill, "chargeback": [same | cost | {"invoice_id": invoice}]}
        with holding(sql, rows) as connection:
            found = run(connection, sql, {"periods": ["2026-10"]}).fetchall()
        assert [(row[1], row[3]) for row in found] == off
    passed = world.query("SELECT bool_and(passed) FROM data_quality WHERE check_name = 'ties_out'")
    assert passed == [(True,)]
