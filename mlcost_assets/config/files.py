"""Reading the user's YAML and saying in one line what is wrong with it."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from mlcost_assets.config.bounded import BoundedLoader
from mlcost_assets.errors import ConfigError
from mlcost_assets.text import one_line

_LARGEST = 5 * 1024**2  # bytes
_SHOWN = 200  # letters of what was found


def read_yaml(file: Path, mend: str) -> dict[str, Any]:
    """The mapping in `file`. Raises ConfigError when it cannot be read as one; `mend` says what to do."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ConfigError(f"{file} has more than {_LARGEST // 1024**2} MB; is it a configuration?")
        content = yaml.load(text.decode("utf-8"), BoundedLoader)  # noqa: S506  a SafeLoader
    except FileNotFoundError:
        raise ConfigError(f"{file} does not exist. {mend}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise ConfigError(f"{file}{where}: {one_line(problem)}") from None
    except RecursionError:
        raise ConfigError(f"{file} is nested too deep") from None
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
        found = repr(problem["input"])
        message += f" (found {found if len(found) <= _SHOWN else f'{found[:_SHOWN]}…'})"
    return f"{key}: {message}" if key else message
