"""`mlcost demo`: a complete example organisation, refreshed, with the answer to the first question."""

from pathlib import Path

import click

from mlcost_assets.cli.output import say

_MAKING = "('training', 'tuning', 'evaluation', 'experimentation', 'data_preparation')"
_QUESTION = f"""
    SELECT coalesce(model, '(no model known)') AS model, any_value(team) AS team,
        round(sum(effective_cost), 2) AS cost,
        round(coalesce(sum(effective_cost) FILTER (stage IN {_MAKING}), 0), 2) AS making_it,
        round(coalesce(sum(effective_cost) FILTER (stage = 'inference'), 0), 2) AS serving_it,
        round(coalesce(sum(effective_cost) FILTER (stage NOT IN {_MAKING} AND stage <> 'inference'), 0), 2) AS around_it
    FROM model_costs
    GROUP BY model_costs.model
    ORDER BY model_costs.model IS NULL, cost DESC
"""


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the example lives.",
)
@click.option("--seed", default=7, show_default=True, help="Another seed is another organisation.")
def demo(folder: Path, seed: int) -> int:
    """Generate an example organisation, refresh it, and show what each model costs.

    Everything is made in the folder and nothing leaves this machine; a second call only refreshes.
    """
    from mlcost_assets.cli.refresh import run_refresh
    from mlcost_assets.cli.results import write_result
    from mlcost_assets.config import load_config
    from mlcost_assets.lake.reader import LakeReader

    folder = folder.absolute()
    if not (folder / "mlcost.yaml").exists():
        say(f"Simulating three months of an ML organisation into {folder} ...", err=True)
        from mlcost_assets.demo import simulate

        simulate(folder, seed=seed)
    config = load_config(folder / "mlcost.yaml")
    say("Refreshing it through Dagster ...", err=True)
    if run_refresh(config, []) == 1:
        return 1
    reader = LakeReader(config)
    try:
        say("\nWhat does each model cost, fully loaded, over the three months (USD)?\n")
        write_result(reader.query(_QUESTION), "table", None)
    finally:
        reader.close()
    named = f"--config {folder / 'mlcost.yaml'}"
    say(
        "Half of the example's tags are missing or misspelt on purpose, so some checks complain.\n"
        "Where to look next:\n"
        f'  mlcost query {named} "SELECT * FROM team_costs ORDER BY effective_cost DESC LIMIT 10"\n'
        f"  mlcost explain {named} RESOURCE      why a resource's dollars went where they went\n"
        f"  mlcost dagster {named}      the graph, its checks and what runs it\n"
        f"  {folder / 'mlcost.yaml'}      copy it and point it at your own export (README, three steps)"
    )
    return 0
