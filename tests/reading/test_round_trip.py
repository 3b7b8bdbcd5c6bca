"""What is printed is read back: the same node for typed formulas, the same value for any formula; and no text, however
broken, does anything but be read or be refused."""

from random import Random

import numpy as np
import pytest

from docgen.algebra.latex import latex
from docgen.algebra.node import Node, workspace
from docgen.algebra.plain import plain
from docgen.algebra.sizes import SCALAR
from docgen.errors import DocgenError
from docgen.reading import declare, read
from tests.formulas import ALL, MEMBERS, SHAPES, SIZES, random_formula, random_values, value
from tests.reading import reads, test_errors, test_latex, test_plain

TYPED = [*test_latex.ROWS, *test_latex.ARGUMENTS, *test_latex.SUMS, *test_plain.ROWS, *test_plain.TWINS]
#: Formulas whose constants have no size but the one that was typed, and one whose two fractions are printed as one.
LOST = {r"\mathbf{1}_{n}", r"\mathbf{1}_{m \times n}", "s/t/2*x"}


@pytest.mark.parametrize("text", [text for text in TYPED if text not in LOST])
def test_a_typed_formula_comes_back_as_the_same_node(text: str) -> None:
    with workspace():
        declared = declare(reads.SHAPES)
        first = read(text, "x", declared)
        again = read(latex(first.formula, first.notation), "x", declared)
        assert again.formula is first.formula
        assert again.notation == first.notation


#: What the plain spelling has no word for: sums over samples, accents, the commutation matrix, sizes of constants.
LATEX_ONLY = (*test_latex.SUMS, r"\sum", r"\hat", r"\widehat", "K_{", r"\mathbf{1}_{")
#: Powers that nothing shows to be plain: they come back times 1.
TIMES_ONE = {"s^{3/2}", r"\sqrt[3]{s}"}


@pytest.mark.parametrize("text", [t for t in TYPED if not t.startswith(LATEX_ONLY) and t not in TIMES_ONE])
def test_a_typed_formula_comes_back_as_the_same_node_from_the_plain_spelling(text: str) -> None:
    with workspace():
        declared = declare(reads.SHAPES)
        first = read(text, "x", declared)
        printed = plain(first.formula, first.notation)
        again = read(printed, "x", declared)
        assert again.formula is first.formula, printed
        assert again.notation.log == first.notation.log


def check_value(formula: Node, printed: str, seed: int) -> None:
    """What was printed is read as a formula of the same shape and value."""
    try:
        again = read(printed, "x", declare(SHAPES | MEMBERS), elementwise=True).formula
    except DocgenError as refusal:
        assert "is not clear from the formula" in str(refusal)  # \mathbf{1} where nothing says its size
        return
    values = random_values(np.random.default_rng(seed))
    try:
        expected = value(formula, values, SIZES)
    except np.linalg.LinAlgError:
        return
    assert again.shape is formula.shape
    assert np.allclose(value(again, values, SIZES), expected, rtol=1e-6, equal_nan=True), printed


def draw(seed: int, without: set[str]) -> Node:
    rng = Random(seed)
    result = rng.choice([SCALAR, SHAPES["x"], SHAPES["A"], SHAPES["X"]])
    return random_formula(rng, result, operators=ALL - without)


@pytest.mark.parametrize("seed", range(250))
def test_a_random_formula_comes_back_with_its_value(seed: int) -> None:
    with workspace(), np.errstate(all="ignore"):
        formula = draw(seed, {"zeros"})
        check_value(formula, latex(formula), seed)


@pytest.mark.parametrize("seed", range(250))
def test_a_random_formula_comes_back_with_its_value_from_the_plain_spelling(seed: int) -> None:
    with workspace(), np.errstate(all="ignore"):
        formula = draw(seed, {"zeros", "total", "vec"})  # without sums over samples and commutation matrices
        check_value(formula, plain(formula), seed)


PIECES = r"""
^ _ { } ( ) [ ] | \| \ ' ^T -1 + - / * .* x 1 = & \frac \sqrt \sum_{i=1}^{m} x_i \sigma e^
\log \langle , \rangle \mathbf{1} I K_{m,n} \odot \otimes \hat \mathbf \left \right \operatorname{tr}
det( ² é""".split()


@pytest.mark.parametrize("seed", range(8))
def test_a_broken_formula_is_read_or_refused(seed: int) -> None:
    rng = Random(seed)
    sources = [*TYPED, *test_errors.CONSTRUCTS_THAT_ARE_NOT_READ]
    refused = 0
    for _ in range(250):
        text = rng.choice(sources)
        for _ in range(rng.choice([1, 2, 4])):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice([*PIECES, "\t", ""]) + text[at + rng.randrange(3) :]
        with workspace():
            try:
                read(text, "x", declare(rng.choice([reads.SHAPES, None])), elementwise=rng.random() < 0.3)
            except DocgenError as refusal:
                refused += 1
                assert refusal.place is not None and refusal.hint, text
    assert refused > 100
