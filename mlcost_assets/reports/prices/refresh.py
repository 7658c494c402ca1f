"""Reading AWS's price lists of what the bill has: all of them are read, or the prices of before stay."""

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from mlcost_assets.config import Config
from mlcost_assets.errors import MlcostError, StorageError
from mlcost_assets.lake.engine import connect, quote
from mlcost_assets.lake.home import make_private
from mlcost_assets.lake.reader import LakeReader
from mlcost_assets.lake.sql import read_sql
from mlcost_assets.reports.prices.kept import kept_file, without_prices
from mlcost_assets.reports.prices.lists import INDEX, lists_of, take
from mlcost_assets.reports.prices.site import PriceSite

SERVICES = ("AmazonSageMaker", "AmazonEC2", "AmazonS3", "AmazonBedrock", "AmazonCloudWatch")


def refresh_prices(config: Config, say: Callable[[str], None]) -> int:
    """Reads the lists of the services and regions of the bill into `<home>/prices`, and gives the number of prices.

    Says a line for each list. Raises MlcostError where there is no bill or no list for it, PriceListError where one
    cannot be had or read; then the prices read before stay.
    """
    currencies, billed = _billed(config)
    target = kept_file(config)
    make_private(target.parent)
    try:
        with FileLock(target.parent / "prices.lock", timeout=0):
            return _read(config, target, currencies, billed, say)
    except Timeout:
        raise MlcostError("Another `mlcost prices refresh` is at it: wait until it has ended.") from None


def _billed(config: Config) -> tuple[set[str], list[tuple[str, str]]]:
    """The currencies of the bill, and its services with their regions. Raises MlcostError where it has none of them."""
    reader = LakeReader(config)
    try:
        sql = read_sql(__file__, "billed_offers")
        rows = reader.query(sql, {"services": list(SERVICES)}).fetchall()
    finally:
        reader.close()
    if not rows:
        raise MlcostError(f"The bill of the last two months has none of {', '.join(SERVICES)}: no price list is read.")
    return {currency for *_, currency in rows}, sorted({(service, region) for service, region, _ in rows})


def _read(
    config: Config, target: Path, currencies: set[str], billed: list[tuple[str, str]], say: Callable[[str], None]
) -> int:
    folder = target.with_name("reading")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed one left
    make_private(folder)
    spill = {"temp_directory": str(folder / "spill"), "memory_limit": config.limits.memory}
    try:
        site = PriceSite(config.prices.url, config.prices.file_seconds)
        with connect(settings=spill) as connection:
            without_prices(connection)
            for price_list in lists_of(site, billed):
                count = take(connection, site, price_list, folder / "list.csv", currencies)
                say(f"{price_list}: {count:,} prices")
            (count,) = connection.execute("SELECT count(*) FROM listed_prices").fetchone() or (0,)
            if not count:
                raise site.refused(INDEX, "has no price of what the bill has")
            whole = folder / target.name
            connection.execute(f"COPY (FROM listed_prices ORDER BY ALL) TO {quote(str(whole))} (FORMAT parquet)")
            whole.replace(target)
        return int(count)
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}. The prices read before stay.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
