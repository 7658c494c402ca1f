"""The splits of rules.yaml, as small temporary tables for SQL."""

import duckdb
import pyarrow as pa

from mlcost_assets.attribution.small_tables import GLOBS, as_globs, by_column, fill_table
from mlcost_assets.config.rules import Rules, Split


def provide_splits(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes the temporary tables splits, split_targets (split, team, weight) and split_tags (split, key, globs)."""
    texts, moment, text = pa.list_(pa.string()), pa.date32(), pa.string()
    given = rules.splits
    owner_globs = ("model", "project", "team", "environment")
    columns = {
        "name": [split.name for split in given],
        "place": list(range(len(given))),
        "way": [split.by for split in given],
        "cost": [split.over.cost if split.over else None for split in given],
        "usage": [as_globs(split.over.usage) if split.over else [] for split in given],
        "within": [list(split.over.within) if split.over else [] for split in given],
        "since": [split.valid.since for split in given],
        "until": [split.valid.until for split in given],
        # What a charge itself tells decides before anybody owns it; whose it is, afterwards.
        "of_charge": [
            split.by == "proportional" and not split.to and not split.when.model_fields_set & set(owner_globs)
            for split in given
        ],
        "tag_conditions": [len(split.when.tags) for split in given],
        **{field: [as_globs(getattr(split.when, field)) for split in given] for field in (*GLOBS, *owner_globs)},
    }
    types = {"name": text, "place": pa.int32(), "way": text, "cost": text, "usage": texts, "within": texts}
    types |= {"since": moment, "until": moment, "of_charge": pa.bool_(), "tag_conditions": pa.int32()}
    fill_table(connection, "splits", columns, types | dict.fromkeys((*GLOBS, *owner_globs), texts))
    targets = [(split.name, team, weight) for split in given for team, weight in _targets(split).items()]
    fill_table(
        connection,
        "split_targets",
        by_column(("split", "team", "weight"), targets),
        {"split": text, "team": text, "weight": pa.int64()},
    )
    tags = [(split.name, key, as_globs(globs)) for split in given for key, globs in split.when.tags.items()]
    fill_table(
        connection,
        "split_tags",
        by_column(("split", "key", "globs"), tags),
        {"split": text, "key": text, "globs": texts},
    )


def _targets(split: Split) -> dict[str, int]:
    """Teams that a split names, with weights in millionths of a percent."""
    if isinstance(split.to, dict):
        return {team: int(share * 1_000_000) for team, share in split.to.items()}
    return dict.fromkeys(split.to or [], 1_000_000)
