"""The same seed gives the same organisation, another seed another one; tags and metadata go when told to."""

import hashlib
from pathlib import Path

import duckdb
import yaml

from mlcost_assets.demo import Gaps, simulate
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.organisation.customs import REQUIRED_TAGS
from mlcost_assets.demo.organisation.organise import organise
from mlcost_assets.demo.simulate import imagine
from mlcost_assets.demo.world.tagging import SYSTEM_PREFIXES
from mlcost_assets_tests.demo.conftest import Simulated, records


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(simulated: Simulated, tmp_path: Path) -> None:
    simulate(tmp_path, seed=7, months=1)
    assert digests(tmp_path) == digests(simulated(7))


def test_different_seeds_are_different_organisations() -> None:
    window = Window.of("2026-08", 1)
    organisations = [organise(seed, window) for seed in range(20)]
    assert len({organisation.company for organisation in organisations}) > 8
    assert len({len(organisation.models) for organisation in organisations}) > 3
    assert len({len(organisation.accounts) for organisation in organisations}) > 1
    names = [{model.name for model in organisation.models} for organisation in organisations]
    shared = [len(one & other) for place, one in enumerate(names) for other in names[:place]]
    assert max(shared) <= 2
    assert all(len(organisation.teams) >= 4 for organisation in organisations)
    assert all(len(organisation.models) >= 8 for organisation in organisations)


def test_organisations_differ_in_their_customs() -> None:
    organisations = [organise(seed, Window.of("2026-08", 1)) for seed in range(40)]
    assert len({organisation.home for organisation in organisations}) >= 5
    assert len({organisation.ci for organisation in organisations}) >= 4
    assert {len(organisation.payers) for organisation in organisations} == {1, 2}
    assert {organisation.keeps_registry for organisation in organisations} == {True, False}
    assert {any(account.team for account in one.accounts) for one in organisations} == {True, False}
    for dimension in REQUIRED_TAGS:
        keys = {team.habit.key(dimension) for organisation in organisations for team in organisation.teams}
        assert len(keys) >= 8, dimension


def test_without_a_registry_there_are_no_rules() -> None:
    organisations = [organise(seed, Window.of("2026-08", 1)) for seed in range(20)]
    for organisation in organisations:
        registered = [model for model in organisation.models if "rules" in model.anchors]
        assert bool(registered) == organisation.keeps_registry


def test_names_of_models_are_canonical() -> None:
    for seed in range(20):
        models = organise(seed, Window.of("2026-08", 1)).models
        assert len({model.name for model in models}) == len(models)
        assert all(model.name == model.name.lower() and "_" not in model.name for model in models)


def test_configuration_names_the_bill_and_not_the_truth(simulated: Simulated) -> None:
    folder = simulated()
    settings = yaml.safe_load((folder / "mlcost.yaml").read_text())
    (export,) = settings["billing"]["exports"]
    assert (folder / export["uri"] / "metadata").is_dir()
    assert (folder / settings["metadata"]["uri"]).is_dir()
    assert "truth" not in (folder / "mlcost.yaml").read_text()
    rules = yaml.safe_load((folder / settings["attribution"]["rules"]).read_text())
    assert len(rules["workloads"]) >= 2
    assert len(rules["splits"]) == 1
    assert any("valid" in rule for rule in rules["rules"])


def test_without_compliance_no_user_tag_is_left_anywhere(simulated: Simulated) -> None:
    folder = simulated(7, 0.0)
    with duckdb.connect() as db:
        found = db.execute(
            f"""SELECT DISTINCT unnest(map_keys(resource_tags)), map_keys(tags)
                FROM read_parquet('{folder}/billing/*/data/*/*.parquet')"""
        ).fetchall()
    kept = ("aws_", "user_sagemaker_", "user_eks_", "user_karpenter_", "user_kubernetes_io_", "user_elbv2_")
    assert all(key.startswith(kept) and not others for key, others in found)
    for record in records(folder):
        assert all(key.startswith(SYSTEM_PREFIXES) for key in record["tags"] or {}), record["id"]
        if not record["kind"].startswith("mlflow:"):
            inside = record["body"].get("Tags") or record["body"].get("tags") or {}
            assert all(key.startswith(SYSTEM_PREFIXES) for key in inside), record["id"]


def test_half_of_the_resources_are_tagged_at_half_compliance(simulated: Simulated) -> None:
    with duckdb.connect() as db:
        rows = db.execute(
            f"""SELECT resource_id, bool_or(state <> 'missing') FROM '{simulated()}/truth/tags.parquet'
                WHERE service_group = 'SageMaker' AND can_carry_tag AND applicable GROUP BY resource_id"""
        ).fetchall()
    share = sum(tagged for _, tagged in rows) / len(rows)
    assert 0.4 < share < 0.6


MANY_GAPS = Gaps(denied_services=frozenset({"eks", "s3"}), missing_accounts=1, missing_days=6)


def test_denied_service_leaves_no_records(simulated: Simulated) -> None:
    services = {record["kind"].split(":")[0] for record in records(simulated(7, 0.5, MANY_GAPS))}
    assert not services & {"eks", "k8s", "s3"}
    assert "sagemaker" in services


def test_missing_account_leaves_no_records_of_its_own(simulated: Simulated) -> None:
    def accounts(folder: Path) -> set[str]:
        return {
            line["account_id"]
            for line in records(folder)
            if not line["kind"].startswith(("cicd:", "mlflow:", "litellm:"))
        }

    assert len(accounts(simulated()) - accounts(simulated(7, 0.5, MANY_GAPS))) == 1


def test_days_without_snapshots(simulated: Simulated) -> None:
    def days(folder: Path) -> set[str]:
        return {line["collected_at"][:10] for line in records(folder) if line["kind"].startswith("sagemaker:")}

    gone = sorted(days(simulated()) - days(simulated(7, 0.5, MANY_GAPS)))
    assert len(gone) == 6
    assert int(gone[-1][-2:]) - int(gone[0][-2:]) == 5


def test_jobs_before_the_first_snapshot_have_no_record(tmp_path: Path) -> None:
    world = imagine(7, "2026-08", 1, 0.5)
    world.landing.write(tmp_path / "metadata", world.window, Gaps(first_snapshot_day=10), 7, [])
    jobs = [record for record in records(tmp_path) if record["kind"] == "sagemaker:DescribeTrainingJob"]
    assert jobs
    assert min(record["collected_at"] for record in jobs) >= "2026-08-11"
    assert all(record["body"].get("TrainingEndTime", "9") >= "2026-08-11" for record in jobs)


def test_what_can_be_known_falls_with_gaps_and_never_rises(simulated: Simulated) -> None:
    def knowable(folder: Path) -> float:
        with duckdb.connect() as db:
            (share,) = db.execute(
                f"""SELECT sum(effective_cost) FILTER (model_knowable)::DOUBLE / sum(effective_cost)::DOUBLE
                    FROM '{folder}/truth/charges.parquet' WHERE is_ml AND model IS NOT NULL"""
            ).fetchone() or (0.0,)
        return float(share)

    full = knowable(simulated())
    untagged = knowable(simulated(7, 0.0))
    denied = knowable(simulated(7, 0.5, MANY_GAPS))
    assert full > 0.95
    assert untagged > 0.9
    # Charges are cut where tags change, which moves the tenth decimal of some.
    assert untagged <= full + 1e-9
    assert denied < full


def test_truth_uses_the_vocabulary_of_stages(simulated: Simulated) -> None:
    with duckdb.connect() as db:
        found = db.execute(f"SELECT DISTINCT stage, kind FROM '{simulated()}/truth/charges.parquet'").fetchall()
    stages = (
        "data_preparation experimentation training tuning evaluation inference storage monitoring networking "
        "platform commitment other"
    )
    assert {stage for stage, _ in found} <= set(stages.split())
    assert {kind for _, kind in found} == {"direct", "shared", "pool", "commitment", "non_ml"}
