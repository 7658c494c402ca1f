"""Which accelerators an instance type has: `python -m mlcost_assets.quality.instance_types` writes the table.

EC2's answers (DescribeInstanceTypes) come with moto, which tests use anyway; no run needs it. What the table has and
the installed moto no longer lists stays: bills name instance types that AWS has retired. A test holds the table to
the installed moto.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "reports" / "gpu" / "instance_types.csv"
COLUMNS = ("instance_type", "accelerators", "kind", "accelerator", "source")
_GPUS, _DEVICES, _CHIPS = (
    ("GpuInfo", "Gpus"),
    ("NeuronInfo", "NeuronDevices"),
    ("InferenceAcceleratorInfo", "Accelerators"),
)
_KINDS = {"NVIDIA": "GPU", "AMD": "GPU", "Habana": "Gaudi", "Qualcomm": "Cloud AI"}


def told() -> dict[str, dict[str, str]]:
    """The accelerated instance types that the installed moto knows, as rows of the table."""
    from importlib.metadata import version

    from moto.ec2.models.instance_types import INSTANCE_TYPES

    rows = (accelerators(name, answer, f"moto {version('moto')}") for name, answer in INSTANCE_TYPES.items())
    return {row["instance_type"]: row for row in rows if row}


def accelerators(name: str, answer: Mapping[str, Any], source: str) -> dict[str, str] | None:
    """The row of one instance type, from EC2's answer; None where it has no accelerator.

    A part of a GPU (g6f.large has an eighth) counts as that part.
    """
    for info, listed in (_GPUS, _DEVICES, _CHIPS):
        devices = answer.get(info, {}).get(listed, [])
        if devices:
            first = devices[0]
            maker, called = first.get("Manufacturer", "AWS"), first["Name"]
            return {
                "instance_type": name,
                "accelerators": f"{sum(map(_count, devices)):g}",
                "kind": _KINDS.get(maker) or called.rstrip("0123456789"),
                "accelerator": called if called.startswith(maker) else f"{maker} {called}",
                "source": source,
            }
    return None


def _count(device: Mapping[str, Any]) -> float:
    logical, part = device.get("LogicalGpuCount"), device.get("GpuPartitionSize")
    return float(device["Count"]) if logical is None or part is None else logical * part


def standing() -> dict[str, dict[str, str]]:
    """The rows of the table as it stands, by instance type."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["instance_type"]: row for row in rows}


def written(rows: Iterable[Mapping[str, str]], read: date) -> str:
    """The table as text, with where it comes from in its head."""
    text = io.StringIO()
    text.write(
        "# Accelerators of EC2's instance types as DescribeInstanceTypes tells them, from the copy of its answers in\n"
        f"# moto (Apache-2.0), read on {read}. Written by `python -m mlcost_assets.quality.instance_types`.\n"
    )
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(sorted(rows, key=lambda row: row["instance_type"]))
    return text.getvalue()


if __name__ == "__main__":
    TABLE.write_text(written((standing() | told()).values(), date.today()), encoding="utf-8")  # noqa: DTZ011
