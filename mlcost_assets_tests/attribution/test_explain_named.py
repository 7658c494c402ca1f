"""What a person may call a resource whose why is asked for."""

import pytest

from mlcost_assets.lake.sql import run
from mlcost_assets_tests.attribution.statements import PACKAGE, holding
from mlcost_assets_tests.world import arn

SQL = (PACKAGE / "attribution/explain/explain_named.sql").read_text(encoding="utf-8")
APP = arn("app/d-1/ann/JupyterLab/default")
OTHER = arn("endpoint/churn")
RESOURCES = [
    {"resource_id": one, "resource_key": one.lower(), "names_resource": "true", "billing_period": "2026-10"}
    for one in (APP, OTHER)
]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (APP, APP),
        (APP.lower(), APP),
        ("app/d-1/ann/JupyterLab/default", APP),
        ("app/d-1/ann/jupyterlab/default", APP),
        ("ann/jupyterlab/default", APP),
        ("churn", OTHER),
        ("endpoint/churn", OTHER),
        ("hurn", None),
    ],
)
def test_a_resource_is_named_by_its_id_or_its_key_or_the_end_of_either(named: str, found: str | None) -> None:
    with holding(SQL, {"billed_things": RESOURCES}) as connection:
        rows = run(connection, f"SELECT resource_id FROM ({SQL})", {"named": named}).fetchall()
    assert rows == ([(found,)] if found else [])
