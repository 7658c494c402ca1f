"""What one model or resource would cost another way, from the published facts and what the user adds to them."""

from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

from mlcost_assets.errors import MlcostError, UnknownNameError, excerpt
from mlcost_assets.lake.reader import Readable
from mlcost_assets.lake.registry import statement_of
from mlcost_assets.lake.sql import as_dicts, read_sql
from mlcost_assets.reports.answers import refuse_unknown
from mlcost_assets.reports.whatif.scenario import Options, kinds, options_of


def asked(reader: Readable, subject: str, scenario: str | None, options: Options) -> list[dict[str, Any]]:
    """The scenarios of `subject` (a model, or a resource by name or ARN) by column name, the greatest saving first;
    only those of one `scenario` where that is given.

    Raises UnknownNameError for a subject that nothing has, MlcostError where it runs nothing that could run another
    way, or the one scenario is refused.
    """
    keys = _resources(reader, subject)
    given = {"keys": keys, "scenario": scenario}
    statement = read_sql(__file__, "asked")
    if options != Options():  # what needs nothing of a person stands in the table
        parts = {
            "whatif_options": options_of(),
            "scenario_kinds": kinds(scenario),
            "scenarios": statement_of("scenarios"),
        }
        made = ",\n".join(f"{name} AS (\n{select}\n)" for name, select in parts.items())
        statement, given = f"WITH {made}\n{statement}", given | asdict(options)
    rows = as_dicts(reader.query(statement, given))
    if scenario and not any(row["refused_because"] is None for row in rows):
        reasons = "; ".join(f"{row['resource']}: {row['refused_because']}" for row in rows)
        raise MlcostError(f"{subject} cannot be {scenario}: {reasons or 'it runs on nothing that could be'}.")
    return rows


def _resources(reader: Readable, subject: str) -> list[str]:
    """The keys of what `subject` names (an endpoint, a notebook instance, an S3 prefix, a log group), or of all that is
    for the model of that name."""
    rows = reader.query(
        "SELECT resource_key, resource_id, name, models FROM rented_machines"
        " UNION ALL SELECT resource_key, resource_key, name, models FROM stored_data"
    ).fetchall()
    asked_for = subject.lower()
    named = [key for key, id_, name, _ in rows if asked_for in (key.lower(), id_.lower(), name.lower())]
    found = named or [key for key, *_, models in rows if subject in models]
    if not found:
        known = dict.fromkeys(one for _, _, name, models in rows for one in (name, *models))
        near = get_close_matches(asked_for, known)
        if near:
            raise UnknownNameError(f"No endpoint, notebook or model is called {excerpt(subject)!r}.", near)
        refuse_unknown(reader, "model", subject)
        raise MlcostError(f"{subject}: no endpoint and no notebook of it was billed in the last 30 full days.")
    return found
