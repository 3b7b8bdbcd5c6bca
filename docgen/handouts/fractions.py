r"""Formulas in the line of a sentence: a fraction with a slash, and two formulas as two things of a list."""

from __future__ import annotations

import re
from typing import Final

#: What one fraction bar would be too tall for; digits alone stay: \frac{1}{2}.
_SMALL: Final = re.compile(r"\s*\d+\s*")
_SCRIPTS: Final = r"(?:[_^](?:\{[^{}]*\}|\w))*"
#: A denominator that needs no brackets: a symbol, a norm, a function of a symbol, a partial increment.
_SIMPLE: Final = re.compile(
    rf"\s*(?:\\(?:det|partial|operatorname\{{\w+\}})\s*)?(?:\\(?:boldsymbol|mathbf)\{{\\?\w+\}}|\\[A-Za-z]+|\w){_SCRIPTS}\s*"
    rf"|\s*\\\|[^|]*\\\|{_SCRIPTS}\s*"
    r"|\s*(?:\\[A-Za-z]+|\w)\s*\([^()]*\)\s*"
)
#: What may follow a quotient that is not in brackets.
_AFTER: Final = re.compile(
    r"(?:\s|\\q?quad)*(?:$|[=+\-<>,.;)\]}]|\\[Bb]igg?r\b|\\(?:le|ge|ne|leq|geq|leqslant|geqslant|Rightarrow)\b)"
)
#: An operator right before a quotient, which acts on the whole of it.
_OPERATOR: Final = re.compile(
    rf"(?:\\(?:nabla|partial|log|ln|exp|sin|cos|det|operatorname\{{\w+\}}){_SCRIPTS}|(?<![A-Za-z\\])d)\s*$"
)
_BETWEEN: Final = re.compile(r",\s*\\q?quad\s*")


def flat(latex: str) -> str:
    r"""The formula with its fractions as quotients: ``\frac{a + b}{c}`` is ``(a + b)/c``. Numbers stay fractions, and
    so does the sign of a derivative that stands alone."""
    at = latex.find("\\frac{")
    if at < 0:
        return latex
    middle = _group_end(latex, at + 5)
    if latex[middle : middle + 1] != "{":
        return latex
    end = _group_end(latex, middle)
    above, below = latex[at + 6 : middle - 1], latex[middle + 1 : end - 1]
    rest = flat(latex[end:])
    if (_SMALL.fullmatch(above) and _SMALL.fullmatch(below)) or above.strip() in ("\\partial", "d"):
        return latex[:end] + rest
    above, below = flat(above), flat(below)
    quotient = f"{f'({above})' if _is_sum(above) else above}/{below if _SIMPLE.fullmatch(below) else f'({below})'}"
    alone = _AFTER.match(latex[end:]) is not None and _OPERATOR.search(latex[:at]) is None
    return f"{latex[:at]}{quotient if alone else f'({quotient})'}{rest}"


def several(latex: str) -> list[str]:
    r"""The formulas of a line such as ``a = b, \quad c = d``."""
    return _BETWEEN.split(latex)


def _group_end(latex: str, at: int) -> int:
    """The place after the group that begins at ``at``."""
    depth = 0
    while at < len(latex):
        if latex[at] == "\\":
            at += 2
            continue
        depth += {"{": 1, "}": -1}.get(latex[at], 0)
        at += 1
        if not depth:
            break
    return at


def _is_sum(latex: str) -> bool:
    """Whether a plus or minus sign stands outside all brackets."""
    depth = 0
    for at, sign in enumerate(latex.strip()):
        depth += {"{": 1, "(": 1, "}": -1, ")": -1}.get(sign, 0)
        if at and sign in "+-" and not depth:
            return True
    return False
