"""Bedrock beyond calls: a model of one's own, throughput provisioned for it, and invocations in batches."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import HOUR, iso
from mlcost_assets.demo.money.meters import Meter, daily
from mlcost_assets.demo.money.products import BEDROCK
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import by_name
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World

FOUNDATION = "amazon.nova-lite-v1:0"
CUSTOMIZATION = Meter(
    BEDROCK,
    "NovaLite-Customization-Training",
    "CreateModelCustomizationJob",
    Decimal("0.002"),
    "1K tokens",
    "$0.002 per 1K tokens for NovaLite-Customization-Training",
)
CUSTOM_STORAGE = daily(BEDROCK, "NovaLite-Customization-Storage", "CustomModelStorage", "1.95", "Model-Mo")
MODEL_UNITS = Meter(
    BEDROCK,
    "NovaLite-ProvisionedThroughput-ModelUnits",
    "ProvisionedModelThroughput",
    Decimal("21.18"),
    "ModelUnits",
    "$21.18 per hour for one NovaLite model unit without commitment",
)
# Usage type, price of a thousand tokens, thousands of tokens of a batch.
_BATCH = (
    ("NovaLite-input-tokens-batch", Decimal("0.00003"), 400_000),
    ("NovaLite-output-tokens-batch", Decimal("0.00012"), 60_000),
)


def adapt_foundation_models(world: World) -> None:
    """Customise a foundation model for one application, and send another's requests in batches."""
    chance = world.chance("bedrock jobs")
    customised, batched = chance.some(world.organisation.alive(), 2)
    if world.has("customised model", 0.6):
        _customise(world, customised)
    if world.has("batch inference", 0.6):
        for day in world.window.days():
            if day.weekday() in (1, 4):
                _invoke_batch(world, batched, day + chance.randrange(1, 6) * HOUR)


def _customise(world: World, model: Model) -> None:
    """Train a custom model once, keep it, and provision throughput for it for some days."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("customise", model.name)
    start = world.window.at(chance.uniform(0.05, 0.3))
    end = start + timedelta(hours=chance.randrange(2, 7))
    base = f"{FOUNDATION}/{chance.code(12)}"
    job_arn = world.arn("bedrock", account, world.home, f"model-customization-job/{base}")
    arn = world.arn("bedrock", account, world.home, f"custom-model/{base}")
    name = chance.one((model.team.habit.resource(model.name, "tuned", environment="prod"), f"custom-{chance.code(6)}"))
    shared: dict[str, Any] = {
        "baseModelArn": f"arn:aws:bedrock:{world.home}::foundation-model/{FOUNDATION}",
        "customizationType": "FINE_TUNING",
        "trainingDataConfig": {"s3Uri": f"{data_uri(world, model, 'training-data')}/prompts.jsonl"},
        "outputDataConfig": {"s3Uri": f"{data_uri(world, model, 'artifacts')}/bedrock/"},
    }
    job_body = {
        "jobArn": job_arn,
        "jobName": f"{name}-job",
        "outputModelName": name,
        "outputModelArn": arn,
        "roleArn": world.role(model.team, account, "prod"),
        "status": "Completed",
        "creationTime": iso(start),
        "endTime": iso(end),
        **shared,
    }
    training = of_model(model, "prod", "training")
    job_tags = world.tags(job_arn, training)
    listed: dict[str, Any] = {"created": end, "gone": end, "listed_for_ever": True}
    kind = "bedrock:GetModelCustomizationJob"
    job = world.create(kind, job_arn, account, world.home, training, job_body, tags=job_tags, **listed)
    text = "lineage: learns from the prefix a training job reads"
    by_job = world.job_clues(model, text, job.key)
    named_job = by_name(f"{name}-job", model, "prod", "name of the customization job", job.key)
    tokens = chance.randrange(20_000, 90_000)
    world.bill(job, CUSTOMIZATION, tokens, start, end, clues=(*by_job, *named_job))

    body = {"modelArn": arn, "modelName": name, "jobArn": job_arn, "creationTime": iso(end), **shared}
    storage = of_model(model, "prod", "storage")
    tags = world.tags(arn, storage)
    custom = world.create("bedrock:GetCustomModel", arn, account, world.home, storage, body, created=end, tags=tags)
    clues = world.job_clues(model, text, custom.key) + by_name(name, model, "prod", "name of the model", custom.key)
    world.bill(custom, CUSTOM_STORAGE, (Decimal(1) / Decimal("30.4")).quantize(Decimal("0.00000001")), end, clues=clues)
    _provision(world, model, custom.id, custom.key, end, chance)


def _provision(world: World, model: Model, custom_arn: str, custom_key: str, ready: datetime, chance: Chance) -> None:
    account = world.organisation.account_of(model.team, "prod")
    arn = world.arn("bedrock", account, world.home, f"provisioned-model/{chance.code(12)}")
    name = chance.one((model.team.habit.resource(model.name, "pt", environment="prod"), f"throughput-{chance.code(4)}"))
    start = ready + timedelta(hours=20)
    end = start + timedelta(days=chance.randrange(3, 8))
    body = {
        "modelUnits": 1,
        "desiredModelUnits": 1,
        "provisionedModelName": name,
        "provisionedModelArn": arn,
        "modelArn": custom_arn,
        "desiredModelArn": custom_arn,
        "foundationModelArn": f"arn:aws:bedrock:{world.home}::foundation-model/{FOUNDATION}",
        "status": "InService",
        "creationTime": iso(start),
        "lastModifiedTime": iso(start),
    }
    owner = of_model(model, "prod", "inference")
    throughput = world.create(
        "bedrock:GetProvisionedModelThroughput",
        arn,
        account,
        world.home,
        owner,
        body,
        created=start,
        gone=end,
        tags=world.tags(arn, owner),
    )
    clues = world.job_clues(model, "lineage: serves a model learned from a training prefix", throughput.key, custom_key)
    clues += by_name(name, model, "prod", "name of the provisioned throughput", throughput.key)
    world.bill(throughput, MODEL_UNITS, 1, start, end, clues=clues)


def _invoke_batch(world: World, model: Model, start: datetime) -> None:
    """Answer a file of requests; what goes in and comes out lies under the model's prefixes."""
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("batch inference", model.name, start)
    arn = world.arn("bedrock", account, world.home, f"model-invocation-job/{chance.code(12)}")
    end = start + timedelta(minutes=chance.randrange(40, 300))
    generic = world.chance("batch inference", model.name).maybe(0.5)
    base = "batch-inference" if generic else model.team.habit.resource(model.name, "batch")
    body = {
        "jobArn": arn,
        "jobName": f"{base}-{start:%Y%m%d}",
        "modelId": f"arn:aws:bedrock:{world.home}::foundation-model/{FOUNDATION}",
        "roleArn": world.role(model.team, account, "prod"),
        "status": "Completed",
        "submitTime": iso(start),
        "lastModifiedTime": iso(end),
        "endTime": iso(end),
        "inputDataConfig": {"s3InputDataConfig": {"s3Uri": f"{data_uri(world, model, 'features')}/prompts/"}},
        "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": f"{data_uri(world, model, 'inference-output')}/llm/"}},
        "totalRecordCount": chance.randrange(5_000, 40_000),
    }
    owner = of_model(model, "prod", "inference")
    job = world.create(
        "bedrock:GetModelInvocationJob",
        arn,
        account,
        world.home,
        owner,
        body,
        created=end,
        gone=end,
        listed_for_ever=True,
        tags=world.tags(arn, owner),
    )
    clues = world.job_clues(model, "lineage: reads beside what a training job reads", job.key)
    clues += by_name(str(body["jobName"]), model, "prod", "name of the invocation job", job.key)
    clues += world.role_clues(model.team, "prod", job.key)
    for usage, rate, tokens in _BATCH:
        text = f"${rate} per 1K tokens for {usage}"
        meter = Meter(BEDROCK, usage, "InvokeModelInference", rate, "1K tokens", text, step="once")
        world.bill(job, meter, int(tokens * chance.uniform(0.6, 1.4)), start, end, clues=clues)
