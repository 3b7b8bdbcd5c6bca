"""Results that depend on a node alone, worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from docgen.algebra.node import Node

Result = TypeVar("Result")


def kept(function: Callable[[Node], Result]) -> Callable[[Node], Result]:
    """The function with its results kept in the memo of each node."""
    key = f"{function.__module__}.{function.__name__}"

    @wraps(function)
    def remembered(node: Node) -> Result:
        memo = node.memo
        if key not in memo:
            memo[key] = function(node)
        result: Result = memo[key]
        return result

    return remembered
