"""Every refusal, with its whole text: what is wrong, the place, both shapes where shapes matter, and the way out."""

import pytest

from docgen.errors import Place
from tests.reading.reads import error

BRACKETS_AND_MISSING_PARTS = {
    "": ("the formula is empty\n    \n    ^\nType a formula, for example x^T A x."),
    "  ": ("the formula is empty\n      \n    ^\nType a formula, for example x^T A x."),
    "(x^T A x": ("this ( is never closed\n    (x^T A x\n    ^\nAdd the missing )."),
    "x^T A x)": ("this ) closes nothing\n    x^T A x)\n           ^\nRemove it, or add the missing bracket before."),
    r"\left( x \right]": ("this ] closes a (\n    \\left( x \\right]\n                   ^\nClose it by \\right)."),
    "[x": ("this [ is never closed\n    [x\n    ^\nAdd the missing ]."),
    r"\frac{x}{": ("this { is never closed\n    \\frac{x}{\n            ^\nAdd the missing }."),
    r"\frac{x}{} y": ("these braces are empty\n    \\frac{x}{} y\n            ^^\nType what belongs between them."),
    "x^{} y": ("these braces are empty\n    x^{} y\n      ^^\nType what belongs between them."),
    r"\|x": ("this \\| is never closed\n    \\|x\n    ^^\nAdd the missing \\|."),
    r"\left\| x": ("this \\| is never closed\n    \\left\\| x\n         ^^\nAdd the missing \\right\\|."),
    "||x": ("this || is never closed\n    ||x\n    ^^\nAdd the missing ||."),
    r"\langle x \rangle": (
        "an inner product needs two values with a comma between\n"
        "    \\langle x \\rangle\n"
        "    ^^^^^^^^^^^^^^^^^\n"
        "Write \\langle a, b\\rangle."
    ),
    r"\langle x, y)": ("this ) closes a \\langle\n    \\langle x, y)\n                ^\nClose it by \\rangle."),
    "x +": (
        "the formula ends where a part of it is missing\n"
        "    x +\n"
        "       ^\n"
        "Type the missing part, or remove the sign before it."
    ),
    "x + + y": ("two signs stand side by side\n    x + + y\n        ^\nPut the signed part in brackets."),
    r"x \cdot - y": ("two signs stand side by side\n    x \\cdot - y\n            ^\nPut the signed part in brackets."),
    "()": ("something is missing before )\n    ()\n     ^\nType the missing part."),
    "x, y": ("a comma stands between two parts of the formula\n    x, y\n     ^\nOnly \\langle a, b\\rangle has a comma; write decimals with a point, 0.5."),
    "0,5 x": ("a comma stands between two parts of the formula\n    0,5 x\n     ^\nOnly \\langle a, b\\rangle has a comma; write decimals with a point, 0.5."),
    r"\exp": ("the argument of \\exp is missing\n    \\exp\n    ^^^^\nWrite \\exp(…) with its argument."),
    r"\sin -t": ("the argument of \\sin is missing\n    \\sin -t\n    ^^^^\nWrite \\sin(…) with its argument."),
    r"\operatorname{tr}": (
        "the argument of \\operatorname{tr} is missing\n"
        "    \\operatorname{tr}\n"
        "    ^^^^^^^^^^^^^^^^^\n"
        "Write \\operatorname{tr}(…) with its argument."
    ),
    "x^": (
        "the formula ends where a part of it is missing\n"
        "    x^\n"
        "      ^\n"
        "Type the missing part, or remove the sign before it."
    ),
    "x_": (
        "an index is missing here\n    x_\n     ^\nType it, as in x_i."
    ),
    "x*": (
        "the formula ends where a part of it is missing\n"
        "    x*\n"
        "      ^\n"
        "Type the missing part, or remove the sign before it."
    ),
    "x_ + y": ("an index is missing here\n    x_ + y\n     ^\nType it, as in x_i."),
    r"\frac{x}{\|x|}": (
        "this } stands inside bars that are not closed\n"
        "    \\frac{x}{\\|x|}\n"
        "                 ^\n"
        "Close \\| by \\|, and | by |."
    ),
    r"\lvert x": ("this \\lvert is never closed\n    \\lvert x\n    ^^^^^^\nAdd the missing \\rvert."),
    r"\bigl( x": ("this ( is never closed\n    \\bigl( x\n         ^\nAdd the missing \\bigr)."),
    "x^{T": ("this { is never closed\n    x^{T\n      ^\nAdd the missing }."),
    r"\frac{1}": ("a fraction has two parts\n    \\frac{1}\n            ^\nWrite \\frac{a}{b}."),
    "inner(x)*s": ("inner takes 2 arguments, not 1\n    inner(x)*s\n         ^^^\nWrite inner(a, b)."),
    "x'*y, s": (
        "a comma stands between two parts of the formula\n"
        "    x'*y, s\n"
        "        ^\n"
        "Only inner(a, b) and kron(A, B) have a comma; write decimals with a point, 0.5."
    ),
    "x*)": ("something is missing before )\n    x*)\n      ^\nType the missing part."),
    "(x*s": ("this ( is never closed\n    (x*s\n    ^\nAdd the missing )."),
    "tr()*s": ("something is missing before )\n    tr()*s\n       ^\nType the missing part."),
}


@pytest.mark.parametrize("text", BRACKETS_AND_MISSING_PARTS, ids=ascii)
def test_brackets_and_missing_parts(text: str) -> None:
    assert error(text) == BRACKETS_AND_MISSING_PARTS[text]


READINGS_THAT_WOULD_BE_GUESSES = {
    "x'Ax": (
        "after a transpose ' comes a factor without a *\n"
        "    x'Ax\n"
        "     ^^^\n"
        "Write every product with *, as in x'*A*x, or type the formula in LaTeX, as in x^T A x."
    ),
    "x'*Ax": (
        "the symbol Ax is not declared\n    x'*Ax\n       ^^\nIn the plain spelling products are written with *: A*x."
    ),
    "(x)(y)*s": (
        "two factors stand side by side without a *\n"
        "    (x)(y)*s\n"
        "      ^^\n"
        "Write every product with *, as in x'*A*x, or type the formula in LaTeX, as in x^T A x."
    ),
    "2x*s": (
        "two factors stand side by side without a *\n"
        "    2x*s\n"
        "    ^^\n"
        "Write every product with *, as in x'*A*x, or type the formula in LaTeX, as in x^T A x."
    ),
    "a/b c": (
        "a factor after a quotient with / can be read in two ways\n"
        "    a/b c\n"
        "    ^^^^^\n"
        "Write \\frac{a}{b} c or \\frac{a}{b c}, or use brackets."
    ),
    "s/t x": (
        "a factor after a quotient with / can be read in two ways\n"
        "    s/t x\n"
        "    ^^^^^\n"
        "Write \\frac{a}{b} c or \\frac{a}{b c}, or use brackets."
    ),
    "2 3": ("two numbers stand side by side\n    2 3\n    ^^^\nWrite their product with \\cdot."),
    "A^12": ("TeX raises only the first digit of 12\n    A^12\n      ^^\nWrite ^{12}, with braces."),
    "A^-1": ("TeX raises only the - here\n    A^-1\n      ^\nPut the whole exponent in braces: ^{-1}."),
    "A^(2)": ("TeX raises only the ( here\n    A^(2)\n      ^\nPut the whole exponent in braces: ^{-1}."),
    "f(x)": (
        "f stands before a bracket and is not declared: it may be a function or a factor\n"
        "    f(x)\n"
        "    ^\n"
        "Declare the shape of f, if f(…) is a product; instead of a function, type its formula."
    ),
    "g(x+y)": (
        "g stands before a bracket and is not declared: it may be a function or a factor\n"
        "    g(x+y)\n"
        "    ^\n"
        "Declare the shape of g, if g(…) is a product; instead of a function, type its formula."
    ),
    r"\sin^{-1} s": (
        "\\sin^{-1} may be the inverse function or a power\n"
        "    \\sin^{-1} s\n"
        "    ^^^^^^^^^\n"
        "Write \\frac{1}{\\sin x} for the power, or the inverse function by its name (\\arctan)."
    ),
    r"\sin^T x": (
        "\\sin has a superscript that is not a power\n"
        "    \\sin^T x\n"
        "    ^^^^^^\n"
        "Put it after the argument, outside the brackets."
    ),
    r"\sigma^2 x": (
        "\\sigma may be the logistic function here, or a symbol\n"
        "    \\sigma^2 x\n"
        "    ^^^^^^^^\n"
        "Declare \\sigma if it is a symbol, or write \\sigma(…) if it is the function."
    ),
    r"A \otimes B \odot A": (
        "\\odot and \\otimes stand side by side without brackets\n"
        "    A \\otimes B \\odot A\n"
        "                ^^^^^\n"
        "Put the inner one in brackets."
    ),
    "{a+x}s": (
        "a sum in braces stands beside a factor, and braces are not printed\n    {a+x}s\n    ^^^^^\nUse round brackets."
    ),
    r"\exp(A)": (
        "exp of a square matrix, A (n x n), may be meant entry by entry or as a function of the matrix\n"
        "    \\exp(A)\n"
        "    ^^^^^^^\n"
        "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise); for "
        "the matrix exponential, write \\operatorname{expm}(A)."
    ),
    "exp(A)": (
        "exp of a square matrix, A (n x n), may be meant entry by entry or as a function of the matrix\n"
        "    exp(A)\n"
        "    ^^^^^^\n"
        "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise); for "
        "the matrix exponential, write expm(A)."
    ),
    r"\log(A)": (
        "log of a square matrix, A (n x n), may be meant entry by entry or as a function of the matrix\n"
        "    \\log(A)\n"
        "    ^^^^^^^\n"
        "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise); the "
        "matrix function of this name is not supported."
    ),
    r"\sqrt{A}": (
        "sqrt of a square matrix, A (n x n), may be meant entry by entry or as a function of the matrix\n"
        "    \\sqrt{A}\n"
        "    ^^^^^^^\n"
        "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise); the "
        "matrix function of this name is not supported."
    ),
    r"\sigma(A)": (
        "sigma of a square matrix, A (n x n), may be meant entry by entry or as a function of the matrix\n"
        "    \\sigma(A)\n"
        "    ^^^^^^^^^\n"
        "For the function applied to every entry, set elementwise: true (elementwise=True, --elementwise); the "
        "matrix function of this name is not supported."
    ),
    r"\|A\|_2": (
        "the 2-norm of the matrix A is refused: it may mean the spectral norm\n"
        "    \\|A\\|_2\n"
        "    ^^^^^^^\n"
        "docgen does not differentiate that one; the Frobenius norm is \\|A\\|_F."
    ),
    r"\|A\|_1": (
        "the 1-norm of the matrix A is refused: it may mean the largest column sum\n"
        "    \\|A\\|_1\n"
        "    ^^^^^^^\n"
        "docgen does not differentiate that one; the sum of absolute values is "
        "\\operatorname{sum}(\\operatorname{abs}(A))."
    ),
    "norm1(A)": (
        "the 1-norm of the matrix A is refused: it may mean the largest column sum\n"
        "    norm1(A)\n"
        "    ^^^^^^^^\n"
        "docgen does not differentiate that one; the sum of absolute values is sum(abs(A))."
    ),
    "A + 1": (
        "1 is a scalar, added to the matrix A (n x n)\n"
        "    A + 1\n"
        "        ^\n"
        "Write I for the multiple of the identity matrix."
    ),
    "A + s": (
        "s is a scalar, added to the matrix A (n x n)\n"
        "    A + s\n"
        "        ^\n"
        "Write s I for the multiple of the identity matrix."
    ),
    r"B - \frac{s}{2}": (
        "\\frac{s}{2} is a scalar, added to the matrix B (n x n)\n"
        "    B - \\frac{s}{2}\n"
        "        ^^^^^^^^^^^\n"
        "Write (…) I for the multiple of the identity matrix."
    ),
    "A*x + A + 1": (
        "a sum of different shapes: A*x is n x 1, but A is n x n\n"
        "    A*x + A + 1\n"
        "          ^\n"
        "Both must have one shape."
    ),
    r"\lambda*x": (
        "the sign * belongs to the plain spelling, which has no backslash and no braces\n"
        "    \\lambda*x\n"
        "           ^\n"
        "Write \\lambda x by putting the factors side by side, or everything plain: lambda*x."
    ),
    r"x \odot s": (
        "s is a scalar, but x in the same elementwise product is n x 1\n"
        "    x \\odot s\n"
        "            ^\n"
        "Put the scalar in front, without \\odot."
    ),
    "A x^T x": (
        "the product of A (n x n) and x^T (1 x n) does not exist\n"
        "    A x^T x\n"
        "    ^^^^^\n"
        "If x^T x is meant as a scalar factor, put it in brackets."
    ),
    "x^T_i w": (
        "an index stands here without a symbol right before it\n"
        "    x^T_i w\n"
        "       ^\n"
        "Type it right after the symbol, before other scripts, and two in braces: x_i^T, a_{ij}."
    ),
    "(x)' \\lambda": (
        "a prime stands after something that is not a symbol\n"
        "    (x)' \\lambda\n"
        "       ^\n"
        "In LaTeX type a transpose as ^T; in the plain spelling, where ' transposes, write * for products."
    ),
    "T x": (
        "T stands here as a symbol, but it is the transpose sign\n"
        "    T x\n"
        "    ^\n"
        "Name the symbol otherwise, for example S; a transpose is ^T alone, as in (A^2)^T."
    ),
    r"\sum_{i=1}^{m} i": (
        "the index i of the sum stands here as a value\n"
        "    \\sum_{i=1}^{m} i\n"
        "                   ^\n"
        "Use i only as an index, as in x_i."
    ),
}


@pytest.mark.parametrize("text", READINGS_THAT_WOULD_BE_GUESSES, ids=ascii)
def test_readings_that_would_be_guesses(text: str) -> None:
    assert error(text) == READINGS_THAT_WOULD_BE_GUESSES[text]


SIZES_THAT_DO_NOT_FIT = {
    "x^T x + x": (
        "a sum of different shapes: x is n x 1, but x^T x is 1 x 1\n    x^T x + x\n    ^^^^^\n"
        r"Both must have one shape; s \mathbf{1} is a column of entries all equal to s."
    ),
    "x - x'*x": (
        "a sum of different shapes: x is n x 1, but - x'*x is 1 x 1\n    x - x'*x\n      ^^^^^^\n"
        "Both must have one shape; s*vector(1) is a column of entries all equal to s."
    ),
    "A x + b": (
        "a sum of different shapes: A x is n x 1, but b is m x 1\n    A x + b\n          ^\nBoth must have one shape."
    ),
    "x + y^T": (
        "a sum of different shapes: x is n x 1, but y^T is 1 x n\n"
        "    x + y^T\n"
        "        ^^^\n"
        "One of them needs a transpose."
    ),
    "a^T b": (
        "the product of a^T (1 x n) and b (m x 1) does not exist\n"
        "    a^T b\n"
        "    ^^^^^\n"
        "Check the shapes and the order of the factors."
    ),
    "X y^T": (
        "the product of X (m x n) and y^T (1 x n) does not exist\n    X y^T\n    ^^^^^\nOne of them needs a transpose."
    ),
    "x y": ("the product of x (n x 1) and y (n x 1) does not exist\n    x y\n    ^^^\nOne of them needs a transpose."),
    "y^T b + s": (
        "the product of y^T (1 x n) and b (m x 1) does not exist\n"
        "    y^T b + s\n"
        "    ^^^^^\n"
        "Check the shapes and the order of the factors."
    ),
    r"y \odot Xx": (
        "an elementwise product of different shapes: y is n x 1, but Xx is m x 1\n"
        "    y \\odot Xx\n"
        "            ^^\n"
        "Both must have one shape."
    ),
    r"\langle x, X\rangle": (
        "an inner product of different shapes: x is n x 1, but X is m x n\n"
        "    \\langle x, X\\rangle\n"
        "               ^\n"
        "Both must have one shape."
    ),
    "x/y": (
        "a division by y, which is n x 1 and not a scalar\n"
        "    x/y\n"
        "      ^\n"
        "Divide entry by entry with \\oslash (./ in the plain spelling)."
    ),
    "x/A": (
        "a division by A, which is n x n and not a scalar\n"
        "    x/A\n"
        "      ^\n"
        "Multiply by its inverse, ^{-1} (inv in the plain spelling)."
    ),
    r"\frac{1}{x}": (
        "a division by x, which is n x 1 and not a scalar\n"
        "    \\frac{1}{x}\n"
        "             ^\n"
        "Divide entry by entry with \\oslash (./ in the plain spelling)."
    ),
    r"\det X": (
        "the determinant needs a square matrix, but X is m x n\n"
        "    \\det X\n"
        "    ^^^^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    r"\det(X)": (
        "the determinant needs a square matrix, but X is m x n\n"
        "    \\det(X)\n"
        "    ^^^^^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    r"\operatorname{tr}(X W X)": (
        "the trace needs a square matrix, but X W X is m x n\n"
        "    \\operatorname{tr}(X W X)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    "X^{-1}": (
        "the inverse needs a square matrix, but X is m x n\n"
        "    X^{-1}\n"
        "    ^^^^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    "X^2": (
        "a matrix power needs a square matrix, but X is m x n\n"
        "    X^2\n"
        "    ^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    "A^{1/2}": (
        "A^{1/2}: the power 1/2 of a matrix (n x n) is not supported\n"
        "    A^{1/2}\n"
        "    ^^^^^^^\n"
        "Write ^{\\odot 1/2} for the entrywise power."
    ),
    "x^2": (
        "x^2: a vector (n x 1) has no power 2\n"
        "    x^2\n"
        "    ^^^\n"
        "Write ^{\\odot 2} for the entrywise power, or \\|…\\|^2 for the squared norm."
    ),
    "x^{-1}": (
        "x^{-1}: a vector (n x 1) has no power -1\n    x^{-1}\n    ^^^^^^\nWrite ^{\\odot -1} for the entrywise power."
    ),
    "x^2*1": (
        "x^2: a vector (n x 1) has no power 2\n"
        "    x^2*1\n"
        "    ^^^\n"
        "Write .^2 for the entrywise power, or norm2(…)^2 for the squared norm."
    ),
    "x^3": ("x^3: a vector (n x 1) has no power 3\n    x^3\n    ^^^\nWrite ^{\\odot 3} for the entrywise power."),
    r"\operatorname{softmax}(A)": (
        "softmax needs a column vector, but A is n x n\n"
        "    \\operatorname{softmax}(A)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "Check the shapes, or transpose a row."
    ),
    r"\operatorname{diag}(X)": (
        "diag needs a column or a square matrix, but X is m x n\n"
        "    \\operatorname{diag}(X)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^\n"
        "Check the shapes, or transpose a row."
    ),
    r"\operatorname{diag}(s)": (
        "diag of the scalar s is that scalar\n    \\operatorname{diag}(s)\n    ^^^^^^^^^^^^^^^^^^^^^^\nRemove the diag."
    ),
    r"\operatorname{expm}(X)": (
        "the matrix exponential needs a square matrix, but X is m x n\n"
        "    \\operatorname{expm}(X)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^\n"
        "Check the shapes; A^T A is square for every A."
    ),
    "I_3 x": (
        "the product of I_3 (3 x 3) and x (n x 1) does not exist\n"
        "    I_3 x\n"
        "    ^^^^^\n"
        "Check the shapes and the order of the factors."
    ),
    r"I_{m \times n} x": (
        "an identity matrix is square\n    I_{m \\times n} x\n    ^^^^^^^^^^^^^^\nWrite one size, I_n."
    ),
}


@pytest.mark.parametrize("text", SIZES_THAT_DO_NOT_FIT, ids=ascii)
def test_sizes_that_do_not_fit(text: str) -> None:
    assert error(text) == SIZES_THAT_DO_NOT_FIT[text]


SYMBOLS_AND_SIGNS = {
    "x^T A z": ("the symbol z is not declared\n    x^T A z\n          ^\nDeclare its shape, as in z: n; or did you mean y?"),
    "q": ("the symbol q is not declared\n    q\n    ^\nDeclare its shape, as in q: n; or did you mean r?"),
    "x' + z": ("the symbol z is not declared\n    x' + z\n         ^\nDeclare its shape, as in z: n; or did you mean y?"),
    "Ax*s": (
        "the symbol Ax is not declared\n    Ax*s\n    ^^\nIn the plain spelling products are written with *: A*x."
    ),
    r"\hat{x}": (
        "the symbol \\hat{x} is not declared\n    \\hat{x}\n    ^^^^^^^\nDeclare its shape, as in \\hat{x}: n; or did you mean \\hat{y}?"
    ),
    "X' \\lambda": (
        "the symbol X' is not declared\n"
        "    X' \\lambda\n"
        "    ^^\n"
        "In LaTeX ' is a prime: write X^T, or everything in the plain spelling, X'*A."
    ),
    r"\foo x": ("\\foo is not known\n    \\foo x\n    ^^^^\nDid you mean \\odot? A spec file may define it: macros: {foo: …}"),
    r"\sine x": ("\\sine is not known\n    \\sine x\n    ^^^^^\nDid you mean \\sin? A spec file may define it: macros: {sine: …}"),
    r"\operatorname{trc}(A)": (
        "\\operatorname{trc} is not known\n    \\operatorname{trc}(A)\n    ^^^^^^^^^^^^^^^^^^\nDid you mean \\tr?"
    ),
    r"\text{if } x": ("\\text{if } is not known\n    \\text{if } x\n    ^^^^^^^^^^\nWrite the formula without it."),
    "nrom2(x)*s": ("there is no function nrom2\n    nrom2(x)*s\n    ^^^^^\nDid you mean norm2?"),
    "max(0, x)*s": ("there is no function max\n    max(0, x)*s\n    ^^^\nFor max(0, x) write relu(x)."),
    r"x \\ y": ("\\\\ is not known\n    x \\\\ y\n      ^^\nWrite the formula without it."),
    r"\hat{x+y}": (
        "\\hat stands over something that is not one symbol\n"
        "    \\hat{x+y}\n"
        "    ^^^^^^^^^\n"
        "Put it over a single letter, or name the whole by a letter of its own."
    ),
    "x^T А x": (
        "the character А (U+0410) has no meaning in a formula\n"
        "    x^T А x\n"
        "        ^\n"
        "It is the Cyrillic letter that looks like A; type the Latin A."
    ),
    "x^T（A）x": (
        "the full-width character （ stands here\n    x^T（A）x\n       ^^\nType the ordinary character '(' instead."
    ),
    "$x^T x$": (
        "the character $ (U+0024) has no meaning in a formula\n"
        "    $x^T x$\n"
        "    ^\n"
        "Type the formula without dollar signs."
    ),
    "\theta^T x": (
        "a control character (U+0009) stands here: \\t in double quotes becomes one\n"
        "     heta^T x\n"
        "    ^\n"
        "Use single quotes, or no quotes at all, so that each backslash stays."
    ),
    "\x0crac12 x": (
        "a control character (U+000C) stands here: \\f in double quotes becomes one\n"
        "     rac12 x\n"
        "    ^\n"
        "Use single quotes, or no quotes at all, so that each backslash stays."
    ),
    "x = y": ("an equation is not a formula\n    x = y\n      ^\nType only the right-hand side."),
    "f(x) = x^T A x": ("an equation is not a formula\n    f(x) = x^T A x\n         ^\nType only the right-hand side."),
    "a=b*c": ("an equation is not a formula\n    a=b*c\n     ^\nType only the right-hand side."),
    "x!": ("docgen does not read the factorial\n    x!\n     ^\nWrite the number."),
    "<a, x>": ("the sign < is a relation\n    <a, x>\n    ^\nWrite an inner product as \\langle a, b\\rangle."),
    "x & y": (
        "the character & (U+0026) has no meaning in a formula\n"
        "    x & y\n"
        "      ^\n"
        "Remove it, or write it as a LaTeX command."
    ),
    "a@x*s": ("the sign @ does not fit here\n    a@x*s\n     ^\nWrite a product with *."),
    "x**2": ("the sign ** does not fit here\n    x**2\n     ^^\nWrite a power with ^."),
}


@pytest.mark.parametrize("text", SYMBOLS_AND_SIGNS, ids=ascii)
def test_symbols_and_signs(text: str) -> None:
    assert error(text) == SYMBOLS_AND_SIGNS[text]


CONSTRUCTS_THAT_ARE_NOT_READ = {
    r"\int x": (
        "docgen does not read \\int, an integral\n"
        "    \\int x\n"
        "    ^^^^\n"
        "Write the formula without it; `docgen rules` lists what docgen differentiates."
    ),
    r"\mathbb{R}": (
        "docgen does not read \\mathbb{R}, a set or an expectation\n"
        "    \\mathbb{R}\n"
        "    ^^^^^^^^^^\n"
        "Write the formula without it; `docgen rules` lists what docgen differentiates."
    ),
    r"x \times y": (
        "docgen does not read \\times, the cross product\n"
        "    x \\times y\n"
        "      ^^^^^^\n"
        "Write a product as X w or X \\cdot w, a Kronecker product as A \\otimes B."
    ),
    r"\nabla x": (
        "docgen does not read \\nabla, a derivative inside a formula\n"
        "    \\nabla x\n"
        "    ^^^^^^\n"
        "Write the formula without it; `docgen rules` lists what docgen differentiates."
    ),
    r"\begin{pmatrix} 1 \end{pmatrix}": (
        "docgen does not read \\begin, an environment\n"
        "    \\begin{pmatrix} 1 \\end{pmatrix}\n"
        "    ^^^^^^\n"
        "Write the formula without it; `docgen rules` lists what docgen differentiates."
    ),
    r"\max x": (
        "docgen does not read \\max, an extremum\n"
        "    \\max x\n"
        "    ^^^^\n"
        "For \\max(0, x) write \\operatorname{relu}(x)."
    ),
    r"\prod x": (
        "docgen does not read \\prod, a product over an index\n"
        "    \\prod x\n"
        "    ^^^^^\n"
        "Write the formula without it; `docgen rules` lists what docgen differentiates."
    ),
    r"x \circ y": (
        "docgen does not read \\circ, a composition\n"
        "    x \\circ y\n"
        "      ^^^^^\n"
        "Write the elementwise product as \\odot."
    ),
    "A^*": (
        "docgen does not read the superscript *\n    A^*\n      ^\nFor real matrices write the transpose, A' or A^T."
    ),
    r"A^\dagger": (
        "docgen does not read the superscript \\dagger\n"
        "    A^\\dagger\n"
        "      ^^^^^^^\n"
        "Write out the pseudo-inverse, (A^T A)^{-1} A^T."
    ),
    "A^{+} x": (
        "docgen does not read the superscript +\n"
        "    A^{+} x\n"
        "       ^\n"
        "Superscripts are ^T, ^{-1}, ^{-T}, a number, and \\odot with a number."
    ),
    r"A^{\dagger}": (
        "docgen does not read the superscript \\dagger\n"
        "    A^{\\dagger}\n"
        "       ^^^^^^^\n"
        "Write out the pseudo-inverse, (A^T A)^{-1} A^T."
    ),
    "s^t": (
        "docgen does not read a power whose exponent is not a number\n"
        "    s^t\n"
        "      ^\n"
        "Put a number in the exponent, or write a^b as \\exp(b \\log a) where a and b are scalars."
    ),
    "s^r*2": (
        "docgen does not read a power whose exponent is not a number\n"
        "    s^r*2\n"
        "      ^\n"
        "Put a number in the exponent, or write a^b as exp(b*log(a)) where a and b are scalars."
    ),
    r"\sin_2 s": (
        "docgen does not read an index after \\sin\n    \\sin_2 s\n        ^\nWrite the function without it."
    ),
    "2^{s}": (
        "docgen does not read a power whose exponent is not a number\n"
        "    2^{s}\n"
        "       ^\n"
        "Put a number in the exponent, or write a^b as \\exp(b \\log a) where a and b are scalars."
    ),
    r"\|x\|_p": (
        "docgen does not read a norm with the index p\n"
        "    \\|x\\|_p\n"
        "         ^^\n"
        "There are \\|x\\| and \\|x\\|_2, \\|x\\|_1, and \\|A\\|_F."
    ),
    r"\|x\|_\infty": (
        "docgen does not read a norm with the index \\infty\n"
        "    \\|x\\|_\\infty\n"
        "         ^^^^^^^\n"
        "There are \\|x\\| and \\|x\\|_2, \\|x\\|_1, and \\|A\\|_F."
    ),
    r"\log_2 s": (
        "docgen does not read an index after \\log\n"
        "    \\log_2 s\n"
        "        ^\n"
        "The logarithm is natural; write \\frac{\\log x}{\\log 2} for base 2."
    ),
    r"\sum_i y_i": (
        "the limits of this sum cannot be read\n"
        "    \\sum_i y_i\n"
        "    ^^^^^^\n"
        "Write \\sum_{i=1}^{m}: one letter from 1 to a size."
    ),
    r"\sum_{i=0}^m y_i": (
        "the limits of this sum cannot be read\n"
        "    \\sum_{i=0}^m y_i\n"
        "    ^^^^^^^^^^^^\n"
        "Write \\sum_{i=1}^{m}: one letter from 1 to a size."
    ),
    r"\sum_{i=1}^{m-1} y_i": (
        "the limits of this sum cannot be read\n"
        "    \\sum_{i=1}^{m-1} y_i\n"
        "    ^^^^^^^^^^^^^^^^\n"
        "Write \\sum_{i=1}^{m}: one letter from 1 to a size."
    ),
    r"\sum_{i=1}^{m} w_i": (
        "w_i is a component of w, but w is n x 1\n"
        "    \\sum_{i=1}^{m} w_i\n"
        "                   ^^^\n"
        "Declare w as a column of m entries, w: m; or declare w_i itself, as in w_i: scalar."
    ),
    r"\sum_{j=1}^{m} z_j": (
        "the symbol z_j is not declared\n"
        "    \\sum_{j=1}^{m} z_j\n"
        "                   ^^^\n"
        "Declare its shape, as in z_j: n; or did you mean w_0?"
    ),
    r"\sum_{i=1}^{m} \sum_{i=1}^{m} y_i": (
        "the index i of this sum already means something else\n"
        "    \\sum_{i=1}^{m} \\sum_{i=1}^{m} y_i\n"
        "                   ^^^^^^^^^^\n"
        "Use another letter for the index."
    ),
    r"\sum_{s=1}^{m} y_s": (
        "the index s of this sum already means something else\n"
        "    \\sum_{s=1}^{m} y_s\n"
        "    ^^^^^^^^^^\n"
        "Use another letter for the index."
    ),
    "A^{101}": (
        "the exponent 101 is too large: docgen reads exponents up to 100\n"
        "    A^{101}\n"
        "     ^^^^^^\n"
        "Use a smaller exponent."
    ),
}


@pytest.mark.parametrize("text", CONSTRUCTS_THAT_ARE_NOT_READ, ids=ascii)
def test_constructs_that_are_not_read(text: str) -> None:
    assert error(text) == CONSTRUCTS_THAT_ARE_NOT_READ[text]


VALUES_THAT_DO_NOT_EXIST = {
    r"\log(-2)": (
        "the logarithm of the negative constant -2 does not exist\n"
        "    \\log(-2)\n"
        "    ^^^^^^^^\n"
        "docgen works with real numbers; correct the argument."
    ),
    r"\log(1 - 3) + s": (
        "the logarithm of the negative constant -2 does not exist\n"
        "    \\log(1 - 3) + s\n"
        "    ^^^^^^^^^^^\n"
        "docgen works with real numbers; correct the argument."
    ),
    r"\log 0": (
        "the logarithm of zero does not exist\n"
        "    \\log 0\n"
        "    ^^^^^^\n"
        "docgen works with real numbers; correct the argument."
    ),
    r"\ln(-\frac12)": (
        "the logarithm of the negative constant -1/2 does not exist\n"
        "    \\ln(-\\frac12)\n"
        "    ^^^^^^^^^^^^^\n"
        "docgen works with real numbers; correct the argument."
    ),
    r"\sqrt{-1}": (
        "the root of a negative number, -1\n"
        "    \\sqrt{-1}\n"
        "    ^^^^^^^^^\n"
        "docgen works with real numbers; correct the sign."
    ),
    "(-2)^{1/2}": (
        "the root of a negative number, -2\n"
        "    (-2)^{1/2}\n"
        "    ^^^^^^^^^^\n"
        "docgen works with real numbers; correct the sign."
    ),
    r"\frac{1}{0}": ("a division by zero\n    \\frac{1}{0}\n            ^^^\nCorrect the denominator."),
    "x/0": ("a division by zero\n    x/0\n      ^\nCorrect the denominator."),
    r"\frac{1}{1-1}": ("a division by zero\n    \\frac{1}{1-1}\n            ^^^^^\nCorrect the denominator."),
    "0^{-1}": ("a division by zero\n    0^{-1}\n    ^^^^^^\nCorrect the base of the power."),
    "log(-2)": (
        "the logarithm of the negative constant -2 does not exist\n"
        "    log(-2)\n"
        "    ^^^^^^^\n"
        "docgen works with real numbers; correct the argument."
    ),
    "sqrt(1-2)": (
        "the root of a negative number, -1\n"
        "    sqrt(1-2)\n"
        "    ^^^^^^^^^\n"
        "docgen works with real numbers; correct the sign."
    ),
}


@pytest.mark.parametrize("text", VALUES_THAT_DO_NOT_EXIST, ids=ascii)
def test_values_that_do_not_exist(text: str) -> None:
    assert error(text) == VALUES_THAT_DO_NOT_EXIST[text]


CONSTANTS_WHOSE_SIZE_IS_OPEN = {
    "I": (
        "the size of I is not clear from the formula\n"
        "    I\n"
        "    ^\n"
        "Write it with its size, I_n."
    ),
    r"\operatorname{sum}(\mathbf{1})": (
        "the size of \\mathbf{1} is not clear from the formula\n"
        "    \\operatorname{sum}(\\mathbf{1})\n"
        "                      ^^^^^^^^^^^^\n"
        "Write it with its size, \\mathbf{1}_n."
    ),
    "vector(1)": (
        "the size of vector(1) is not clear from the formula\n"
        "    vector(1)\n"
        "    ^^^^^^^^^\n"
        "Type the formula in LaTeX, where \\mathbf{1}_n has its size."
    ),
    "eye": ("the symbol e is not declared\n    eye\n    ^\nDeclare its shape, as in e: n; or did you mean B?"),
    "tr(eye)": (
        "the size of eye is not clear from the formula\n"
        "    tr(eye)\n"
        "       ^^^\n"
        "Write it with its size, eye(n)."
    ),
    "vector(2)*s": (
        "vector takes the number 1 or 0\n"
        "    vector(2)*s\n"
        "    ^^^^^^^^^\n"
        "Write c*vector(1) for the vector of equal entries c."
    ),
    r"\mathbf{1}_{n+1}": (
        "this is not a size\n"
        "    \\mathbf{1}_{n+1}\n"
        "              ^^^^^^\n"
        "A size is one symbol or one number: \\mathbf{1}_n, I_n, I_3."
    ),
}


@pytest.mark.parametrize("text", CONSTANTS_WHOSE_SIZE_IS_OPEN, ids=ascii)
def test_constants_whose_size_is_open(text: str) -> None:
    assert error(text) == CONSTANTS_WHOSE_SIZE_IS_OPEN[text]


def test_the_caret_stands_under_its_character_whatever_the_width_of_those_before() -> None:
    assert Place(formula="x\u0302 + 表 q", start=7, end=8).picture() == "    x\u0302 + 表 q\n" + " " * 11 + "^"
