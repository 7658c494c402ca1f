"""`mlcost tables`: what can be asked, the tables that most questions need first."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from mlcost_assets.cli.output import Bold, say

if TYPE_CHECKING:
    from mlcost_assets.lake.registry import Table

# What things cost, and why; then the bill, what exists, the tags; last, what was read and how each refresh went.
ORDER = (
    "model_costs", "team_costs", "unit_costs", "experiment_costs", "environment_costs", "agent_costs",
    "cost_drivers", "experiment_runs", "gpu_usage", "gpu_traffic", "basis_sensitivity", "attributed_costs",
    "attribution_evidence", "evidence_gaps", "forecasts", "resources", "restatements", "scenarios",
    "token_costs", "unit_gaps", "idle_resources", "commitment_coverage", "commitment_benefits",
    "commitment_ladder", "chargeback", "live_costs", "live_accuracy", "estimate_vs_bill",
    "line_items", "resource_history", "lineage_edges",
    "tag_compliance", "tag_states", "tag_conflicts", "tag_drift", "tag_values", "tag_keys", "tag_observations",
    "tag_proposals", "rule_counts",
    "billing_drops", "drop_totals", "quarantined_rows", "metadata_kinds", "metadata_looks", "quarantined_records",
    "refreshes", "data_quality",
)  # fmt: skip


@click.command(short_help="List the published tables and their columns.")
@click.argument("name", required=False)
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def tables(name: str | None, format_: str) -> None:
    """List the published tables in the order of use, or the columns of table NAME and what they mean.

    The command needs neither configuration nor a refresh.
    """
    from mlcost_assets.lake import registry
    from mlcost_assets.text import as_json

    known = registry.tables()
    chosen = [_named(name, known)] if name else [known[one] for one in ORDER]
    if format_ == "json":
        say(as_json([_described(table, with_columns=bool(name)) for table in chosen], indent=2), whole=True)
    elif name:
        _write_table(chosen[0])
    else:
        _write_list(chosen)


def _named(name: str, known: "dict[str, Table]") -> "Table":
    """The table of that name. Raises ConfigError with the nearest published names where there is none."""
    from difflib import get_close_matches

    from mlcost_assets.errors import ConfigError

    if name.lower() in known:
        return known[name.lower()]
    near = get_close_matches(name.lower(), ORDER, n=3)
    offered = f" Near it: {', '.join(near)}." if near else ""
    raise ConfigError(f"No table is called {name}.{offered} `mlcost tables` lists them.")


def _described(table: "Table", *, with_columns: bool) -> dict[str, Any]:
    about = {"name": table.name, "grain": table.grain, "meaning": table.description, "published": table.published}
    return about | {"columns": [asdict(column) for column in table.columns]} if with_columns else about


def _write_list(chosen: "Sequence[Table]") -> None:
    from mlcost_assets.cli.grid import write_grid

    rows = [(table.name, table.grain, f"{table.description.partition('. ')[0].rstrip('.')}.") for table in chosen]
    write_grid(("table", "a row is", "it holds"), rows, sys.stdout)
    say("\n`mlcost tables NAME` has all of one and its columns.", err=True)


def _write_table(table: "Table") -> None:
    from mlcost_assets.cli.grid import write_grid

    say(Bold(table.name), "" if table.published else "  (internal: it may change with any version)")
    about = f"{table.description} A row is {table.grain}."
    say(click.wrap_text(about, width=78, initial_indent="  ", subsequent_indent="  "), "\n")
    rows = [
        (column.name, column.type, f"{column.meaning} (from {column.source})" if column.source else column.meaning)
        for column in table.columns
    ]
    write_grid(("column", "type", "meaning"), rows, sys.stdout)
