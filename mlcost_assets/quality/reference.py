"""The reference of tables, docs/tables.md, written from the registry: `python -m mlcost_assets.quality.reference`."""

import sys

from mlcost_assets.cli.tables import ORDER
from mlcost_assets.lake.registry import Table, relations, tables


def reference() -> str:
    """The page as Markdown."""
    published = [tables()[name] for name in ORDER]
    internal = [table for table in tables().values() if not table.published]
    of_one_run = [table for table in relations().values() if not table.kept]
    parts = [
        "# Tables\n\nWritten from the registry (`mlcost_assets/*/tables.yaml`) by"
        " `python -m mlcost_assets.quality.reference`; do not edit.\n\n"
        "Published tables come in the order of use. They are a promise: columns are added, never renamed or dropped."
        ' Read them with `mlcost query`; `mlcost query "DESCRIBE model_costs"` shows the columns of one.'
        " [glossary.md](glossary.md) explains the words.\n",
        *map(_section, published),
        "# Internal tables\n\nHow the published ones come about: readable as `internal.<name>`, and free to change.\n",
        *map(_section, internal),
        "# Relations of one run\n\nWhat statements read on the way from one table to the next. They exist while a"
        " refresh runs and cannot be read afterwards.\n",
        *map(_section, of_one_run),
    ]
    return "\n".join(parts)


def _section(table: Table) -> str:
    rows = "\n".join(
        f"| {column.name} | {column.type} | {column.meaning}{f' ({column.source})' if column.source else ''} |"
        for column in table.columns
    )
    made_of = f" of {', '.join(f'`{one}`' for one in table.made_of)}" if table.made_of and not table.kept else ""
    return (
        f"## {table.name}\n\n{table.description} One row: {table.grain}."
        f" Made in `mlcost_assets/{table.domain}/`{made_of}.\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"
    )


if __name__ == "__main__":
    sys.stdout.write(reference())
