"""The replay: every look at what is published, one after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mlcost_assets.config import Config
from mlcost_assets.config.rules import load_rules
from mlcost_assets.lake.periods import published_periods, refuse_unpublished
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import as_dicts, read_sql
from mlcost_assets.verify.factors import powers, unladdered
from mlcost_assets.verify.files import altered
from mlcost_assets.verify.landing import misread
from mlcost_assets.verify.rules import unsaid
from mlcost_assets.words import counted

Rows = list[dict[str, Any]]

# What is asked of the published tables, in words, and the statement that answers with what is wrong.
_LOOKS = {
    "every cent of the bill is attributed once": "money",
    "every owner is given by evidence": "owners",
    "confidences are what they are made of": "confidence",
    "parts of pools are what their weights say": "shares",
    "tags mean what they are taken for": "meanings",
    "tags of the bill stand in the bill": "bill_tags",
}


@dataclass(frozen=True)
class Look:
    """One look: what was asked, how much was looked at ('' where that is all), and what does not replay."""

    asked: str
    size: str
    problems: list[str]


def replay(
    config: Config, reader: LakeReader, period: str | None, say: Callable[[str], None] = lambda _: None
) -> Iterator[Look]:
    """Looks at `period`, or at all. Raises ConfigError for a period that is not published."""
    refuse_unpublished(period, published_periods(reader))
    known = powers()
    given = {"period": period, "agreement": known["agreement"], "meaning": known["meaning of the value"]}
    for asked, statement in _LOOKS.items():
        say(asked)
        yield Look(asked, "", [problem for (problem,) in reader.query(read_sql(__file__, statement), given).fetchall()])
    say("the exports' files are read again")
    yield Look("published charges are what the exports' files say", "", list(altered(config, reader, period)))
    say("cited records are read again")
    cited = _rows(reader, "cited", given)
    problems = list(misread(config.metadata.uri, cited)) if config.metadata else []
    yield Look("cited records say what is said of them", counted(len(cited), "record"), problems)
    factors = _rows(reader, "factors", given)
    yield Look("factors are those of the ladder", counted(len(factors), "factor"), list(unladdered(factors)))
    ruled = _rows(reader, "ruled", given)
    yield Look(
        "rules say what is said of them",
        counted(len(ruled), "claim"),
        list(unsaid(load_rules(config.attribution.rules), ruled)),
    )


def depths(reader: LakeReader, period: str | None) -> Rows:
    """ML dollars, and those that cite records, by method (method, billing_currency, effective_cost, by_records)."""
    return _rows(reader, "depth", {"period": period})


def _rows(reader: LakeReader, statement: str, given: dict[str, Any]) -> Rows:
    return as_dicts(reader.query(read_sql(__file__, statement), given))
