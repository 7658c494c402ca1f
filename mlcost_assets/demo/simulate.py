"""Simulates an organisation and writes its bill, its metadata and, apart from both, the truth."""

from collections.abc import Callable
from pathlib import Path

from mlcost_assets.demo.account_level import settle
from mlcost_assets.demo.bedrock import call_bedrock
from mlcost_assets.demo.bill import Bill
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.commitments import buy
from mlcost_assets.demo.configuration import know_rules, write_configuration
from mlcost_assets.demo.cur2 import write_export
from mlcost_assets.demo.data_jobs import prepare_data
from mlcost_assets.demo.desk import start_gpu_box
from mlcost_assets.demo.experiments import track_runs, work_by_hand
from mlcost_assets.demo.gateways import open_gateways
from mlcost_assets.demo.instances import serve_from_instances
from mlcost_assets.demo.kubernetes import run_kubernetes
from mlcost_assets.demo.landing import NO_GAPS, Gaps
from mlcost_assets.demo.network import connect
from mlcost_assets.demo.non_ml import run_everything_else
from mlcost_assets.demo.organisation import organise, without_account_tags
from mlcost_assets.demo.pipelines import run_pipelines
from mlcost_assets.demo.platform_services import watch_and_feed
from mlcost_assets.demo.serving import serve_models
from mlcost_assets.demo.shared_endpoints import share_endpoints
from mlcost_assets.demo.storage import store
from mlcost_assets.demo.studio import work_interactively
from mlcost_assets.demo.tag_truth import write_tags
from mlcost_assets.demo.tagging import Tagger
from mlcost_assets.demo.truth import Truth
from mlcost_assets.demo.world import World

# In the order of the world: what is bought, what is made, what serves it, what lies around it, what is shared.
ACTIVITIES: tuple[Callable[[World], None], ...] = (
    know_rules,
    buy,
    run_pipelines,
    work_by_hand,
    track_runs,
    work_interactively,
    serve_models,
    share_endpoints,
    watch_and_feed,
    serve_from_instances,
    start_gpu_box,
    run_kubernetes,
    call_bedrock,
    store,
    open_gateways,
    prepare_data,
    connect,
    run_everything_else,
    settle,
)


def export_name(world: World) -> str:
    """Name the billing export."""
    return f"{world.organisation.company}-cur2"


def imagine(seed: int, first_month: str, months: int, tag_compliance: float) -> World:
    """Let the organisation of a seed live through its months, in memory."""
    window = Window.of(first_month, months)
    organisation = organise(seed, window)
    if tag_compliance <= 0:
        organisation = without_account_tags(organisation)
    world = World(seed, organisation, window, Tagger(seed, organisation, window, tag_compliance))
    for activity in ACTIVITIES:
        activity(world)
    return world


def simulate(
    folder: Path,
    *,
    seed: int = 7,
    first_month: str = "2026-08",
    months: int = 3,
    tag_compliance: float = 0.5,
    gaps: Gaps = NO_GAPS,
) -> None:
    """Write the bill, the metadata, the configuration and the truth of an organisation into a folder."""
    world = imagine(seed, first_month, months, tag_compliance)
    folder = Path(folder)
    # Whose metadata may be missing: an account without machine learning would be no loss.
    accounts = [account.id for account in world.organisation.accounts if account.role != "web"]
    seen = world.landing.write(folder / "metadata", world.window, gaps, seed, accounts)
    bill = Bill(world.ledger, world.organisation, world.window)
    bill.make()
    write_export(bill, folder / "billing", export_name(world), seed)
    write_configuration(world, folder, export_name(world))
    truth = Truth(bill, world.facts.judge(seen.__contains__))
    truth.find()
    truth.write(folder / "truth")
    write_tags(world, truth, folder / "truth")
