"""`mlcost prices refresh`: AWS's price lists of what the bill has, all of them or none, and what is done with them."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from mlcost_assets.cli.main import cli
from mlcost_assets.config import load_config
from mlcost_assets.errors import ConfigError, MlcostError
from mlcost_assets_tests.exports import sagemaker
from mlcost_assets_tests.reports.price_server import OFFER_COLUMNS as COLUMNS
from mlcost_assets_tests.reports.price_server import (
    OFFERS,
    SAGEMAKER,
    PriceServer,
    drip,
    on_demand,
    price_list,
    send,
)
from mlcost_assets_tests.world import World

STAYS = "The prices read before stay."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PriceServer]:
    server = PriceServer(tmp_path_factory.mktemp("certificate"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REQUESTS_CA_BUNDLE", str(server.certificate))
        environment.setenv("NO_PROXY", "127.0.0.1")
        yield server
    server.stop()


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory, server: PriceServer) -> World:
    """An endpoint on a machine that the bill prices; nothing in it tells what Graviton costs."""
    world = World(tmp_path_factory.mktemp("prices"), settings=f"prices: {{url: {server.url}, file_seconds: 1}}\n")
    tags = {"user_model": "churn", "user_environment": "dev"}
    world.bill([
        sagemaker("Host:ml.m5.large", "endpoint/churn", 0.115, at=f"2026-10-{day}T0{hour}:00:00",
                  pricing_public_on_demand_rate=0.115, resource_tags=tags)
        for day in (30, 31) for hour in range(4)
    ])  # fmt: skip
    world.refresh()
    return world


@pytest.fixture(autouse=True)
def whole(server: PriceServer) -> Iterator[None]:
    yield
    server.broken.clear()


def refreshed(world: World) -> str:
    arguments = ["prices", "refresh", "--config", str(world.folder / "mlcost.yaml")]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False).stderr


def refused(world: World) -> str:
    with pytest.raises(MlcostError) as failure:
        refreshed(world)
    return str(failure.value)


def kept(world: World) -> list[tuple[Any, ...]]:
    """service, usage, terms, years, price, from_quantity, day, source of what is kept."""
    file = world.config.home / "prices" / "prices.parquet"
    shown = "service_code, usage, terms, term_years, price, from_quantity, CAST(priced_on AS VARCHAR), source"
    return duckdb.execute(f"SELECT {shown} FROM read_parquet('{file}') ORDER BY ALL").fetchall()


def test_the_lists_of_the_bills_services_and_regions_are_read_without_credentials(
    billed: World, server: PriceServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server.asked.clear()
    assert refreshed(billed).splitlines() == [
        "AmazonSageMaker us-east-1: 2 prices",
        "AmazonSageMaker savings plans us-east-1: 2 prices",
        "4 prices are kept. Run `mlcost refresh`: it prices scenarios with them.",
    ]
    assert not [path for path, _ in server.asked if "AmazonS3" in path]  # the bill has none
    assert not [headers for _, headers in server.asked if "Authorization" in headers]
    offer, plans = "AWS price list AmazonSageMaker 20261118093011", "AWS price list AmazonMachineLearningSavingsPlans"
    assert kept(billed) == [
        ("AmazonSageMaker", "Host:ml.c7g.large", "on demand", None, Decimal("0.086"), 0, "2026-11-18", offer),
        ("AmazonSageMaker", "Host:ml.m5.large", "on demand", None, Decimal("0.999"), 0, "2026-11-18", offer),
        (
            "AmazonSageMaker",
            "Host:ml.m5.large",
            "savings plan",
            1,
            Decimal("0.092"),
            0,
            "2026-11-03",
            f"{plans} 20261103000000",
        ),
        (
            "AmazonSageMaker",
            "Host:ml.m5.large",
            "savings plan",
            3,
            Decimal("0.06"),
            0,
            "2026-11-03",
            f"{plans} 20261103000000",
        ),
    ]
    assert {file.name for file in (billed.config.home / "prices").iterdir()} == {"prices.parquet", "prices.lock"}


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        (SAGEMAKER, lambda handler: send(handler, "not found", status=404), "answered with status 404."),
        (SAGEMAKER, lambda handler: send(handler, "moved", status=301), "answered with status 301."),
        (SAGEMAKER, lambda handler: send(handler, '"FormatVersion","v1.0"\n', of=10_000), "ended early."),
        (SAGEMAKER, lambda handler: send(handler, "<!DOCTYPE html>\n<p>Log in</p>\n"), "is no price list, it begins with '<!DOCTYPE html> <p>Log in</p>'."),
        (SAGEMAKER, drip, "took longer than 1 seconds (prices.file_seconds)."),
        (SAGEMAKER, lambda handler: send(handler, price_list("AmazonSageMaker", "20261118093011", "SKU,Unit", ["a,b"])), "does not have the lines that AWS documents"),
        (SAGEMAKER, lambda handler: send(handler, price_list("AmazonSageMaker", "20261118093011", COLUMNS, ['"torn","line'])), "does not have the lines that AWS documents"),
        (f"{OFFERS}/index.json", lambda handler: send(handler, "<html>"), "is no JSON, it begins with '<html>'."),
        (f"{OFFERS}/index.json", lambda handler: send(handler, "[]"), "is no index of price lists."),
        (f"{OFFERS}/index.json", lambda handler: send(handler, '{"offers": {}}'), "does not name AmazonSageMaker."),
        (f"{OFFERS}/AmazonSageMaker/current/region_index.json", lambda handler: send(handler, '{"regions": {"us-east-1": {}}}'), "has no currentVersionUrl that names a price list."),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_is_one_line_with_the_mend_and_the_prices_of_before_stay(
    billed: World, server: PriceServer, path: str, answer: Any, said: str
) -> None:
    refreshed(billed)
    before = kept(billed)
    server.broken[path] = answer
    line = refused(billed)
    assert line.startswith(f"{server.url}{path} {said}"), line
    assert line.endswith(f"Check prices.url in mlcost.yaml, or try again later. {STAYS}")
    assert "\n" not in line
    assert kept(billed) == before
    assert not (billed.config.home / "prices" / "reading").exists()


def test_prices_in_another_currency_than_the_bill_are_refused(billed: World, server: PriceServer) -> None:
    rows = [on_demand("CNN1-Host:ml.m5.large", "0.8", currency="CNY")]
    foreign = price_list("AmazonSageMaker", "20261118093011", COLUMNS, rows)
    server.broken[SAGEMAKER] = lambda handler: send(handler, foreign)
    assert refused(billed) == (
        "AmazonSageMaker us-east-1 has prices in CNY, and the bill is in USD: none could be used. Set prices.url in"
        f" mlcost.yaml to a list in that currency. {STAYS}"
    )


def test_nothing_is_read_over_plain_http(tmp_path: Path) -> None:
    world = World(tmp_path, settings="prices: {url: http://127.0.0.1:1}\n")
    with pytest.raises(ConfigError, match=r"prices\.url"):
        load_config(world.folder / "mlcost.yaml")


def test_a_scenario_is_priced_by_the_bill_first_and_then_by_the_price_list(billed: World) -> None:
    refreshed(billed)
    assert billed.refresh().headline == "Refreshed 2026-10."
    assert billed.query(
        "SELECT usage, price, source FROM unit_prices WHERE usage LIKE 'Host:ml.%7g.%' OR usage = 'Host:ml.m5.large'"
    ) == [
        ("Host:ml.m5.large", Decimal("0.115"), "list price in the bill"),
        ("Host:ml.c7g.large", Decimal("0.086"), "AWS price list AmazonSageMaker 20261118093011"),
    ]
    done = CliRunner().invoke(
        cli, ["whatif", "churn", "--to", "instance-type=ml.c7g.large", "--config", str(billed.folder / "mlcost.yaml")]
    )
    assert "price of an instance hour: 0.086 (AWS price list AmazonSageMaker 20261118093011, 2026-11-18)" in done.stdout


def test_the_ladder_takes_the_rates_of_plans_from_the_price_list(billed: World) -> None:
    """Refreshed by the test before."""
    plans = "AWS price list AmazonMachineLearningSavingsPlans 20261103000000, 2026-11-03"
    assert billed.query(
        "SELECT DISTINCT term_years, payment_option, round(discount, 4), discount_source FROM commitment_ladder"
        " WHERE discount IS NOT NULL ORDER BY ALL"
    ) == [(1, "No Upfront", 0.2, plans), (3, "No Upfront", 0.4783, plans)]


def test_a_damaged_file_of_prices_stops_a_refresh_with_the_mend(billed: World, tmp_path: Path) -> None:
    from mlcost_assets.errors import StorageError
    from mlcost_assets.lake.engine import connect
    from mlcost_assets.reports.prices.kept import provide_listed_prices

    twin = billed.copy(tmp_path / "twin")
    file = twin.config.home / "prices" / "prices.parquet"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"PAR1")
    with connect() as connection, pytest.raises(StorageError, match="run `mlcost prices refresh` again, or remove it"):
        provide_listed_prices(connection, twin.config)
