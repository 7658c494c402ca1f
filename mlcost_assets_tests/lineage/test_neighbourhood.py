"""`mlcost lineage`: a resource by whatever a person calls it, what is around it, and which record says so."""

import json
from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from mlcost_assets.cli.main import cli
from mlcost_assets.errors import MlcostError
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.lake.writer import LakeWriter
from mlcost_assets.lineage.edges import make_edges
from mlcost_assets.lineage.neighbourhood import find_thing, neighbourhood
from mlcost_assets.reports import assets as reports
from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.metadata.conftest import Landing
from mlcost_assets_tests.world import World, arn, record

FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:score"
HOSTILE = "<script>alert('1')</script> \"😀\" '; DROP TABLE x"
MANY = 9
BILLED = """
SELECT '2026-10' AS billing_period, $key AS billed_thing, $key AS resource_key, $key AS resource_id, true AS names_resource,
    DATE '2026-10-01' AS first_date, DATE '2026-10-02' AS last_date, $cost AS effective_cost
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An endpoint that served two models, a function that calls it, and a volume with a hostile name around it."""
    world = World(tmp_path_factory.mktemp("lineage"))
    born = {"CreationTime": "2026-10-01T00:00:00Z"}
    records = [
        record("sagemaker:DescribeModel", arn(f"model/{name}"), born | {"ModelName": name, "PrimaryContainer": {"ModelDataUrl": f"s3://m/a/{name}.tar.gz"}})
        for name in ("one", "two")
    ]  # fmt: skip
    records += [
        record("sagemaker:DescribeEndpointConfig", arn(f"endpoint-config/{name}"), born | {"EndpointConfigName": name, "ProductionVariants": [{"ModelName": name}]})
        for name in ("one", "two")
    ]  # fmt: skip
    records += [
        record("sagemaker:DescribeEndpoint", arn("endpoint/churn"), born | {"EndpointName": "churn", "EndpointConfigName": name}, at=at)
        for name, at in (("one", "2026-10-02T00:00:00Z"), ("two", "2026-10-10T00:00:00Z"))
    ]  # fmt: skip
    variables = {"Configuration": {"FunctionName": "score", "Environment": {"Variables": {"ENDPOINT": "churn"}}}}
    records += [record("lambda:GetFunction", FUNCTION, variables)]
    records += [
        record("sagemaker:DescribeTrainingJob", arn(f"training-job/j{number}"), born | {"TrainingJobName": f"j{number}", "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": "s3://data/all/"}}}]})
        for number in range(MANY)
    ]  # fmt: skip
    attached = {"VolumeId": "vol-0abc", "Attachments": [{"InstanceId": HOSTILE}]}
    world.land(*records, record("ec2:DescribeVolumes", "vol-0abc", attached))
    with LakeWriter(world.config) as lake:
        Landing(world, lake).read()
        make_edges(lake)
        for key, cost in ((arn("endpoint/churn"), 30), ("i-0fed", 1)):
            lake.replace("billed_things", BILLED, {"key": key, "cost": cost}, billed_thing=key)
        lake.replace("resources", read_sql(reports.__file__, "resources"))
        lake.publish()
    return world


@pytest.fixture(scope="module")
def reader(world: World) -> Iterator[LakeReader]:
    reader = LakeReader(world.config)
    yield reader
    reader.close()


def mlcost(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--config", str(world.config.path)])


@pytest.mark.parametrize(
    ("named", "key"),
    [
        (arn("endpoint/churn"), arn("endpoint/churn")),
        ("churn", arn("endpoint/churn")),
        ("endpoint/churn", arn("endpoint/churn")),
        ("Endpoint/CHURN", arn("endpoint/churn")),
        ("model/one", arn("model/one")),
        (f"{FUNCTION}:3", FUNCTION),
        ("score", FUNCTION),
        ("i-0fed", "i-0fed"),
        (f"arn:aws:ec2:us-east-1:{ACCOUNT}:volume/vol-0abc", "vol-0abc"),
        ("s3://m/a/one.tar.gz", "s3://m/a/one.tar.gz"),
        ("s3://data/all", "s3://data/all/"),
        (HOSTILE, HOSTILE),
    ],
)
def test_a_thing_is_found_by_whatever_it_is_called(reader: LakeReader, named: str, key: str) -> None:
    assert find_thing(reader, named) == key


def test_what_is_called_alike_is_listed_and_what_is_unknown_has_neighbours_in_spelling(reader: LakeReader) -> None:
    with pytest.raises(MlcostError, match=r"2 things are called 'two': .*:endpoint-config/two, .*:model/two\. Give"):
        find_thing(reader, "two")
    with pytest.raises(MlcostError, match=r"Nothing is called 'chrun'.* Near it: .*:endpoint/churn"):
        find_thing(reader, "chrun")
    with pytest.raises(MlcostError, match=r"Nothing is called 'nothing'.* Near it: none"):
        find_thing(reader, "nothing")


def relations(reader: LakeReader, named: str, **how: object) -> list[tuple[int, str, str, str]]:
    around = neighbourhood(reader, named, **how)  # type: ignore[arg-type]
    return [
        (edge["distance"], edge["from_id"].split(":")[-1], edge["relation"], edge["to_id"].split(":")[-1])
        for edge in around.edges
    ]


def test_both_directions_are_walked_as_far_as_asked(reader: LakeReader) -> None:
    near = [
        (1, "score", "calls", "endpoint/churn"),
        (1, "endpoint/churn", "configured_by", "endpoint-config/one"),
        (1, "endpoint/churn", "configured_by", "endpoint-config/two"),
    ]
    assert relations(reader, "churn", depth=1) == near
    models = [(2, f"endpoint-config/{name}", "serves", f"model/{name}") for name in ("one", "two")]
    artifacts = [(3, f"model/{name}", "loads", f"//m/a/{name}.tar.gz") for name in ("one", "two")]
    assert relations(reader, "churn") == near + models + artifacts


def test_at_a_moment_only_what_held_then_is_there(reader: LakeReader) -> None:
    found = relations(reader, "churn", depth=2, at=datetime(2026, 10, 5, 12))
    assert (2, "endpoint-config/one", "serves", "model/one") in found
    assert (2, "endpoint-config/two", "serves", "model/two") not in found


def test_what_many_share_is_counted_and_not_gone_through(reader: LakeReader) -> None:
    around = neighbourhood(reader, "j0", most=4)
    assert [edge["to_id"] for edge in around.edges] == ["s3://data/all/"]
    assert [(row["to_id"], row["relation"], row["others"]) for row in around.more] == [
        ("s3://data/all/", "reads", MANY)
    ]
    asked = neighbourhood(reader, "s3://data/all/", most=4)
    assert (len(asked.edges), asked.more[0]["others"]) == (4, MANY - 4)


def test_the_table_says_since_when_and_by_which_record(world: World) -> None:
    done = mlcost(world, "lineage", "churn", "--depth", "1")
    assert done.exit_code == 0
    assert "30.00 so far" in done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "endpoint-config/two" in line]
    assert line.split() == ["1", "endpoint/churn", "configured", "by", "endpoint-config/two", "2026-10-10", "00:00:00", "now", "records.jsonl:6"]  # fmt: skip


def test_json_is_an_array_of_edges(world: World) -> None:
    edges = json.loads(mlcost(world, "lineage", "j0", "--most", "4", "--format", "json").stdout)
    assert [(edge["from_id"], edge["relation"], edge["to_id"], edge["others"]) for edge in edges] == [
        (arn("training-job/j0"), "reads", "s3://data/all/", None),
        (None, "reads", "s3://data/all/", MANY),
    ]
    assert edges[0]["source"] == "records.jsonl:8"


def test_the_picture_shows_names_as_text(world: World) -> None:
    picture = mlcost(world, "lineage", "vol-0abc", "--format", "svg").stdout
    root = ElementTree.fromstring(picture)  # noqa: S314  it is our own
    shown = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert HOSTILE in shown
    assert "attached to" in shown
    assert "<script" not in picture
    assert mlcost(world, "lineage", "vol-0abc", "--format", "dot").stdout.startswith('digraph "What vol-0abc')


def test_what_nothing_is_known_of_says_so(world: World) -> None:
    done = mlcost(world, "lineage", "i-0fed")
    assert "only the bill knows it" in done.stdout
    assert "no record connects it to anything" in done.stdout
