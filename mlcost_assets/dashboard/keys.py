"""The two secrets of a login: from the environment, or a private file. No configuration, page or log has them."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

from mlcost_assets.config import Config
from mlcost_assets.errors import ConfigError

_SHORTEST = 32  # letters of a key that signs


def client_secret(config: Config) -> str:
    """What this dashboard shows the provider. Raises ConfigError where the environment has none."""
    oidc = config.dashboard.oidc
    assert oidc  # noqa: S101  asked for where there is a login
    if not (secret := os.environ.get(oidc.client_secret_env)):
        raise ConfigError(
            f"{config.path}: dashboard.oidc.client_secret_env: the environment has no {oidc.client_secret_env}; set it"
            " to the secret that the provider gave for client_id"
        )
    return secret


def session_key(config: Config) -> str:
    """What sessions are signed with: of the environment, or of a file in home that is made on first use for its owner
    alone. Raises ConfigError for a short key, and for a file that others can read."""
    if name := config.dashboard.session_secret_env:
        if len(key := os.environ.get(name, "")) < _SHORTEST:
            raise ConfigError(
                f"{config.path}: dashboard.session_secret_env: {name} in the environment needs {_SHORTEST} letters or"
                " more; `openssl rand -hex 32` writes some"
            )
        return key
    file = config.home / "dashboard-session.key"
    try:
        if not file.exists():
            _make(file)
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConfigError(
                f"{file} can be read by others, who could sign in as anybody: remove it, a new one is made"
            )
        key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be used: {error}. Set dashboard.session_secret_env instead") from None
    if len(key) < _SHORTEST:
        raise ConfigError(f"{file} is damaged: remove it, a new one is made")
    return key


def _make(file: Path) -> None:
    """Writes a new key beside it first, so that of two that start at once both find a whole one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=file.parent, prefix=".dashboard-session-")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(48))
        try:
            os.link(made, file)
        except FileExistsError:
            return
    finally:
        Path(made).unlink()
