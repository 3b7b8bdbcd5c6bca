"""Names, shapes and assumptions in every spelling that a user may type, and what is refused of them."""

from fractions import Fraction

import pytest

from docgen.algebra.sizes import ONE, SCALAR, Shape, shape, size
from docgen.errors import DocgenError
from docgen.reading import canonical, declare

N, M, L, D = size("n"), size("m"), size("\\ell"), size("d")

SHAPES: list[tuple[object, Shape]] = [
    ("n", shape(N, ONE)),
    (" n ", shape(N, ONE)),
    ("n x m", shape(N, M)),
    ("n × m", shape(N, M)),
    ("n×m", shape(N, M)),
    ("nxm", shape(N, M)),
    (r"n \times m", shape(N, M)),
    ("n, m", shape(N, M)),
    ("[n, m]", shape(N, M)),
    ("(n, m)", shape(N, M)),
    (["n", "m"], shape(N, M)),
    (["n", 1], shape(N, ONE)),
    (["n"], shape(N, ONE)),
    ([1, "n"], shape(ONE, N)),
    ("1 x n", shape(ONE, N)),
    ([1, 1], SCALAR),
    ("scalar", SCALAR),
    ("Scalar", SCALAR),
    ("1", SCALAR),
    (1, SCALAR),
    (3, shape(size(3), ONE)),
    ("3", shape(size(3), ONE)),
    ("3 x 2", shape(size(3), size(2))),
    ("3x2", shape(size(3), size(2))),
    (r"\ell x d", shape(L, D)),
    ("ell x d", shape(L, D)),
    ("n_1 x n_2", shape(size("n_1"), size("n_2"))),
    (("m*n", 1), shape(size("m*n"), ONE)),
    (shape(N, M), shape(N, M)),
]


@pytest.mark.parametrize(("given", "expected"), SHAPES, ids=lambda value: repr(value)[:30])
def test_a_shape(given: object, expected: Shape) -> None:
    assert declare({"x": given}).shapes["x"] is expected


NAMES = {
    "x": "x",
    "theta": r"\theta",
    r"\theta": r"\theta",
    "Sigma": r"\Sigma",
    "ell": r"\ell",
    "x_i": "x_i",
    "x_{i}": "x_i",
    "w_12": "w_{12}",
    "w_{12}": "w_{12}",
    "theta_0": r"\theta_0",
    r"\lambda_{k}": r"\lambda_k",
    r"x_\ell": r"x_\ell",
    "x_ell": r"x_\ell",
    r"\mathbf{w}": "w",
    r"\mathbf w": "w",
    r"\boldsymbol{\theta}": r"\theta",
    r"\bm w_0": "w_0",
    r"\hat y": r"\hat{y}",
    r"\hat{y}": r"\hat{y}",
    r"\hat{y}_i": r"\hat{y}_i",
    r"\widetilde{X}": r"\tilde{X}",
    "x'": "x'",
    "x_i'": "x'_i",
    "x^{(i)}": "x^{(i)}",
    r"\mathcal{L}": r"\mathcal{L}",
    "MSE": "MSE",
    "w0": "w0",
}


@pytest.mark.parametrize(("typed", "name"), NAMES.items(), ids=NAMES)
def test_a_name_has_one_spelling(typed: str, name: str) -> None:
    assert canonical(typed) == name
    assert canonical(name) == name


def test_the_typed_spelling_is_kept() -> None:
    declared = declare({"theta": "n", r"\hat y": "n"})
    assert dict(declared.spelled) == {r"\theta": "theta", r"\hat{y}": r"\hat y"}


def test_assumptions() -> None:
    declared = declare(
        {"A": "n x n", "X": "m x n", "y_i": "scalar", "x": "n"},
        {
            "A": ["symmetric", "positive definite"],
            "X": "full_column_rank",
            "y_i": "in {-1, 1}",
            "x": ("one-hot", "positive"),
        },
    )
    assert declared.assumptions == {
        "A": {"symmetric", "positive_definite"},
        "X": {"full_column_rank"},
        "x": {"one_hot", "positive"},
    }
    assert declared.values == {"y_i": (-1, 1)}
    assert declare(None, {"s": r"\in \{0, 1/2, 0.25\}"}).values == {"s": (0, Fraction(1, 4), Fraction(1, 2))}


def test_a_family_may_be_declared_by_name() -> None:
    assert declare({"x_i": "n"}, families=["x_i"]).families == {"x_i"}


REFUSED: list[tuple[object, object, str]] = [
    (
        {"x": "n x m x k"},
        None,
        "the shape of x, 'n x m x k', cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    (
        {"x": "vector"},
        None,
        "the shape of x, 'vector', cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    (
        {"x": "n+1"},
        None,
        "the shape of x, 'n+1', cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    (
        {"x": None},
        None,
        "the shape of x, None, cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    (
        {"x": True},
        None,
        "the shape of x, True, cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    (
        {"x": ["n", 1.5]},
        None,
        "the shape of x, ['n', 1.5], cannot be read\n"
        "Write n for a column vector, n x m for a matrix, 1 x n for a row, scalar for a number; "
        "each size is one symbol or one number.",
    ),
    ({"x": 0}, None, "the shape of x has the size 0\nA size is a symbol or a number from 1 to 10000."),
    (["x"], None, "shapes is a list, not a mapping\nWrite shapes as names with values: {x: n}."),
    ({1: "n"}, None, "1 is not a name of a symbol\nWrite the name in quotes."),
    (
        {"2x": "n"},
        None,
        "'2x' is not a name of a symbol\n"
        r"A name is a letter, maybe with an index, a prime, a hat or a bar: x, \lambda, w_0, \hat{y}.",
    ),
    (
        {"x+y": "n"},
        None,
        "'x+y' is not a name of a symbol\n"
        r"A name is a letter, maybe with an index, a prime, a hat or a bar: x, \lambda, w_0, \hat{y}.",
    ),
    (
        {"T": "n x n"},
        None,
        "the symbol T cannot be declared: in a formula ^T is the transpose\n"
        r"Name it otherwise, for example S, T_0 or \mathcal{T}.",
    ),
    (
        {"log": "n"},
        None,
        "the symbol log cannot be declared: log is a function\nGive the symbol another name.",
    ),
    (
        {"theta": "n", r"\theta": "m"},
        None,
        "\\theta and theta are one symbol, declared with two shapes: m x 1 and n x 1\nDeclare it once.",
    ),
    (
        {"\theta": "n"},
        None,
        "a control character (U+0009) stands here: \\t in double quotes becomes one\n"
        "     heta\n    ^\n"
        "Use single quotes, or no quotes at all, so that each backslash stays.",
    ),
    (
        {"A": "n x n"},
        {"A": "symetric"},
        "'symetric', assumed of A, is not an assumption that docgen knows\n"
        "Did you mean symmetric? There are: symmetric, diagonal, orthogonal, positive_definite, invertible, "
        "full_column_rank, positive, one_hot, in {-1, 1}.",
    ),
    (
        {"x": "n"},
        {"x": "symmetric"},
        "symmetric is assumed of x, which is n x 1; it needs a square matrix\n"
        "Correct the shape of x, or drop the assumption.",
    ),
    (
        {"x": "n"},
        {"x": "full_column_rank"},
        "full_column_rank is assumed of x, which is n x 1; it needs a matrix\n"
        "Correct the shape of x, or drop the assumption.",
    ),
    (
        {"A": "n x n"},
        {"A": "one_hot"},
        "one_hot is assumed of A, which is n x n; it needs a column vector\n"
        "Correct the shape of A, or drop the assumption.",
    ),
    (
        {"s": "scalar"},
        {"s": "in {a, b}"},
        "'in {a, b}', assumed of s, is not a set of numbers\nWrite it as in {-1, 1}, numbers and commas.",
    ),
    (
        None,
        {"A": {"symmetric": True}},
        "the assumption on A is a mapping, not a word or a list of words\n"
        "An assumption is one of: symmetric, diagonal, orthogonal, positive_definite, invertible, "
        "full_column_rank, positive, one_hot, in {-1, 1}.",
    ),
]


@pytest.mark.parametrize(("shapes", "assume", "message"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_what_cannot_be_declared(shapes: object, assume: object, message: str) -> None:
    with pytest.raises(DocgenError) as refused:
        declare(shapes, assume)  # type: ignore[arg-type]
    assert str(refused.value) == message
