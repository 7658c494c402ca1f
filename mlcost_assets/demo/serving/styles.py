"""Serving on SageMaker: every model in its way, and some of them together."""

from collections.abc import Callable

from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.serving.batch import serve_batch
from mlcost_assets.demo.serving.components import host_components
from mlcost_assets.demo.serving.moving import serve_under_used_name, serve_until_moved
from mlcost_assets.demo.serving.multi_model import host_together
from mlcost_assets.demo.serving.neglected import forget, serve_legacy
from mlcost_assets.demo.serving.on_demand import serve_async, serve_serverless
from mlcost_assets.demo.serving.realtime import serve_realtime
from mlcost_assets.demo.serving.variants import serve_variants
from mlcost_assets.demo.world.world import World

# Models on Kubernetes or on plain instances are served by activities of their own.
_STYLES: dict[str, Callable[[World, Model], None]] = {
    "realtime": serve_realtime,
    "batch": serve_batch,
    "variants": serve_variants,
    "serverless": serve_serverless,
    "async": serve_async,
    "moved": serve_until_moved,
    "legacy": serve_legacy,
    "forgotten": forget,
    "reused": serve_under_used_name,
}


def serve_models(world: World) -> None:
    """Serve every model in its way; half of them have a staging endpoint besides."""
    for model in world.organisation.models:
        if model.serving in _STYLES:
            _STYLES[model.serving](world, model)
        if model.serving in ("realtime", "variants", "serverless") and world.chance("staging", model.name).maybe(0.6):
            serve_realtime(world, model, "staging")


def share_endpoints(world: World) -> None:
    """Run the platform team's endpoints that several models share."""
    alive = world.organisation.alive()
    chance = world.chance("shared endpoints")
    host_components(world, chance.some(alive, 3))
    if chance.maybe(0.8):
        host_together(world, chance.some(alive, chance.randrange(2, 5)))
