"""Names of files in the landing zone: safe whatever a region, service or CI run is called, and as before where it is."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlcost_assets.collect.cicd import land
from mlcost_assets.collect.landing import place_key
from mlcost_assets_tests.world import record

NOW = datetime(2026, 10, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_ordinary_names_stay() -> None:
    assert place_key("111122223333", "sagemaker", "us-east-1", NOW) == (
        "111122223333/2026-10-05/sagemaker-us-east-1-060708000009.jsonl.gz"
    )
    assert place_key("mlflow", "mlflow", "", NOW) == "mlflow/2026-10-05/mlflow-060708000009.jsonl.gz"


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "/etc", "a\nb", "x" * 3000])
def test_no_name_leads_elsewhere(name: str) -> None:
    key = place_key(name, name, name, NOW)
    assert re.fullmatch(r"[\w.-]+/2026-10-05/[\w.-]+\.jsonl\.gz", key)
    assert not any(part.startswith(".") for part in key.split("/"))


@pytest.mark.parametrize("id_", ["github/acme/churn/runs/7", "../../../x", "a/../b", "x" * 3000])
def test_a_deployment_lands_in_the_landing_zone(tmp_path: Path, id_: str) -> None:
    zone = tmp_path / "zone"
    zone.mkdir()
    key = land(record("cicd:Deployment", id_, {}), str(zone))
    assert re.fullmatch(r"ci/2026-10-05/[\w.-]+\.jsonl", key)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [zone / key]
