"""Files that mend what an audit found: input for the AWS command line. Nothing is called, no account is changed."""

import csv
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from mlcost_assets.errors import StorageError
from mlcost_assets.reports.audit.audit import Audit
from mlcost_assets.reports.audit.page import as_markdown
from mlcost_assets.text import csv_cell, path_part

_ARNS_A_CALL = 20  # Resource Groups Tagging API: TagResources takes that many
_TAGS_A_CALL = 20  # Cost Explorer: UpdateCostAllocationTagsStatus takes that many

_NUMBERED = re.compile(r"\d{4,}\.json")
_ACTIVATION = re.compile(r"activate-tags-[1-9]\d*\.json")

Tags = tuple[tuple[str, str], ...]


def write_mends(audit: Audit, folder: Path) -> list[Path]:
    """Writes report.md, resources.csv, tag-resources/<account>/<region>/<n>.json and activate-tags-<n>.json.

    A file of tag-resources is `--cli-input-json` of `aws resourcegroupstaggingapi tag-resources`, one of activate-tags
    that of `aws ce update-cost-allocation-tags-status`. Those of an earlier audit in `folder` are replaced. Raises
    StorageError.
    """
    try:
        for earlier in _written_before(folder):
            earlier.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        written = [*_tag_files(audit, folder / "tag-resources"), *_activation_files(audit, folder)]
        report, listed = folder / "report.md", folder / "resources.csv"
        report.write_text(as_markdown(audit), encoding="utf-8")
        with listed.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, list(audit.resources[0]) if audit.resources else ["resource_id"])
            rows.writeheader()
            rows.writerows({name: csv_cell(value) for name, value in row.items()} for row in audit.resources)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}") from None
    return [report, listed, *written]


def _written_before(folder: Path) -> list[Path]:
    """The files of an earlier audit: names that this module gives, and nothing else that people keep beside them."""
    found = [file for file in folder.glob("tag-resources/*/*/*.json") if _NUMBERED.fullmatch(file.name)]
    found += [file for file in folder.glob("activate-tags-*.json") if _ACTIVATION.fullmatch(file.name)]
    return [file for file in found if file.is_file() and folder.resolve() in file.resolve().parents]


def _tag_files(audit: Audit, folder: Path) -> list[Path]:
    wanted: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in audit.resources:
        if _is_mendable(row, audit.confidence):
            wanted[row["account_id"], _region(row), row["arn"]][row["key"]] = row["value"]
    alike: dict[tuple[str, str, Tags], list[str]] = defaultdict(list)
    for (account, region, arn), given in wanted.items():
        alike[account, region, tuple(sorted(given.items()))].append(arn)
    written: list[Path] = []
    for (account, region, tags), arns in sorted(alike.items()):
        for start in range(0, len(arns), _ARNS_A_CALL):
            place = folder / path_part(account) / path_part(region)
            place.mkdir(parents=True, exist_ok=True)
            number = sum(file.parent == place for file in written) + 1
            content = {"ResourceARNList": sorted(arns)[start : start + _ARNS_A_CALL], "Tags": dict(tags)}
            written.append(_write(place / f"{number:04}.json", content))
    return written


def _is_mendable(row: dict[str, Any], confidence: float) -> bool:
    sure = row["value"] is not None and row["confidence"] >= confidence
    return bool(sure and row["state"] in ("missing", "wrong") and row["arn"] and not row["ended"])


def _region(row: dict[str, Any]) -> str:
    """Where the call is made: what is global is tagged in us-east-1."""
    return row["arn"].split(":")[3] or row["region_id"] or "us-east-1"


def _activation_files(audit: Audit, folder: Path) -> list[Path]:
    keys = sorted({row["tag_key"] for row in audit.findings if row["mend"].startswith("activate ")})
    return [
        _write(
            folder / f"activate-tags-{start // _TAGS_A_CALL + 1}.json",
            {
                "CostAllocationTagsStatus": [
                    {"TagKey": key, "Status": "Active"} for key in keys[start : start + _TAGS_A_CALL]
                ]
            },
        )
        for start in range(0, len(keys), _TAGS_A_CALL)
    ]


def _write(file: Path, content: dict[str, Any]) -> Path:
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return file
