"""Simulates an organisation and writes its bill, its metadata and, apart from both, the truth."""

from collections.abc import Callable
from pathlib import Path

from mlcost_assets.demo.around.agents import run_agents
from mlcost_assets.demo.around.airflow import schedule_with_airflow
from mlcost_assets.demo.around.buckets import fill_buckets
from mlcost_assets.demo.around.data_jobs import prepare_data
from mlcost_assets.demo.around.features import keep_features
from mlcost_assets.demo.around.file_systems import keep_homes, mount_lustre
from mlcost_assets.demo.around.gateways import open_gateways
from mlcost_assets.demo.around.images import keep_images
from mlcost_assets.demo.around.keys import keep_keys
from mlcost_assets.demo.around.logs import write_logs
from mlcost_assets.demo.around.monitors import watch_endpoints
from mlcost_assets.demo.around.network import connect
from mlcost_assets.demo.bill.bill import Bill
from mlcost_assets.demo.bill.cur2 import write_exports
from mlcost_assets.demo.clock import Window
from mlcost_assets.demo.configuration import know_rules, write_configuration
from mlcost_assets.demo.kubernetes.hyperpod import train_on_hyperpod
from mlcost_assets.demo.kubernetes.run import run_kubernetes
from mlcost_assets.demo.money.accounts import tag_accounts
from mlcost_assets.demo.money.commitments import buy
from mlcost_assets.demo.money.settlement import settle
from mlcost_assets.demo.non_ml.run import run_everything_else
from mlcost_assets.demo.organisation.organise import organise, without_account_tags
from mlcost_assets.demo.serving.bedrock import call_bedrock
from mlcost_assets.demo.serving.bedrock_jobs import adapt_foundation_models
from mlcost_assets.demo.serving.gateway_calls import call_through_gateway
from mlcost_assets.demo.serving.instances import serve_from_instances
from mlcost_assets.demo.serving.styles import serve_models, share_endpoints
from mlcost_assets.demo.truth.costs import Truth
from mlcost_assets.demo.truth.estimates import write_estimates
from mlcost_assets.demo.truth.idle import write_uncalled
from mlcost_assets.demo.truth.judge import Judge
from mlcost_assets.demo.truth.tags import write_tags
from mlcost_assets.demo.work.batch import run_batch
from mlcost_assets.demo.work.by_hand import work_by_hand
from mlcost_assets.demo.work.executions import run_pipelines
from mlcost_assets.demo.work.gpu_box import start_gpu_box
from mlcost_assets.demo.work.hyperpod import run_hyperpod
from mlcost_assets.demo.work.interactive import work_interactively
from mlcost_assets.demo.work.labelling import label_data
from mlcost_assets.demo.work.tools import use_studio_tools
from mlcost_assets.demo.work.tracking import track_runs
from mlcost_assets.demo.world.landing import NO_GAPS, Gaps
from mlcost_assets.demo.world.tagging import Tagger
from mlcost_assets.demo.world.world import World

# In the order of the world: what is bought, what is made, what serves it, what lies around it, what is shared.
ACTIVITIES: tuple[Callable[[World], None], ...] = (
    know_rules,
    buy,
    run_pipelines,
    work_by_hand,
    track_runs,
    work_interactively,
    use_studio_tools,
    label_data,
    serve_models,
    share_endpoints,
    watch_endpoints,
    keep_features,
    run_hyperpod,
    serve_from_instances,
    start_gpu_box,
    run_kubernetes,
    train_on_hyperpod,
    run_batch,
    call_bedrock,
    adapt_foundation_models,
    run_agents,
    call_through_gateway,
    fill_buckets,
    keep_images,
    keep_homes,
    mount_lustre,
    write_logs,
    open_gateways,
    prepare_data,
    schedule_with_airflow,
    keep_keys,
    connect,
    run_everything_else,
    tag_accounts,
    settle,
)


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
    write_exports(bill, folder / "billing", seed)
    write_configuration(world, folder)
    truth = Truth(bill, Judge(world.facts, seen.__contains__))
    truth.find()
    truth.write(folder / "truth", seed)
    write_tags(world, truth, folder / "truth")
    write_estimates(world, folder / "truth")
    write_uncalled(world, folder / "truth")
