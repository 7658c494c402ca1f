"""Reading the user's YAML and saying in one line what is wrong with it."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from mlcost_assets.config.bounded import BoundedLoader
from mlcost_assets.errors import ConfigError
from mlcost_assets.text import one_line

_LARGEST = 5 * 1024**2  # bytes
_SHOWN = 200  # letters of what was found
# A part of what the reader of YAML says, and what that means.
_YAML_SAYS = {
    "<stream end>": "the file ends in the middle of a value; a bracket or a quote was not closed",
    "cannot start any token": "a character that YAML has another meaning for: indent with spaces, and quote values"
    " that begin with a tab, @, % or `",
    "expected <block end>": "this line is indented otherwise than the lines it belongs to",
    "mapping values are not allowed": "a second colon in a value: quote the value; or a wrong indent",
}


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
    except IsADirectoryError:
        raise ConfigError(f"{file} is a folder; name the file in it, such as {file / 'mlcost.yaml'}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        problem = next((ours for theirs, ours in _YAML_SAYS.items() if theirs in problem), problem)
        raise ConfigError(f"{file}{where}: {one_line(problem)}") from None
    except RecursionError:
        raise ConfigError(f"{file} is nested too deep") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{file}: expected keys and values, found {type(content).__name__}")
    return content


def validation_line(error: ValidationError, model: type[BaseModel]) -> str:
    """The first problem of what should have been a `model` as `key: what is wrong`, with the key as the user wrote it.

    Unknown keys come first: one that is misspelt is often the one that is missing.
    """
    problems = error.errors(include_url=False)
    problem = next((one for one in problems if one["type"] == "extra_forbidden"), problems[0])
    key = ""
    for part in problem["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else str(part)
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key{_nearest(problem['loc'], model)}"
    if "[key]" in problem["loc"]:  # one of a mapping whose keys are words of ours
        known = problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        near = get_close_matches(str(problem["input"]), known, n=1)
        meant = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        return f"{key.partition('.[key]')[0]}: unknown key; {meant}"
    message = "is required" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "too_short":
        message = "name at least one"
    if problem["type"] not in ("missing", "value_error"):
        found = repr(problem["input"])
        message += f" (found {found if len(found) <= _SHOWN else f'{found[:_SHOWN]}…'})"
    return f"{key}: {message}" if key else message


def _nearest(location: Sequence[int | str], model: type[BaseModel]) -> str:
    """What the last key of `location` may have been meant to be, as a question; '' where nothing is near."""
    *above, key = location
    place: Any = model
    for part in above:
        place = _fields(place).get(str(part), place)  # the place in a list is no key
    near = get_close_matches(str(key), _fields(place), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _fields(place: Any) -> dict[str, Any]:
    """The keys that a value of type `place` takes (a model, or models in a list or beside None), each with its type."""
    if isinstance(place, type) and issubclass(place, BaseModel):
        return {field.alias or name: field.annotation for name, field in place.model_fields.items()}
    return {name: kind for inner in get_args(place) for name, kind in _fields(inner).items()}
