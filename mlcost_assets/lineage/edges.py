"""Edges: what records state of each other, and what follows from it."""

from pathlib import Path

from mlcost_assets.lake.sql import step
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.metadata.kinds import provide_record_values

_FOLDER = Path(__file__).parent


def _together(folder: str, columns: str) -> str:
    files = sorted((_FOLDER / folder).glob("*.sql"))
    return "\nUNION ALL\n".join(f"(SELECT {columns} FROM ({file.read_text(encoding='utf-8')}))" for file in files)


_STATED = _together("stated", "id, region, account_id, relation, target, valid_from, valid_to, source, detail")
_DERIVED = _together("derived", "from_id, to_id, relation, valid_from, valid_to, source, detail")


def make_edges(lake: LakeWriter) -> None:
    """Fills `lineage_edges` anew: what records state (stated/) and what follows from it (derived/)."""
    with lake.transaction() as connection:
        provide_record_values(connection)
        step(connection, "stated_relations", select=_STATED)
        step(connection, "stated_edges")
        lake.replace("lineage_edges", f"FROM stated_edges UNION ALL {_DERIVED}")
