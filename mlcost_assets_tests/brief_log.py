"""A Dagster that remembers of its runs what a refresh asks it for, and nothing else.

What Dagster shows of runs is tested where runs stand in an installation's own instance (automation/); a refresh that a
test makes only to look at the tables spent a quarter of its time on a history that nobody reads.
"""

from collections import defaultdict
from collections.abc import Sequence

import dagster as dg
from dagster._core.event_api import AssetRecordsFilter, EventRecordsResult
from dagster._core.events.log import EventLogEntry
from dagster._core.instance import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class _BriefLog(InMemoryEventLogStorage):
    """Keeps the checks that failed, for alerts, and the months; a step looks up no versions of what it reads."""

    def __init__(self) -> None:
        super().__init__()
        self._partitions: dict[str, list[str]] = defaultdict(list)

    def store_event(self, event: EventLogEntry) -> None:
        told = event.dagster_event
        is_check = event.dagster_event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        if told and is_check and not told.asset_check_evaluation_data.passed:
            super().store_event(event)  # type: ignore[no-untyped-call]

    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[AssetRecord]:
        return []

    def fetch_observations(
        self,
        records_filter: dg.AssetKey | AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,
    ) -> EventRecordsResult:
        return EventRecordsResult([], cursor="", has_more=False)

    def get_dynamic_partitions(self, partitions_def_name: str) -> Sequence[str]:
        return list(self._partitions[partitions_def_name])

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        return partition_key in self._partitions[partitions_def_name]

    def add_dynamic_partitions(self, partitions_def_name: str, partition_keys: Sequence[str]) -> None:
        self._partitions[partitions_def_name] += partition_keys

    def delete_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> None:
        self._partitions[partitions_def_name].remove(partition_key)


def brief_instance() -> dg.DagsterInstance:
    """As DagsterInstance.ephemeral(), with a brief log."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=_BriefLog(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
