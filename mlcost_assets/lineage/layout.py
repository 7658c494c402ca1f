"""Where the nodes of a graph stand: in columns from left to right, few crossings, lines short and nearly straight.

The usual layered drawing (Sugiyama, Tagawa, Toda 1981) in its simple form, for the tens of things a picture can hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Pair = tuple[str, str]
_SWEEPS = 8


@dataclass(frozen=True)
class Layout:
    """`columns`: the nodes of each column from top to bottom; `heights`: the middle of each, in pixels.

    `routes` lead from the left node of a pair to its right one, over a place in every column between.
    """

    columns: list[list[str]]
    heights: dict[str, float]
    routes: dict[Pair, list[str]]


def layered(ids: Sequence[str], edges: Iterable[Pair], sizes: Mapping[str, float], gap: float) -> Layout:
    """The layout of the nodes `ids`, `sizes` their heights; `gap` is kept between neighbours of a column."""
    pairs, order = _downhill(ids, edges)
    rank = _ranks(order, pairs)
    columns: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for node in order:
        columns[rank[node]].append(node)
    routes: dict[Pair, list[str]] = {}
    for left, right in pairs:
        between = [f"{left}\0{right}\0{column}" for column in range(rank[left] + 1, rank[right])]
        for column, place in enumerate(between, rank[left] + 1):
            columns[column].append(place)
        routes[left, right] = [left, *between, right]
    hops = [hop for route in routes.values() for hop in pairwise(route)]
    _untangle(columns, hops)
    return Layout(columns, _heights(columns, hops, sizes, gap), routes)


def _downhill(ids: Sequence[str], edges: Iterable[Pair]) -> tuple[list[Pair], list[str]]:
    """The pairs that are connected, turned so that none closes a circle, and the nodes in an order that all follow.

    The reverse postorder of a walk along the edges: only edges that close a circle lead against it.
    """
    connected = list(dict.fromkeys(pair for pair in edges if pair[0] != pair[1]))
    following: dict[str, list[str]] = {node: [] for node in ids}
    reached = {right for _, right in connected}
    for left, right in connected:
        following[left].append(right)
    order: list[str] = []
    seen: set[str] = set()
    for start in [*(node for node in ids if node not in reached), *ids]:
        path = [] if start in seen else [(start, iter(following[start]))]
        seen.add(start)
        while path:
            node, further = path[-1]
            if (nearest := next((one for one in further if one not in seen), None)) is not None:
                seen.add(nearest)
                path.append((nearest, iter(following[nearest])))
            else:
                order.append(node)
                path.pop()
    order.reverse()
    position = {node: number for number, node in enumerate(order)}
    turned = ((left, right) if position[left] < position[right] else (right, left) for left, right in connected)
    return list(dict.fromkeys(turned)), order


def _ranks(order: list[str], pairs: list[Pair]) -> dict[str, int]:
    """The column of each node: right of all before it, but no further from those after it than it must be."""
    before: dict[str, list[str]] = {node: [] for node in order}
    after: dict[str, list[str]] = {node: [] for node in order}
    for left, right in pairs:
        before[right].append(left)
        after[left].append(right)
    rank: dict[str, int] = {}
    for node in order:
        rank[node] = max((rank[one] + 1 for one in before[node]), default=0)
    for node in reversed(order):
        if after[node] and len(before[node]) <= len(after[node]):
            rank[node] = min(rank[one] for one in after[node]) - 1
    return rank


def _untangle(columns: list[list[str]], hops: list[Pair]) -> None:
    """Orders each column by where its neighbours stand, from left to right and back."""
    left_of, right_of = _neighbours(hops)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            place = {node: number / max(len(one) - 1, 1) for one in columns for number, node in enumerate(one)}
            column.sort(key=lambda node: _mean((left_of if forward else right_of).get(node, [node]), place))


def _heights(columns: list[list[str]], hops: list[Pair], sizes: Mapping[str, float], gap: float) -> dict[str, float]:
    """The middle of each node: as near to the mean of its neighbours as the column's order allows."""
    left_of, right_of = _neighbours(hops)
    height: dict[str, float] = {}
    for column in columns:
        height.update(_spread(column, dict.fromkeys(column, 0.0), sizes, gap))
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            near = left_of if forward else right_of
            wanted = {node: _mean(near.get(node, [node]), height) for node in column}
            height.update(_spread(column, wanted, sizes, gap))
    top = min((height[node] - sizes.get(node, 0) / 2 for node in height), default=0)
    return {node: middle - top for node, middle in height.items()}


def _spread(column: list[str], wanted: Mapping[str, float], sizes: Mapping[str, float], gap: float) -> dict[str, float]:
    """The heights nearest to those wanted at which nothing overlaps: blocks that would overlap are moved together."""
    blocks: list[tuple[float, int]] = []  # the mean place of a block's first node, and its number of nodes
    offset, offsets = 0.0, []
    for number, node in enumerate(column):
        if number:
            offset += (sizes.get(column[number - 1], 0) + sizes.get(node, 0)) / 2 + gap
        offsets.append(offset)
        mean, count = wanted[node] - offset, 1
        while blocks and blocks[-1][0] > mean:
            earlier, nodes = blocks.pop()
            mean, count = (earlier * nodes + mean * count) / (nodes + count), nodes + count
        blocks.append((mean, count))
    places = [mean for mean, count in blocks for _ in range(count)]
    return {node: place + own for node, place, own in zip(column, places, offsets, strict=True)}


def _neighbours(hops: list[Pair]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    left_of: dict[str, list[str]] = {}
    right_of: dict[str, list[str]] = {}
    for left, right in hops:
        left_of.setdefault(right, []).append(left)
        right_of.setdefault(left, []).append(right)
    return left_of, right_of


def _mean(nodes: list[str], place: Mapping[str, float]) -> float:
    return sum(place[node] for node in nodes) / len(nodes)
