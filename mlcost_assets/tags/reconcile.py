"""Reconciliation: what every name of a dimension means, from the observations and from who uses the names."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import fill, step
from mlcost_assets.tags.likeness import SHORT_FORM, likeness

# In the order in which each reads the one before.
_FAMILIES = (
    "observed_names",
    "names_seen",
    "name_stems",
    "name_leaders",
    "name_twins",
    "name_parents",
    "name_families",
    "name_roots",
    "name_candidates",
)
_LIKENESS = ("dimension", "name", "other", "score", "stage", "what")


@dataclass(frozen=True)
class Thresholds:
    """From which likeness two names are one. Chosen on one half of the labelled corpus and confirmed on the other
    (mlcost_assets_tests/tags/test_corpus.py).

    `alone` needs no evidence beside that nothing speaks against it, `supported` needs `support` of it, and from
    `proposed` on a pair is worth a person's look.
    """

    alone: float = 0.94
    supported: float = 0.88
    support: float = 0.5
    proposed: float = 0.75


def reconcile(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds = Thresholds()) -> None:
    """Makes the temporary tables `name_links` (who may be whom) and `name_meanings` (what each name means).

    Reads tag_observations, tag_keys, tag_carriers, bill_tag_sets, resource_history, lineage_edges and the vocabulary.
    """
    compare_names(connection)
    decide(connection, thresholds)


def compare_names(connection: duckdb.DuckDBPyConnection) -> None:
    """The part that no threshold changes: names, stems, pairs that are alike, and who uses them."""
    for table in _FAMILIES:
        step(connection, table)
    _compare(connection)
    for table in ("wanted_names", "name_contexts", "name_support"):
        step(connection, table)


def decide(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> None:
    """The part that depends on thresholds: which links are applied, and what names mean by them."""
    given = {"alone": thresholds.alone, "supported": thresholds.supported, "support": thresholds.support}
    step(connection, "name_links", given)
    step(connection, "name_meanings", select=statement_of("tag_names"))


def _compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Fills name_likeness with the candidates that are alike."""
    fill(connection, "name_likeness", ())
    candidates = connection.execute("FROM name_candidates").to_arrow_table()
    for batch in candidates.to_batches(max_chunksize=50_000):
        rows = zip(*(batch.column(name).to_pylist() for name in batch.schema.names), strict=True)
        alike = [
            # Who writes the long form says more than who writes the short one often.
            (dimension, other, name, found.score, found.stage, found.what)
            if found.stage == SHORT_FORM and len(form) > len(other_form) and not registered
            else (dimension, name, other, found.score, found.stage, found.what)
            for dimension, name, other, form, other_form, registered in rows
            if (found := likeness(form, other_form))
        ]
        if alike:
            connection.register("likenesses", pa.table(dict(zip(_LIKENESS, zip(*alike, strict=True), strict=True))))
            connection.execute("INSERT INTO name_likeness FROM likenesses")
            connection.unregister("likenesses")
