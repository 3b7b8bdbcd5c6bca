"""Sizes and shapes: spelling, products, identity."""

from __future__ import annotations

import pytest

from docgen.algebra.sizes import ONE, SCALAR, Shape, Size, shape, size, times


@pytest.mark.parametrize(
    ("spelled", "python", "tex", "value"),
    [
        (3, "3", "3", 3),
        ("3", "3", "3", 3),
        ("n", "n", "n", 5),
        ("m*n", "m*n", "mn", 35),
        ("n*m", "m*n", "mn", 35),
        ("2*n", "2*n", "2n", 10),
        ("n*2*3", "6*n", "6n", 30),
        (r"\ell", "ell", r"\ell", 2),
        (r"n*\ell", "ell*n", r"\ell n", 10),
    ],
)
def test_a_size(spelled: int | str, python: str, tex: str, value: int) -> None:
    """A size is one object however it is spelled, and says itself in Python and in LaTeX."""
    given = size(spelled)
    assert (str(given), given.latex()) == (python, tex)
    assert given.value({"n": 5, "m": 7, r"\ell": 2}) == value
    if "\\" not in python:
        assert size(str(spelled)) is given


def test_products_of_sizes_commute() -> None:
    m, n = size("m"), size("n")
    assert times(m, n) is times(n, m) is size("m*n")
    assert times(times(m, n), size(2)) is times(size(2), times(n, m))
    assert times(ONE, n) is n


def test_sizes_are_equal_only_when_spelled_alike() -> None:
    assert size("n") is not size("m")
    assert size("n") == Size(1, ("n",))
    assert size("n") != size(3)


@pytest.mark.parametrize(
    ("rows", "cols", "kind", "text", "json"),
    [
        (1, 1, "scalar", "1 x 1", [1, 1]),
        ("n", 1, "vector", "n x 1", ["n", 1]),
        (1, "n", "row", "1 x n", [1, "n"]),
        ("m", "n", "matrix", "m x n", ["m", "n"]),
        (3, 2, "matrix", "3 x 2", [3, 2]),
        ("m*n", 1, "vector", "m*n x 1", ["m*n", 1]),
    ],
)
def test_a_shape(rows: int | str, cols: int | str, kind: str, text: str, json: list[int | str]) -> None:
    given = shape(size(rows), size(cols))
    assert (given.kind, str(given), given.json()) == (kind, text, json)
    assert given.transposed is shape(size(cols), size(rows))
    assert given.transposed.transposed is given


def test_shapes_are_one_object_each() -> None:
    assert shape(ONE, ONE) is SCALAR
    assert shape(size("n"), ONE) is shape(size("n"), ONE)
    assert shape(size("n"), ONE) == Shape(size("n"), ONE)
