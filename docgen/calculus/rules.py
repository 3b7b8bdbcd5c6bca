"""The rules table: every rule by its id, with the formula a textbook prints, its source, and an example to try it on.

The words for a rule are in ``templates/<language>/rules.toml``; how it acts is in :mod:`docgen.calculus.spoken` (rules
of differentiation), :mod:`docgen.calculus.moves` (rearrangements) and :mod:`docgen.calculus.differential` (the rest).
"""

from __future__ import annotations

from dataclasses import dataclass

#: Sources, by the short names used in the table.
SOURCES = {
    "MN": "Magnus, Neudecker. Matrix Differential Calculus, 3rd ed., 2019",
    "MC": "Petersen, Pedersen. The Matrix Cookbook, 2012",
    "BV": "Boyd, Vandenberghe. Convex Optimization, 2004",
    "HJ": "Horn, Johnson. Matrix Analysis, 2nd ed., 2013",
    "DLMF": "NIST Digital Library of Mathematical Functions",
    "BCN": "Bottou, Curtis, Nocedal. Optimization Methods for Large-Scale Machine Learning, 2018",
    "Minka": "Minka. Old and New Matrix Algebra Useful for Statistics, 2000",
    "Higham": "Higham. Functions of Matrices, 2008",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A problem whose derivation uses the rule: a formula, the variable, shapes, assumptions and the task."""

    formula: str
    variable: str
    shapes: str
    task: str = "derivative"
    assume: str = ""
    method: str = "differential"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``kind`` says where it stands in a derivation: ``differential`` (a rule of differentiation),
    ``move`` (a rearrangement that keeps the value), ``collect``, ``recognise`` or ``read`` (from the differential to
    the derivative), ``name`` (what a name stands for), ``study`` (an equation of the study of a loss) or ``argue`` (a sentence of its arguments).
    ``decisive`` rules are explained in a sentence, the others by a label."""

    kind: str
    formula: str
    source: str
    example: Example
    decisive: bool = False


def _e(
    formula: str, variable: str, shapes: str, task: str = "derivative", assume: str = "", method: str = "differential"
) -> Example:
    return Example(formula, variable, shapes, task, assume, method)


_QUADRATIC = _e("x^T A x", "x", "x: n, A: n x n")
_CUBIC = _e("x x^T x", "x", "x: n", "jacobian")
_TRACE = _e(r"\operatorname{tr}(AB)", "A", "A: n x m, B: m x n")
_HAD = _e(r"a^T (x \odot x)", "x", "a: n, x: n")
_DET = _e(r"\det A", "A", "A: n x n", "derivative", "A: invertible", method="coordinates")

_TOTAL = _e(r"\sum_{i=1}^{m} (y_i - x_i^T w)^2", "w", "y_i: scalar, x_i: n, w: n")
_LS = "y: m, X: m x n, w: n"
_STUDY = _e(r"\|y - Xw\|^2", "w", _LS, "stationary_point")
_DEFINITE = _e(r"\|y - Xw\|^2", "w", _LS, "definiteness")
_STEP = _e(r"\|y - Xw\|^2", "w", _LS, "gradient_step")
_SGD = _e(r"\|y - Xw\|^2", "w", _LS, "sgd_step")

_PRECISION = _e(r"\operatorname{tr}(S X) - \log\det X", "X", "S: n x n, X: n x n", "stationary_point", "S: positive_definite; X: positive_definite")
_PRECISION_FORM = _e(r"\operatorname{tr}(S X) - \log\det X", "X", "S: n x n, X: n x n", "definiteness", "X: positive_definite")
_VARIANCE = _e(r"n \log v + \frac{1}{v} \|y\|^2", "v", "y: n, v: scalar", "stationary_point+definiteness", "v: positive")
_PRECISION_SCALAR = _e(r"n \log v + \frac{1}{v} \|y\|^2", "v", "y: n, v: scalar", "stationary_point", "v: positive")

#: Every rule, in the order of a table of rules.
RULES: dict[str, Rule] = {
    # ---- rules of differentiation
    "d_constant": Rule("differential", r"dC = 0", "MN 8.2", _e("a^T b", "x", "a: n, b: n, x: n")),
    "d_linear": Rule("differential", r"d(\alpha X + \beta Y) = \alpha\,dX + \beta\,dY", "MN 8.2", _e("a^T x", "x", "a: n, x: n")),
    "product": Rule("differential", r"d(XY) = (dX)\,Y + X\,dY", "MN 8.2 (15)", _QUADRATIC),
    "hadamard_product": Rule("differential", r"d(X \odot Y) = dX \odot Y + X \odot dY", "MN 8.2 (17)", _HAD),
    "kron_product": Rule("differential", r"d(X \otimes Y) = dX \otimes Y + X \otimes dY", "MN 8.2 (16)", _e(r"\operatorname{tr}(X \otimes X)", "X", "X: n x n")),
    "d_trace": Rule("differential", r"d\operatorname{tr} X = \operatorname{tr}(dX)", "MN 8.2", _TRACE),
    "d_total": Rule("differential", r"d\sum_{i} u_{i} = \sum_{i} du_{i}", "MN 8.2", _TOTAL),
    "d_inverse": Rule("differential", r"d(X^{-1}) = -X^{-1}(dX)X^{-1}", "MN 8.4 (1)", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible")),
    "d_adjugate": Rule("differential", r"d(\operatorname{adj} X) = \operatorname{tr}(\operatorname{adj}(X)\,dX)\,X^{-1} - \operatorname{adj}(X)\,(dX)\,X^{-1}", "MN 8.6", _e(r"a^T \operatorname{adj}(X) b", "X", "X: n x n, a: n, b: n", "derivative", "X: invertible")),
    "d_det": Rule("differential", r"d(\det X) = \det(X) \operatorname{tr}(X^{-1}\,dX)", "MN 8.3 (7)", _e(r"\det A", "A", "A: n x n", "derivative", "A: invertible")),
    "d_det_adjugate": Rule("differential", r"d(\det X) = \operatorname{tr}(\operatorname{adj}(X)\,dX)", "MN 8.3 (6)", _e(r"\det(x y^T)", "x", "x: n, y: n")),
    "d_logdet": Rule("differential", r"d(\log\det X) = \operatorname{tr}(X^{-1}\,dX)", "MN 8.3 (9)", _e(r"\log\det X", "X", "X: n x n", "derivative", "X: invertible")),
    "d_matrix_power": Rule("differential", r"d(X^{k}) = \sum_{j=0}^{k-1} X^{j}\,(dX)\,X^{k-1-j}", "MN 8.4", _e(r"\operatorname{tr}(X^3)", "X", "X: n x n")),
    "d_function": Rule("differential", r"d\varphi(u) = \varphi'(u)\,du", "MN 8.2", _e(r"\exp(a^T x)", "x", "a: n, x: n")),
    "elementwise": Rule("differential", r"d\varphi(X) = \varphi'(X) \odot dX", "MN 8.2", _e(r"a^T \sin(x)", "x", "a: n, x: n")),
    "d_softplus": Rule("differential", r"d\log(\mathbf{1} + \exp(u)) = \sigma(u) \odot du", "BV 3.1.5", _e(r"\mathbf{1}^T \log(\mathbf{1} + \exp(Ax))", "x", "A: m x n, x: n")),
    "d_power": Rule("differential", r"d(u^{p}) = p\,u^{p-1}\,du", "DLMF 4.7", _e("(a^T x)^3", "x", "a: n, x: n")),
    "d_root": Rule("differential", r"d\sqrt{u} = \frac{du}{2\sqrt{u}}", "DLMF 4.7", _e(r"\sqrt{a^T x}", "x", "a: n, x: n", "derivative", "a: positive; x: positive")),
    "d_quotient": Rule("differential", r"d\frac{u}{v} = \frac{du - \frac{u}{v}\,dv}{v}", "DLMF 1.4", _e(r"\frac{x^T A x}{x^T x}", "x", "x: n, A: n x n")),
    "d_norm": Rule("differential", r"d\|u\| = \frac{u^{T} du}{\|u\|}", "MC (129)", _e(r"\|Ax - b\|", "x", "A: m x n, x: n, b: m")),
    "d_norm_sq": Rule("differential", r"d\|u\|^{2} = 2u^{T} du", "MC (131)", _e(r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n")),
    "d_norm1": Rule("differential", r"d\|u\|_{1} = \operatorname{sign}(u)^{T} du", "BV A.1", _e(r"\|Ax\|_1", "x", "A: m x n, x: n")),
    "d_expm": Rule("differential", r"d\operatorname{expm}(tA) = A \operatorname{expm}(tA)\,dt", "Higham 10.1", _e(r"x^T \operatorname{expm}(tA) y", "t", "x: n, A: n x n, y: n, t: scalar")),
    "d_trace_expm": Rule("differential", r"d\operatorname{tr}(\operatorname{expm} X) = \operatorname{tr}(\operatorname{expm}(X)\,dX)", "Higham 10.2", _e(r"\operatorname{tr}(\operatorname{expm}(X))", "X", "X: n x n")),
    "d_softmax": Rule("differential", r"dp = (\operatorname{diag}(p) - pp^{T})\,du", "BV 3.1.5", _e(r"a^T \operatorname{softmax}(x)", "x", "a: n, x: n")),
    # ---- rearrangements
    "inner_product": Rule("move", r"\langle a, b\rangle = a^{T} b, \quad \langle A, B\rangle = \operatorname{tr}(A^{T} B)", "HJ 5.1", _e(r"\langle a, x\rangle", "x", "a: n, x: n")),
    "expm_rank_one": Rule("move", r"\operatorname{expm}(uv^{T}) = I + \frac{\exp(s) - 1}{s}\,uv^{T}, \quad s = v^{T} u", "Higham 1.35", _e(r"x^T \operatorname{expm}(x x^T) x", "x", "x: n"), decisive=True),
    "det_singular": Rule("move", r"\det(xy^{T}) = 0", "MN 1.11", _e(r"x^T x + \det(x y^T)", "x", "x: n, y: n", "hessian"), decisive=True),
    "scalar_transpose": Rule("move", r"s^{T} = s", "MN 1.5", _QUADRATIC, decisive=True),
    "scalar_move": Rule("move", r"A\,s\,B = s\,AB", "MN 1.4", _CUBIC),
    "scalar_trace": Rule("move", r"s = \operatorname{tr}(s)", "MN 1.10", _e("x^T A y", "A", "x: n, A: n x m, y: m"), decisive=True),
    "trace_cyclic": Rule("move", r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA) = \operatorname{tr}(CAB)", "MN 1.10 (9)", _TRACE, decisive=True),
    "trace_transpose": Rule("move", r"\operatorname{tr}(A^{T}) = \operatorname{tr}(A)", "MN 1.10", _e(r"\operatorname{tr}(X^T A)", "X", "X: m x n, A: m x n"), decisive=True),
    "pull_total": Rule("move", r"\sum_{i} (s_{i}\,dx) = \Bigl(\sum_{i} s_{i}\Bigr)\,dx", "MN 1.2", _TOTAL),
    "trace_linear": Rule("collect", r"\operatorname{tr}(A) + \operatorname{tr}(B) = \operatorname{tr}(A + B)", "MN 1.10", _e("a^T X A X a", "X", "a: n, X: n x n, A: n x n")),
    "sum_as_ones": Rule("move", r"\operatorname{sum}(v) = \mathbf{1}^{T} v, \quad \operatorname{sum}(A) = \mathbf{1}^{T} A \mathbf{1}", "MN 3.7", _e(r"\operatorname{sum}(Ax)", "x", "A: m x n, x: n")),
    "sum_trace": Rule("move", r"\operatorname{sum}(A \odot B) = \operatorname{tr}(A^{T} B)", "MN 3.7 (6)", _e(r"\operatorname{sum}(X \odot AX)", "X", "X: m x n, A: m x m")),
    "hadamard_move": Rule("move", r"a^{T}(b \odot c) = (a \odot b)^{T} c", "MN 3.7", _HAD, decisive=True),
    "hadamard_trace": Rule("move", r"\operatorname{tr}(A^{T}(B \odot C)) = \operatorname{tr}((A \odot B)^{T} C)", "MN 3.7 (7)", _e(r"a^T \sin(X) b", "X", "a: m, X: m x n, b: n"), decisive=True),
    "hadamard_diag": Rule("move", r"a \odot b = \operatorname{diag}(a)\,b", "MN 3.7", _e(r"x \odot x", "x", "x: n", "jacobian"), decisive=True),
    "diag_swap": Rule("move", r"\operatorname{diag}(a)\,b = \operatorname{diag}(b)\,a", "MN 3.7", _e(r"\operatorname{diag}(x) A x", "x", "x: n, A: n x n", "jacobian"), decisive=True),
    "diag_trace": Rule("move", r"\operatorname{tr}(A \operatorname{diag}(b)) = \operatorname{diag}(A)^{T} b", "MN 3.7", _e(r"\operatorname{tr}(A \operatorname{diag}(x))", "x", "A: n x n, x: n"), decisive=True),
    "diag_product": Rule("move", r"\operatorname{diag}(A \operatorname{diag}(b)\,C) = (A \odot C^{T})\,b", "MN 3.7", _e(r"\operatorname{tr}(\operatorname{diag}(x) A \operatorname{diag}(x) B)", "x", "x: n, A: n x n, B: n x n", "hessian"), decisive=True),
    "kron_trace": Rule("move", r"\operatorname{tr}(A \otimes B) = \operatorname{tr}(A)\operatorname{tr}(B)", "MN 2.4 (9)", _e(r"\operatorname{tr}(A \otimes (x x^T))", "x", "A: k x k, x: n"), decisive=True),
    "kron_sum": Rule("move", r"\operatorname{sum}(A \otimes B) = \operatorname{sum}(A)\operatorname{sum}(B)", "MN 2.4", _e(r"\operatorname{sum}(A \otimes X)", "X", "A: n x n, X: m x k"), decisive=True),
    "kron_vec": Rule("move", r"\operatorname{vec}(A \otimes B) = (I \otimes K \otimes I)(\operatorname{vec} A \otimes \operatorname{vec} B)", "MN 3.7 (theorem 3.10)", _e(r"\operatorname{tr}(C (A \otimes X))", "X", "C: m*n x m*n, A: n x n, X: m x m"), decisive=True),
    "vec_trace": Rule("move", r"\operatorname{vec}(A)^{T} \operatorname{vec}(B) = \operatorname{tr}(A^{T} B)", "MN 2.4 (4)", _e(r"\operatorname{vec}(A)^T \operatorname{vec}(X)", "X", "A: m x n, X: m x n"), decisive=True),
    "vec_kron": Rule("read", r"\operatorname{vec}(AXB) = (B^{T} \otimes A) \operatorname{vec} X", "MN 2.4 (5)", _e(r"\operatorname{vec}(X^2)", "X", "X: n x n", "jacobian"), decisive=True),
    "symmetry": Rule("move", r"A^{T} = A", "MN 1.5", _e("x^T A x", "x", "x: n, A: n x n", "derivative", "A: symmetric"), decisive=True),
    # ---- collecting
    "collect": Rule("collect", r"aX + bX = (a + b)X", "MN 1.2", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n")),
    "insert_identity": Rule("collect", r"s\,dx = s\,I_{n}\,dx", "MN 1.2", _CUBIC, decisive=True),
    "factor_right": Rule("collect", r"B\,dx + C\,dx = (B + C)\,dx", "MN 1.4", _QUADRATIC),
    # ---- recognising
    "sigmoid_def": Rule("recognise", r"\sigma(z) = \frac{1}{1 + \exp(-z)}", "DLMF 4.28", _e(r"\log(1 + \exp(a^T x))", "x", "a: n, x: n"), decisive=True),
    "sigmoid_symmetry": Rule("recognise", r"1 - \sigma(z) = \sigma(-z)", "DLMF 4.28", _e(r"\log(1 + \exp(a^T x))", "x", "a: n, x: n", "hessian"), decisive=True),
    "softmax_def": Rule("recognise", r"\operatorname{softmax}(z) = \frac{\exp(z)}{\mathbf{1}^{T}\exp(z)}", "BV 3.1.5", _e(r"\log(\mathbf{1}^T \exp(x))", "x", "x: n"), decisive=True),
    "one_hot": Rule("recognise", r"\mathbf{1}^{T} t = t^{T} t = 1, \quad t \odot t = t", "MN 1.2", _e(r"\|t\|^2 x^T x", "x", "x: n, t: n", "derivative", "t: one_hot")),
    "orthogonal": Rule("recognise", r"Q^{T} Q = Q Q^{T} = I, \quad Q^{-1} = Q^{T}", "MN 1.13", _e(r"\|Qx - b\|^2", "x", "x: n, Q: n x n, b: n", "hessian", "Q: orthogonal")),
    "values_squared": Rule("recognise", r"y^{2} = 1 \quad (y = \pm 1)", "MN 1.2", _e(r"\log(1 + \exp(-y \langle w, x\rangle))", "w", "w: d, x: d, y: scalar", "hessian", "y: in {-1, 1}")),
    # ---- the chain rule with nabla
    "chain_gradient": Rule("chain", r"\nabla g(u) = g'(u)\,\nabla u", "MN 5.12", _e(r"\log(1 + \exp(-y \langle w, x\rangle))", "w", "w: d, x: d, y: scalar", method="chain"), decisive=True),
    "chain_vector": Rule("chain", r"\nabla g(u(x)) = J_{u}^{T}\,\nabla g(u)", "MN 5.12", _e(r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n", method="chain"), decisive=True),
    "chain_jacobian": Rule("chain", r"J_{g \circ u} = J_{g}\,J_{u}", "MN 5.12", _e(r"\tanh(Wx + b)", "x", "W: m x n, x: n, b: m", "jacobian", method="chain"), decisive=True),
    "chain_layer": Rule("chain", r"\nabla_{W}\,g(Wx + b) = \nabla g(u)\,x^{T}, \quad u = Wx + b", "MN 9.9", _e(r"v^T \tanh(Wx + b)", "W", "v: m, W: m x n, x: n, b: m", method="chain"), decisive=True),
    "grad_sum": Rule("chain", r"\nabla(\alpha u + \beta v) = \alpha\,\nabla u + \beta\,\nabla v", "MN 8.2", _e(r"\|x\| + \log(a^T x)", "x", "x: n, a: n", assume="a: positive; x: positive", method="chain")),
    "grad_linear": Rule("chain", r"\nabla(a^{T} x) = a", "MN 5.7", _e("a^T x", "x", "a: n, x: n", method="chain")),
    "grad_quadratic": Rule("chain", r"\nabla(x^{T} A x) = (A + A^{T}) x", "MN 5.7", _e("x^T A x", "x", "x: n, A: n x n", method="chain")),
    "grad_norm_sq": Rule("chain", r"\nabla\|x\|^{2} = 2x", "MC (131)", _e(r"\exp(\|x\|^2)", "x", "x: n", method="chain")),
    "grad_product": Rule("chain", r"\nabla(uv) = v\,\nabla u + u\,\nabla v", "MN 8.2 (15)", _e(r"(a^T x)(b^T x)", "x", "x: n, a: n, b: n", method="chain")),
    "grad_inner": Rule("chain", r"\nabla(u^{T} v) = J_{u}^{T} v + J_{v}^{T} u", "MN 8.2 (15)", _e(r"(Ax)^T \exp(x)", "x", "A: n x n, x: n", method="chain"), decisive=True),
    "grad_quotient": Rule("chain", r"\nabla\frac{u}{v} = \frac{1}{v}\,\nabla u - \frac{u}{v^{2}}\,\nabla v", "DLMF 1.4", _e(r"\frac{a^T x}{x^T x}", "x", "a: n, x: n", method="chain")),
    "jac_sum": Rule("chain", r"J_{Au + Bv} = A\,J_{u} + B\,J_{v}", "MN 8.2", _e(r"A \exp(x) + \sin(x)", "x", "A: n x n, x: n", "jacobian", method="chain")),
    "jac_linear": Rule("chain", r"J_{Ax + b} = A", "MN 5.5", _e(r"\tanh(Wx + b)", "x", "W: m x n, x: n, b: m", "jacobian", method="chain")),
    # ---- opening brackets, term by term
    "norm_as_product": Rule("expand", r"\|u\|^{2} = u^{T} u", "MN 1.7", _e(r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n", method="expand")),
    "frobenius_trace": Rule("expand", r"\|U\|_{F}^{2} = \operatorname{tr}(U^{T} U)", "MN 1.10", _e(r"\|X - UV\|^2", "U", "X: m x n, U: m x k, V: k x n", method="expand"), decisive=True),
    "square_as_product": Rule("expand", r"u^{2} = u \cdot u", "MN 1.2", _e(r"(a^T x - b)^2", "x", "a: n, x: n, b: scalar", method="expand")),
    "inner_as_product": Rule("expand", r"\langle u, v\rangle = u^{T} v, \quad \langle U, V\rangle = \operatorname{tr}(U^{T} V)", "HJ 5.1", _e(r"\langle x - b, x\rangle", "x", "b: n, x: n", method="expand")),
    "transpose_brackets": Rule("expand", r"(A + B)^{T} = A^{T} + B^{T}, \quad (AB)^{T} = B^{T} A^{T}", "MN 1.3", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand")),
    "expand": Rule("expand", r"A(B + C) = AB + AC", "MN 1.4", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand")),
    "termwise_sum": Rule("expand", r"\nabla(u + v) = \nabla u + \nabla v", "MN 8.2", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand")),
    "termwise_jacobian_sum": Rule("expand", r"J_{u + v} = J_{u} + J_{v}", "MN 8.2", _e(r"A(x - b)", "x", "A: m x n, x: n, b: n", "jacobian", method="expand")),
    "termwise_constant": Rule("expand", r"\nabla(u + c) = \nabla u, \quad J_{u + c} = J_{u}", "MN 8.2", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand")),
    "termwise": Rule("expand", r"\nabla(a^{T} x) = \nabla(x^{T} a) = a, \quad \nabla(x^{T} M x) = (M + M^{T}) x", "MN 5.7", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand"), decisive=True),
    "termwise_linear": Rule("expand", r"\nabla(a^{T} x) = \nabla(x^{T} a) = a", "MN 5.7", _e(r"a^T (x - b)", "x", "a: n, x: n, b: n", method="expand")),
    "termwise_matrix": Rule("expand", r"\nabla \operatorname{tr}(A^{T} X) = A, \quad \nabla \operatorname{tr}(X^{T} X) = 2X", "MN 9.9", _e(r"\|X - UV\|^2", "U", "X: m x n, U: m x k, V: k x n", method="expand"), decisive=True),
    "termwise_product": Rule("expand", r"\nabla(uv) = v\,\nabla u + u\,\nabla v", "MN 8.2 (15)", _e(r"x^T x (a^T x - b)", "x", "x: n, a: n, b: scalar", method="expand")),
    "termwise_jacobian": Rule("expand", r"J_{Ax} = A", "MN 5.5", _e(r"A(x - b)", "x", "A: m x n, x: n, b: n", "jacobian", method="expand")),
    "gram_symmetric": Rule("expand", r"(X^{T} X)^{T} = X^{T} X", "MN 1.5", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand"), decisive=True),
    "factor_out": Rule("expand", r"AB + AC = A(B + C)", "MN 1.4", _e(r"(y - Xw)^T (y - Xw)", "w", "y: m, X: m x n, w: n", method="expand")),
    # ---- from a defining identity
    "inverse_identity": Rule("implicit", r"A^{-1} A = I_{n}", "MN 1.6", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible", method="implicit"), decisive=True),
    "root_identity": Rule("implicit", r"(\sqrt{u})^{2} = u", "DLMF 4.7", _e(r"\sqrt{a^T x}", "x", "a: n, x: n", "derivative", "a: positive; x: positive", method="implicit"), decisive=True),
    "norm_identity": Rule("implicit", r"\|u\|^{2} = u^{T} u", "MN 1.7", _e(r"\|Ax - b\|", "x", "A: m x n, x: n, b: m", method="implicit"), decisive=True),
    "differentiate_identity": Rule("implicit", r"u = v \;\Rightarrow\; du = dv", "MN 5.4", _e(r"\sqrt{a^T x}", "x", "a: n, x: n", "derivative", "a: positive; x: positive", method="implicit"), decisive=True),
    "identity_product": Rule("implicit", r"d(XY) = (dX)\,Y + X\,dY", "MN 8.2 (15)", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible", method="implicit")),
    "isolate": Rule("implicit", r"U + V = 0 \;\Rightarrow\; U = -V", "MN 1.2", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible", method="implicit")),
    "multiply_inverse": Rule("implicit", r"UA = V \;\Rightarrow\; U = VA^{-1}", "MN 1.6", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible", method="implicit"), decisive=True),
    "divide": Rule("implicit", r"s\,u = v \;\Rightarrow\; u = \frac{v}{s}", "MN 1.2", _e(r"\sqrt{a^T x}", "x", "a: n, x: n", "derivative", "a: positive; x: positive", method="implicit")),
    "substitute_found": Rule("implicit", r"u = v", "MN 5.13", _e(r"\operatorname{tr}(A X^{-1})", "X", "A: n x n, X: n x n", "derivative", "X: invertible", method="implicit"), decisive=True),
    # ---- coordinates
    "softmax_coordinates": Rule("coordinate", r"\operatorname{softmax}(z)_{i} = \frac{\exp(z_{i})}{\sum_{k} \exp(z_{k})}", "BV 3.1.5", _e(r"\operatorname{softmax}(x)", "x", "x: n", "jacobian", method="coordinates")),
    "write_coordinates": Rule("coordinate", r"x^{T} A x = \sum_{j,k} a_{jk} x_{j} x_{k}", "MN 1.4", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "derivative_inside_sum": Rule("coordinate", r"\frac{\partial}{\partial x_{i}} \sum_{j} u_{j} = \sum_{j} \frac{\partial u_{j}}{\partial x_{i}}", "MN 5.7", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "partial_product": Rule("coordinate", r"\frac{\partial (uv)}{\partial x_{i}} = \frac{\partial u}{\partial x_{i}} v + u \frac{\partial v}{\partial x_{i}}", "DLMF 1.4", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "partial_chain": Rule("coordinate", r"\frac{\partial \varphi(u)}{\partial x_{i}} = \varphi'(u) \frac{\partial u}{\partial x_{i}}", "DLMF 1.4", _e(r"\|y - Xw\|^2", "w", "y: m, X: m x n, w: n", method="coordinates")),
    "delta_vec": Rule("coordinate", r"\frac{\partial x_{j}}{\partial x_{i}} = \delta_{ij}", "MN 5.7", _e("a^T x", "x", "a: n, x: n", method="coordinates"), decisive=True),
    "delta_mat": Rule("coordinate", r"\frac{\partial a_{kl}}{\partial a_{ij}} = \delta_{ki} \delta_{lj}", "MC (32)", _e(r"\operatorname{tr}(AB)", "A", "A: n x m, B: m x n", method="coordinates"), decisive=True),
    "delta_collapse": Rule("coordinate", r"\sum_{j} a_{j} \delta_{ij} = a_{i}", "HJ 0.2", _e("a^T x", "x", "a: n, x: n", method="coordinates"), decisive=True),
    "rename_index": Rule("coordinate", r"\sum_{k} a_{ik} x_{k} = \sum_{j} a_{ij} x_{j}", "HJ 0.2", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "collect_sums": Rule("coordinate", r"\sum_{j} u_{j} x_{j} + \sum_{j} v_{j} x_{j} = \sum_{j} (u_{j} + v_{j}) x_{j}", "HJ 0.2", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "back_to_matrix": Rule("coordinate", r"\sum_{j} a_{ij} x_{j} = (Ax)_{i}", "MN 1.4", _e("x^T A x", "x", "x: n, A: n x n", method="coordinates")),
    "back_to_entry": Rule("coordinate", r"b_{ji} = (B^{T})_{ij}", "MN 1.3", _e(r"\operatorname{tr}(AB)", "A", "A: n x m, B: m x n", method="coordinates")),
    "stack_partials": Rule("coordinate", r"(\nabla f)_{i} = \frac{\partial f}{\partial x_{i}}", "MN 5.7", _e("a^T x", "x", "a: n, x: n", method="coordinates")),
    "stack_jacobian": Rule("coordinate", r"(J_{f})_{ij} = \frac{\partial f_{i}}{\partial x_{j}}", "MN 5.7", _e("Ax", "x", "A: m x n, x: n", "jacobian", method="coordinates")),
    "stack_hessian": Rule("coordinate", r"(\nabla^{2} f)_{ij} = \frac{\partial^{2} f}{\partial x_{i} \partial x_{j}}", "MN 6.3", _e("x^T A x", "x", "x: n, A: n x n", "hessian", method="coordinates")),
    "det_cofactor": Rule("coordinate", r"\det A = \sum_{k} (-1)^{i+k} a_{ik} M_{ik}", "MN 1.9", _DET, decisive=True),
    "minor_independent": Rule("coordinate", r"\frac{\partial M_{ik}}{\partial a_{ij}} = 0", "MN 8.3", _DET, decisive=True),
    "delta_row": Rule("coordinate", r"\frac{\partial a_{ik}}{\partial a_{ij}} = \delta_{jk}", "MN 8.3", _DET, decisive=True),
    "inverse_cofactor": Rule("coordinate", r"(A^{-1})_{ji} = \frac{(-1)^{i+j} M_{ij}}{\det A}", "MN 1.9", _DET, decisive=True),
    # ---- reading off
    "read_derivative": Rule("read", r"df = f'(x)\,dx", "MN 5.4", _e(r"\det(A + tB)", "t", "A: n x n, B: n x n, t: scalar")),
    "read_gradient": Rule("read", r"df = (\nabla f)^{T} dx", "MN 5.7", _QUADRATIC),
    "read_row_gradient": Rule("read", r"df = dx\,(\nabla f)^{T}", "MN 5.7", _e("x a", "x", "x: 1 x n, a: n")),
    "read_matrix_gradient": Rule("read", r"df = \operatorname{tr}((\nabla f)^{T} dX)", "MN 9.9", _TRACE),
    "transpose_answer": Rule("read", r"(AB)^{T} = B^{T} A^{T}", "MN 1.3", _QUADRATIC),
    "read_jacobian": Rule("read", r"df = J_{f}\,dx", "MN 5.5", _CUBIC),
    "read_vec_jacobian": Rule("read", r"d\operatorname{vec} F = J\,d\operatorname{vec} X", "MN 5.15", _e(r"X^2", "X", "X: n x n", "jacobian")),
    "read_differential": Rule("read", r"dF", "MN 5.3", _e("A^{-1}", "A", "A: n x n", "differential", "A: invertible")),
    "abbreviation": Rule("name", r"u := y - Xw", "MN 1.1", _e(r"\log(\mathbf{1}^T \exp(x))", "x", "x: n", "hessian")),
    "name_function": Rule("name", r"f(x)", "MN 1.1", _e(r"\frac{x^T A x}{x^T x}", "x", "x: n, A: n x n", assume="A: symmetric")),
    "reuse_gradient": Rule("read", r"\nabla^{2} f = J_{\nabla f}", "MN 6.3", _e("x^T A x", "x", "x: n, A: n x n", "hessian")),
    "read_hessian": Rule("read", r"d(\nabla f) = \nabla^{2} f\,dx", "MN 6.3", _e("x^T A x", "x", "x: n, A: n x n", "hessian")),
    "simplify": Rule("read", r"(1 - y)\,\sigma(u) - y\,\sigma(-u) = \sigma(u) - y", "DLMF 4.28", _e(r"-y \log(\sigma(a^T x)) - (1 - y) \log(1 - \sigma(a^T x))", "x", "a: n, x: n, y: scalar")),
    "constrained_symmetric": Rule("read", r"\nabla_{\mathrm{sym}} f = \tfrac{1}{2}(G + G^{T})", "MN 3.8", _e("a^T X b", "X", "a: n, X: n x n, b: n", "gradient", "X: symmetric")),
    "layout_numerator": Rule("read", r"\frac{\partial f}{\partial x} = (\nabla f)^{T}", "MN 9.3", _e("a^T x", "x", "a: n, x: n")),
    "layout_denominator": Rule("read", r"\frac{\partial f}{\partial x} = J_{f}^{T}", "MN 9.3", _e("Ax", "x", "A: m x n, x: n", "jacobian")),
    # ---- the study of a loss
    "set_zero": Rule("study", r"\nabla f(x^{*}) = 0", "BV 4.2.3", _STUDY),
    "solve_linear": Rule("study", r"X^{T} X w = X^{T} y", "BV 4.4", _STUDY),
    "solve_inverse": Rule("study", r"Ax = b \Rightarrow x = A^{-1} b", "HJ 0.5", _STUDY),
    "solve_at_once": Rule("study", r"x - a = 0 \Rightarrow x = a", "HJ 0.5", _e(r"\frac12 \|x - a\|^2", "x", "a: n, x: n", "stationary_point")),
    "clear_factor": Rule("study", r"\frac{n}{v} - \frac{s}{v^{2}} = 0 \Rightarrow nv - s = 0", "HJ 0.5", _PRECISION_SCALAR),
    "clear_inverse": Rule("study", r"S - X^{-1} = 0 \Rightarrow XS = I", "MN 15.3", _PRECISION),
    "solve_root": Rule("study", r"e^{t} = a \Rightarrow t = \log a", "BV 4.2.3", _e(r"\exp(t) - a t", "t", "t: scalar, a: scalar", "stationary_point", "a: positive")),
    "assume_definite": Rule("argue", r"X \succ 0", "MN 15.3", _e(r"\operatorname{tr}(S X) - \log\det X", "X", "S: n x n, X: n x n", "stationary_point", "S: symmetric; X: positive_definite")),
    "assume_positive": Rule("argue", r"v > 0", "MN 15.3", _PRECISION_SCALAR),
    "assume_rank": Rule("argue", r"\operatorname{rank}(X^{T} X) = \operatorname{rank} X", "HJ 0.4.6", _STUDY),
    "full_rank_invertible": Rule("argue", r"\operatorname{rank} X = d \Rightarrow X^{T} X \succ 0", "HJ 7.2.7", _e(r"\|y - Xw\|^2", "w", _LS, "stationary_point", "X: full_column_rank")),
    "definite_invertible": Rule("argue", r"G \succ 0 \Rightarrow \det G > 0", "HJ 7.1.7", _e(r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", _LS + r", \lambda: scalar", "stationary_point", r"\lambda: positive")),
    "declared_definite": Rule("argue", r"A \succ 0 \Rightarrow \det A > 0", "HJ 7.1.7", _e(r"\frac12 x^T A x - b^T x", "x", "A: n x n, b: n, x: n", "stationary_point", "A: positive_definite")),
    "declared_invertible": Rule("argue", r"\det A \ne 0", "HJ 0.5", _e(r"\frac12 x^T A x - b^T x", "x", "A: n x n, b: n, x: n", "stationary_point", "A: symmetric | invertible")),
    "assume_invertible": Rule("argue", r"\det A \ne 0", "HJ 0.5", _e(r"\frac12 x^T A x - b^T x", "x", "A: n x n, b: n, x: n", "stationary_point")),
    "nonzero": Rule("argue", r"s \ne 0", "HJ 0.5", _e(r"\|a - t b\|^2", "t", "a: n, b: n, t: scalar", "stationary_point")),
    "no_closed_form": Rule("argue", r"\nabla f(x) = 0", "BV 9.1", _e(r"\mathbf{1}^T \log(\mathbf{1} + \exp(Ax))", "x", "A: m x n, x: n", "stationary_point")),
    "never_zero": Rule("argue", r"\nabla f(x) \ne 0", "BV 9.1", _e(r"\log(1 + \exp(a^T x))", "x", "a: n, x: n", "stationary_point")),
    "form_group": Rule("study", r"z^{T} X^{T} X z = (Xz)^{T}(Xz)", "HJ 7.2.7", _DEFINITE),
    "form_norm": Rule("study", r"z^{T} X^{T} X z = \|Xz\|^{2}", "HJ 7.2.7", _DEFINITE),
    "form_weighted": Rule("study", r"z^{T} X^{T} V X z = (Xz)^{T} V (Xz)", "HJ 7.1.8", _e(r"(y - Xw)^T \operatorname{diag}(v) (y - Xw)", "w", _LS + ", v: m", "definiteness", "v: positive")),
    "form_declared": Rule("study", r"z^{T} X^{T} V X z = (Xz)^{T} V (Xz)", "HJ 7.1.8", _e("(y - Xw)^T V (y - Xw)", "w", _LS + ", V: m x m", "definiteness", "V: positive_definite")),
    "form_sum": Rule("study", r"z^{T} \Bigl(\sum_{i} x_i x_i^{T}\Bigr) z = \sum_{i} (x_i^{T} z)^{2}", "HJ 7.2.7", _e(r"\sum_{i=1}^{m} (y_i - x_i^T w)^2", "w", "x_i: n, y_i: scalar, w: n", "definiteness")),
    "form_variance": Rule("study", r"z^{T} (\operatorname{diag}(p) - pp^{T}) z = \sum_{i} p_i (z_i - p^{T} z)^{2}", "BV 3.1.5", _e(r"\log(\mathbf{1}^T \exp(x))", "x", "x: n", "definiteness")),
    "form_symmetric": Rule("study", r"K \operatorname{vec} Z = \operatorname{vec} Z^{T} = \operatorname{vec} Z", "MN 3.7", _PRECISION_FORM),
    "form_sign": Rule("argue", r"\|Xz\|^{2} \ge 0", "HJ 7.1.1", _DEFINITE),
    "positive_semidefinite": Rule("argue", r"z^{T} H z \ge 0", "HJ 7.1.1", _DEFINITE),
    "negative_semidefinite": Rule("argue", r"z^{T} H z \le 0", "HJ 7.1.1", _e(r"-\|y - Xw\|^2", "w", _LS, "definiteness")),
    "strict_rank": Rule("argue", r"Xz = 0 \Rightarrow z = 0", "HJ 7.2.7", _e(r"\|y - Xw\|^2", "w", _LS, "definiteness", "X: full_column_rank")),
    "strict_norm": Rule("argue", r"\lambda \|z\|^{2} > 0", "HJ 7.1.3", _e(r"\|y - Xw\|^2 + \lambda \|w\|^2", "w", _LS + r", \lambda: scalar", "definiteness", r"\lambda: positive")),
    "strict_declared": Rule("argue", r"z^{T} A z > 0", "HJ 7.1.1", _e(r"\frac12 x^T A x - b^T x", "x", "A: n x n, b: n, x: n", "definiteness", "A: positive_definite")),
    "strict_kronecker": Rule("argue", r"A \succ 0,\; B \succ 0 \Rightarrow A \otimes B \succ 0", "MN 2.2", _PRECISION_FORM),
    "strict_if_rank": Rule("argue", r"\operatorname{rank} X = d", "HJ 7.2.7", _DEFINITE),
    "variance_zero": Rule("argue", r"(\operatorname{diag}(p) - pp^{T}) \mathbf{1} = 0", "BV 3.1.5", _e(r"\log(\mathbf{1}^T \exp(x))", "x", "x: n", "definiteness")),
    "scalar_sign": Rule("argue", r"f''(x) > 0", "BV 3.1.4", _e(r"\|a - t b\|^2", "t", "a: n, b: n, t: scalar", "definiteness")),
    "zero_hessian": Rule("argue", r"\nabla^{2} f = 0", "BV 3.1.4", _e("a^T x", "x", "a: n, x: n", "definiteness")),
    "undetermined": Rule("argue", r"z^{T} H z", "BV 3.1.4", _e("x^T A x", "x", "x: n, A: n x n", "definiteness")),
    "hessian_at_point": Rule("study", r"\nabla^{2} f(x^{*})", "BV 4.2.3", _VARIANCE),
    "local_minimum": Rule("argue", r"\nabla f(x^{*}) = 0,\; \nabla^{2} f(x^{*}) \succ 0", "BV 4.2.3", _VARIANCE),
    "local_maximum": Rule("argue", r"\nabla f(x^{*}) = 0,\; \nabla^{2} f(x^{*}) \prec 0", "BV 4.2.3", _e(r"-n \log v - \frac{1}{v} \|y\|^2", "v", "y: n, v: scalar", "stationary_point+definiteness", "v: positive")),
    "convex_global": Rule("argue", r"\nabla^{2} f \succeq 0", "BV 3.1.4, 4.2.3", _DEFINITE),
    "convex_unique": Rule("argue", r"\nabla^{2} f \succ 0", "BV 3.1.4, 4.2.3", _e(r"\frac12 \|x - a\|^2", "x", "a: n, x: n", "stationary_point+definiteness")),
    "concave_global": Rule("argue", r"\nabla^{2} f \preceq 0", "BV 3.1.4, 4.2.3", _e(r"-\|y - Xw\|^2", "w", _LS, "definiteness")),
    "concave_unique": Rule("argue", r"\nabla^{2} f \prec 0", "BV 3.1.4, 4.2.3", _e(r"-\frac12 \|x - a\|^2", "x", "a: n, x: n", "stationary_point+definiteness")),
    "not_unique": Rule("argue", r"Xz = 0, \quad z \ne 0", "BV 4.4", _e(r"\|y - Xw\|^2", "w", _LS, "stationary_point+definiteness")),
    "gradient_step": Rule("study", r"x_{t} = x_{t-1} - \gamma\,\nabla f(x_{t-1})", "BV 9.3", _STEP),
    "step_signs": Rule("study", r"-\gamma \cdot (-2v) = 2\gamma v", "BV 9.3", _STEP),
    "step_coordinates": Rule("study", r"x_j := x_j - \gamma \frac{\partial f}{\partial x_j}", "BV 9.3", _STEP),
    "sgd_step": Rule("study", r"x_{t} = x_{t-1} - \gamma\,\nabla f_i(x_{t-1})", "BCN 3.1", _SGD),
    "unbiased": Rule("study", r"\sum_{i} \nabla f_i = \nabla f", "BCN 3.1", _SGD),
    "step_absorbed": Rule("argue", r"\gamma m", "BCN 3.1", _SGD),
    "step_mean": Rule("argue", r"\frac{1}{m} \sum_{i} \nabla f_i = \nabla f", "BCN 3.1", _e(r"\frac{1}{m} \|y - Xw\|^2", "w", _LS, "sgd_step")),
    "newton_step": Rule("study", r"x_{t} = x_{t-1} - (\nabla^{2} f)^{-1}\,\nabla f", "BV 9.5", _e(r"\|y - Xw\|^2", "w", _LS, "newton_step")),
    "newton_exact": Rule("argue", r"f(x) = \tfrac{1}{2} x^{T} A x - b^{T} x", "BV 9.5", _e(r"\|y - Xw\|^2", "w", _LS, "newton_step")),
    "stack_samples": Rule("study", r"\sum_{i} c_i x_i = X^{T} c, \quad \sum_{i} c_i x_i x_i^{T} = X^{T} \operatorname{diag}(c) X", "MC 1.1", _e(r"\sum_{i=1}^{m} (y_i - x_i^T w)^2", "w", "x_i: n, y_i: scalar, w: n", "matrix_form")),
    "join_components": Rule("read", r"\sum_{i} u_i v_i = u^{T} v", "MC 1.1", _e(r"\sum_{i=1}^{n} x_i \log x_i", "x", "x: n", "derivative", "x: positive"), decisive=True),
    "second_differential": Rule("study", r"d^{2} f = d(df)", "MN 6.7", _e("x^T A x", "x", "x: n, A: n x n", "second_differential")),
    "read_second": Rule("study", r"d^{2} f = dx^{T}\,\nabla^{2} f\,dx", "MN 6.8", _e("x^T A x", "x", "x: n, A: n x n", "second_differential")),
}
