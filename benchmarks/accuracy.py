"""How much of unseen organisations' bills is attributed rightly: `python benchmarks/accuracy.py --seeds 901 902`.

Simulates each organisation at 50 % tag compliance and without any user tag, with `--gaps` also with metadata missing,
refreshes it, and prints the shares of dollars that are right and wrong beside what tags alone would know; at last
confidence against truth. What is missing from the metadata is taken off what can be known.

With `--organisations` it measures those that were written blind instead (all, or the named ones; also folders with org/
and truth/), with the expected error of their confidences and what is right of what is given at 0.9 or more.
"""

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks.organisations.load import ORGANISATIONS
from benchmarks.organisations.table import print_table
from mlcost_assets.cli.refresh import run_refresh
from mlcost_assets.config import load_config
from mlcost_assets.demo import NO_GAPS, Gaps, simulate
from mlcost_assets_tests.attribution.accuracy import Accuracy, measure

DIMENSIONS = ("model", "team", "environment", "agent", "stage")
GAPS = {
    "none": NO_GAPS,
    "services": Gaps(denied_services=frozenset({"eks", "ecr", "logs"})),
    "account": Gaps(missing_accounts=1),
    "week": Gaps(missing_days=7),
    "late": Gaps(first_snapshot_day=10),
}


def main() -> None:
    """Prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[901, 902, 903, 904, 905])
    parser.add_argument("--months", type=int, default=1)
    parser.add_argument("--compliance", type=float, nargs="+", default=[0.5, 0.0])
    parser.add_argument(
        "--gaps",
        choices=GAPS,
        nargs="+",
        default=["none"],
        help="services: EKS, ECR and log groups denied · account: one never collected · week: seven days without"
        " snapshots · late: nothing collected before the tenth day",
    )
    parser.add_argument("--organisations", nargs="*", metavar="NAME", help="no name: all of benchmarks/organisations")
    parser.add_argument("--into", type=Path, help="where the organisations' installations are made and left")
    asked = parser.parse_args()
    if asked.organisations is not None:
        with tempfile.TemporaryDirectory() as folder:
            print_table(asked.organisations or ORGANISATIONS, asked.into or Path(folder))
        return
    print("| seed | tags | gap | tags alone | " + " | ".join(f"{one} right | wrong" for one in DIMENSIONS) + " |")
    print("|" + "---|" * (4 + 2 * len(DIMENSIONS)))
    buckets: dict[tuple[str, float], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for gap in asked.gaps:
        for compliance in asked.compliance:
            for seed in asked.seeds:
                found = _run(seed, asked.months, compliance, GAPS[gap])
                figures = " | ".join(f"{found.right[one]:.2%} | {found.wrong[one]:.2%}" for one in DIMENSIONS)
                print(f"| {seed} | {compliance:.0%} | {gap} | {found.tags_alone:.1%} | {figures} |", flush=True)
                for dimension, reliability in found.reliability.items():
                    for confidence, dollars, share in reliability:
                        buckets[dimension, confidence][0] += dollars
                        buckets[dimension, confidence][1] += dollars * share
    print("\n| dimension | confidence | dollars | right |\n|---|---|---|---|")
    for (dimension, confidence), (dollars, right) in sorted(buckets.items()):
        print(f"| {dimension} | {confidence:.1f} | {dollars:,.0f} | {right / dollars:.2%} |")


def _run(seed: int, months: int, compliance: float, gaps: Gaps) -> Accuracy:
    with tempfile.TemporaryDirectory() as folder:
        simulate(Path(folder), seed=seed, months=months, tag_compliance=compliance, gaps=gaps)
        run_refresh(load_config(Path(folder) / "mlcost.yaml"), [], quiet=True)
        return measure(Path(folder))


if __name__ == "__main__":
    main()
