"""The splits of rules.yaml, as small temporary tables for SQL."""

import duckdb

from mlcost_assets.attribution.globs import GLOBS, as_globs
from mlcost_assets.config.rules import Rules, Split
from mlcost_assets.lake.sql import fill

# What splits look at beside the charge itself: whose it is.
_OWNER_GLOBS = ("model", "project", "team", "environment")


def provide_splits(connection: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Makes splits, split_targets and split_tags."""
    given = rules.splits
    rows = [
        (
            split.name,
            place,
            split.valid.since,
            split.valid.until,
            len(split.when.tags),
            *(as_globs(getattr(split.when, field)) for field in GLOBS),
            split.by,
            split.over.cost if split.over else None,
            as_globs(split.over.usage) if split.over else [],
            list(split.over.within) if split.over else [],
            # What a charge itself tells decides before anybody owns it; whose it is, afterwards.
            split.by == "proportional" and not split.to and not split.when.model_fields_set & set(_OWNER_GLOBS),
            *(as_globs(getattr(split.when, field)) for field in _OWNER_GLOBS),
        )
        for place, split in enumerate(given)
    ]
    fill(connection, "splits", rows)
    targets = [(split.name, team, weight) for split in given for team, weight in _targets(split).items()]
    fill(connection, "split_targets", targets)
    tags = [(split.name, key, as_globs(globs)) for split in given for key, globs in split.when.tags.items()]
    fill(connection, "split_tags", tags)


def _targets(split: Split) -> dict[str, int]:
    """Teams that a split names, with weights in millionths of a percent."""
    if isinstance(split.to, dict):
        return {team: int(share * 1_000_000) for team, share in split.to.items()}
    return dict.fromkeys(split.to or [], 1_000_000)
