"""What experimenting costs, by experiment and by run, and what became of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcost_assets.cli.main import cli
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import run
from mlcost_assets.reports.answers import reports
from mlcost_assets_tests.attribution.statements import holding
from mlcost_assets_tests.exports import Row, sagemaker
from mlcost_assets_tests.world import Record, World, arn, record

CREATED = {"CreationTime": "2026-10-01T00:00:00Z"}
MONTHS = ("2026-09", "2026-10")
COSTS = ("billed_cost", "effective_cost", "list_cost")

money = st.decimals(min_value=-1000, max_value=1000, places=10)
charge_row = st.fixed_dictionaries(
    {
        "billing_period": st.sampled_from(MONTHS),
        "experiment": st.sampled_from(["sweep", "loss", None]),
        "stage": st.sampled_from(["experimentation", "tuning", "training", "storage"]),
        "team": st.sampled_from(["risk", None]),
        "resource_id": st.sampled_from(["", "i-0a", arn("training-job/a"), arn("training-job/b"), arn("app/d/lab")]),
        "billing_currency": st.sampled_from(["USD", "EUR"]),
        **dict.fromkeys(COSTS, money),
    }
)
outcome = st.fixed_dictionaries(
    {
        "resource_key": st.sampled_from([arn("training-job/a"), arn("training-job/b"), arn("app/d/lab")]),
        "state": st.sampled_from(["failed", "completed", None]),
        "became_deployed": st.sampled_from([True, False, None]),
    }
)


@settings(max_examples=15, deadline=None)
@given(
    charges=st.lists(charge_row, max_size=10),
    outcomes=st.lists(outcome, max_size=3, unique_by=lambda one: str(one["resource_key"])),
)
def test_runs_and_their_report_keep_every_cent(charges: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> None:
    report = reports()["experiments"].statement.read_text(encoding="utf-8")
    sums = ", ".join(f"sum({cost})" for cost in COSTS)
    with holding(
        f"{statement_of('experiment_runs')} {report}", {"attributed_costs": charges, "run_outcomes": outcomes}
    ) as connection:
        for month in MONTHS:
            sql = f"INSERT INTO experiment_runs BY NAME {statement_of('experiment_runs')}"
            run(connection, sql, {"billing_period": month})
        made, of = (
            connection.execute(
                f"SELECT billing_period, billing_currency, {sums} FROM {table} GROUP BY ALL ORDER BY ALL"
            ).fetchall()
            for table in (
                "experiment_runs",
                "(FROM attributed_costs WHERE experiment IS NOT NULL OR stage IN ('experimentation', 'tuning'))",
            )
        )
        assert made == of
        asked = {"periods": list(MONTHS), "team": None, "experiment": None, "model": None}
        parts = f"""
            SELECT billing_currency, sum(cost), sum(deployed + not_deployed + deployment_unknown),
                bool_and(deployed + not_deployed + deployment_unknown = cost) FROM ({report}) GROUP BY ALL ORDER BY ALL
        """
        told = run(connection, parts, asked).fetchall()
        total = "SELECT billing_currency, sum(effective_cost) FROM experiment_runs GROUP BY ALL ORDER BY ALL"
        whole = connection.execute(total).fetchall()
    assert told == [(currency, cost, cost, True) for currency, cost in whole]


def job(name: str, status: str, *, experiment: str | None = "sweep", artifact: bool = True) -> Record:
    body: dict[str, Any] = CREATED | {"TrainingJobName": name, "TrainingJobStatus": status}
    if artifact:
        body["ModelArtifacts"] = {"S3ModelArtifacts": f"s3://models/{name}/output/model.tar.gz"}
    if experiment:
        body["ExperimentConfig"] = {"ExperimentName": experiment}
    return record("sagemaker:DescribeTrainingJob", arn(f"training-job/{name}"), body, tags={"team": "alpha"})


def served(name: str, artifact_of: str) -> list[Record]:
    """An endpoint of one model, which loads the artifact of a job."""
    variant = {"VariantName": "one", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    loaded = {"PrimaryContainer": {"ModelDataUrl": f"s3://models/{artifact_of}/output/model.tar.gz"}}
    named = {"EndpointConfigName": name}
    return [
        record("sagemaker:DescribeModel", arn(f"model/{name}"), CREATED | {"ModelName": name} | loaded),
        record(
            "sagemaker:DescribeEndpointConfig",
            arn(f"endpoint-config/{name}"),
            CREATED | named | {"ProductionVariants": [variant]},
        ),
        record("sagemaker:DescribeEndpoint", arn(f"endpoint/{name}"), CREATED | named | {"EndpointName": name}),
    ]


def billed(name: str, cost: float, *, at: str = "2026-10-05T14:00:00") -> Row:
    return sagemaker("Train:ml.m5.large", f"training-job/{name}", cost, at=at)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("experiments"))
    notebook = sagemaker("Notebk:ml.t3.medium", "notebook-instance/lab", 4.0, resource_tags={"user_team": "alpha"})
    world.bill(
        [
            billed("won", 8.0), billed("lost", 16.0), billed("broke", 32.0), billed("nightly", 128.0),
            notebook, sagemaker("Host:ml.m5.large", "endpoint/live", 256.0),
        ]
    )  # fmt: skip
    world.bill([billed("won", 1.0, at="2026-09-30T14:00:00")], period="2026-09")
    world.land(
        record("sagemaker:DescribeExperiment", arn("experiment/sweep"), CREATED | {"ExperimentName": "sweep"}),
        job("won", "Completed"), job("lost", "Completed"), job("broke", "Failed", artifact=False),
        job("nightly", "Completed", experiment=None), *served("live", "won"),
    )  # fmt: skip
    world.refresh()
    return world


def asked(world: World, report: str, *options: str) -> list[dict[str, Any]]:
    """The rows of `mlcost report`."""
    arguments = ["report", report, *options, "--format", "json", "--config", str(world.folder / "mlcost.yaml")]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


def test_a_team_sees_what_it_spent_on_experiments_and_what_came_of_it(world: World) -> None:
    rows = asked(world, "experiments", "--team", "alpha", "--period", "2026-10")
    shown = {
        row["experiment"]: [Decimal(row[name]) for name in ("cost", "failed_or_stopped", "deployed", "not_deployed", "deployment_unknown", "interactive")]
        for row in rows
    }  # fmt: skip
    assert shown == {"sweep": [56, 32, 8, 48, 0, 0], None: [4, 0, 0, 0, 4, 4]}
    assert {Decimal(row["team_cost"]) for row in rows} == {60}
    assert [(row["experiment"], row["runs"], row["failed_or_stopped_runs"]) for row in rows] == [
        ("sweep", 3, 1),
        (None, 0, 0),
    ]


def test_a_quarter_holds_the_months_asked_for(world: World) -> None:
    rows = asked(world, "experiments", "--experiment", "sweep", "--from", "2026-07", "--to", "2026-12")
    assert [(row["quarter"], row["months"], Decimal(row["cost"])) for row in rows] == [
        ("2026-Q3", "2026-09", 1),
        ("2026-Q4", "2026-10", 56),
    ]


def test_runs_are_listed_dearest_first_over_all_months(world: World) -> None:
    rows = asked(world, "experiment-runs", "--from", "2026-09", "--to", "2026-10")
    names = ("run", "state", "became_deployed", "deployed_as", "why_not", "first_month", "last_month")
    assert [(Decimal(row["cost"]), *(row[name] for name in names)) for row in rows] == [
        (32, "training-job/broke", "failed", False, None, "it failed, and it left no model artifact", "2026-10", "2026-10"),
        (16, "training-job/lost", "completed", False, None, "no model or model package has its artifact", "2026-10", "2026-10"),
        (9, "training-job/won", "completed", True, "endpoint/live", None, "2026-09", "2026-10"),
        (4, "notebook-instance/lab", None, None, None, "no run: nothing records what was made in it", "2026-10", "2026-10"),
    ]  # fmt: skip


def test_a_report_can_be_narrowed_to_an_experiment_and_knows_no_other(world: World) -> None:
    assert len(asked(world, "experiment-runs", "--experiment", "sweep")) == 3
    arguments = ["report", "experiments", "--experiment", "swep", "--config", str(world.folder / "mlcost.yaml")]
    refused = CliRunner().invoke(cli, arguments)
    assert "Near it: sweep." in str(refused.exception or refused.output)


def test_a_month_is_made_anew_when_its_run_is_deployed_later(world: World, tmp_path: Path) -> None:
    later = world.copy(tmp_path / "later")
    later.land(*served("second", "lost"), file="later.jsonl")
    later.refresh()
    (row,) = later.query("SELECT became_deployed, deployed_as FROM experiment_runs WHERE resource_id LIKE '%/lost'")
    assert row == (True, "endpoint/second")
