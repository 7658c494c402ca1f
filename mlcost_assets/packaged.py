"""Data that comes with the package, in YAML beside the code that uses it: what is known of AWS, tools and words."""

from pathlib import Path
from typing import Any

import yaml


def read_yaml(file: Path) -> Any:
    """The content of one of the package's own files. libyaml's parser, because a command reads thirty of them."""
    return yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
