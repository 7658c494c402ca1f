"""What steps print goes to S3 where the user's dagster.yaml says what docs/server.md says; else it is kept nowhere."""

import re
from pathlib import Path

import boto3
import dagster as dg
import yaml
from dagster_aws.s3.compute_log_manager import S3ComputeLogManager

from mlcost_assets.automation.instance import dagster_home, open_instance
from mlcost_assets_tests.s3 import S3Server
from mlcost_assets_tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "server.md"


@dg.asset
def talkative() -> None:
    """Stands for a user's own code."""
    print("hello from a step")


def as_documented(s3: S3Server, folder: Path) -> dict[str, object]:
    (block,) = re.findall(
        r"^```yaml\n(compute_logs:\n.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    settings: dict[str, dict[str, object]] = yaml.safe_load(block)
    told = settings["compute_logs"]["config"]
    assert isinstance(told, dict)
    settings["compute_logs"]["config"] = told | {"bucket": s3.bucket, "local_dir": str(folder / "output")}
    return dict(settings)


def test_output_of_a_step_is_in_the_bucket_and_not_on_the_disk(world: World, s3: S3Server) -> None:
    file = dagster_home(world.config) / "dagster.yaml"
    ours = file.read_text(encoding="utf-8").partition("\n")[2]
    file.write_text(yaml.safe_dump(yaml.safe_load(ours) | as_documented(s3, world.folder)), encoding="utf-8")
    with open_instance(world.config) as instance:
        assert isinstance(instance.compute_log_manager, S3ComputeLogManager)
        assert dg.materialize([talkative], instance=instance).success
    client = boto3.client("s3")
    kept = client.list_objects_v2(Bucket=s3.bucket, Prefix="output/").get("Contents", [])
    texts = [client.get_object(Bucket=s3.bucket, Key=one["Key"])["Body"].read().decode() for one in kept]
    assert any("hello from a step" in text for text in texts)
    assert not list((world.folder / "output").rglob("*.out"))


def test_without_it_nothing_is_kept(world: World) -> None:
    with open_instance(world.config) as instance:
        assert dg.materialize([talkative], instance=instance).success
    assert not list(world.config.home.rglob("*.out"))
