"""What an address says: which month, which costs, of whom, in which version. A link restores exactly that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

COSTS = {"effective": "effective cost", "billed": "billed cost", "list": "at list price"}
DIMENSIONS = ("model", "team", "environment")
# By what rows can be narrowed, and the column that says it.
FILTERS = {name: name for name in DIMENSIONS} | {
    "stage": "stage", "account": "account_id", "payer": "billing_account_id", "currency": "billing_currency",
}  # fmt: skip
# What turns each table of a page, by its place.
_PAGES = {1: "page"} | {place: f"page{place}" for place in range(2, 10)}


@dataclass(frozen=True)
class View:
    """`period` is '' where none was asked for. `narrowed` are filters by their name, `pages` the part of its rows that
    a table shows, by its place on the page, where that is not the first, and `other` what one page alone reads."""

    root: str = ""
    period: str = ""
    cost: str = "effective"
    version: int | None = None
    narrowed: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""
    pages: Mapping[int, int] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)

    def link(self, path: str, **changed: Any) -> str:
        """The address of `path` with this view, where `changed` says nothing else. None takes a filter away."""
        kept = {"period": self.period, "cost": "" if self.cost == "effective" else self.cost, "v": self.version or ""}
        given = {**kept, **self.narrowed, **changed}
        told = {key: value for key, value in given.items() if value not in (None, "")}
        return f"{self.root}{path}" + (f"?{urlencode(told)}" if told else "")

    def here(self, path: str, **changed: Any) -> str:
        """The address of this page with what is `changed`: another order, of which each table shows its first part,
        another format."""
        pages = {} if "sort" in changed else {_PAGES[place]: page for place, page in self.pages.items()}
        return self.link(path, **{**self.other, "sort": self.sort, **pages, **changed})

    def turned(self, path: str, place: int, page: int) -> str:
        """The address of this page where the table at that place shows that part of its rows."""
        return self.here(path, **{_PAGES[place]: page if page > 1 else None})

    def unturned(self) -> "View":
        """The same view with the first part of each table."""
        return replace(self, pages={})

    def of_month(self, period: str) -> "View":
        """The same view of a month."""
        return replace(self, period=period)


def part(name: str) -> str:
    """A name as one part of a path, whatever it holds."""
    return quote(name, safe="")


def asked(root: str, params: QueryParams) -> View:
    """The view that an address asks for. What it says wrongly counts as not said."""
    known = {"period", "cost", "v", "sort", *_PAGES.values(), *FILTERS}
    version = params.get("v", "")
    pages = {place: params.get(name, "") for place, name in _PAGES.items()}
    return View(
        root=root,
        period=params.get("period", ""),
        cost=params.get("cost", "") if params.get("cost") in COSTS else "effective",
        version=int(version) if version.isdecimal() and len(version) < 19 else None,
        narrowed={name: params[name] for name in FILTERS if params.get(name)},
        sort=params.get("sort", ""),
        pages={place: int(page) for place, page in pages.items() if _is_turned(page)},
        other={key: value for key, value in params.items() if key not in known},
    )


def _is_turned(page: str) -> bool:
    return page.isdecimal() and len(page) < 9 and int(page) > 1
