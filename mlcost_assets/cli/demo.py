"""`mlcost demo`: a complete example organisation, refreshed, with the answer to the first question."""

import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlcost_assets.cli.output import say
from mlcost_assets.errors import ConfigError, excerpt

if TYPE_CHECKING:
    from mlcost_assets.lake.reader import LakeReader

_SEED = 7
_MAKING = "('training', 'tuning', 'evaluation', 'experimentation', 'data_preparation')"
_QUESTION = f"""
    SELECT coalesce(model, '(no model known)') AS model, any_value(team) AS team,
        round(sum(effective_cost), 2) AS cost,
        round(coalesce(sum(effective_cost) FILTER (stage IN {_MAKING}), 0), 2) AS development,
        round(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0), 2) AS inference,
        round(coalesce(sum(effective_cost) FILTER (stage NOT IN {_MAKING} AND stage <> 'inference'), 0), 2) AS the_rest
    FROM model_costs
    GROUP BY model_costs.model
    ORDER BY model_costs.model IS NULL, cost DESC
"""
_DEAREST = """
    SELECT model, resource_id
    FROM attributed_costs
    WHERE is_ml AND model IS NOT NULL AND resource_id IS NOT NULL
    GROUP BY ALL
    ORDER BY sum(effective_cost) DESC, resource_id, model
    LIMIT 1
"""
_TEAMS = (
    "SELECT team, round(sum(effective_cost), 2) AS ml_cost"
    " FROM team_costs WHERE is_ml GROUP BY team ORDER BY ml_cost DESC"
)


@click.command(short_help="Make an example organisation and show what its models cost.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the example lives.",
)
@click.option("--seed", type=int, help=f"Another seed is another organisation.  [default: {_SEED}]")
def demo(folder: Path, seed: int | None) -> int:
    """Generate an example organisation, refresh it, and show what each model costs.

    Everything is made in the folder and nothing leaves this machine; a second call only refreshes. A folder that
    holds anything else is left alone.
    """
    from mlcost_assets.cli.refresh import run_refresh
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader

    folder = folder.absolute()
    if not ((folder / "mlcost.yaml").exists() and (folder / "truth").exists()):
        _simulate(folder, _SEED if seed is None else seed)
    elif seed is not None and f"seed {seed}" != (standing := _seed(folder)):
        raise ConfigError(f"--seed {seed}: {folder} holds the example of {standing}; name another --folder")
    config = load_config(folder / "mlcost.yaml")
    say("Refreshing it through Dagster ...", err=True)
    if run_refresh(config, []) == 1:
        return 1
    reader = LakeReader(config)
    try:
        say("\nWhat does each model cost, fully loaded, over the three months (USD)?\n")
        write_result(reader.query(_QUESTION), "table", None)
        _write_epilogue(reader, folder / "mlcost.yaml")
    finally:
        reader.close()
    return 0


def _seed(folder: Path) -> str:
    """The seed that the example in `folder` was made from, which versions before did not note."""
    summary = json.loads((folder / "truth" / "summary.json").read_text(encoding="utf-8"))
    return f"seed {summary['seed']}" if "seed" in summary else "another version"


def _simulate(folder: Path, seed: int) -> None:
    """Writes the example, whole or not at all. Raises ConfigError for a folder that holds anything else."""
    from mlcost_assets.demo import simulate

    unfinished = folder / ".unfinished"
    held = sorted(entry.name for entry in folder.iterdir() if entry != unfinished) if folder.exists() else []
    if held:
        raise ConfigError(
            f"--folder {folder}: holds other files, first {excerpt(held[0])}; name a new or an empty folder,"
            " such as --folder demo"
        )
    say(f"Simulating three months of an ML organisation into {folder} ...", err=True)
    shutil.rmtree(unfinished, ignore_errors=True)
    simulate(unfinished, seed=seed)
    for entry in sorted(unfinished.iterdir(), key=lambda entry: entry.name == "mlcost.yaml"):  # which says: complete
        entry.rename(folder / entry.name)
    unfinished.rmdir()


def _write_epilogue(reader: "LakeReader", config: Path) -> None:
    """What to ask next, as commands that can be pasted into the shell that called us."""
    program = _program()
    say(
        "\nHalf of the example's tags are missing or misspelt on purpose, so some checks complain."
        "\nWhere to look next; each command can be pasted:"
    )
    steps: list[tuple[str, tuple[str, ...]]] = [("what each team's ML work cost", ("query", _TEAMS))]
    for model, resource in reader.query(_DEAREST).fetchall():
        steps += [
            ("what the model of the resource with the largest cost is billed for", ("explain", "--model", model)),
            ("why the cost of that resource has its owner", ("explain", resource)),
        ]
    steps += [
        ("names that may be two spellings of one", ("tags", "review")),
        ("all of this as pages, until Ctrl-C", ("dashboard",)),
        ("the graph, its runs, checks and sensors", ("dagster",)),
    ]
    for meaning, arguments in steps:
        say(f"\n# {meaning}\n{shlex.join([*program, *arguments, '--config', str(config)])}")
    beside = shlex.quote(str(Path(sys.executable).parent))
    say(
        f"\n# all tables\n{shlex.join([*program, 'tables'])}"
        f"\n\n# after this, the commands of README ask the example\n"
        f"export MLCOST_CONFIG={shlex.quote(str(config))} PATH={beside}:$PATH"
        f"\n\n{config} is the example's configuration: copy it and point it at your own export (README, three steps)."
    )


def _program() -> list[str]:
    """How a shell calls this program: by name where PATH finds it, as it was called, or by the path of Python."""
    called = Path(sys.argv[0]).absolute()
    found = shutil.which("mlcost")
    if found and Path(found).absolute() in (called, Path(sys.executable).parent / "mlcost"):
        return ["mlcost"]
    if called.name == "mlcost" and called.exists():
        return [sys.argv[0]]
    beside = Path(sys.executable).parent / "mlcost"
    return [str(beside)] if beside.exists() else [sys.executable, "-m", "mlcost_assets"]
