"""rules.yaml: the registry of workloads, explicit rules and splits."""

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mlcost_assets.config.files import read_yaml, validation_line
from mlcost_assets.config.settings import Config
from mlcost_assets.errors import ConfigError

DIMENSIONS = ("model", "project", "pipeline", "experiment", "team", "environment", "business_function", "agent")

Name = Annotated[str, Field(min_length=1)]
Globs = str | list[str]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Validity(_Part):
    """From when to when (exclusive) an entry holds; open where not given."""

    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError("`from` must lie before `to`")
        return self


class Workload(_Part):
    """One model (or, without one, a project) and what is known of it."""

    model: Name | None = None
    aliases: list[Name] = []
    project: Name | None = None
    team: Name | None = None
    business_function: Name | None = None
    environment: Name | None = None
    valid: Validity = Validity()

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.model or self.project):
            raise ValueError("a workload names a model or a project")
        return self


class Condition(_Part):
    """What a charge must look like: every field given must match; texts are globs (`i-0abc*`), lists alternatives."""

    export_name: Globs | None = None
    account_id: Globs | None = None
    region_id: Globs | None = None
    service_code: Globs | None = None
    usage_type: Globs | None = None
    operation: Globs | None = None
    resource_id: Globs | None = None
    charge_category: Globs | None = None
    tags: dict[str, Globs] = {}

    @field_validator("account_id", mode="before")
    @classmethod
    def _account_is_text(cls, value: object) -> object:
        if isinstance(value, int):  # YAML drops the zeros of an unquoted account id
            raise ValueError(f'write the account id in quotes: "{value:012d}"')
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("`when` has no condition, so it would match everything")
        return self


class Owner(_Part):
    """Dimensions that a rule sets."""

    model: Name | None = None
    project: Name | None = None
    pipeline: Name | None = None
    experiment: Name | None = None
    team: Name | None = None
    environment: Name | None = None
    business_function: Name | None = None
    agent: Name | None = None


class Rule(_Part):
    """Charges that match `when` get the dimensions of `set`; the first rule that sets a dimension wins."""

    name: Name
    when: Condition
    owner: Owner = Field(alias="set")
    valid: Validity = Validity()


class SplitCondition(Condition):
    """What a shared charge looks like: as a rule's condition, and also by what attribution found."""

    model: Globs | None = None
    project: Globs | None = None
    team: Globs | None = None
    environment: Globs | None = None


class Over(_Part):
    """What a proportional split follows: a cost (or a usage metric) of the costs `within` the same columns."""

    cost: Literal["effective_cost", "billed_cost", "list_cost"] | None = None
    usage: Globs | None = None
    within: list[Literal["billing_account_id", "account_id", "region_id", "environment", "project", "team"]] = []

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.cost is None) == (self.usage is None):
            raise ValueError("give `cost` or `usage`")
        return self


class Split(_Part):
    """How a shared charge is divided among teams: fixed percentages, evenly, or in proportion."""

    name: Name
    when: SplitCondition
    by: Literal["proportional", "even", "fixed"]
    over: Over | None = None
    to: dict[str, Decimal] | list[Name] | None = None
    valid: Validity = Validity()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.by == "fixed":
            if not isinstance(self.to, dict):
                raise ValueError(f"split {self.name!r}: `to` gives each team its percentage")
            total = sum(self.to.values())
            if total != 100 or any(share < 0 for share in self.to.values()):
                raise ValueError(f"split {self.name!r}: the percentages sum to {total}, not to 100")
        elif self.by == "even" and not self.to:
            raise ValueError(f"split {self.name!r}: `to` lists the teams that share evenly")
        elif self.by == "proportional" and not self.over:
            raise ValueError(f"split {self.name!r}: `over` says in proportion to what")
        return self


Dimension = Literal["model", "project", "pipeline", "experiment", "team", "environment", "business_function", "agent"]


class TagKnowledge(_Part):
    """What tags mean beyond what the platform knows: `keys` by the dimension they speak of (`none`: of nothing),
    spellings of `values` by dimension and name, and names that stay `apart` however alike they look."""

    keys: dict[Dimension | Literal["none"], list[Name]] = {}
    values: dict[Dimension, dict[Name, list[Name]]] = {}
    apart: dict[Dimension, list[list[Name]]] = {}


class Rules(_Part):
    """rules.yaml."""

    workloads: list[Workload] = []
    rules: list[Rule] = []
    splits: list[Split] = []
    tags: TagKnowledge = TagKnowledge()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for kind, entries in (("rule", self.rules), ("split", self.splits)):
            names = [entry.name for entry in entries]
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"two {kind}s are named {twice[0]!r}")
        return self


def settings_digest(config: Config) -> str:
    """Tells apart what people have set that decides whose a charge is and what is lacking: rules.yaml, and the required
    tags. Raises ConfigError where rules.yaml cannot be read."""
    rules = load_rules(config.attribution.rules)
    said = f"{rules.model_dump_json()} {config.attribution.required_tags}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def load_rules(file: Path | None) -> Rules:
    """The rules in `file`; none where mlcost.yaml names no file. Raises ConfigError, naming the entry."""
    if file is None:
        return Rules()
    try:
        return Rules.model_validate(read_yaml(file, mend="Check attribution.rules in mlcost.yaml."))
    except ValidationError as error:
        raise ConfigError(f"{file}: {validation_line(error, Rules)}") from None
