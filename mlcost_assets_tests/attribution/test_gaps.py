"""What nobody knows the owner of is a finding: its dollars, why, and the cheapest evidence that would tell."""

from pathlib import Path
from typing import Any

import pytest

from mlcost_assets.reports.gaps import find_gaps
from mlcost_assets_tests.attribution.scenarios import Paid, billed, given, instance, sagemaker_record, training_job
from mlcost_assets_tests.exports import charge, sagemaker
from mlcost_assets_tests.world import World, record

NEVER_COLLECTED, DENIED, KNOWN = "222222229091", "222222229092", "222222229094"


def trained(name: str, cost: float, account: str = KNOWN, **more: Any) -> dict[str, Any]:
    return sagemaker("Train:ml.m5.large", f"training-job/{name}", cost, account=account, **more)


given(
    training_job("gap-silent", account=KNOWN),
    training_job("gap-key", account=KNOWN, tags={"cohort": "autumn"}),
    training_job("gap-key-2", account=KNOWN, tags={"cohort": "spring"}),
    training_job("gap-model", account=KNOWN, tags={"model": "lonely-lynx"}),
    training_job("gap-tie", account=KNOWN, artifact="s3://gaps/tie/model.tar.gz"),
    *(sagemaker_record("Model", f"model/{name}", ModelName=name, PrimaryContainer={"ModelDataUrl": "s3://gaps/tie/model.tar.gz"}, tags={"model": name})
      for name in ("left-heron", "right-heron")),
    instance("i-09000000009001", account=DENIED),
    record(
        "mlcost:Snapshot", "look-9001", account=DENIED,
        body={"kind": "sagemaker:DescribeTrainingJob", "region": "us-east-1", "complete": False, "records": 0, "error": "AccessDenied",
              "started_at": "2026-10-05T06:00:00Z", "finished_at": "2026-10-05T06:01:00Z", "file": "none.jsonl"},
    ),
    record("ce:ListCostAllocationTags", "deploy_env", {"TagKey": "deploy_env", "Status": "Inactive"}),
    sagemaker_record("NotebookInstance", "notebook-instance/gap-env", NotebookInstanceName="gap-env", tags={"deploy_env": "prod"}),
    rules="tags: {keys: {environment: [deploy_env]}}",
    billed=[
        trained("gap-silent", 1.0), trained("gap-key", 2.0), trained("gap-model", 4.0), trained("gap-tie", 8.0), trained("gap-unseen", 100.0),
        trained("gap-far", 16.0, NEVER_COLLECTED), trained("gap-denied", 32.0, DENIED),
        trained("gap-value", 64.0, resource_tags={"user_team": "n/a"}),
        sagemaker("", "", 3.0, account=KNOWN, line_item_line_item_type="Tax"),
        charge("SavingsPlanRecurringFee", 5.0, line_item_usage_account_id=KNOWN, bill_payer_account_id=KNOWN, line_item_product_code="MachineLearningSavingsPlans",
               product_servicecode="MachineLearningSavingsPlans", line_item_resource_id="", line_item_usage_type="SageMakerSP:1yrNoUpfront", savings_plan_savings_plan_a_r_n=f"arn:aws:savingsplans::{KNOWN}:savingsplan/idle",
               savings_plan_total_commitment_to_date=5.0, savings_plan_used_commitment=0.0),
        billed("AmazonBedrock", "USE1-NovaLite-input-tokens", "", 128.0, line_item_usage_account_id="222222229093"),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("charge", "dimension", "reason", "mend"),
    [
        ("gap-silent", "model", "nothing tells", "add the tag "),
        ("gap-key", "team", "key not understood", "if it names the team, add it to tags.keys in rules.yaml"),
        ("gap-model", "team", "workload", "one line in rules.yaml, under workloads: the team of model lonely-lynx"),
        ("gap-unseen", "model", "never seen", "collect more often, or add the tag "),
        ("gap-unseen", "environment", "tag not activated", "activate the tag deploy_env for cost allocation"),
        ("gap-far", "model", "account not collected", "let mlcost collect read account 222222229091"),
        ("gap-denied", "model", "collection failed", "add the permission"),
        ("gap-value", "team", "value not understood", "correct the tag"),
        ("gap-tie", "model", "sources disagree", "decide it with a rule"),
        ("AmazonBedrock", "model", "no resource named", "call the model through an application inference profile"),
    ],
)
def test_a_gap_says_why_nobody_knows_and_what_would_tell(
    paid: Paid, charge: str, dimension: str, reason: str, mend: str
) -> None:
    of_service = "service_code = 'AmazonBedrock' AND account_id = '222222229093'"
    where = of_service if charge == "AmazonBedrock" else f"ends_with(largest_resource, '{charge}')"
    ((found, said),) = paid.query(
        f"SELECT reason, mend FROM evidence_gaps WHERE {where} AND dimension = $dimension", dimension=dimension
    )
    assert found == reason
    assert said.startswith(mend)


def test_a_commitment_that_covered_nothing_is_no_lack_of_evidence(paid: Paid) -> None:
    assert paid.query(
        "SELECT dimension, statement, effective_cost FROM evidence_gaps WHERE account_id = $account AND reason = 'unused commitment' ORDER BY 1",
        account=KNOWN,
    ) == [(dimension, "purchased but unused", 5) for dimension in ("environment", "model", "team")]


def test_a_plan_for_sagemaker_is_ml_whoever_uses_it(paid: Paid) -> None:
    assert paid.query(
        "SELECT is_ml, sum(billed_cost), sum(effective_cost) FROM attributed_costs WHERE account_id = $account AND stage = 'commitment' GROUP BY 1",
        account=KNOWN,
    ) == [(True, 5, 5)]


def test_an_export_without_resource_ids_lacks_them_first(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.bill([sagemaker("Train:ml.m5.large", "", 7.0)])
    world.refresh()
    assert world.query("SELECT dimension, mend, effective_cost FROM evidence_gaps ORDER BY 1") == [
        (dimension, "switch on resource ids in the export (INCLUDE_RESOURCES)", 7)
        for dimension in ("environment", "model", "team")
    ]


def test_what_is_shared_follows_what_it_is_shared_by(paid: Paid) -> None:
    assert paid.query(
        "SELECT mend FROM evidence_gaps WHERE account_id = $account AND dimension = 'environment' AND reason = 'shared'",
        account=KNOWN,
    ) == [("close the other gaps of the dimension environment, or divide it with a split in rules.yaml",)]


def test_gaps_are_to_the_digit_what_nobody_owns(paid: Paid) -> None:
    for dimension in ("model", "team", "environment"):
        unowned = paid.query(
            f"SELECT billing_period, sum(billed_cost), sum(effective_cost) FROM attributed_costs WHERE is_ml AND {dimension} IS NULL GROUP BY 1 ORDER BY 1"
        )
        gaps = paid.query(
            "SELECT billing_period, sum(billed_cost), sum(effective_cost) FROM evidence_gaps WHERE dimension = $dimension GROUP BY 1 ORDER BY 1",
            dimension=dimension,
        )
        assert gaps == unowned


def test_gaps_stand_by_what_mends_them_the_dearest_first(paid: Paid) -> None:
    rows = [row for row in find_gaps(paid.reader, "2026-10", "model").rows if row["reason"] != "shared"]
    costs = [abs(row["effective_cost"]) for row in rows if row["reason"] != "unused commitment"]
    assert costs == sorted(costs, reverse=True)
