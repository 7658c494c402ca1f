"""What a person at a terminal sees of a run: one line a step, and what steps say themselves."""

import logging
import sys
from typing import Any

import dagster as dg

from mlcost_assets.text import clean


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """`step: what it says`, without Dagster's own bookkeeping."""
        told: dict[str, Any] = getattr(record, "dagster_meta", {})
        if told.get("dagster_event"):
            return f"  {told.get('step_key')} ..."
        return f"    {clean(told.get('orig_message') or record.getMessage())}"


class _Worth(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is for people: what steps say, and that a step has begun."""
        told: dict[str, Any] = getattr(record, "dagster_meta", {})
        event = told.get("dagster_event")
        if event is None:
            # What that step says, the command prints at its end.
            return record.levelno >= logging.INFO and told.get("step_key") != "data_quality"
        return bool(event.event_type_value == "STEP_START")


@dg.logger
def progress_logger(_: dg.InitLoggerContext) -> logging.Logger:
    """One line a step on standard error: what `mlcost refresh` runs with."""
    logger = logging.Logger("mlcost.progress", level=logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    handler.addFilter(_Worth())
    logger.addHandler(handler)
    return logger
