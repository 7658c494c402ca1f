"""Making a refresh mend what lost data files held: their rows are forgotten, and whatever came from them is made anew.

Only for a run that was asked to (`mlcost doctor --repair`, `mlcost refresh --all`): a file that is out of sight for a
moment is not lost.
"""

from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.damage import LostFile, forget, lost_files
from mlcost_assets.lake.writer import LakeWriter

_OF_A_DROP = ("line_items", "drop_totals", "quarantined_rows")
_OF_THE_LANDING_ZONE = ("metadata_files", "metadata_records", "quarantined_records")


def mend(writer: LakeWriter, catalog: Catalog) -> list[LostFile]:
    """Forgets the lost data files in the working copy and notes what is to be made anew; gives what is lost."""
    lost = lost_files(writer.connection, catalog.store, read=True)
    if not lost:
        return []
    forget(writer.connection, lost)
    with writer.transaction() as connection:
        for file in lost:
            span = {"first": file.first_period or "", "last": file.last_period or "9999"}
            if file.table in _OF_A_DROP:
                _load_again(writer, span)
            connection.execute(
                "DELETE FROM made WHERE table_name = $table AND billing_period BETWEEN $first AND $last",
                {"table": file.table, **span},
            )
        if any(file.table in _OF_THE_LANDING_ZONE for file in lost):
            connection.execute("DELETE FROM metadata_files")
        # Of what was seen and lived, part is gone: all of it is made anew from the records.
        connection.execute("DELETE FROM sightings")
        connection.execute("UPDATE metadata_files SET in_history = false")
    return lost


def _load_again(writer: LakeWriter, span: dict[str, str]) -> None:
    """Takes the drops of the periods out; what an export still holds of them is loaded in this run or the next."""
    for table in _OF_A_DROP:
        writer.connection.execute(f"DELETE FROM {table} WHERE billing_period BETWEEN $first AND $last", span)
    writer.connection.execute(
        "UPDATE billing_drops SET state = 'lost', reason = 'a data file of the lake was lost, and no export holds this"
        " period any more: put its files back, then run mlcost refresh'"
        " WHERE state = 'loaded' AND billing_period BETWEEN $first AND $last",
        span,
    )
    # What stands of these months comes from charges that are gone.
    writer.connection.execute(
        "UPDATE made SET version = uuid() WHERE table_name = 'line_items' AND billing_period BETWEEN $first AND $last",
        span,
    )
