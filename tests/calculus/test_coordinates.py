"""The method of coordinates: the lines of worked examples, answers that agree with the method of differentials, wrong
deltas, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import docgen
from docgen.algebra.index_sums import Table, sum_of_products
from docgen.algebra.indexed import alternating, delta, entry, index_sizes, letter_of, minor, partial
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Sum, Symbol, add, mul, sym, total, workspace
from docgen.algebra.numpy_code import numpy_code
from docgen.algebra.sizes import shape, size
from docgen.calculus.coordinates_terms import Delta, Factor, Piece, Term, collapsed, deltas
from docgen.errors import ProofError, ShapeError, UnsupportedError
from tests.calculus.told import shapes_of


def solve(formula: str, variable: str, shapes: str, **more: Any) -> docgen.Solution:
    """A problem by coordinates; shapes as in ``x: n, A: n x n``."""
    return docgen.derive(formula, variable, shapes_of(shapes), method=more.pop("method", "coordinates"), **more)


def lines(solution: docgen.Solution) -> list[tuple[str, str]]:
    return [(line.rule, latex(line.expression)) for line in solution.derivations[-1].lines]


# ---- worked examples ------------------------------------------------------------------------------------------------

SUMS = r"\sum_{j=1}^{n} \sum_{k=1}^{n} a_{jk}"


def test_a_linear_form() -> None:
    assert lines(solve("a^T x", "x", "a: n, x: n")) == [
        ("write_coordinates", r"\sum_{j=1}^{n} a_{j} x_{j}"),
        ("derivative_inside_sum", r"\sum_{j=1}^{n} a_{j} \frac{\partial x_{j}}{\partial x_{i}}"),
        ("delta_vec", r"\sum_{j=1}^{n} a_{j} \delta_{ij}"),
        ("delta_collapse", "a_{i}"),
        ("stack_partials", "a"),
    ]


def test_collected_sums_have_whole_coprime_numbers() -> None:
    found = dict(lines(solve(r"\frac13 x^T A A x + \frac12 x^T A B x", "x", "x: n, A: n x n, B: n x n")))
    assert found["collect_sums"] == (
        r"\frac{1}{6} \sum_{j=1}^{n} \bigl(2 (A A)_{ij} + 2 (A A)_{ji} + 3 (A B)_{ij} + 3 (A B)_{ji}\bigr) x_{j}"
    )


def test_a_quadratic_form() -> None:
    both = r"\Bigl(\frac{\partial x_{j}}{\partial x_{i}} x_{k} + x_{j} \frac{\partial x_{k}}{\partial x_{i}}\Bigr)"
    assert lines(solve("x^T A x", "x", "x: n, A: n x n")) == [
        ("write_coordinates", rf"{SUMS} x_{{j}} x_{{k}}"),
        ("derivative_inside_sum", rf"{SUMS} \frac{{\partial}}{{\partial x_{{i}}}} (x_{{j}} x_{{k}})"),
        ("partial_product", rf"{SUMS} {both}"),
        ("delta_vec", rf"{SUMS} (\delta_{{ij}} x_{{k}} + x_{{j}} \delta_{{ik}})"),
        ("delta_collapse", r"\sum_{k=1}^{n} a_{ik} x_{k} + \sum_{j=1}^{n} a_{ji} x_{j}"),
        ("rename_index", r"\sum_{j=1}^{n} a_{ij} x_{j} + \sum_{j=1}^{n} a_{ji} x_{j}"),
        ("collect_sums", r"\sum_{j=1}^{n} (a_{ij} + a_{ji}) x_{j}"),
        ("back_to_matrix", r"\bigl((A + A^{T}) x\bigr)_{i}"),
        ("stack_partials", "(A + A^{T}) x"),
    ]


def test_a_residual_stays_one_factor() -> None:
    found = dict(lines(solve("(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n")))
    residual = r"\Bigl(y_{j} - \sum_{k=1}^{n} x_{jk} w_{k}\Bigr)"
    assert found["write_coordinates"] == rf"\sum_{{j=1}}^{{m}} {residual}^{{2}}"
    assert found["delta_collapse"] == rf"-2 \sum_{{j=1}}^{{m}} x_{{ji}} {residual}"
    assert found["stack_partials"] == "-2 X^{T} (y - X w)"


def test_a_trace_has_two_free_indices() -> None:
    found = solve(r"\operatorname{tr}(AB)", "A", "A: n x m, B: m x n")
    assert lines(found)[2:] == [
        ("delta_mat", r"\sum_{k=1}^{n} \sum_{l=1}^{m} b_{lk} \delta_{ki} \delta_{lj}"),
        ("delta_collapse", "b_{ji}"),
        ("back_to_entry", "(B^{T})_{ij}"),
        ("stack_partials", "B^{T}"),
    ]
    assert {line.indices for line in found.derivations[0].lines if line.quantity == "partial"} == {("i", "j")}


def test_a_determinant_by_cofactors_says_why_the_minors_are_constant() -> None:
    found = solve(r"\det A", "A", "A: n x n", assume={"A": "invertible"})
    assert lines(found) == [
        ("det_cofactor", r"\sum_{k=1}^{n} (-1)^{i+k} a_{ik} M_{ik}"),
        ("minor_independent", "0"),
        ("delta_row", r"\sum_{k=1}^{n} (-1)^{i+k} \delta_{jk} M_{ik}"),
        ("delta_collapse", "(-1)^{i+j} M_{ij}"),
        ("inverse_cofactor", r"\det(A) (A^{-1})_{ji}"),
        ("back_to_entry", r"\bigl(\det(A) A^{-T}\bigr)_{ij}"),
        ("stack_partials", r"\det(A) A^{-T}"),
    ]
    why = found.derivations[0].lines[1]
    assert isinstance(why.left, Node) and latex(why.left) == r"\frac{\partial M_{ik}}{\partial a_{ij}}"
    text = found.to_dict(["en"])["derivations"][0]["lines"][1]["text"]["en"]
    assert (
        text
        == "The minor $M_{ik}$ leaves out the whole row\u00a0$i$, so it does not depend on the entry\u00a0$a_{ij}$."
    )


# ---- the same answer as by differentials -----------------------------------------------------------------------------

SAME = [
    ("x^T a", "x", "a: n, x: n", "gradient"),
    (r"x^T x", "x", "x: n", "gradient"),
    (r"\|x\|^4", "x", "x: n", "gradient"),
    (r"(a^T x)^3", "x", "a: n, x: n", "gradient"),
    (r"\langle x, A x\rangle", "x", "x: n, A: n x n", "gradient"),
    (r"x^T A y", "A", "x: n, A: n x m, y: m", "gradient"),
    (r"a^T X A X a", "X", "a: n, X: n x n, A: n x n", "gradient"),
    (r"\operatorname{tr}(A)", "A", "A: n x n", "gradient"),
    (r"\operatorname{tr}(X^T A X B)", "X", "X: n x m, A: n x n, B: m x m", "gradient"),
    (r"\operatorname{tr}(X^4)", "X", "X: n x n", "gradient"),
    (r"\|UV - X\|^2", "U", "U: n x k, V: k x m, X: n x m", "gradient"),
    (r"\|X^T X - I\|^2", "X", "X: n x m", "gradient"),
    (r"a^T (x \odot x)", "x", "a: n, x: n", "gradient"),
    (r"\operatorname{sum}(A \odot X)", "X", "A: n x m, X: n x m", "gradient"),
    (r"\operatorname{tr}(A \operatorname{diag}(x))", "x", "A: n x n, x: n", "gradient"),
    (r"x A x^T", "x", "x: 1 x n, A: n x n", "gradient"),
    (r"\sum_{i=1}^{m} (x_i^T w - y_i)^2", "w", "x_i: n, w: n, y_i: scalar", "gradient"),
    (r"\|Ax - b\|", "x", "A: m x n, x: n, b: m", "gradient"),
    (r"a^T \sin(x)", "x", "a: n, x: n", "gradient"),
    (r"\frac{x^T A x}{x^T x}", "x", "x: n, A: n x n", "gradient"),
    ("A x", "x", "A: m x n, x: n", "jacobian"),
    ("x x^T x", "x", "x: n", "jacobian"),
    (r"x \odot A x", "x", "A: n x n, x: n", "jacobian"),
    (r"\operatorname{diag}(x) A x", "x", "A: n x n, x: n", "jacobian"),
    ("x^T A x", "x", "x: n, A: n x n", "hessian"),
    (r"(x^T x)^2", "x", "x: n", "hessian"),
]


@pytest.mark.parametrize(("formula", "variable", "shapes", "task"), SAME)
def test_the_answer_is_that_of_the_method_of_differentials(formula: str, variable: str, shapes: str, task: str) -> None:
    mine = solve(formula, variable, shapes, task=task)
    other = solve(formula, variable, shapes, task=task, method="differential")
    assert mine.derivations[-1].check.passed
    assert str(docgen.equal(other.answer.latex, mine.answer, shapes=shapes_of(shapes))) == "equal"


def test_a_declared_symmetry_is_used_at_the_end() -> None:
    found = lines(solve("x^T A x", "x", "x: n, A: n x n", assume={"A": "symmetric"}))
    assert found[-2:] == [("stack_partials", "(A + A^{T}) x"), ("symmetry", "2 A x")]


def test_brief_leaves_the_product_rule_and_the_renaming_out() -> None:
    rules = [rule for rule, _ in lines(solve("x^T A x", "x", "x: n, A: n x n", detail="brief"))]
    assert "partial_product" not in rules and "rename_index" not in rules


def test_letters_avoid_symbols_sizes_and_the_name_of_the_function() -> None:
    found = solve("i^T A x", "x", "i: j, A: j x k, x: k", name="l")
    assert lines(found)[0] == ("write_coordinates", r"\sum_{q=1}^{j} \sum_{r=1}^{k} a_{qr} i_{q} x_{r}")
    assert {index for line in found.derivations[0].lines for index in line.indices} == {"p"}


def test_a_matrix_keeps_its_capital_where_the_small_letter_is_a_symbol() -> None:
    assert lines(solve("x^T X x", "x", "x: n, X: n x n"))[0][1] == r"\sum_{j=1}^{n} \sum_{k=1}^{n} X_{jk} x_{j} x_{k}"


# ---- proof ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "variable", "shapes"),
    [
        ("a^T x", "x", "a: n, x: n"),
        ("x^T A x", "x", "x: n, A: n x n"),
        (r"\operatorname{tr}(AB)", "A", "A: n x n, B: n x n"),
    ],
)
def test_a_wrong_delta_is_refused(formula: str, variable: str, shapes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(piece: Factor, place: Factor) -> list[Piece]:
        first, *rest = deltas(piece, place)
        assert isinstance(first, Delta)
        return [Delta(first.left, first.left), *rest]  # δ_{ii} for δ_{ij}

    monkeypatch.setattr("docgen.calculus.coordinates_spell.deltas", swapped)
    with pytest.raises(ProofError, match=r"line [34] \(rule delta_(vec|mat)\) is false"):
        solve(formula, variable, shapes)


def test_a_false_claim_about_the_minors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """∂M_ik/∂a_lj = 0 for a row l that the minor keeps."""

    def planted(body: Node, by: Node) -> Node:
        return (
            partial(body, entry(by.args[0], by.data[1], by.data[1], by.data[2]))
            if body.op == "minor"
            else partial(body, by)
        )

    monkeypatch.setattr("docgen.calculus.coordinates_det.partial", planted)
    with pytest.raises(ProofError, match=r"line 2 \(rule minor_independent\) is false"):
        solve(r"\det A", "A", "A: n x n", assume={"A": "invertible"})


# ---- what it cannot do -----------------------------------------------------------------------------------------------


CANNOT = "the method 'coordinates' cannot do the"
REFUSED = [
    ("x^T A^{-1} x", "A", "x: n, A: n x n", "gradient", f"{CANNOT} inverse of a function of the variable"),
    (r"\log\det X", "X", "X: n x n", "gradient", f"{CANNOT} determinant of a function of the variable"),
    (
        r"\operatorname{tr}(X \otimes X)",
        "X",
        "X: n x n",
        "gradient",
        f"{CANNOT} Kronecker product of a function of the variable",
    ),
    ("x^T A x", "x", "x: n, A: n x n", "differential", "the method 'coordinates' finds derivatives, not differentials"),
    (
        "t a^T b",
        "t",
        "t: scalar, a: n, b: n",
        "gradient",
        "the method 'coordinates' needs a vector or a matrix to differentiate by",
    ),
    (
        "X a",
        "X",
        "X: n x m, a: m",
        "jacobian",
        "the method 'coordinates' gives no Jacobian of or by a matrix: its entries have three indices or more",
    ),
    (r"\operatorname{tr}(X^2)", "X", "X: n x n", "hessian", "the method 'coordinates' gives no Hessian by a matrix"),
]


@pytest.mark.parametrize(("formula", "variable", "shapes", "task", "message"), REFUSED)
def test_what_it_cannot_do_names_the_method_that_can(
    formula: str, variable: str, shapes: str, task: str, message: str
) -> None:
    with pytest.raises(UnsupportedError) as caught:
        solve(formula, variable, shapes, task=task)
    assert str(caught.value) == f"{message}\nUse the method 'differential'."


# ---- the nodes of single entries -------------------------------------------------------------------------------------


def test_entries_as_latex_and_numpy() -> None:
    with workspace():
        n, one = size("n"), size(1)
        a, x = sym(Symbol("A"), shape(n, n)), sym(Symbol("x"), shape(n, one))
        names = {"A": "A", "x": "x"}
        x_i, a_jk = entry(x, "i", None, "x"), entry(a, "j", "k", "a")
        cases = [
            (a_jk, "a_{jk}", "A[j, k]"),
            (entry(add([a, a]), "j", "k"), "(A + A)_{jk}", "(A + A)[j, k]"),
            (delta("i", "j"), r"\delta_{ij}", "(i == j)"),
            (alternating("i", "j"), "(-1)^{i+j}", "(-1)**(i + j)"),
            (minor(a, "i", "j", "M"), "M_{ij}", "np.linalg.det(np.delete(np.delete(A, i, 0), j, 1))"),
            (
                partial(entry(x, "j", None, "x"), x_i),
                r"\frac{\partial x_{j}}{\partial x_{i}}",
                "P(lambda x: x[j, 0], i)",
            ),
            (
                partial(total(Sum("j", n), mul([entry(x, "j", None, "x"), a_jk])), x_i),
                r"\frac{\partial}{\partial x_{i}} \sum_{j=1}^{n} x_{j} a_{jk}",
                "P(lambda x: sum(x[j, 0] * A[j, k] for j in range(n)), i)",
            ),
        ]
        for node, text, code in cases:
            assert (latex(node), numpy_code(node, names, "x")) == (text, code)
        assert index_sizes(a_jk) == {"j": n, "k": n}
        assert letter_of(a, [a, x]) == "a" and letter_of(a, [a, sym(Symbol("a"), shape(n, one))]) == "A"
        assert letter_of(sym(Symbol("x_0"), shape(n, one)), []) is None
        with pytest.raises(ShapeError, match=r"^an entry of n x 1 needs no column index$"):
            entry(x, "i", "j")
        with pytest.raises(ShapeError, match=r"^a minor needs a square matrix, but this one is n x 1$"):
            minor(x, "i", "j", "M")


def test_a_delta_removes_the_sum_over_a_bound_index_only() -> None:
    with workspace():
        n = size("n")
        x = sym(Symbol("x"), shape(n, size(1)))
        term = Term(Fraction(2), (Factor(x, "j"), Delta("i", "j")), (Sum("j", n),))
        assert collapsed(term) == Term(Fraction(2), (Factor(x, "i"),))
        assert collapsed(replace(term, sums=())) == replace(term, sums=())


def test_sums_of_products_are_carried_out_one_index_at_a_time() -> None:
    counts = {"i": 2, "j": 3, "k": 2}
    a: Table = (("i", "j"), {(i, j): 1 + i + 2 * j for i in range(2) for j in range(3)})
    b: Table = (("j", "k"), {(j, k): 3 + j * k for j in range(3) for k in range(2)})
    whole = sum(a[1][i, j] * b[1][j, k] for i in range(2) for j in range(3) for k in range(2))
    assert sum_of_products([a, b], counts, 10**9) == whole
    assert sum_of_products([a], counts, 10**9) == 2 * sum(a[1].values())  # an index that no factor has
    assert sum_of_products([a, b], counts, 7) == whole % 7


def test_softmax_is_written_by_its_definition_and_recognised_at_the_end() -> None:
    found = docgen.derive(r"\operatorname{softmax}(x)", "x", {"x": "n"}, method="coordinates")
    assert found.answer.latex == r"\operatorname{diag}(p) - p p^{T}"
    rules = [line.rule for line in found.derivations[0].lines]
    assert rules[:2] == ["abbreviation", "softmax_coordinates"] and rules[-1] == "softmax_def"
    assert docgen.derive(r"-y^T \log(\operatorname{softmax}(x))", "x", {"x": "n", "y": "n"}, {"y": "one_hot"},
                         method="coordinates").answer.latex == r"\operatorname{softmax}(x) - y"  # fmt: skip
