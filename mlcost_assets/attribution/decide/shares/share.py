"""Dividing what serves several: every source's shares, followed to those who finally use a thing."""

from pathlib import Path

from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.lake.writer import LakeWriter

_FARTHEST = 5  # an address, its balancer, the service, the pod … ; longer chains end where they are


def divide_shares(lake: LakeWriter) -> None:
    """Fills `shares`: for each resource, instance type and interval its final consumers and their weights."""
    with lake.transaction() as connection:
        sources = sorted((Path(__file__).parent / "sources").glob("*.sql"))
        stated = "\nUNION ALL BY NAME\n".join(f"({file.read_text(encoding='utf-8')})" for file in sources)
        step(connection, "stated_shares", select=stated)
        step(connection, "measured_shares")
        step(connection, "ranked_shares")
        step(connection, "shared", select="SELECT *, false AS moved FROM ranked_shares")
        for _ in range(_FARTHEST):
            step(connection, "shares_one_step_on")
            step(connection, "shared", select="FROM shares_one_step_on")
            if not connection.execute("FROM shared WHERE moved LIMIT 1").fetchone():
                break
        lake.replace("shares", read_sql(__file__, "shares"))
