"""Feature groups: written and read all day, kept online and under a prefix."""

from typing import Any

from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import daily
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import data_uri
from mlcost_assets.demo.world.world import World

_METERS = (
    (daily(SAGEMAKER_STORAGE, "FeatureStore:WriteRequestUnits", "PutRecord", "0.00000125", "Units"), 4_000_000),
    (daily(SAGEMAKER_STORAGE, "FeatureStore:ReadRequestUnits", "GetRecord", "0.00000025", "Units"), 9_000_000),
    (daily(SAGEMAKER_STORAGE, "FeatureStore:TimedOnlineStorage", "OnlineStorage", "0.45", "GB-Mo"), 3),
)


def keep_features(world: World) -> None:
    """Keep feature groups for some of the models."""
    for model in world.organisation.models:
        if world.chance("feature group", model.name).maybe(0.4):
            _keep(world, model)


def _keep(world: World, model: Model) -> None:
    account = world.organisation.account_of(model.team, "prod")
    chance = world.chance("features", model.name)
    entity = chance.one(("customer", "session", "item", "device", "order"))
    name = chance.one((model.team.habit.resource(model.name, "features"), f"{entity}-{chance.code(4)}-fg"))
    arn = world.arn("sagemaker", account, model.region, f"feature-group/{name.lower()}")
    owner = of_model(model, "prod", "data_preparation")
    body: dict[str, Any] = {
        "FeatureGroupArn": arn,
        "FeatureGroupName": name,
        "RecordIdentifierFeatureName": f"{entity}_id",
        "EventTimeFeatureName": "event_time",
        "FeatureDefinitions": [{"FeatureName": f"{entity}_id", "FeatureType": "String"}],
        "CreationTime": iso(world.before(300)),
        "FeatureGroupStatus": "Created",
        "RoleArn": world.role(model.team, account, "prod"),
        "OnlineStoreConfig": {"EnableOnlineStore": True},
        "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"{data_uri(world, model, 'features')}/store"}},
    }
    tags = world.tags(arn, owner)
    kind = "sagemaker:DescribeFeatureGroup"
    group = world.create(kind, arn, account, model.region, owner, body, created=world.before(300), tags=tags)
    text = "lineage: offline store under a prefix that a training job reads"
    clues = world.job_clues(model, text, group.key) + world.role_clues(model.team, "prod", group.key)
    for meter, quantity in _METERS:
        world.bill(group, meter, quantity * model.size, clues=clues)
