"""From the type that a file has to the type that a mapping reads, as one SQL expression a column."""

from collections.abc import Iterable

from mlcost_assets.billing.formats import Kind
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.engine import identifier, quote

_NOTHING: dict[Kind, str] = {
    "text": "CAST(NULL AS VARCHAR)",
    "money": "CAST(NULL AS DECIMAL(28,10))",
    "time": "CAST(NULL AS TIMESTAMP)",
    "map": "CAST(NULL AS MAP(VARCHAR, VARCHAR))",
}
_NESTED = ("MAP", "STRUCT")
_NUMBERS = ("DECIMAL", "INT", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT", "UINT", "UBIG", "USMALL", "UTINY", "UHUGE")


def typed(kind: Kind, columns: Iterable[tuple[str, str]]) -> str:
    """SQL for the first value in `columns` (names and DuckDB types in the file; none where the export lacks it) as
    `kind`; NULL where there is none or it is none of that kind.

    Raises DropRejectedError when the file's type cannot carry that kind of value.
    """
    values = []
    for name, actual in columns:
        sql = _value(kind, name, actual)
        if sql is None:
            raise DropRejectedError(
                f"column {excerpt(name)} is {excerpt(actual)}, which is no {kind};"
                " the file was rewritten by another tool"
            )
        values.append(sql)
    return f"coalesce({', '.join(values)})" if values else _NOTHING[kind]


def can_be(kind: Kind, actual: str) -> bool:
    """Whether a column of the DuckDB type `actual` can carry values of `kind`."""
    return _value(kind, "", actual) is not None


def as_text(name: str, actual: str) -> str:
    """SQL for the value of column `name` as the file has it, as text; NULL where it is empty or NaN."""
    text = _as_varchar(name, actual)
    return f"CASE WHEN lower({text}) NOT IN ('', 'nan') THEN {text} END"


def unreadable(kind: Kind, name: str, actual: str) -> str | None:
    """SQL for whether a value of column `name` is there but is none of `kind`; None where its type leaves no doubt."""
    if kind == "text" or (actual != "VARCHAR" and (kind != "map" or actual.startswith("MAP"))):
        return None
    if kind == "money":  # whatever is neither infinite nor too large is a number; a double is told fastest
        return f"{identifier(name)} <> '' AND NOT coalesce(abs(TRY_CAST({identifier(name)} AS DOUBLE)) < 1e18, false)"
    return f"{_as_varchar(name, actual)} <> '' AND {_value(kind, name, actual)} IS NULL"


def _value(kind: Kind, name: str, actual: str) -> str | None:
    return {"text": _text, "money": _money, "time": _time, "map": _map}[kind](name, actual)


def _as_varchar(name: str, actual: str) -> str:
    column = identifier(name)
    if actual == "VARCHAR":
        return column
    if actual == "BLOB":  # text to tools that do not say so
        return f"coalesce(TRY(decode({column})), CAST({column} AS VARCHAR))"
    if actual.startswith(_NESTED) or actual.endswith("[]"):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"


def _text(name: str, actual: str) -> str | None:
    # Exports write '' where they mean nothing; other tools make a column that is empty one of NaN.
    return as_text(name, actual) if actual in ("DOUBLE", "FLOAT") else f"nullif({_as_varchar(name, actual)}, '')"


def _money(name: str, actual: str) -> str | None:
    if actual in ("VARCHAR", "BLOB"):
        return f"money_from_text(nullif({_as_varchar(name, actual)}, ''))"
    if actual in ("DOUBLE", "FLOAT"):
        return f"money_from_double(CAST({identifier(name)} AS DOUBLE))"
    is_number = actual.startswith(_NUMBERS)
    return f"TRY_CAST({identifier(name)} AS DECIMAL(28,10))" if is_number else None


def _time(name: str, actual: str) -> str | None:
    if actual in ("VARCHAR", "BLOB"):
        return f"time_from_text({_as_varchar(name, actual)})"
    if actual == "TIMESTAMP WITH TIME ZONE":
        return f"({identifier(name)} AT TIME ZONE 'UTC')"
    return f"CAST({identifier(name)} AS TIMESTAMP)" if actual.startswith(("TIMESTAMP", "DATE")) else None


def _map(name: str, actual: str) -> str | None:
    if actual.startswith("MAP") and not actual.endswith("[]"):
        return f"CAST({identifier(name)} AS MAP(VARCHAR, VARCHAR))"
    if actual.startswith("STRUCT") and not actual.endswith("[]"):  # every key of the file is a field of each row
        return f"without_nothing(tags_from_text({_as_varchar(name, actual)}))"
    is_text = actual in ("VARCHAR", "BLOB", "JSON") or actual.endswith("[]")
    return f"tags_from_text({_as_varchar(name, actual)})" if is_text else None


def as_map(spread: list[tuple[str, str]]) -> str:
    """SQL for the map whose entries stand in columns of their own; an empty cell is no entry, and of an entry that
    stands twice the first counts."""
    columns: dict[str, list[str]] = {}
    for name, entry in spread:
        columns.setdefault(entry, []).append(f"nullif(CAST({identifier(name)} AS VARCHAR), '')")
    entries = ", ".join(
        f"{{'k': {quote(entry)}, 'v': coalesce({', '.join(values)})}}" for entry, values in columns.items()
    )
    return f"map_from_entries(list_filter([{entries}], lambda e: e.v IS NOT NULL))"
