"""YAML of people, read strictly: a key stands once, aliases multiply within bounds, and what is wrong has a line."""

from typing import Any

import yaml

_MOST = 100_000  # values, each alias counted as all that it stands for
_DEEPEST = 50


class BoundedLoader(yaml.SafeLoader):
    """A SafeLoader that raises yaml.MarkedYAMLError, with the line, for whatever it does not take."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._depth = 0
        self._values = 0
        self._sizes: dict[int, int] = {}  # of finished nodes, by id

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """A node and all below it, within the bounds."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _refused(f"nested more than {_DEEPEST} levels deep", event.start_mark)
        is_alias = isinstance(event, yaml.AliasEvent)
        before = self._values
        node = super().compose_node(parent, index)
        self._depth -= 1
        if is_alias and id(node) not in self._sizes:
            raise _refused("an alias stands inside of what it names", event.start_mark)
        self._values += self._sizes[id(node)] if is_alias else 1
        if self._values > _MOST:
            raise _refused(f"more than {_MOST:,} values, its aliases written out", event.start_mark)
        if not is_alias:
            self._sizes[id(node)] = self._values - before
        return node

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """A mapping whose keys differ: of two, YAML would take the last without a word."""
        mapping = super().compose_mapping_node(anchor)
        first: dict[tuple[str, str], int] = {}
        for key, _ in mapping.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            if line := first.get((key.tag, key.value)):
                raise _refused(f"{key.value[:200]}: is given twice, first in line {line}", key.start_mark)
            first[key.tag, key.value] = key.start_mark.line + 1
        return mapping

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """A node's value; one that cannot be, such as 2026-02-30, is refused by its line."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, OverflowError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
            found = node.value if isinstance(node, yaml.ScalarNode) else error
            raise _refused(f"{str(found)[:200]} is no {node.tag.rpartition(':')[2]}", node.start_mark) from None


def _refused(what: str, where: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=where)
