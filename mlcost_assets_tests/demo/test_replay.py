"""Everything that is published of the example organisation follows from its evidence."""

from pathlib import Path

from click.testing import CliRunner

from mlcost_assets.cli.main import cli


def test_the_demo_replays(published: Path) -> None:
    done = CliRunner().invoke(cli, ["verify", "--config", str(published / "mlcost.yaml")], standalone_mode=False)
    assert (done.return_value, done.stdout.splitlines()[-1]) == (0, "Everything replays."), done.stdout
