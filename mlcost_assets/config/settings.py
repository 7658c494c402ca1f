"""mlcost.yaml: its typed model, and how it is found and read."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from mlcost_assets.config.dashboard import Dashboard
from mlcost_assets.config.files import read_yaml, validation_line
from mlcost_assets.config.locations import BILL_FILES, is_bill_file, refuse_overlap
from mlcost_assets.config.prices import Commitments, Prices
from mlcost_assets.errors import ConfigError

Ratio = Annotated[float, Field(ge=0, le=1)]
AccountId = Annotated[str, Field(pattern=r"^\d{12}$")]
# YAML reads an unquoted 2026-01 or 123 as it likes; names and locations are text to us.
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


def _is_place(given: str) -> str:
    """Refuses what only looks like a place in S3, and would be taken for a local folder."""
    if given.startswith("arn:aws") and ":s3:::" in given:
        raise ValueError(f"write s3://{given.partition(':s3:::')[2]}, not an ARN")
    if given.startswith("arn:"):
        raise ValueError(f"write a local path or s3://bucket/prefix, not an ARN (found {given})")
    if re.match("s3:|s3[a-z]://", given, re.IGNORECASE) and not given.startswith("s3://"):
        raise ValueError(f"write s3://{given.partition(':')[2].lstrip('/')}, not {given}")
    return given


Place = Annotated[Text, AfterValidator(_is_place)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Export(_Section):
    """One billing export: a folder of metadata/ and data/ (Data Exports), of period folders (CUR) or of plain files, or
    one plain file."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    uri: Place
    format: Literal["auto", "cur", "cur2", "focus"] = "auto"


class Billing(_Section):
    """Where the bills are."""

    exports: Annotated[list[Export], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Billing":
        names = [export.name for export in self.exports]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two exports are named {twice[0]!r}; names must differ")
        return self


class Account(_Section):
    """An account that `mlcost collect` reads, through a role where one is given."""

    account_id: AccountId
    regions: Annotated[list[str], Field(min_length=1)]
    role_arn: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+")] | None = None
    external_id: str | None = None


class MlflowServer(_Section):
    """An MLflow tracking server: its URL, or the ARN of one that SageMaker runs; `account_id`: whose work it tracks."""

    uri: Annotated[str, Field(pattern=r"^(https?://.+|arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:mlflow-[a-z-]+/.+)$")]
    account_id: AccountId | None = None

    @property
    def account(self) -> str:
        """The account that its records name; '' when it is not known."""
        return self.account_id or (self.uri.split(":")[4] if self.uri.startswith("arn:") else "")

    @property
    def region(self) -> str:
        """The region that a server of SageMaker runs in."""
        return self.uri.split(":")[3] if self.uri.startswith("arn:") else "us-east-1"


class OwnMetric(_Section):
    """A CloudWatch metric of the user's own that tells how much something is used."""

    namespace: str
    metric: str
    statistic: Literal["Sum", "Average", "Maximum", "Minimum", "SampleCount"] = "Sum"


class Collect(_Section):
    """How far `mlcost collect` goes."""

    full_every_days: Annotated[int, Field(ge=1, le=31)] = 7
    prefix_depth: Annotated[int, Field(ge=1, le=10)] = 4
    bucket_list_calls: Annotated[int, Field(ge=0, le=100_000)] = 100
    metrics: list[OwnMetric] = []


class Metadata(_Section):
    """Where metadata records land, and which accounts and servers they are collected from."""

    uri: Place
    accounts: list[Account] = []
    kubernetes: list[str] = ["*"]
    mlflow: list[MlflowServer] = []
    collect: Collect = Collect()

    @property
    def is_collected(self) -> bool:
        """Whether there is anything for `mlcost collect` to do."""
        return bool(self.accounts or self.mlflow)


class Attribution(_Section):
    """Thresholds of the asset checks and the optional explicit rules."""

    required_tags: list[str] = ["project", "model", "team", "environment"]
    tag_compliance_threshold: Ratio = 0.80
    unattributed_threshold: Ratio = 0.05
    rules: Path | None = None


PARTIES = ("team", "model", "environment", "business_function")


class Posting(_Section):
    """An account of the ledger and the cost centre that stands beside it."""

    account: Text | None = None
    cost_centre: Text | None = None


class Party(Posting):
    """Where the ledger puts what a party owes: the party of one dimension, or else the cost centre itself."""

    team: Text | None = None
    model: Text | None = None
    environment: Text | None = None
    business_function: Text | None = None

    @property
    def dimension(self) -> str:
        """Of what it is a name."""
        return next((one for one in PARTIES if getattr(self, one) is not None), "cost_centre")

    @property
    def name(self) -> str:
        """The party, as attribution calls it."""
        return str(getattr(self, self.dimension))

    @model_validator(mode="after")
    def _one_party(self) -> "Party":
        if sum(getattr(self, one) is not None for one in PARTIES) > 1 or getattr(self, self.dimension) is None:
            raise ValueError(f"a party has exactly one of {', '.join(PARTIES)}, or a cost_centre alone")
        return self


class Chargeback(_Section):
    """Where final statements are kept, and how the ledger calls who pays and who is paid."""

    statements: Path | None = None
    credit: Posting = Posting()
    unattributed: Posting = Posting()
    parties: list[Party] = []

    @model_validator(mode="after")
    def _parties_are_unique(self) -> "Chargeback":
        named = [(party.dimension, party.name) for party in self.parties]
        twice = next((one for one in named if named.count(one) > 1), None)
        if twice:
            raise ValueError(f"{twice[0]} {twice[1]!r} is listed twice")
        return self


class Alert(_Section):
    """One receiver of alerts: exactly one of the four kinds."""

    slack: str | None = None
    webhook: str | None = None
    sns: str | None = None
    email: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "Alert":
        if sum(value is not None for value in (self.slack, self.webhook, self.sns, self.email)) != 1:
            raise ValueError("an alert has exactly one of slack, webhook, sns, email")
        return self


class Forecast(_Section):
    """How far forecasts reach."""

    horizon_days: Annotated[int, Field(ge=1, le=730)] = 90


class Retention(_Section):
    """What is kept, and for how long: published versions of the lake, and runs in Dagster's history.

    A file that no kept version needs is removed `grace_hours` after it became free, for readers that are at it.
    """

    versions_days: Annotated[int, Field(ge=0, le=3650)] = 30
    versions: Annotated[int, Field(ge=1, le=10_000)] = 200
    grace_hours: Annotated[float, Field(ge=0, le=720)] = 24
    runs_days: Annotated[int, Field(ge=1, le=3650)] = 90
    runs: Annotated[int, Field(ge=1, le=100_000)] = 100


class Limits(_Section):
    """What one query of a user may take."""

    query_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    memory: Annotated[str, Field(pattern=r"^\d+(\.\d+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$")] = "4GB"


class Config(_Section):
    """mlcost.yaml as given, with every local path absolute."""

    path: Path
    home: Path = Path(".mlcost")
    lake: Place = ""
    billing: Billing
    metadata: Metadata | None = None
    attribution: Attribution = Attribution()
    alerts: list[Alert] = []
    chargeback: Chargeback = Chargeback()
    commitments: Commitments = Commitments()
    prices: Prices = Prices()
    forecast: Forecast = Forecast()
    retention: Retention = Retention()
    limits: Limits = Limits()
    dashboard: Dashboard = Dashboard()


def load_config(path: str | Path | None = None) -> Config:
    """Reads the configuration named by `path`, else by MLCOST_CONFIG, else ./mlcost.yaml.

    Raises ConfigError, naming the key, for an unknown key, a wrong type or a missing path.
    """
    file = Path(path or os.environ.get("MLCOST_CONFIG") or "mlcost.yaml").absolute()
    given = read_yaml(file, mend="Name another with --config or MLCOST_CONFIG, or see one made by `mlcost demo`.")
    if "path" in given:
        raise ConfigError(f"{file}: path: unknown key")
    try:
        config = Config.model_validate({**given, "path": file})
    except ValidationError as error:
        raise ConfigError(f"{file}: {validation_line(error, Config)}") from None
    return _with_absolute_paths(config)


def _with_absolute_paths(config: Config) -> Config:
    folder = config.path.parent
    home = folder / config.home
    exports = [
        export.model_copy(update={"uri": _existing(config, export.uri, f"billing.exports[{number}].uri")})
        for number, export in enumerate(config.billing.exports)
    ]
    update: dict[str, object] = {
        "home": home,
        "lake": _absolute(folder, config.lake) if config.lake else str(home / "lake"),
        "billing": Billing(exports=exports),
        "chargeback": config.chargeback.model_copy(update={"statements": _statements(config, home)}),
    }
    if config.metadata:
        uri = _known_place(config, config.metadata.uri, "metadata.uri")
        update["metadata"] = config.metadata.model_copy(update={"uri": uri})
    if config.attribution.rules:
        rules = Path(_existing(config, str(config.attribution.rules), "attribution.rules"))
        update["attribution"] = config.attribution.model_copy(update={"rules": rules})
    complete = config.model_copy(update=update)
    for key, location in _read_only_locations(complete):
        refuse_overlap(complete.path, complete.lake, key, location)
    if complete.metadata:
        _make_landing_zone(config, complete.metadata.uri)
    return complete


def _statements(config: Config, home: Path) -> Path:
    """Where final statements are kept: what outlives the lake."""
    given = str(config.chargeback.statements or home / "statements")
    if given.startswith("s3:"):
        raise ConfigError(f"{config.path}: chargeback.statements: {given} is no local folder; name one, and back it up")
    return Path(_absolute(config.path.parent, given))


def _read_only_locations(config: Config) -> Iterator[tuple[str, str]]:
    """What others write and the platform reads, each with its key in mlcost.yaml."""
    for number, export in enumerate(config.billing.exports):
        yield f"billing.exports[{number}].uri", export.uri
    if config.metadata:
        yield "metadata.uri", config.metadata.uri


def _absolute(folder: Path, location: str) -> str:
    if "://" in location:
        return location.rstrip("/")
    return os.path.normpath(folder / Path(location).expanduser())


def _known_place(config: Config, location: str, key: str) -> str:
    absolute = _absolute(config.path.parent, location)
    if "://" in absolute and not absolute.startswith("s3://"):
        raise ConfigError(f"{config.path}: {key}: {location} is neither a local path nor s3://bucket/prefix")
    return absolute


def _existing(config: Config, location: str, key: str) -> str:
    absolute = _known_place(config, location, key)
    if "://" not in absolute and not Path(absolute).exists():
        raise ConfigError(f"{config.path}: {key}: {absolute} does not exist")
    if key.endswith("uri") and Path(absolute).is_file() and not is_bill_file(absolute):
        raise ConfigError(
            f"{config.path}: {key}: {absolute} is no bill; name a {', '.join(BILL_FILES)} file or the export's folder"
        )
    return absolute


def _make_landing_zone(config: Config, location: str) -> None:
    """Makes the folder in which collectors will let records land; one in S3 needs no making."""
    if "://" in location:
        return
    try:
        Path(location).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{config.path}: metadata.uri: {location} cannot be made: {error.strerror}") from None
