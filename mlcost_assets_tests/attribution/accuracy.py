"""How much of a simulated organisation's bill attribution puts where the simulation knows that it belongs."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from mlcost_assets.config import load_config
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql

_KNOWABLE = {
    "model": "model_knowable",
    "team": "team_knowable",
    "environment": "environment_knowable",
    "agent": "agent_knowable",
    "stage": "true",
}

# Of the dollars whose owner can be known: those that have it (all, where there are none). Of all ML dollars: those that somebody wrong got. Credits and
# negations count by their size, so that nothing that is wrong hides behind something that is right.
_FIGURES = """
    SELECT
        CAST(coalesce(sum(abs(agreed)) FILTER (expected IS NOT NULL AND knowable) / sum(abs(expected_cost)) FILTER (expected IS NOT NULL AND knowable), 1) AS DOUBLE),
        CAST(coalesce(sum(abs(given_cost - agreed)) FILTER (given IS NOT NULL), 0) / (SELECT sum(abs(effective_cost)) FROM truth WHERE is_ml) AS DOUBLE)
    FROM compared
"""

# What a report by tags in the bill alone would know of the models.
_TAGS_ALONE = """
    SELECT CAST(sum(effective_cost) FILTER (model_knowable AND clue = 'tag in the bill') / sum(effective_cost) FILTER (model_knowable) AS DOUBLE)
    FROM truth WHERE is_ml AND model IS NOT NULL
"""


@dataclass(frozen=True)
class Accuracy:
    """Shares of dollars, by dimension; `reliability` is (confidence, dollars, share of them that is right) of each."""

    right: dict[str, float]
    wrong: dict[str, float]
    tags_alone: float
    reliability: dict[str, list[tuple[float, float, float]]]


def measure(folder: Path) -> Accuracy:
    """Compares what is published in `folder`, a refreshed demo, with its truth.

    Reads folder/mlcost.yaml and folder/truth/charges.parquet; compares the periods that are published.
    """
    reader = LakeReader(load_config(folder / "mlcost.yaml"))
    attributed = reader.query("FROM attributed_costs").to_arrow_table()
    reader.close()
    with duckdb.connect() as connection:
        connection.register("attributed", attributed)
        connection.execute(
            "CREATE TABLE truth AS FROM read_parquet(?) SEMI JOIN attributed USING (billing_period)",
            [str(folder / "truth" / "charges.parquet")],
        )
        right, wrong, reliability = {}, {}, {}
        for dimension, knowable in _KNOWABLE.items():
            sql = read_sql(__file__, "accuracy").format(dimension=dimension, knowable=knowable)
            connection.execute(f"CREATE OR REPLACE TABLE compared AS {sql}")
            reliability[dimension] = connection.execute(read_sql(__file__, "reliability")).fetchall()
            right[dimension], wrong[dimension] = connection.execute(_FIGURES).fetchall()[0]
        return Accuracy(right, wrong, connection.execute(_TAGS_ALONE).fetchall()[0][0] or 0.0, reliability)
