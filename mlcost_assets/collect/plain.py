"""An API's answer as JSON carries it: times in ISO 8601, and no passwords."""

import base64
import re
from datetime import UTC, datetime
from typing import Any

# Where people put settings of their own: environment variables, hyperparameters, job arguments.
_OWN_SETTINGS = re.compile(r"environment|variables|^env$|hyperparameters|arguments|requestparameters", re.IGNORECASE)
_SECRET = re.compile(
    r"passw|secret|credential|(api|access|private|account|encryption|signing)[_-]?key|(^|[_-])token$|[a-z]Token$",
    re.IGNORECASE,
)
_PASSWORD_IN_URL = re.compile(r"(://[^/:@\s]+:)[^/@\s]+@")
MASKED = "***"


def plain(value: Any) -> Any:
    """`value` with times as ISO 8601 text in UTC, bytes as base64, and secrets in people's own settings masked.

    A landing zone is read by many; what authenticates does not belong there. The name of a setting decides, and a
    password inside a URL is masked wherever a setting holds one.
    """
    return _plain(value, own=False)


def iso(time: datetime) -> str:
    """2026-10-05T06:00:00Z, with fractions of a second where there are any."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: Any, own: bool) -> Any:
    if isinstance(value, dict):
        if own and isinstance(value.get("value"), str) and _SECRET.search(str(value.get("name", ""))):
            return value | {"value": MASKED}  # Kubernetes lists its variables
        return {str(name): _member(name, inner, own) for name, inner in value.items() if name != "ResponseMetadata"}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, own) for inner in value]
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return _PASSWORD_IN_URL.sub(rf"\1{MASKED}@", value) if own and isinstance(value, str) else value


def _member(name: Any, value: Any, own: bool) -> Any:
    if own and isinstance(value, str) and _SECRET.search(str(name)):
        return MASKED
    return _plain(value, own or bool(_OWN_SETTINGS.search(str(name))))
