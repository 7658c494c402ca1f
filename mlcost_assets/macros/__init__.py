"""DuckDB macros that every connection knows: the SQL half of the package's floor."""

from pathlib import Path


def all_macros(schema: str = "") -> str:
    """The statements that define them: for the connection that runs them, or in a `schema` for all that search it."""
    # The others may use those of texts.
    files = sorted(Path(__file__).parent.glob("*.sql"), key=lambda file: (file.stem != "text", file.stem))
    own = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return own.replace("CREATE OR REPLACE TEMP MACRO ", f"CREATE OR REPLACE MACRO {schema}.") if schema else own
