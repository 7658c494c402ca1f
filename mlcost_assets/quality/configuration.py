"""The keys of mlcost.yaml and rules.yaml in docs/configuration.md, written from the models that read them:
`python -m mlcost_assets.quality.configuration`.

What a key means stands in configuration.yaml beside this file; its values and its default are those of the models.
"""

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from mlcost_assets.config.rules import Rules
from mlcost_assets.config.settings import Config

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
_FILES: dict[str, type[BaseModel]] = {"mlcost.yaml": Config, "rules.yaml": Rules}
_Schema = dict[str, Any]


def current(page: str) -> str:
    """`page` with its tables of keys as the models are now. Raises KeyError for a key without a meaning."""
    for file, model in _FILES.items():
        table = "\n".join(["| key | values | default | meaning |", "|---|---|---|---|", *_rows(file, model)])
        between = rf"(<!-- keys of {re.escape(file)} -->\n).*?(\n<!-- end -->)"
        page = re.sub(between, lambda found, table=table: f"{found[1]}{table}{found[2]}", page, flags=re.DOTALL)  # type: ignore[misc]
    return page


def _rows(file: str, model: type[BaseModel]) -> Iterator[str]:
    schema = model.model_json_schema(by_alias=True)
    for key, values, default in _keys(schema, schema["$defs"], ""):
        if key != "path":  # where mlcost.yaml itself was found
            yield f"| `{key}` | {values} | {default} | {_meaning(file, key)} |"


def _meaning(file: str, key: str) -> str:
    told = _meanings()[file]
    return told[key if key in told else re.sub(r"^\w+\[\]", "*", key)]


@cache
def _meanings() -> dict[str, dict[str, str]]:
    """What the keys of each file mean, as Markdown."""
    listed: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return listed


def _keys(schema: _Schema, known: _Schema, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Each key below `schema` with its values and its default; the keys of entries of lists have `[]` before them."""
    for name, given in schema.get("properties", {}).items():
        kind, key = _resolved(given, known), f"{prefix}{name}"
        entries = _resolved(kind.get("items", {}), known)
        if "properties" in kind:
            yield from _keys(kind, known, f"{key}.")
            continue
        required = name in schema.get("required", ())
        yield key, _values(kind, known), "required" if required else _default(given.get("default"))
        if "properties" in entries:
            yield from _keys(entries, known, f"{key}[].")


def _resolved(given: _Schema, known: _Schema) -> _Schema:
    """`given` without references, and without the null that stands beside what may be left out."""
    if "$ref" in given:
        return _resolved(known[given["$ref"].rpartition("/")[2]], known)
    kinds = [kind for kind in given.get("anyOf", ()) if kind.get("type") != "null"]
    return _resolved(kinds[0], known) if len(kinds) == 1 else given


def _values(kind: _Schema, known: _Schema) -> str:
    if "anyOf" in kind:
        several = [_values(_resolved(one, known), known) for one in kind["anyOf"] if one.get("type") != "null"]
        return "number" if "number" in several else " or ".join(several)
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if kind.get("type") == "array":
        entries = _resolved(kind["items"], known)
        return "list of sections" if "properties" in entries else f"list of {_values(entries, known)}"
    if kind.get("type") == "object":
        return f"names, each with {_values(_resolved(kind['additionalProperties'], known), known)}"
    if "minimum" in kind:
        return f"{kind['minimum']:,} to {kind['maximum']:,}"
    name = str(kind.get("format") or kind["type"])
    return "text" if name == "string" else name


def _default(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(f"`{json.dumps(one) if one == '*' else one}`" for one in value)
    return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(current(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
