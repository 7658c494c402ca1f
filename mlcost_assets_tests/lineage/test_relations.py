"""What records state of each other becomes edges, each with the record that states it; nothing else does (cases.py, artifacts.py)."""

import re
from pathlib import Path

import pytest
import yaml

from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.lineage.edges import make_edges
from mlcost_assets_tests.lineage.artifacts import ARTIFACTS
from mlcost_assets_tests.lineage.cases import CASES as STATED
from mlcost_assets_tests.lineage.cases import Edges
from mlcost_assets_tests.lineage.containers import CONTAINERS
from mlcost_assets_tests.metadata.conftest import Landing
from mlcost_assets_tests.world import World, arn

ROOT = Path(__file__).parents[2]
CASES = STATED | ARTIFACTS | CONTAINERS


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edges]:
    """The edges of all cases together, by the case whose record states them."""
    world = World(tmp_path_factory.mktemp("relations"))
    for name, (records, _) in CASES.items():
        world.land(*records, file=f"{name}.jsonl")
    with LakeWriter(world.config) as lake:
        Landing(world, lake).read()
        make_edges(lake)
        rows = lake.connection.execute("SELECT from_id, relation, to_id, source FROM lineage_edges").fetchall()
    edges: dict[str, Edges] = {}
    for from_id, relation, to_id, source in rows:
        edge = (from_id.removeprefix(arn("")), relation, to_id.removeprefix(arn("")))
        edges.setdefault(source.partition(".")[0], set()).add(edge)
    return edges


@pytest.mark.parametrize("case", CASES)
def test_just_these_edges_are_stated(found: dict[str, Edges], case: str) -> None:
    assert found[case] == CASES[case][1]


def test_every_relation_has_a_case_and_a_meaning() -> None:
    told = {relation for _, edges in CASES.values() for _, relation, _ in edges}
    page = (ROOT / "docs" / "metadata.md").read_text(encoding="utf-8")
    documented = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]+) \|", page, re.MULTILINE)))
    assert told == set(documented)
    flows = (ROOT / "mlcost_assets" / "attribution" / "claims" / "flows.yaml").read_text(encoding="utf-8")
    # Made of the callers that the bill and CloudTrail tell, when claims flow.
    assert set(yaml.safe_load(flows)) - {"asked_by", "called_by"} <= told
