"""The methods with worked examples of their own: what each tells line by line, and what it refuses."""

import pytest

from tests.calculus import test_chain, test_expand, test_implicit
from tests.calculus.told import Told, refused, told

METHODS = {"chain": test_chain, "expand": test_expand, "implicit": test_implicit}
LINES = [(method, *case) for method, module in METHODS.items() for case in module.CASES]
REFUSALS = [(method, *case) for method, module in METHODS.items() for case in module.REFUSED]


def _name(value: object) -> str:
    return str(value[0]) if isinstance(value, tuple) else value if isinstance(value, str) and value in METHODS else ""


@pytest.mark.parametrize(("method", "problem", "lines"), LINES, ids=_name)
def test_the_lines(method: str, problem: tuple[str, ...], lines: Told) -> None:
    assert told(method, *problem) == lines


@pytest.mark.parametrize(("method", "problem", "text"), REFUSALS, ids=_name)
def test_what_is_refused_names_the_way_out(method: str, problem: tuple[str, ...], text: str) -> None:
    assert refused(method, *problem) == text
