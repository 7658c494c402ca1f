"""What a thing is connected to, read from the published tables, and its picture."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import Readable
from mlcost_assets.lake.sql import as_dicts, read_sql
from mlcost_assets.lineage.drawing import Edge, Node

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Neighbourhood:
    """A thing by its key, what is known of it and of those around it, and the edges between them.

    `edges`: distance, from_id, relation, to_id, valid_from, valid_to, source, detail; the nearest first.
    `more`: the same of edges beyond what was asked for, with one end and `others`, their number.
    """

    key: str
    things: dict[str, dict[str, Any]]
    edges: Rows
    more: Rows


def find_thing(reader: Readable, named: str) -> str:
    """The key of the thing that a person calls `named`: its ARN or id, as AWS or the bill has it, or the end of it, its
    name, or an S3 location.

    Raises MlcostError when nothing is called so, or several things are.
    """
    found = _rows(reader, "named", named=named)
    if not found:
        near = ", ".join(near_things(reader, named)) or "none"
        raise MlcostError(f"Nothing is called {named!r}, neither in metadata nor in the bill. Near it: {near}.")
    if len(found) > 1:
        some = ", ".join(row["key"] for row in found[:6])
        more = f" and {len(found) - 6} more" if len(found) > 6 else ""
        raise MlcostError(f"{len(found)} things are called {named!r}: {some}{more}. Give the whole id.")
    return str(found[0]["key"])


def near_things(reader: Readable, named: str) -> list[str]:
    """The keys of up to three things that are spelt nearly as `named`, or begin so; the nearest first."""
    return [row["key"] for row in _rows(reader, "near_names", named=named)]


def neighbourhood(
    reader: Readable, named: str, *, depth: int = 3, most: int = 12, at: datetime | None = None
) -> Neighbourhood:
    """What lies within `depth` steps of `named`; of each of its relations the `most` newest, and nothing beyond things
    that have more than that of one.

    `at` leaves out what did not hold at that moment (UTC). Raises MlcostError as find_thing does.
    """
    key = find_thing(reader, named)
    rows = _rows(reader, "neighbourhood", key=key, depth=depth, most=most, at=at)
    edges = [row for row in rows if row["others"] is None]
    keys = list(dict.fromkeys([key, *(edge[end] for edge in edges for end in ("from_id", "to_id"))]))
    things = {row["key"]: row for row in _rows(reader, "things", keys=keys)}
    return Neighbourhood(key, {one: things.get(one, {}) for one in keys}, edges, [row for row in rows if row["others"]])


def picture(around: Neighbourhood) -> tuple[list[Node], list[Edge]]:
    """The neighbourhood as nodes and edges for drawing.py."""
    nodes = [
        Node(key, _label(key, thing), marked=key == around.key, note=_note(key, thing))
        for key, thing in around.things.items()
    ]
    edges = [
        Edge(edge["from_id"], edge["to_id"], words(edge["relation"]), f"{words(edge['relation'])}, {_told(edge)}")
        for edge in around.edges
    ]
    for row in around.more:
        end, relation = row["from_id"] or row["to_id"], words(row["relation"])
        others = f"{end} {row['relation']} {row['from_id'] is None}"
        nodes.append(Node(others, (f"… {row['others']:,} more",), note=f"{row['others']:,} more ({relation})"))
        edges.append(Edge(row["from_id"] or others, row["to_id"] or others, relation))
    return nodes, edges


def words(relation: str) -> str:
    """A relation as it reads between two things."""
    return relation.replace("_", " ")


def short(key: str) -> str:
    """A key without what is alike in all of them: an ARN's resource, a location without the folders between."""
    if key.startswith("s3://"):
        bucket, *folders = key.removeprefix("s3://").split("/")
        return "/".join([f"s3://{bucket}", *(["…", *folders[-2:]] if len(folders) > 4 else folders)])
    return key.split(":", 5)[-1] if key.startswith("arn:") and not key.startswith("arn:aws:s3:::") else key


def _label(key: str, thing: dict[str, Any]) -> tuple[str, ...]:
    resource, _, own = short(key).rpartition(":")[2].partition("/") if key.startswith("arn:") else ("", "", "")
    kind = (thing.get("kind") or resource).replace("Describe", "").replace(":", " ")
    cost = thing.get("effective_cost")
    below = " · ".join(filter(None, [kind, f"{cost:,.2f}" if cost is not None else ""]))
    return tuple(filter(None, [thing.get("name") or own or short(key), below]))


def _note(key: str, thing: dict[str, Any]) -> str:
    lived = f"from {thing['created_at']} to {thing['ended_at'] or 'now'}" if thing.get("created_at") else ""
    where = " ".join(filter(None, [thing.get("account_id"), thing.get("region")]))
    return "\n".join(filter(None, [key, where, lived]))


def _told(edge: dict[str, Any]) -> str:
    return f"from {edge['valid_from'] or 'unknown'} to {edge['valid_to'] or 'now'} ({edge['source']})"


def _rows(reader: Readable, statement: str, **given: Any) -> Rows:
    return as_dicts(reader.query(read_sql(__file__, statement), given))
