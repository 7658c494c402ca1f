"""Running the job `collect` in this process, as `mlcost collect` does without a daemon."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mlcost_assets.automation import alerts
from mlcost_assets.automation.history import forget_old_runs
from mlcost_assets.automation.instance import fail_abandoned_runs, open_instance
from mlcost_assets.automation.launch import run_here
from mlcost_assets.automation.run import heed_interrupt, step_failures
from mlcost_assets.collect.assets import ACCOUNTS_TAG, SERVICES_TAG
from mlcost_assets.collect.run import choose
from mlcost_assets.config import Config
from mlcost_assets.runtime.process import process_tag


@dataclass(frozen=True)
class Collected:
    """What a snapshot came to, as its run recorded it; `failures` a line each."""

    records: int
    kinds: int
    accounts: int
    calls: int
    failures: list[str]


def collect_through_dagster(config: Config, accounts: Iterable[str], services: Iterable[str], quiet: bool) -> Collected:
    """Takes a snapshot of all accounts and services, or of those named.

    Raises ConfigError where nothing is configured or a name is unknown, before anything is asked.
    """
    choose(config, set(accounts), set(services))
    tags = {ACCOUNTS_TAG: " ".join(accounts), SERVICES_TAG: " ".join(services), alerts.TOLD_TAG: "yes"}
    given = {name: value for name, value in tags.items() if value} | process_tag(config.home)
    with open_instance(config) as instance:
        fail_abandoned_runs(config, instance)
        result = run_here(instance, "collect", given, quiet=quiet)
        forget_old_runs(config, instance)
        heed_interrupt(result)
        if not result.success:
            return Collected(0, 0, 0, 0, step_failures(result))
        alerts.tell(config, alerts.failed_checks(instance, result.run_id))
    (made,) = result.asset_materializations_for_node("metadata_snapshot")
    shown: dict[str, Any] = {name: value.value for name, value in made.metadata.items()}
    return Collected(*(shown[name] for name in ("records", "kinds", "accounts", "calls", "failures")))
