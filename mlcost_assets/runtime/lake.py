"""The lake of one run: one lock, one working copy, one connection for every step and check."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa
from dagster_duckdb import DuckDBResource
from pydantic import PrivateAttr

from mlcost_assets.config import Config, load_config
from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets.lake.catalog import Catalog
from mlcost_assets.lake.registry import tables
from mlcost_assets.lake.sql import read_sql, step
from mlcost_assets.lake.writer import LakeWriter, Published
from mlcost_assets.runtime.mending import mend
from mlcost_assets.runtime.partitions import FORCE_TAG, MEND_TAG
from mlcost_assets.runtime.process import tag_run
from mlcost_assets.runtime.runs import has_succeeded, is_selection, refuse, refuse_impossible
from mlcost_assets.runtime.versions import LOOKED_AT, whole_version

# What tells of which content of $upstream, and by which $code, the month `period` of a table was made: the version of
# that month, with $with_before that of the month before, then the code.
_MADE_FROM = """concat_ws(' ', (
    SELECT version FROM made WHERE table_name = $upstream AND billing_period = period
), (
    SELECT version FROM made
    WHERE $with_before AND table_name = $upstream AND billing_period = month_before(period)
), $code)"""


class NotPublishedError(dg.DagsterError):
    """What a run made could not be published. Dagster takes no other error for a failure once the steps have ended."""


class LakeResource(DuckDBResource):
    """DuckDB in memory with the run's working copy of the lake attached.

    What steps write becomes visible to readers together: in the asset `published`, or at the end of a run that
    selects others only and in which every step succeeded. `connection_config` sets DuckDB's memory_limit, threads
    and so on.
    """

    database: str = ":memory:"
    config_path: str = ""

    _config: Config = PrivateAttr()
    _writer: LakeWriter = PrivateAttr()
    _rewritten: set[str] = PrivateAttr(default_factory=set)
    _checks: list[dict[str, Any]] = PrivateAttr(default_factory=list)
    _forced: bool = PrivateAttr(default=False)
    _takes_up: bool = PrivateAttr(default=True)
    _provided: set[str] = PrivateAttr(default_factory=set)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["LakeResource"]:
        """Opens the working copy for the run and discards what was not published.

        Raises NotPublishedError where a run of a selection succeeded and what it made could not be published.
        """
        run, instance = context.dagster_run, context.instance
        say = context.log.info if context.log else lambda _: None
        self._open_for(instance, run)
        with LakeWriter(self._config, settings=self.connection_config, say=say) as self._writer:
            if run and run.tags.get(MEND_TAG):
                for lost in mend(self._writer, Catalog(self._config)):
                    say(f"lost and made anew: {lost}")
            self.hold("made")
            yield self
            if self._takes_up or not (run and instance and has_succeeded(instance, run)):
                return
            try:
                self.enter_checks(run.run_id)
                say(f"published as version {self.publish(run.run_id).version}")
            except MlcostError as error:
                raise NotPublishedError(f"Nothing was published, the version before stays: {error}") from None

    def _open_for(self, instance: dg.DagsterInstance | None, run: dg.DagsterRun | None) -> None:
        """Reads the configuration for `run`, and refuses a run that cannot do what it was asked to."""
        try:
            self._config = load_config(self.config_path or None)
        except ConfigError as error:
            if instance and run:
                refuse(instance, run, str(error))
            raise
        self._takes_up = not is_selection(run)
        self._forced = bool(run and run.tags.get(FORCE_TAG))
        if instance and run:
            tag_run(self._config.home, instance, run)
            refuse_impossible(instance, run)
            if not self._takes_up and not Catalog(self._config).version():
                refuse(instance, run, "Nothing is loaded yet: run the job `refresh` first.")

    @property
    def config(self) -> Config:
        """mlcost.yaml."""
        return self._config

    @property
    def writer(self) -> LakeWriter:
        """The working copy."""
        return self._writer

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The run's one connection."""
        return self._writer.connection

    @contextmanager
    def get_connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The run's one connection, as other DuckDBResources give theirs."""
        yield self._writer.connection

    def stale(
        self, table: str, upstream: str, periods: list[str], code: str = "", *, with_before: bool = False
    ) -> list[str]:
        """Those of `periods` for which `table` was not made from what `upstream` holds now, by this `code`.

        With `with_before`, it is made from what `upstream` holds of the month before, too.
        """
        if self._forced:
            return periods
        rows = self.connection.execute(
            f"""
            SELECT period FROM (SELECT unnest($periods) AS period)
            LEFT JOIN made AS own ON own.table_name = $table AND own.billing_period = period
            WHERE own.made_from IS DISTINCT FROM {_MADE_FROM}
            ORDER BY period
            """,
            {"periods": periods, "table": table, "upstream": upstream, "code": code, "with_before": with_before},
        ).fetchall()
        return [period for (period,) in rows]

    def and_following(self, upstream: str, periods: Iterable[str]) -> list[str]:
        """`periods`, and the months right after them that `upstream` has: what compares a month with the month before
        is to be made again for these, too."""
        rows = self.connection.execute(
            """
            SELECT unnest($periods) AS period
            UNION
            SELECT billing_period FROM made
            WHERE table_name = $upstream AND list_contains($periods, month_before(billing_period))
            ORDER BY period
            """,
            {"periods": list(periods), "upstream": upstream},
        ).fetchall()
        return [period for (period,) in rows]

    def made(
        self, table: str, periods: Iterable[str], upstream: str = "", code: str = "", *, with_before: bool = False
    ) -> None:
        """Notes that `table` was rewritten for `periods`, from what `upstream` holds now and by this `code`.

        With `with_before`, also from what it holds of the month before each.
        """
        for period in periods:
            self._rewritten.add(period)
            self._enter(table, period, upstream, code, with_before)

    def looked_at(self, periods: Iterable[str]) -> None:
        """Notes that `periods` were looked at with what this code makes whole; a run of a selection has not made it."""
        for period in periods if self._takes_up else ():
            self._enter(LOOKED_AT, period, "", whole_version())

    def _enter(self, table: str, period: str, upstream: str, code: str, with_before: bool = False) -> None:
        given = {"table": table, "period": period}
        self.connection.execute("DELETE FROM made WHERE table_name = $table AND billing_period = $period", given)
        self.connection.execute(
            f"""
            INSERT INTO made BY NAME
            SELECT $table AS table_name, period AS billing_period, uuid() AS version, {_MADE_FROM} AS made_from
            FROM (SELECT $period AS period)
            """,
            given | {"upstream": upstream, "code": code, "with_before": with_before},
        )

    def hold(self, name: str) -> None:
        """Copies table `name`, as it now is, to a temporary table of its name, which later statements then read.

        For tables that many statements read: each look at the lake asks its catalog and opens files, a few
        milliseconds a time. Nothing writes to the lake's own table afterwards, but `made` at publication.
        """
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM {tables()[name].qualified}")

    @property
    def forced(self) -> bool:
        """Whether everything is made anew, changed or not (`mlcost refresh --all`)."""
        return self._forced

    @property
    def takes_up(self) -> bool:
        """Whether this run loads what is new. A run of a selection makes anew what it selects from what is loaded:
        whatever follows from new drops and records is to be published together with them."""
        return self._takes_up

    def provide(self, what: str, how: Callable[[], None]) -> None:
        """Provides temporary tables once in a run."""
        if what not in self._provided:
            how()
            self._provided.add(what)

    def note_check(self, entry: dict[str, Any]) -> None:
        """Keeps a check's outcome for `data_quality`."""
        self._checks.append(entry)

    def enter_checks(self, run_id: str) -> list[dict[str, Any]]:
        """Enters the outcomes of this run's checks into `data_quality`, and gives them; old ones leave."""
        told = {"run_id": run_id, "checked_at": datetime.now(UTC).replace(tzinfo=None)}
        rows = [told | entry for entry in self._checks]
        if rows:
            kept = {"runs": self._config.retention.runs, "days": self._config.retention.runs_days}
            step(self.connection, "kept_checks", kept, select=read_sql(__file__, "kept_checks"))
            self.connection.register("outcomes", pa.Table.from_pylist(rows))
            # Written whole: one data file a version, where a file a run would never become fewer.
            with self._writer.transaction():
                self._writer.replace("data_quality", "FROM kept_checks UNION ALL BY NAME FROM outcomes")
            self.connection.unregister("outcomes")
        return rows

    @property
    def rewritten(self) -> list[str]:
        """The billing periods of which this run made a table anew."""
        return sorted(self._rewritten)

    def publish(self, run_id: str) -> Published:
        """Publishes the working copy, entered in `refreshes`."""
        with self._writer.transaction() as connection:
            self._writer.replace("made", "FROM temp.made")
            connection.execute(
                "INSERT INTO refreshes SELECT max(snapshot_id) + 1, now() AT TIME ZONE 'UTC', $run, $periods"
                " FROM ducklake_snapshots('lake')",
                {"run": run_id, "periods": self.rewritten},
            )
        return self._writer.publish()
