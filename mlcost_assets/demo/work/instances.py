"""On which instances jobs run: big ones for pipelines and tuning, modest ones for work by hand."""

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.money.prices import SHAPES
from mlcost_assets.demo.organisation.models import Model

BIGGEST = ("p4d.24xlarge", "p4d.24xlarge", "p5.48xlarge", "trn1.32xlarge")


def training_instance(model: Model, chance: Chance) -> str:
    """Choose the instance on which a model is trained: the bigger the model, the more accelerators."""
    if not SHAPES[model.instance].gpus:
        return "ml." + chance.one(("m5.4xlarge", "c5.9xlarge", "r5.4xlarge", "g5.2xlarge"))
    by_size = ("g5.2xlarge", chance.one(("g5.12xlarge", "g4dn.12xlarge")), "g5.48xlarge", chance.one(BIGGEST))
    return "ml." + by_size[model.size - 1]


def modest_instance(model: Model, chance: Chance) -> str:
    """Choose the instance for trying something out."""
    if SHAPES[model.instance].gpus:
        return "ml." + chance.one(("g5.xlarge", "g5.2xlarge", "g4dn.12xlarge", "g5.12xlarge"))
    return "ml." + chance.one(("m5.4xlarge", "m5.xlarge", "c5.9xlarge"))
