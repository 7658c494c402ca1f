"""Bedrock: by application inference profile, by who calls, by job, by what was provisioned; also when it bills as Marketplace."""

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given, registered, training_job
from mlcost_assets_tests.exports import ACCOUNT, Row
from mlcost_assets_tests.world import record

R = f"us-east-1:{ACCOUNT}"
CLAUDE = f"arn:aws:bedrock:{R}:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0"


def tokens(cost: float, resource: str = "", usage: str = "USE1-NovaLite-input-tokens", **more: object) -> Row:
    return billed("AmazonBedrock", usage, resource, cost, operation="InvokeModelInference", **more)


def marketplace(cost: float, resource: str = "", **more: object) -> Row:
    return billed(
        "7g37zhparap7eesm9k78jrzqc", "USE1-MP:USE1_OutputTokenCount-Units", resource, cost, product_servicecode=None,
        product={"product_name": "Claude Haiku 4.5 (Amazon Bedrock Edition)"}, bill_invoicing_entity="AWS Marketplace", **more,
    )  # fmt: skip


given(rules="workloads: [{model: concierge, team: lobby}, {model: valet, team: lobby}]")

# An application inference profile carries tags, and a name.
given(
    record("bedrock:GetInferenceProfile", f"arn:aws:bedrock:{R}:application-inference-profile/aip4001", {"inferenceProfileName": "p-4001", "type": "APPLICATION",
           "createdAt": "2026-01-01T00:00:00Z", "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}]}, tags={"model": "concierge"}),
    record("bedrock:GetInferenceProfile", f"arn:aws:bedrock:{R}:application-inference-profile/aip4002",
           {"inferenceProfileName": "valet-prod", "type": "APPLICATION", "createdAt": "2026-01-01T00:00:00Z"}),
    billed=[
        tokens(1.0, f"arn:aws:bedrock:{R}:application-inference-profile/aip4001"),
        tokens(2.0, f"arn:aws:bedrock:{R}:application-inference-profile/aip4002", "USE1-NovaLite-output-tokens"),
    ],
)  # fmt: skip


def test_an_application_inference_profile_belongs_to_its_tag(paid: Paid) -> None:
    assert paid("aip4001", "model, team, stage, is_ml", "service_code = 'AmazonBedrock'") == {
        ("concierge", "lobby", "inference", True): 1
    }


def test_or_to_the_model_that_it_is_named_after(paid: Paid) -> None:
    assert paid("aip4002", "model, environment") == {("valet", "prod"): 2}


# Who calls: the role of the caller, its tags, the person who signed in.
given(
    billed=[
        tokens(3.0, CLAUDE, line_item_iam_principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/valet-api-prod/i-0aa"),
        tokens(4.0, CLAUDE, line_item_iam_principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/console/zoe", tags={"iamPrincipal/team": "lobby"}),
        tokens(5.0, CLAUDE, line_item_iam_principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/console/nobody"),
        marketplace(6.0, CLAUDE, line_item_iam_principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/concierge-api-dev/i-0bb"),
        marketplace(7.0, f"arn:aws:bedrock:{R}:application-inference-profile/aip4001"),
    ],
)  # fmt: skip


def called(paid: Paid, cost: float) -> dict[object, object]:
    return {
        owner[:-1]: paid_
        for owner, paid_ in paid.of(f"resource_id = '{CLAUDE}'", "model, team, environment, is_ml, list_cost").items()
        if owner[-1] == cost
    }


def test_calls_belong_to_the_model_that_the_callers_role_names(paid: Paid) -> None:
    assert called(paid, 3) == {("valet", "lobby", "prod", True): 3}


def test_calls_belong_to_the_team_on_the_callers_tags(paid: Paid) -> None:
    assert called(paid, 4) == {(None, "lobby", None, True): 4}


def test_calls_of_somebody_unknown_belong_to_nobody(paid: Paid) -> None:
    assert called(paid, 5) == {(None, None, None, True): 5}


def test_models_of_other_makers_bill_as_marketplace_and_are_found_alike(paid: Paid) -> None:
    assert called(paid, 6) == {("concierge", "lobby", "dev", True): 6}
    assert paid("aip4001", "model, stage, is_ml", "service_code LIKE '7g37%'") == {("concierge", "inference", True): 7}


# A batch of invocations reads a model's prompts; throughput is provisioned for a custom model.
given(
    training_job("tj-4003", artifact="s3://br/tj-4003/output/model.tar.gz", InputDataConfig=[{"DataSource": {"S3DataSource": {"S3Uri": "s3://br/prompts/a/"}}}]),
    registered("porter", "s3://br/tj-4003/output/model.tar.gz"),
    record("bedrock:GetModelInvocationJob", f"arn:aws:bedrock:{R}:model-invocation-job/mij000004003", {"jobName": "mij-4003", "submitTime": "2026-10-05T00:00:00Z",
           "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://br/prompts/a/"}}}),
    record("bedrock:GetProvisionedModelThroughput", f"arn:aws:bedrock:{R}:provisioned-model/pmt000004004", {"provisionedModelName": "pt-4004", "creationTime": "2026-09-01T00:00:00Z",
           "modelArn": f"arn:aws:bedrock:{R}:custom-model/amazon.nova-lite-v1:0/cm0000004004"}),
    record("bedrock:GetCustomModel", f"arn:aws:bedrock:{R}:custom-model/amazon.nova-lite-v1:0/cm0000004004", {"modelName": "cm-4004", "creationTime": "2026-09-01T00:00:00Z"}, tags={"model": "bellhop"}),
    billed=[
        tokens(8.0, f"arn:aws:bedrock:{R}:model-invocation-job/mij000004003", "USE1-NovaLite-input-tokens-batch"),
        tokens(9.0, f"arn:aws:bedrock:{R}:provisioned-model/pmt000004004", "USE1-ProvisionedThroughput-NovaLite-ModelUnits"),
        tokens(2.0, f"arn:aws:bedrock:{R}:custom-model/amazon.nova-lite-v1:0/cm0000004004", "USE1-Customization-Storage"),
    ],
)  # fmt: skip


def test_a_batch_of_invocations_belongs_to_the_model_whose_data_it_reads(paid: Paid) -> None:
    assert paid("mij000004003", "model, stage") == {("porter", "inference"): 8}


def test_provisioned_throughput_belongs_to_the_custom_model_that_it_serves(paid: Paid) -> None:
    assert paid("pmt000004004", "model, stage") == {("bellhop", "inference"): 9}


def test_a_custom_models_storage_is_its_own(paid: Paid) -> None:
    assert paid("cm0000004004", "model, stage") == {("bellhop", "storage"): 2}


# An account that only one team uses.
given(
    record("organizations:DescribeAccount", "222222224005", {"Account": {"Id": "222222224005", "Name": "acme-spa-prod"}}, tags={"team": "spa"}, account="222222224005"),
    billed=[tokens(1.0, line_item_usage_account_id="222222224005")],
)  # fmt: skip


def test_calls_of_which_nothing_else_tells_belong_to_the_accounts_team(paid: Paid) -> None:
    assert paid.of("account_id = '222222224005'", "model, team, environment, method") == {
        (None, "spa", "prod", "account"): 1
    }
