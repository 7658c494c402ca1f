"""DuckDB macros that every connection knows: the SQL half of the package's floor."""

from pathlib import Path


def all_macros() -> str:
    """The statements that define them."""
    # The others may use those of texts.
    files = sorted(Path(__file__).parent.glob("*.sql"), key=lambda file: (file.stem != "text", file.stem))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
