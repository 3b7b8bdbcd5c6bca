"""What a reading tells beside the formula: the variable, the symbols, the spelling, the notices, places of errors."""

from fractions import Fraction

import pytest

from docgen.algebra.node import workspace
from docgen.algebra.notation import PLAIN
from docgen.errors import FormulaError, Place, ShapeError, UnsupportedError
from docgen.reading import declare, read
from tests.reading.reads import SHAPES, error, node, reading


def test_symbols_come_in_order_of_appearance() -> None:
    found = reading(r"\|b - X w\|^2 + \lambda \|w\|^2", variable="w")
    assert [symbol.data.name for symbol in found.symbols] == ["b", "X", "w", r"\lambda"]
    assert found.variable is found.symbols[2]


def test_the_variable_may_be_typed_in_any_spelling() -> None:
    for typed in ("theta", r"\theta", r"\boldsymbol{\theta}"):
        assert reading(r"\theta^T x", variable=typed).variable.data.name == r"\theta"


def test_the_only_symbol_is_the_variable() -> None:
    assert reading(r"x x^T x", variable=None).variable.data.name == "x"
    assert error("x^T A y", variable=None) == (
        "it is not said by which variable to differentiate\n    x^T A y\n    ^^^^^^^\nName one of x, A, y."
    )
    assert error("2", variable=None) == (
        "it is not said by which variable to differentiate\n    2\n    ^\nName a variable."
    )


def test_a_variable_that_does_not_occur_is_noted() -> None:
    found = reading("a", variable="x")
    assert [notice.id for notice in found.notices] == ["variable_absent"]
    assert found.notices[0].facts["x"] is found.variable
    assert [symbol.data.name for symbol in found.symbols] == ["a", "x"]
    assert str(found.variable.shape) == "n x 1"


def test_a_variable_that_is_no_name_is_shown_itself() -> None:
    assert error("x^T x", variable="x+y").startswith("'x+y' is not a name of a symbol\n    x+y\n    ^^^\nA name is")
    assert error("x^T x", variable="") == (
        "the name of a symbol is empty\n    \n    ^\nA name is a letter, maybe with an index: x, w_0."
    )


def test_a_variable_under_the_sum_is_refused() -> None:
    assert error(r"\sum_{i=1}^{m} x_i^T w", variable="x_i") == (
        "the variable x_i is another one in every term of the sum\n"
        "    \\sum_{i=1}^{m} x_i^T w\n    ^^^^^^^^^^^^^^^^^^^^^^\n"
        "Choose a variable that is the same in every term of the sum."
    )


def test_a_family_keeps_its_index_outside_a_sum_where_it_is_declared() -> None:
    with workspace():
        found = read("x_i^T w", "w", declare(SHAPES, families=["x_i"]))
    assert found.symbols[0].data.index == "i"
    assert found.formula.indices == {"i"}


SPELLINGS = {
    r"\log s": {},
    r"\ln s": {"log": r"\ln"},
    "ln(s)": {"log": r"\ln"},
    r"\exp(s)": {},
    "e^{s}": {"exp": "power"},
    r"\det A": {},
    "|A|": {"determinant": "bars"},
    "|s|": {},
    r"\ln \lvert A\rvert e^s": {"log": r"\ln", "determinant": "bars", "exp": "power"},
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_the_spelling_is_remembered(text: str) -> None:
    notation = reading(text).notation
    changed = {
        f: getattr(notation, f) for f in ("log", "exp", "determinant") if getattr(notation, f) != getattr(PLAIN, f)
    }
    assert changed == SPELLINGS[text]


NOTICES = {
    r"\|A\|": [("frobenius_read", "A", "A")],
    r"\|X W\|^2": [("frobenius_read", "A", "mul(X, W)")],
    "norm2(A)^2": [("frobenius_read", "A", "A")],
    r"\|A\|_F": [],
    r"\|x\|": [],
    "x + 1": [("number_times_ones", "c", "1")],
    "x - 2": [("number_times_ones", "c", "2")],
    "x - s": [("number_times_ones", "c", "s")],
    "r + 1": [("number_times_ones", "c", "1")],
    "x + s^2": [("number_times_ones", "c", "pow(2, s)")],
    r"\log(1 + \exp(x))": [("number_times_ones", "c", "1")],
    r"x + \mathbf{1}": [],
}


@pytest.mark.parametrize("text", NOTICES)
def test_what_was_read_into_the_formula_is_noted(text: str) -> None:
    notices = [notice for notice in reading(text).notices if notice.id != "variable_absent"]
    assert [(n.id, *n.facts, *map(repr, n.facts.values())) for n in notices] == NOTICES[text]


def test_a_scalar_in_a_sum_of_vectors_is_that_scalar_times_ones() -> None:
    assert node("x - s") == "add(x, mul(-1, s, ones()))"
    assert node("1 - x") == "add(ones(), mul(-1, x))"
    assert node("-1 + x") == "add(mul(-1, ones()), x)"
    assert node("x + 2") == "add(x, mul(2, ones()))"
    assert node("r + 1") == "add(r, T(ones()))"
    assert node("A + 0") == "add(A, zeros())"


def test_constants_take_their_size_from_the_context() -> None:
    with workspace():
        declared = declare(SHAPES)
        left = read(r"X - \mathbf{1} x^T", "x", declared).formula
        assert str(left.args[1].args[1].shape) == "m x 1"
        assert str(read("X + W^T I", "x", declared).formula.args[1].args[1].shape) == "n x n"
        assert str(read(r"x + \mathbf{0}", "x", declared).formula.args[1].shape) == "n x 1"
        same = read(r"X - \mathbf{1}_m x^T", "x", declared).formula
        assert same is left


def test_elementwise_allows_functions_of_square_matrices() -> None:
    for text in (r"\exp(A)", r"\log(A)", r"\sin A", r"\sigma(A)", r"\tanh(A B)", "exp(A)"):
        with pytest.raises(UnsupportedError):
            reading(text)
        assert reading(text, elementwise=True).formula.op == "fn"
    assert node(r"\sqrt{A}", elementwise=True) == "pow(1/2, A)"
    for text in (
        r"\exp(x)",
        r"\exp(X)",
        r"\operatorname{relu}(A)",
        r"\operatorname{abs}(A)",
        r"\operatorname{sign}(A)",
    ):
        assert reading(text).formula.op == "fn"


def test_assumptions_and_values_stand_on_the_symbols() -> None:
    found = reading("s x^T A x", assume={"A": "symmetric", "s": "in {-1, 1}"})
    s, x, a = found.symbols
    assert (a.data.assumptions, s.data.values, x.data.assumptions) == (
        {"symmetric"},
        (Fraction(-1), Fraction(1)),
        set(),
    )


def test_an_error_carries_file_and_line() -> None:
    with workspace(), pytest.raises(ShapeError) as refused:
        read("A x + b", "x", declare(SHAPES), place=Place("problems/one.yaml", 7))
    assert str(refused.value) == (
        "problems/one.yaml:7: a sum of different shapes: A x is n x 1, but b is m x 1\n"
        "    A x + b\n          ^\nBoth must have one shape."
    )


def test_a_formula_must_be_text() -> None:
    with workspace(), pytest.raises(FormulaError) as refused:
        read(5, "x", declare(SHAPES))  # type: ignore[arg-type]
    assert str(refused.value) == "the formula is 5, not a text\nPut the formula in quotes."
