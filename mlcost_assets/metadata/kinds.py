"""The kinds of record that the platform understands: kinds/*.yaml as two small tables for SQL.

A kind says all that its records tell. Paths are into the body; those of a list may pass members of a list (`[*]`) or of
an object (`.*`). What is left out, the kind has not:

    arn         how its ARNs begin, `<service>` or `<service>:<type>`: the tagging API does not list it a second time
    name        where the resource's own name stands
    name_tells  teams: teams name such things too; nothing: a machine gave the name. Else work is named so
    created     when this life of the resource began; the first path that has a time counts
    changed     when what is told became so
    ended       when it ended; NULL while it lives
    ignored     what changes at every look and makes no new state; of such a state the newest body is shown
    settled     true where a later record of one life only tells more of the same (a job): its newest body holds for
                the whole life. Otherwise each state holds from when it was seen
    one_life    true where an id is never used again
    observation true where a record tells what happened rather than what exists
    billed_by   the service whose bill names it by its bare id
    wrapped_in  the member of the answer that holds all the rest (`Table`, or of a list `collectionDetails[]`); a record
                that leaves it out is read as if it stood there
    roles       what it runs as: roles or instance profiles, by ARN or name
    images      container images that it asks for · images_run  those that were seen to run
    keys        KMS keys, by ARN or id
    data_in     S3 locations that it reads · data_out  that it writes; what is no location is left out
    environment its environment variables, as an object · parameters  its hyperparameters
    calls       what it calls, by ARN or name · callable  true where others call it by its bare name
    code        the repository of its code
    addresses   hosts and ids by which others name it in their settings
    named_in    the word that a setting's name has where its value is this one's bare name (`table`: TABLE_NAME)
    also_named  further names that tell whose it is: what carries them, and where they stand
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.lake.sql import fill, step
from mlcost_assets.packaged import read_yaml

# What a kind says of related things: lists of paths.
MEANINGS = (
    "roles",
    "images",
    "images_run",
    "keys",
    "data_in",
    "data_out",
    "environment",
    "parameters",
    "calls",
    "code",
    "addresses",
)
_MEMBERS = re.compile(r"\[\*\]|\.\*")


@cache
def known_kinds() -> dict[str, dict[str, Any]]:
    """How each kind is read, by kind."""
    folder = Path(__file__).parent / "kinds"
    return {kind: how or {} for file in sorted(folder.glob("*.yaml")) for kind, how in read_yaml(file).items()}


def provide_kinds(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the relation `kinds`."""
    rows = [
        (
            kind,
            *(how.get(text) for text in ("name", "wrapped_in", "name_tells", "named_in", "billed_by")),
            *(how.get(times, []) for times in ("created", "changed", "ended")),
            *(how.get(flag, False) for flag in ("settled", "one_life", "observation", "callable")),
            _without(how.get("ignored")),
        )
        for kind, how in known_kinds().items()
    ]
    fill(connection, "kinds", rows)


def provide_record_values(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the relations `kinds`, `kind_paths` and `record_values`."""
    provide_kinds(connection)
    paths = ((kind, meaning, steps, meaning not in MEANINGS) for kind, meaning, steps in _paths())
    fill(connection, "kind_paths", paths)
    step(connection, "record_values")


def _paths() -> Iterator[tuple[str, str, list[str]]]:
    """kind, meaning, and the path to what has it, cut where it passes members: `$.a[*].b` is `$.a` and `$.b`."""
    for kind, how in known_kinds().items():
        told = [(meaning, path) for meaning in MEANINGS for path in how.get(meaning, [])]
        told += how.get("also_named", {}).items()
        for meaning, path in told:
            first, *others = _MEMBERS.split(path)
            yield kind, meaning, [first, *(f"${step}" for step in others)]


def _without(paths: list[str] | None) -> str | None:
    """The JSON merge patch (RFC 7396) that removes the members at `paths` ($.a.b)."""
    if not paths:
        return None
    patch: dict[str, Any] = {}
    for path in paths:
        *parents, last = path.removeprefix("$.").split(".")
        inner = patch
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = None
    return json.dumps(patch)
