"""What a refresh has to do: the one answer for command line, sensors, schedule and doctor."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from mlcost_assets.billing.manifests import Manifest
from mlcost_assets.billing.plan import make_plan
from mlcost_assets.config import Config
from mlcost_assets.config.rules import settings_digest
from mlcost_assets.errors import MlcostError, StorageError
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.objects import Object
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.stores import open_store
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.reports.prices.kept import prices_digest
from mlcost_assets.runtime.versions import by_other_code


@dataclass(frozen=True)
class RefreshPlan:
    """New drops and new metadata since the published version, and the periods made by other rules than today's (whose
    identity is `settings`), with other prices, or only in part; `known_periods` have or had a bill, `problems` say what
    cannot be taken up."""

    pending: tuple[Manifest, ...]
    retired: tuple[tuple[str, str], ...]
    new_metadata: tuple[Object, ...]
    by_other_rules: tuple[str, ...]
    settings: str
    unreachable: dict[str, str]
    known_periods: tuple[str, ...]
    problems: tuple[str, ...]
    by_other_code: tuple[str, ...] = ()
    by_other_prices: tuple[str, ...] = ()

    @property
    def periods(self) -> list[str]:
        """The billing periods that a refresh looks at. New metadata may change the owners of any of them;
        those whose evidence did not change are left as they are."""
        if self.new_metadata:
            return list(self.known_periods)
        changed = {one.period for one in self.pending} | {period for _, period in self.retired}
        return sorted(changed.union(self.by_other_rules, self.by_other_code, self.by_other_prices))


def plan_refresh(config: Config, *, look_at_files: bool = False, mending: bool = False) -> RefreshPlan:
    """Compares exports, landing zone and rules.yaml with what is published. Reads only.

    `look_at_files`, too, of drops whose manifest did not change: what a person asks for, not a sensor. When `mending`,
    a lake that cannot be read counts as one in which nothing is loaded. Raises ConfigError where rules.yaml cannot be
    read, StorageError where the lake cannot.
    """
    reader = LakeReader(config)
    try:
        try:
            return _compared(config, _published(reader), look_at_files)
        except duckdb.Error as error:
            if not mending:
                said = str(error).strip().splitlines()[0][:200]
                raise StorageError(
                    f"the lake at {config.lake} cannot be read ({said}). Mend: `mlcost doctor --repair`."
                ) from None
            return _compared(config, None, look_at_files)
    finally:
        reader.close()


def _published(reader: LakeReader) -> duckdb.DuckDBPyConnection | None:
    try:
        return reader.connection()
    except MlcostError:  # nothing is published yet
        return None


def _compared(config: Config, connection: duckdb.DuckDBPyConnection | None, look_at_files: bool) -> RefreshPlan:
    settings = settings_digest(config)
    billing = make_plan(config, connection, look_at_files=look_at_files)
    others = _by_other_rules(connection, settings) | _carried_half(connection) if connection else set()
    landed: Sequence[Object] = ()
    if config.metadata:
        landed = new_files(open_store(config.metadata.uri), connection, Contents(config.home))
    return RefreshPlan(
        billing.pending,
        billing.retired,
        tuple(landed),
        tuple(sorted(others.intersection(billing.known_periods))),
        settings,
        billing.unreachable,
        billing.known_periods,
        tuple(billing.problems),
        tuple(sorted(by_other_code(connection).intersection(billing.known_periods))) if connection else (),
        tuple(_by_other_prices(connection, prices_digest(config)) & set(billing.known_periods)) if connection else (),
    )


def _by_other_rules(connection: duckdb.DuckDBPyConnection, settings: str) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT billing_period FROM attributed_costs ANTI JOIN"
        " (FROM made WHERE table_name = 'rule_matches' AND ends_with(made_from, $settings)) USING (billing_period)",
        {"settings": settings},
    ).fetchall()
    return {period for (period,) in rows}


def _by_other_prices(connection: duckdb.DuckDBPyConnection, prices: str) -> set[str]:
    """The newest period, where its answers were made with other prices than are known now; those of older ones stay as
    they were told, until something else changes them."""
    rows = connection.execute(
        "SELECT billing_period FROM (SELECT max(billing_period) AS billing_period FROM attributed_costs) ANTI JOIN"
        " (FROM made WHERE table_name = 'commitment_coverage' AND ends_with(made_from, $prices)) USING (billing_period)"
        " WHERE billing_period IS NOT NULL",
        {"prices": prices},
    ).fetchall()
    return {period for (period,) in rows}


def _carried_half(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Periods in which a run of a selection made a table anew, and what is made from it not."""
    rows = connection.execute(
        "SELECT DISTINCT billing_period FROM made AS own WHERE length(split_part(made_from, ' ', 1)) = 36"
        " AND NOT EXISTS (FROM made AS source WHERE source.billing_period = own.billing_period"
        " AND source.version = split_part(own.made_from, ' ', 1))"
    ).fetchall()
    return {period for (period,) in rows}
