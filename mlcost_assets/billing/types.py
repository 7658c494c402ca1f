"""From the type that a file has to the type that a mapping reads, as one SQL expression a column."""

from mlcost_assets.billing.formats import Kind
from mlcost_assets.errors import DropRejectedError, excerpt
from mlcost_assets.lake.engine import identifier, quote

_NOTHING: dict[Kind, str] = {
    "text": "CAST(NULL AS VARCHAR)",
    "money": "CAST(NULL AS DECIMAL(28,10))",
    "time": "CAST(NULL AS TIMESTAMP)",
    "map": "CAST(NULL AS MAP(VARCHAR, VARCHAR))",
}


def typed(kind: Kind, column: tuple[str, str] | None) -> str:
    """SQL for `column` (its name and DuckDB type in the file; None when the export lacks it) as `kind`.

    Raises DropRejectedError when the file's type cannot carry that kind of value.
    """
    if column is None:
        return _NOTHING[kind]
    name, actual = column
    convert = {"text": _text, "money": _money, "time": _time, "map": _map}[kind]
    sql = convert(identifier(name), actual)
    if sql is None:
        raise DropRejectedError(
            f"column {excerpt(name)} is {excerpt(actual)}, which is no {kind}; the file was rewritten by another tool"
        )
    return sql


def unreadable(kind: Kind, column: tuple[str, str]) -> str | None:
    """SQL for whether a value of `column` is there but is none of `kind`; None where its type leaves no doubt."""
    name, actual = column
    if actual != "VARCHAR" or kind == "text":
        return None
    if kind == "money":  # whatever is neither infinite nor too large is a number; a double is told fastest
        return f"{identifier(name)} <> '' AND NOT coalesce(abs(TRY_CAST({identifier(name)} AS DOUBLE)) < 1e18, false)"
    return f"{identifier(name)} <> '' AND {typed(kind, column)} IS NULL"


def _text(name: str, actual: str) -> str | None:
    # Exports write '' where they mean nothing.
    return f"nullif({name}, '')" if actual == "VARCHAR" else f"CAST({name} AS VARCHAR)"


def _money(name: str, actual: str) -> str | None:
    if actual == "VARCHAR":
        return f"money_from_text(nullif({name}, ''))"
    if actual in ("DOUBLE", "FLOAT"):
        return f"money_from_double(CAST({name} AS DOUBLE))"
    return (
        f"CAST({name} AS DECIMAL(28,10))" if actual.startswith(("DECIMAL", "INT", "BIGINT", "HUGEINT", "U")) else None
    )


def _time(name: str, actual: str) -> str | None:
    if actual == "VARCHAR":
        return f"time_from_text({name})"
    if actual == "TIMESTAMP WITH TIME ZONE":
        return f"({name} AT TIME ZONE 'UTC')"
    return f"CAST({name} AS TIMESTAMP)" if actual.startswith(("TIMESTAMP", "DATE")) else None


def _map(name: str, actual: str) -> str | None:
    if actual == "VARCHAR":
        return f"map_from_text({name})"
    if actual.startswith("MAP"):
        return f"CAST({name} AS MAP(VARCHAR, VARCHAR))"
    if actual.startswith("STRUCT") and not actual.endswith("[]"):
        return f"map_from_text(CAST(to_json({name}) AS VARCHAR))"
    return None


def as_map(spread: list[tuple[str, str]]) -> str:
    """SQL for the map whose entries stand in columns of their own; an empty cell is no entry."""
    entries = ", ".join(
        f"{{'k': {quote(entry)}, 'v': CAST({identifier(column)} AS VARCHAR)}}" for column, entry in spread
    )
    return f"map_from_entries(list_filter([{entries}], lambda e: e.v <> ''))"
