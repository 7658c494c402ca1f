"""Reading the user's YAML and saying in one line what is wrong with it."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from mlcost_assets.errors import ConfigError


def read_yaml(file: Path, mend: str) -> dict[str, Any]:
    """The mapping in `file`. Raises ConfigError when it cannot be read as one; `mend` says what to do."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file} does not exist. {mend}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        raise ConfigError(f"{file}{where}: {problem}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{file}: expected keys and values, found {type(content).__name__}")
    return content


def validation_line(error: ValidationError) -> str:
    """The first problem as `key: what is wrong`, with the key as the user wrote it."""
    problem = error.errors(include_url=False)[0]
    key = ""
    for part in problem["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    message = {
        "extra_forbidden": "unknown key",
        "missing": "is required",
    }.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    if problem["type"] not in ("extra_forbidden", "missing", "value_error"):
        message += f" (found {problem['input']!r})"
    return f"{key}: {message}" if key else message
