"""An answer as a function of arrays."""

import sys

import numpy as np
import pytest

import docgen

RNG = np.random.default_rng(3)
X, Y, W = RNG.normal(size=(5, 3)), RNG.normal(size=5), RNG.normal(size=3)
SQUARES = docgen.derive(r"\|y - X w\|^2", "w", {"X": r"\ell x d", "y": r"\ell", "w": "d"}).answer


def test_arrays_in_order_or_by_name() -> None:
    function = SQUARES.callable()
    expected = (2 * X.T @ (X @ W - Y)).reshape(-1, 1)
    assert np.allclose(function(Y, X, W), expected)
    assert np.allclose(function(w=W.reshape(-1, 1), X=X, y=Y.tolist()), expected)
    assert function.__doc__ == "y, X, w -> -2 * X.T @ (y - X @ w)"


def test_a_scalar_is_a_float() -> None:
    value = docgen.derive(r"\lambda x^T x", r"\lambda", {"x": "n", r"\lambda": "scalar"}).answer.callable()
    assert value(x=[1, 2]) == 5.0
    assert type(value(x=[1, 2], lambda_=3)) is float
    assert value(**{r"\lambda": 7, "x": [[1], [1]]}) == 2.0


def test_a_differential_takes_the_increment() -> None:
    function = docgen.derive("x^T A x", "x", {"x": "n", "A": "n x n"}, task="differential").answer.callable()
    A, x, dx = RNG.normal(size=(3, 3)), RNG.normal(size=3), RNG.normal(size=3)
    assert function(x, A, dx) == pytest.approx(x @ (A + A.T) @ dx)
    assert function(x=x, A=A, d_x=dx) == pytest.approx(x @ (A + A.T) @ dx)


def test_samples_are_stacked() -> None:
    shapes = {"x_i": "n", "y_i": "scalar", "w": "n"}
    function = docgen.derive(r"\sum_{i=1}^{m} (y_i - w^T x_i)^2", "w", shapes).answer.callable()
    assert np.allclose(function(w=W, x_i=X, y_i=Y), (2 * X.T @ (X @ W - Y)).reshape(-1, 1))


def test_a_size_that_no_array_shows_is_given_by_name() -> None:
    function = docgen.derive(r"\operatorname{tr} X", "X", {"X": "n x n"}).answer.callable()
    assert np.array_equal(function(n=2), np.eye(2))
    assert np.array_equal(function(X=np.ones((3, 3))), np.eye(3))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"y": Y, "X": X}, "the argument w is missing\nGive w an array each."),
        ({"z": Y}, "the function has no argument z\nIt takes: y, X, w, ell, d."),
        (
            {"y": Y, "X": X, "w": Y},
            "the size d is 3 elsewhere, but 5 in w\nArrays that share a size must have it alike.",
        ),
        (
            {"y": X, "X": X, "w": W},
            "y is ell x 1, but the array is 5 x 3\nGive an array of this shape.",
        ),
        ({"y": 1.0, "X": X, "w": W}, "y is ell x 1, but the array is a number\nGive an array of this shape."),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(docgen.DocgenError) as caught:
        SQUARES.callable()(**arguments)
    assert str(caught.value) == message


def test_too_many_arrays() -> None:
    with pytest.raises(docgen.DocgenError) as caught:
        SQUARES.callable()(Y, X, W, W)
    assert str(caught.value) == "4 arrays were given, but the function takes 3\nIn this order: y, X, w."


def test_without_numpy_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(docgen.ToolError) as caught:
        SQUARES.callable()(1, 2, 3)
    assert str(caught.value) == "NumPy is not installed\nInstall it: pip install numpy"
