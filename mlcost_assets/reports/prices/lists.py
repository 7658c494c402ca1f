"""AWS's price lists: which ones tell of what a bill has, and the prices of one of them."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from mlcost_assets.errors import excerpt
from mlcost_assets.lake.engine import quote
from mlcost_assets.lake.registry import relations
from mlcost_assets.lake.sql import step
from mlcost_assets.reports.prices.site import PriceListError, PriceSite

INDEX = "/offers/v1.0/aws/index.json"
# Plans of other services are larger than all else together, and no answer asks for their rates.
_WITH_PLANS = ("AmazonSageMaker",)


@dataclass(frozen=True)
class PriceList:
    """One file of AWS: the prices of a service, or of its savings plans (`is_plan`), in a region."""

    service: str
    region: str
    path: str
    is_plan: bool = False

    def __str__(self) -> str:
        return f"{self.service}{' savings plans' if self.is_plan else ''} {self.region}"


def lists_of(site: PriceSite, billed: list[tuple[str, str]]) -> list[PriceList]:
    """The files of the bill's services and regions, as AWS's indexes name them. What a region does not have is none."""
    offers = _of_kind(site, INDEX, site.index(INDEX), "offers", dict)
    found: list[PriceList] = []
    for service in dict.fromkeys(service for service, _ in billed):
        regions = [region for of, region in billed if of == service]
        offer = offers.get(service)
        if not isinstance(offer, dict):
            raise site.refused(INDEX, f"does not name {service}")
        path = str(offer.get("currentRegionIndexUrl"))
        listed = _of_kind(site, path, site.index(path), "regions", dict)
        found += [
            PriceList(service, region, _csv(site, path, listed[region], "currentVersionUrl"))
            for region in regions
            if region in listed
        ]
        plans = str(offer.get("currentSavingsPlanIndexUrl") or "")
        if plans and service in _WITH_PLANS:
            every = _of_kind(site, plans, site.index(plans), "regions", list)
            found += [
                PriceList(service, one["regionCode"], _csv(site, plans, one, "versionUrl"), is_plan=True)
                for one in every
                if isinstance(one, dict) and one.get("regionCode") in regions
            ]
    return found


def _of_kind(site: PriceSite, path: str, told: dict[str, Any], key: str, kind: type) -> Any:
    if not isinstance(told.get(key), kind):
        raise site.refused(path, f"is no index of price lists, it has no {key}")
    return told[key]


def _csv(site: PriceSite, path: str, told: Any, key: str) -> str:
    """The path of a list as CSV, which AWS has beside each JSON; a line of it is read without the rest."""
    url = told.get(key) if isinstance(told, dict) else None
    if not isinstance(url, str) or not url.endswith(".json"):
        raise site.refused(path, f"has no {key} that names a price list")
    return url.removesuffix(".json") + ".csv"


def take(
    connection: duckdb.DuckDBPyConnection, site: PriceSite, price_list: PriceList, file: Path, currencies: set[str]
) -> int:
    """Adds the prices of a list to listed_prices, and gives their number."""
    site.download(price_list.path, file)
    told = _head(site, price_list.path, file)
    given = {
        "service_code": price_list.service,
        "region_id": price_list.region,
        "priced_on": told["Publication Date"][:10],
        "source": f"AWS price list {told['OfferCode']} {told['Version']}",
    }
    name, lines = ("plan_prices", "plan_lines") if price_list.is_plan else ("offer_prices", "offer_lines")
    columns = ", ".join(column.name for column in relations()[lines].columns)
    scan = (
        f"read_csv({quote(str(file))}, skip = 5, header = true, all_varchar = true, normalize_names = true,"
        " delim = ',', quote = '\"', escape = '\"', strict_mode = true)"
    )
    try:
        step(connection, lines, select=f"SELECT {columns} FROM {scan}", kind="VIEW")
        step(connection, name, given)
    except duckdb.Error as error:
        said = excerpt(str(error).strip().splitlines()[0], 120)
        raise site.refused(price_list.path, f"does not have the lines that AWS documents ({said})") from None
    _refuse_currencies(connection, price_list, name, currencies)
    added = connection.execute(f"INSERT INTO listed_prices BY NAME FROM {name}").fetchone()
    file.unlink()
    return int(added[0]) if added else 0


def _refuse_currencies(
    connection: duckdb.DuckDBPyConnection, price_list: PriceList, name: str, currencies: set[str]
) -> None:
    found = {currency for (currency,) in connection.execute(f"SELECT DISTINCT currency FROM {name}").fetchall()}
    if found and not currencies & found:
        listed, billed = (", ".join(sorted(every)) for every in (found, currencies))
        raise PriceListError(
            f"{price_list} has prices in {listed}, and the bill is in {billed}: none could be used. Set prices.url in"
            " mlcost.yaml to a list in that currency. The prices read before stay."
        )


def _head(site: PriceSite, path: str, file: Path) -> dict[str, str]:
    """The five lines before the columns: FormatVersion, Disclaimer, Publication Date, Version, OfferCode."""
    with file.open(encoding="utf-8", errors="replace", newline="") as opened:
        first = opened.read(64 * 1024)
    told = {line[0]: line[1] for line in list(csv.reader(first.splitlines()[:5])) if len(line) > 1}
    if not {"FormatVersion", "Publication Date", "Version", "OfferCode"} <= set(told):
        raise site.refused(path, f"is no price list, it begins with {excerpt(first[:200], 60)!r}")
    return told
