"""The workloads of models; teams differ in what a workload's name and labels tell."""

from decimal import Decimal

from mlcost_assets.demo.kubernetes.cluster import Workload
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.organisation.naming import abbreviate
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.world.layout import image_of
from mlcost_assets.demo.world.world import World

# The label by which an operator finds the pods of its object.
_OPERATOR_LABELS = {
    "PyTorchJob": "training.kubeflow.org/job-name",
    "Workflow": "workflows.argoproj.io/workflow",
    "RayCluster": "ray.io/cluster",
}


def workload(
    world: World,
    model: Model,
    controller: str,
    stage: str,
    *,
    vcpu: Decimal,
    memory: Decimal,
    gpus: int = 0,
    suffix: str = "",
    claim: str = "",
) -> Workload:
    """Make a model's workload."""
    chance = world.chance("workload", model.name, stage)
    name = f"{abbreviate(model.name) if model.team.habit.abbreviates else model.name}{suffix}"
    labels: dict[str, str] = {"app.kubernetes.io/name": model.name} if chance.maybe(0.7) else {"app": name}
    if controller == "Deployment" and chance.maybe(0.4):
        labels["serving.kserve.io/inferenceservice"] = name
    if controller in _OPERATOR_LABELS:
        labels[_OPERATOR_LABELS[controller]] = name
    if chance.maybe(0.4):
        labels["team"] = model.team.name
    return Workload(
        name,
        model.team.namespace,
        controller,
        of_model(model, "prod", stage),
        image_of(world, model),
        tuple(labels.items()),
        vcpu,
        memory,
        gpus,
        claim,
    )
