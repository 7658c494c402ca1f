"""Who may see the dashboard, where it listens, and as what the world knows it: `dashboard` in mlcost.yaml."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_EnvironmentVariable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


def _is_safe_url(given: str) -> str:
    """Refuses what would send names, codes or cookies in clear over a network, and what is no plain address."""
    parts = urlsplit(given)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f"write https://name or https://name/prefix, not {given[:100]}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"write https://, not http://: {given[:100]} is another machine")
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*/?", parts.path) or {".", ".."} & set(parts.path.split("/")):
        raise ValueError(f"its path has letters, digits, '.', '_', '~' and '-' only, not {parts.path[:100]}")
    return given.rstrip("/")


_Url = Annotated[str, AfterValidator(_is_safe_url)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Oidc(_Section):
    """The OpenID Connect provider that people sign in at. The secret stands in an environment variable."""

    issuer: _Url
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_env: _EnvironmentVariable = "MLCOST_OIDC_SECRET"  # noqa: S105  its name
    scopes: list[Annotated[str, Field(pattern=r"^\S+$")]] = ["openid", "email", "profile"]
    groups_claim: Annotated[str, Field(min_length=1)] = "groups"
    teams_claim: Annotated[str, Field(min_length=1)] = "groups"


class Role(_Section):
    """What one person, or everyone of a group, may see: everything, or the rows of some teams."""

    user: str | None = None
    email: str | None = None
    group: str | None = None
    anyone: Literal[True] | None = None
    role: Literal["viewer", "admin"]
    teams: Literal["own"] | Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None

    @property
    def whose(self) -> str:
        """Whom it is given to, in words."""
        kind = next(one for one in ("user", "email", "group", "anyone") if getattr(self, one) is not None)
        return "anyone who signs in" if kind == "anyone" else f"{kind} {getattr(self, kind)}"

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if sum(one is not None for one in (self.user, self.email, self.group, self.anyone)) != 1:
            raise ValueError("a role is given to exactly one of user, email, group, anyone")
        if self.role == "admin" and (self.teams or self.anyone):
            raise ValueError("an admin sees every team and is named: leave out teams and anyone, or write role: viewer")
        return self


class Dashboard(_Section):
    """Where it listens; whoever reaches another address than loopback signs in first."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8350
    public_url: _Url | None = None
    oidc: Oidc | None = None
    roles: list[Role] = []
    contact: Annotated[str, Field(min_length=1, max_length=200)] = "the people who run this dashboard"
    session_hours: Annotated[float, Field(gt=0, le=168)] = 8
    session_secret_env: _EnvironmentVariable | None = None

    @property
    def prefix(self) -> str:
        """The path before every address, as a proxy gives it; '' for none."""
        return urlsplit(self.public_url).path if self.public_url else ""

    @property
    def public_host(self) -> str:
        """The host, with its port, that browsers ask for; '' where only this machine's names are."""
        return urlsplit(self.public_url).netloc.lower() if self.public_url else ""

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by https alone."""
        return bool(self.public_url and self.public_url.startswith("https://"))

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.oidc and not self.roles:
            raise ValueError("with oidc, roles says who may see what; without any nobody could")
        if self.roles and not self.oidc:
            raise ValueError("roles need oidc: without a login nobody is known")
        if self.oidc and "openid" not in self.oidc.scopes:
            raise ValueError("oidc.scopes must have openid")
        return self
