"""Files of an audit stay in their folder whatever accounts and regions are called, and replace only an audit's files."""

import json
from itertools import product
from pathlib import Path
from typing import Any

from mlcost_assets.billing.bill_ends import BillEnd
from mlcost_assets.reports.audit.audit import Audit
from mlcost_assets.reports.audit.mend import write_mends


def resource(account: str, region: str, name: str) -> dict[str, Any]:
    return {
        "account_id": account, "region_id": region, "arn": f"arn:aws:s3:::{name}",
        "key": "team", "value": "growth", "confidence": 0.9, "state": "missing", "ended": False,
    }  # fmt: skip


def audit(*resources: dict[str, Any]) -> Audit:
    return Audit(BillEnd("2026-10"), 0.8, [], list(resources), [], [])


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_no_account_or_region_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    hostile = ["..", "../../etc", "/etc/passwd", ".", "", "a/b", "x" * 3000, "a\0b", "C:\\x"]
    found = [resource(*place, f"bucket-{number}") for number, place in enumerate(product(hostile, hostile))]
    written = write_mends(audit(*found), folder)
    assert files(tmp_path) == {str(file.relative_to(tmp_path)) for file in written}
    assert all(file.resolve().is_relative_to(folder.resolve()) for file in written)
    listed = [arn for file in written[2:] for arn in json.loads(file.read_text())["ResourceARNList"]]
    assert len(listed) == len(set(listed)) == len(found)


def test_accounts_that_look_alike_share_no_file(tmp_path: Path) -> None:
    written = write_mends(
        audit(resource("a/b", "r", "one"), resource("a_b", "r", "two"), resource("A_B", "r", "3")), tmp_path
    )
    assert len({str(file).lower() for file in written[2:]}) == 3


def test_only_an_audits_own_files_are_replaced(tmp_path: Path) -> None:
    own = {"tag-resources/1/us-east-1/0007.json", "activate-tags-3.json"}
    others = {
        "tag-resources/1/us-east-1/mine.json", "tag-resources/1/us-east-1/7.json", "activate-tags-old.json",
        "activate-tags-1.json.bak", "tag-resources/0001.json", "notes.json",
    }  # fmt: skip
    for name in own | others:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("kept")
    write_mends(audit(), tmp_path)
    assert files(tmp_path) == others | {"report.md", "resources.csv"}


def test_what_a_link_leads_to_is_not_removed(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere" / "1" / "us-east-1", tmp_path / "out"
    elsewhere.mkdir(parents=True)
    (elsewhere / "0001.json").write_text("kept")
    folder.mkdir()
    (folder / "tag-resources").symlink_to(tmp_path / "elsewhere")
    write_mends(audit(), folder)
    assert (elsewhere / "0001.json").read_text() == "kept"
