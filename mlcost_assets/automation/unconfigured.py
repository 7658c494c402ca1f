"""What runs by itself where mlcost.yaml is missing or wrong: it skips and says so, with no stack trace at each tick."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import dagster as dg

from mlcost_assets.errors import ConfigError

Context = TypeVar("Context")
Result = TypeVar("Result")


def skips_unconfigured(
    evaluate: Callable[[Context], Result],
) -> Callable[[Context], Result | dg.SkipReason]:
    """A sensor's or schedule's function that gives the ConfigError it raises as the reason to skip."""

    @wraps(evaluate)
    def evaluated(context: Context) -> Result | dg.SkipReason:
        try:
            return evaluate(context)
        except ConfigError as error:
            return dg.SkipReason(str(error))

    return evaluated
