"""Every row of the formula language in the plain spelling, and that both spellings read alike."""

import pytest

from docgen.algebra.node import workspace
from docgen.reading import declare, read
from docgen.reading.choose import is_plain
from tests.reading.reads import SHAPES, node

ROWS = {
    "A*x": "mul(A, x)",
    "x'*A*x": "mul(T(x), A, x)",
    "x^T*A*x": "mul(T(x), A, x)",
    "(A*x)'*y": "mul(T(mul(A, x)), y)",
    "A''*x": "mul(T(T(A)), x)",
    "inv(A)*x": "mul(inv(A), x)",
    "inv(A)'*x": "mul(T(inv(A)), x)",
    "A^-1*x": "mul(inv(A), x)",
    "A^(-1)*x": "mul(inv(A), x)",
    "A^3*x": "mul(mpow(3, A), x)",
    "s^2*x": "mul(pow(2, s), x)",
    "norm2(x)^(5/2)": "pow(5/2, norm(x))",
    "x.*y": "had(x, y)",
    "x./y": "had(x, pow(-1, y))",
    "1./x": "pow(-1, x)",
    "2.*x": "mul(2, x)",
    "x./s": "mul(x, pow(-1, s))",
    "x.^2": "pow(2, x)",
    "x.^-1": "pow(-1, x)",
    "x.^0.5": "pow(1/2, x)",
    "1/2*x'*A*x": "mul(1/2, T(x), A, x)",
    "x/2*s": "mul(x, 1/2, s)",
    "s/t/2*x": "mul(mul(s, pow(-1, t), 1/2), x)",
    "sqrt(s)": "pow(1/2, s)",
    "tr(A)": "tr(A)",
    "tr(A)^2": "pow(2, tr(A))",
    "det(A)": "det(A)",
    "logdet(A)": "fn(log, det(A))",
    "inner(x,y)": "inner(x, y)",
    "norm2(x)": "norm(x)",
    "norm2(A)^2": "normsq(A)",
    "norm1(x)": "norm1(x)",
    **{f"{name}(x)": f"fn({name}, x)" for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "ln(x)": "fn(log, x)",
    "arctan(x)": "fn(arctan, x)",
    "sigma(x)": "fn(sigma, x)",
    "sigmoid(x)": "fn(sigma, x)",
    "relu(x)": "fn(relu, x)",
    "abs(x)": "fn(abs, x)",
    "sign(x)": "fn(sign, x)",
    "diag(x)*y": "mul(diag(x), y)",
    "diag(A)": "dg(A)",
    "vec(X)": "vec(X)",
    "kron(A,B)": "kron(A, B)",
    "sum(X)": "sum(X)",
    "softmax(x)": "softmax(x)",
    "adj(A)": "adj(A)",
    "expm(A)": "expm(A)",
    "vector(1)'*x": "mul(T(ones()), x)",
    "x + vector(0)": "add(x, zeros())",
    "A - s*eye": "add(A, mul(-1, s, eye()))",
    "eye(n)*x": "mul(eye(), x)",
    "pi*x": "mul(pi, x)",
    "theta'*x": "mul(T(\\theta), x)",
    "lambda*x": "mul(\\lambda, x)",
    "λ*x": "mul(\\lambda, x)",
    "w_0*x": "mul(w_0, x)",
    "-x.*y": "mul(-1, had(x, y))",
    "s*-x": "mul(s, mul(-1, x))",
    "y - A*x": "add(y, mul(-1, A, x))",
    "A*x.*y": "had(mul(A, x), y)",
    "x.*y*s": "mul(had(x, y), s)",
    "1e2*x": "mul(100, x)",
    "(x'*y)*b": "mul(mul(T(x), y), b)",
}


@pytest.mark.parametrize(("text", "expected"), ROWS.items(), ids=ROWS)
def test_row(text: str, expected: str) -> None:
    assert node(text) == expected


#: One formula in both spellings: they are read as the very same node.
TWINS = {
    r"x^T A x": "x'*A*x",
    r"\log(1 + \exp(-s \langle w, x \rangle))": "log(1 + exp(-s*inner(w,x)))",
    r"\|b - Xw\|^2": "norm2(b - X*w)^2",
    r"\operatorname{sum}(\log(\exp(-b \odot (X w)) + \mathbf{1}))": "sum(log(exp(-b.*(X*w)) + vector(1)))",
    r"\frac{1}{2} \|X - X A\|_F^2 + \frac{\lambda}{2} (\|X\|_F^2 + \|A\|_F^2)": (
        "1/2*norm2(X - X*A)^2 + lambda/2*(norm2(X)^2 + norm2(A)^2)"
    ),
    r"\frac{w^T A w}{w^T w}": "(w'*A*w)/(w'*w)",
    r"\log\det(X^T X)": "log(det(X'*X))",
    r"a^T A^{-T} a": "a'*inv(A)'*a",
    r"\det(A - t I)": "det(A - t*eye)",
    r"-\frac{s}{2} \log \det(A) - \frac{1}{2} \operatorname{tr}(A^{-1} B)": ("-s/2*log(det(A)) - 1/2*tr(inv(A)*B)"),
    r"\operatorname{vec}(X)^T \operatorname{vec}(X A^3)": "vec(X)'*vec(X*A^3)",
    r"\frac{\exp(x)}{\mathbf{1}^T \exp(x)}": "exp(x)/(vector(1)'*exp(x))",
    r"\operatorname{tr}(A \otimes (x x^T))": "tr(kron(A, x*x'))",
    r"x^T (I - W (X W)^{-1} X) x": "x'*(eye - W*inv(X*W)*X)*x",
    r"\theta^T x + w_0": "theta'*x + w_0",
}


@pytest.mark.parametrize(("latex", "plain"), TWINS.items(), ids=TWINS.values())
def test_both_spellings_read_alike(latex: str, plain: str) -> None:
    assert is_plain(plain) and not is_plain(latex)
    with workspace():
        declared = declare(SHAPES)
        assert read(latex, "x", declared).formula is read(plain, "x", declared).formula


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("x'*A*x", True),
        ("A*x", True),
        ("x.*y", True),
        ("x./y", True),
        ("x.^2", True),
        ("A'", True),
        ("tr(A)", True),
        ("norm2 (x)", True),
        ("x^T A x", False),
        ("x/2", False),
        ("Atr(x)", False),
        (r"\lambda*x", False),
        ("x^{2}*s", False),
    ],
)
def test_the_spelling_is_told_by_its_signs(text: str, plain: bool) -> None:
    assert is_plain(text) is plain
