"""One metadata snapshot: every service of every configured account and region, several at a time.

What fails is listed and leaves the rest alone; each look leaves a record that says whether it was complete.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from botocore.exceptions import EndpointConnectionError

from mlcost_assets.collect.engine import look_at
from mlcost_assets.collect.kubernetes import in_clusters
from mlcost_assets.collect.landing import Before, LandingFile, Snapshot, as_record, looked_before, place_key
from mlcost_assets.collect.listing import Collection, Gathering, NotHereError
from mlcost_assets.collect.look import Look, Tags
from mlcost_assets.collect.mlflow import on_server
from mlcost_assets.collect.places import AccountSession, Place, problem
from mlcost_assets.collect.policy import allowed_operations
from mlcost_assets.collect.services import services
from mlcost_assets.config import Config
from mlcost_assets.config.settings import Account, Metadata, MlflowServer
from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets.lake.objects import Store
from mlcost_assets.lake.stores import open_store

AT_ONCE = 8  # services under way together, over all accounts and regions
_KUBERNETES, _MLFLOW = "k8s", "mlflow"
Scoped = tuple[str, Collection]


@dataclass
class Outcome:
    """What a snapshot came to. `failures` a line each; `calls` by `service:Operation`."""

    snapshots: list[Snapshot] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """How many records landed."""
        return sum(snapshot.records for snapshot in self.snapshots)


@dataclass(frozen=True)
class _Task:
    """A service at a place: what is looked at there, and in which folder of the landing zone it lands."""

    name: str
    place: Place
    folder: str
    before: Before
    tags: Tags
    collections: Callable[[Look], Iterable[Scoped]]


def known_services() -> list[str]:
    """The names that `--service` takes."""
    return sorted([*services(), _KUBERNETES, _MLFLOW])


def collect_now(
    config: Config,
    accounts: Iterable[str] = (),
    only: Iterable[str] = (),
    say: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Collects from all configured accounts and MLflow servers, or only from the named accounts or services.

    Raises ConfigError where nothing is configured or a name is unknown.
    """
    settings, chosen, wanted = choose(config, set(accounts), set(only))
    now = datetime.now(UTC)
    store = open_store(settings.uri)
    outcome = Outcome()
    sessions = {account.account_id: AccountSession(account, allowed_operations()) for account in chosen}
    tasks: list[_Task] = []
    for account_id, session in sessions.items():
        try:
            tasks += _of_account(settings, session, store, now)
        except MlcostError as error:
            outcome.failures.append(str(error) if account_id in str(error) else f"account {account_id}: {error}")
    if not set(accounts):
        tasks += [_of_server(settings, server, sessions, store, now) for server in settings.mlflow]
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            pending = {pool.submit(_collect, settings, task, store, now): task for task in tasks if task.name in wanted}
            for done in as_completed(pending):
                snapshots, failures = done.result()
                outcome.snapshots += snapshots
                outcome.failures += failures
                say(_told(pending[done], snapshots))
    finally:
        _land_snapshots(outcome, store, now)
    for session in sessions.values():
        outcome.calls += session.calls
    return outcome


def choose(config: Config, accounts: set[str], only: set[str]) -> tuple[Metadata, list[Account], set[str]]:
    """The settings, accounts and services that are meant; all where none are named. Raises ConfigError."""
    settings = config.metadata
    if settings is None or not settings.is_collected:
        raise ConfigError(f"{config.path}: metadata.accounts: names no account to collect from (docs/collect.md)")
    if unknown := accounts - {account.account_id for account in settings.accounts}:
        raise ConfigError(f"--account {min(unknown)}: not in metadata.accounts of {config.path}")
    if unknown := only - set(known_services()):
        raise ConfigError(f"--service {min(unknown)}: known are {', '.join(known_services())}")
    chosen = [account for account in settings.accounts if not accounts or account.account_id in accounts]
    return settings, chosen, only or set(known_services())


def _of_account(settings: Metadata, session: AccountSession, store: Store, now: datetime) -> list[_Task]:
    """The tasks of an account. Raises MlcostError when it cannot be entered."""
    account = session.account
    session.verify()
    before = looked_before(store, account.account_id, now, _full_every(settings))
    tasks = []
    for region in ["", *account.regions]:
        place, tags = Place(account.account_id, region, session, region or account.regions[0]), Tags()
        for name, collections in services().items():
            here = [("", one) for one in collections if one.once == (not region)]
            if here:
                tasks.append(_Task(name, place, account.account_id, before, tags, partial(_all, here)))
        if region and settings.kubernetes:
            tasks.append(_Task(_KUBERNETES, place, account.account_id, before, tags, in_clusters))
    return tasks


def _of_server(
    settings: Metadata, server: MlflowServer, sessions: dict[str, AccountSession], store: Store, now: datetime
) -> _Task:
    """The task of an MLflow server; one that SageMaker runs is asked with its account's credentials."""
    region = server.region
    session = sessions.get(server.account) or AccountSession(
        Account.model_construct(account_id=server.account, regions=[region], role_arn=None, external_id=None),
        allowed_operations(),
    )
    before = looked_before(store, _MLFLOW, now, _full_every(settings))
    place = Place(server.account, "", session, region)
    return _Task(_MLFLOW, place, _MLFLOW, before, Tags(), partial(on_server, server))


def _all(collections: list[Scoped], _: Look) -> list[Scoped]:
    return collections


def _full_every(settings: Metadata) -> timedelta:
    # A day's snapshot may begin a little earlier than the one it should follow by a week.
    return timedelta(days=settings.collect.full_every_days) - timedelta(hours=1)


def _collect(settings: Metadata, task: _Task, store: Store, now: datetime) -> tuple[list[Snapshot], list[str]]:
    """Looks at every kind of a service in a place and lands what was found as one file; also what failed."""
    file = LandingFile(store, place_key(task.folder, task.name, task.place.region, now))
    snapshots, failures = [], []
    try:
        for scope, collection in task.collections(Look(task.place, settings, now, None, task.tags)):
            if made := _look(settings, task, scope, collection, file):
                snapshots.append(made)
    except Exception as error:  # noqa: BLE001  as below
        failures.append(f"{task.place.account_id} {task.place.region} {task.name}: {problem(error)}")
    try:
        file.land()
    except MlcostError as error:
        snapshots = [replace(one, complete=False, records=0, error=str(error)) for one in snapshots]
    failures += [f"{one.where}: {one.error}" for one in snapshots if one.error]
    return snapshots, failures


def _look(settings: Metadata, task: _Task, scope: str, collection: Collection, file: LandingFile) -> Snapshot | None:
    """One look at one kind; None where it does not apply."""
    place, started, records, error = task.place, datetime.now(UTC), 0, None
    gives_changes = collection.incremental if isinstance(collection, Gathering) else collection.since is not None
    since = task.before.since(collection.kind, place.region, scope, started, _full_every(settings))
    look = Look(place, settings, started, since if gives_changes else None, task.tags)
    try:
        for found in look_at(collection, look):
            file.add(as_record(found, collection.kind, place.account_id, place.region, datetime.now(UTC)))
            records += 1
    except NotHereError:
        return None
    except EndpointConnectionError as missing:
        if not place.session.is_offered(collection.kind.partition(":")[0], place.ask_in):
            return None
        error = problem(missing)
    except Exception as failed:  # noqa: BLE001  what fails in one service, even by our fault, costs no other
        error = problem(failed)
    if look.failures:
        error = error or f"{len(look.failures)} of its items failed, the first: {look.failures[0]}"
    return Snapshot(
        kind=collection.kind,
        account_id=place.account_id,
        region=place.region,
        scope=scope,
        complete=error is None,
        incremental=look.since is not None,
        started_at=started,
        finished_at=datetime.now(UTC),
        records=records,
        file=file.key,
        error=error,
    )


def _land_snapshots(outcome: Outcome, store: Store, now: datetime) -> None:
    """Lands the looks' own records, a file for each folder and region."""
    by_file: dict[str, list[Snapshot]] = {}
    for snapshot in outcome.snapshots:
        folder = snapshot.file.partition("/")[0]
        by_file.setdefault(place_key(folder, "snapshots", snapshot.region, now), []).append(snapshot)
    for key, snapshots in by_file.items():
        file = LandingFile(store, key)
        for snapshot in snapshots:
            file.add(snapshot.record())
        try:
            file.land()
        except MlcostError as error:
            outcome.failures.append(str(error))


def _told(task: _Task, snapshots: list[Snapshot]) -> str:
    where = " ".join(filter(None, [task.place.account_id, task.place.region, task.name]))
    partial_ones = sum(not one.complete for one in snapshots)
    return f"{where}: {sum(one.records for one in snapshots):,} records" + (
        f", {partial_ones} of {len(snapshots)} kinds not complete" if partial_ones else ""
    )
