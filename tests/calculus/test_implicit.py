"""Differentials from a defining identity: what is told line by line, and what is refused."""

import pytest

import docgen
from docgen.algebra.node import add, differential, mul, num, zeros
from docgen.calculus import implicit
from docgen.calculus.derivation import Line
from docgen.errors import ProofError
from tests.calculus.told import Told, told

CASES: list[tuple[tuple[str, ...], Told]] = [
    (
        ("A^{-1}", "A", "A: n x n", "differential"),
        [
            ("inverse_identity", "statement", "A^{-1} A = I_{n}"),
            ("differentiate_identity", "statement", "d(A^{-1} A) = 0"),
            ("identity_product", "statement", r"d(A^{-1}) A + A^{-1}\,dA = 0"),
            ("isolate", "statement", r"d(A^{-1}) A = -A^{-1}\,dA"),
            ("multiply_inverse", "differential", "d(A^{-1}) = -A^{-1} (dA) A^{-1}"),
            ("read_differential", "differential", "-A^{-1} (dA) A^{-1}"),
        ],
    ),
    (
        ("A^{-1}", "A", "A: n x n", "jacobian"),
        [
            ("inverse_identity", "statement", "A^{-1} A = I_{n}"),
            ("differentiate_identity", "statement", "d(A^{-1} A) = 0"),
            ("identity_product", "statement", r"d(A^{-1}) A + A^{-1}\,dA = 0"),
            ("isolate", "statement", r"d(A^{-1}) A = -A^{-1}\,dA"),
            ("multiply_inverse", "differential", "d(A^{-1}) = -A^{-1} (dA) A^{-1}"),
            (
                "vec_kron",
                "statement",
                r"\operatorname{vec}\bigl(d(A^{-1})\bigr) = -(A^{-T} \otimes A^{-1}) "
                r"\operatorname{vec}(dA)",
            ),
            ("read_vec_jacobian", "derivative", r"-A^{-T} \otimes A^{-1}"),
        ],
    ),
    (
        (r"\operatorname{tr}(B A^{-1})", "A", "A: n x n, B: n x n"),
        [
            ("inverse_identity", "statement", "A^{-1} A = I_{n}"),
            ("differentiate_identity", "statement", "d(A^{-1} A) = 0"),
            ("identity_product", "statement", r"d(A^{-1}) A + A^{-1}\,dA = 0"),
            ("isolate", "statement", r"d(A^{-1}) A = -A^{-1}\,dA"),
            ("multiply_inverse", "statement", "d(A^{-1}) = -A^{-1} (dA) A^{-1}"),
            ("substitute_found", "differential", r"-\operatorname{tr}\bigl(B A^{-1} (dA) A^{-1}\bigr)"),
            ("trace_cyclic", "differential", r"-\operatorname{tr}(A^{-1} B A^{-1}\,dA)"),
            ("read_matrix_gradient", "statement", "-A^{-1} B A^{-1}"),
            ("transpose_answer", "derivative", "-A^{-T} B^{T} A^{-T}"),
        ],
    ),
    (
        ("(A + tB)^{-1}", "t", "A: n x n, B: n x n, t: scalar"),
        [
            ("inverse_identity", "statement", "(A + t B)^{-1} (A + t B) = I_{n}"),
            ("differentiate_identity", "statement", r"d\bigl((A + t B)^{-1} (A + t B)\bigr) = 0"),
            (
                "identity_product",
                "statement",
                r"d\bigl((A + t B)^{-1}\bigr) (A + t B) + (A + t B)^{-1}\,d(A + t "
                "B) = 0",
            ),
            ("isolate", "statement", r"d\bigl((A + t B)^{-1}\bigr) (A + t B) = -(A + t B)^{-1}\,d(A + t B)"),
            (
                "multiply_inverse",
                "differential",
                r"d\bigl((A + t B)^{-1}\bigr) = -(A + t B)^{-1}\,d(A + t B) (A "
                "+ t B)^{-1}",
            ),
            ("d_linear", "differential", "-(A + t B)^{-1} (dt) B (A + t B)^{-1}"),
            ("read_derivative", "derivative", "-(A + t B)^{-1} B (A + t B)^{-1}"),
        ],
    ),
    (
        ("A^{-1} B A^{-1}", "A", "A: n x n, B: n x n", "differential"),
        [
            ("inverse_identity", "statement", "A^{-1} A = I_{n}"),
            ("differentiate_identity", "statement", "d(A^{-1} A) = 0"),
            ("identity_product", "statement", r"d(A^{-1}) A + A^{-1}\,dA = 0"),
            ("isolate", "statement", r"d(A^{-1}) A = -A^{-1}\,dA"),
            ("multiply_inverse", "statement", "d(A^{-1}) = -A^{-1} (dA) A^{-1}"),
            ("product", "differential", r"d(A^{-1}) B A^{-1} + A^{-1} B\,d(A^{-1})"),
            ("substitute_found", "differential", "-A^{-1} (dA) A^{-1} B A^{-1} - A^{-1} B A^{-1} (dA) A^{-1}"),
            ("read_differential", "differential", "-A^{-1} (dA) A^{-1} B A^{-1} - A^{-1} B A^{-1} (dA) A^{-1}"),
        ],
    ),
    (
        (r"\|Ax - b\|", "x", "A: m x n, x: n, b: m"),
        [
            ("norm_identity", "statement", r"\|A x - b\|^{2} = (A x - b)^{T} (A x - b)"),
            ("differentiate_identity", "statement", r"2 \|A x - b\|\,d(\|A x - b\|) = 2 (A x - b)^{T}\,d(A x - b)"),
            ("divide", "differential", r"d(\|A x - b\|) = \frac{1}{\|A x - b\|} (A x - b)^{T}\,d(A x - b)"),
            ("d_linear", "differential", r"\frac{1}{\|A x - b\|} (A x - b)^{T} A\,dx"),
            ("read_gradient", "statement", r"\frac{(A x - b)^{T} A}{\|A x - b\|}"),
            ("transpose_answer", "derivative", r"\frac{A^{T} (A x - b)}{\|A x - b\|}"),
        ],
    ),
    (
        (r"\|X - b c^T\|", "X", "X: m x n, b: m, c: n"),
        [
            (
                "norm_identity",
                "statement",
                r"\|X - b c^{T}\|_{F}^{2} = \operatorname{tr}\bigl((X - b c^{T})^{T} "
                r"(X - b c^{T})\bigr)",
            ),
            (
                "differentiate_identity",
                "statement",
                r"2 \|X - b c^{T}\|_{F}\,d(\|X - b c^{T}\|_{F}) = 2 "
                r"\operatorname{tr}\bigl((X - b c^{T})^{T}\,d(X - b "
                r"c^{T})\bigr)",
            ),
            (
                "divide",
                "differential",
                r"d(\|X - b c^{T}\|_{F}) = \frac{1}{\|X - b c^{T}\|_{F}} "
                r"\operatorname{tr}\bigl((X - b c^{T})^{T}\,d(X - b c^{T})\bigr)",
            ),
            (
                "d_linear",
                "differential",
                r"\frac{\operatorname{tr}\bigl((X - b c^{T})^{T}\,dX\bigr)}{\|X - b "
                r"c^{T}\|_{F}}",
            ),
            ("read_matrix_gradient", "statement", r"\frac{1}{\|X - b c^{T}\|_{F}} (X - b c^{T})^{T}"),
            ("transpose_answer", "derivative", r"\frac{1}{\|X - b c^{T}\|_{F}} (X - b c^{T})"),
        ],
    ),
]

REFUSED: list[tuple[tuple[str, ...], str]] = [
    (
        ("x^T A x", "x", "x: n, A: n x n"),
        "the method 'implicit' differentiates one inverse matrix, square root or norm from the identity that "
        "defines it, but none of them depends on x here"
        "\nUse the method 'differential'.",
    ),
    (
        (r"\log\det X", "X", "X: n x n"),
        "the method 'implicit' differentiates one inverse matrix, square root or norm from the identity that "
        r"defines it, but here \det(X) depends on X"
        "\nUse the method 'differential'.",
    ),
    (
        (r"\|x\| + \sqrt{x^T x}", "x", "x: n"),
        "the method 'implicit' differentiates one inverse matrix, square root or norm from the identity that "
        r"defines it, but here there are several of them, \|x\| and \sqrt{x^{T} x}"
        "\nUse the method 'differential'.",
    ),
    (
        (r"\|x\|", "x", "x: n", "hessian"),
        "the method 'implicit' finds first derivatives\nUse the method 'differential'.",
    ),
]


def test_a_square_root() -> None:
    lines = told("implicit", r"\sqrt{a^T x}", "x", "a: n, x: n", assume={"a": "positive", "x": "positive"})
    assert lines[:3] == [
        ("root_identity", "statement", r"(\sqrt{a^{T} x})^{2} = a^{T} x"),
        ("differentiate_identity", "statement", r"2 \sqrt{a^{T} x}\,d(\sqrt{a^{T} x}) = d(a^{T} x)"),
        ("divide", "differential", r"d(\sqrt{a^{T} x}) = \frac{d(a^{T} x)}{2 \sqrt{a^{T} x}}"),
    ]


def test_a_wrong_sign_in_the_product_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """d(A⁻¹) A - A⁻¹ dA = 0, planted for the line whose right-hand side is zero."""
    real = implicit._IDENTITIES["inv"]

    def planted(known: implicit.Node, x: implicit.Node) -> list[Line]:
        lines = real(known, x)
        assert lines[2].rule == "identity_product"
        matrix = known.args[0]
        left = add([mul([differential(known), matrix]), mul([num(-1), known, differential(matrix)])])
        return [*lines[:2], Line("identity_product", "statement", zeros(known.shape), left), *lines[3:]]

    monkeypatch.setitem(implicit._IDENTITIES, "inv", planted)
    with pytest.raises(ProofError):
        docgen.derive("A^{-1}", "A", {"A": "n x n"}, task="differential", method="implicit")
