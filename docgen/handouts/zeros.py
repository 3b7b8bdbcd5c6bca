"""Which zeros of a typed formula are vectors or matrices: those that are equal, or not, to one.

Only enough of the formula is read to tell a scalar from what is none: a product is a scalar where it begins with a row
and ends with a column, a sum is what its first term is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from docgen.handouts.typed import TURNED, VERBATIM, argument_end, operand_end

#: Whether the letter at a place of the tokens is a vector or a matrix.
Bold = Callable[[list[str], int], bool]

_EQUATIONS: Final = frozenset({"=", r"\ne", r"\neq", r"\equiv", r"\to"})
_ENDS: Final = _EQUATIONS | frozenset(
    (",", ";", ".", "，", "。", "}", ")", "&", r"\\", r"\quad", r"\qquad", r"\Rightarrow", r"\Leftrightarrow", r"\iff")
)
_SPACES: Final = frozenset(r"\, \; \: \! \bigl \bigr \Bigl \Bigr \left \right".split()) | {r"\ "}
_OPEN: Final = frozenset("({[") | {r"\langle", r"\lvert", r"\lVert"}
_CLOSE: Final = frozenset(")}]") | {r"\rangle", r"\rvert", r"\rVert"}
_FENCES: Final = {r"\|": r"\|", r"\lVert": r"\rVert", r"\lvert": r"\rvert", r"\langle": r"\rangle"}

#: Commands that set a letter in bold.
_STYLES: Final = frozenset((r"\boldsymbol", r"\mathbf", r"\bm"))

#: Whether a factor has several rows, and several columns.
_Kind = tuple[bool, bool]
_COLUMN, _MATRIX = (True, False), (True, True)


def is_zero_array(tokens: list[str], at: int, bold: Bold) -> bool:
    """Whether the 0 at ``at`` is one side of an equation, and the other side is a vector or a matrix."""
    before, after = _beside(tokens, at, -1), _beside(tokens, at, 1)
    left = tokens[before] if before >= 0 else ","
    right = tokens[after] if after < len(tokens) else ","
    if right == "." and tokens[after + 1 : after + 2] and tokens[after + 1].isdigit():
        return False
    if left in _EQUATIONS and right in _ENDS:
        side = tokens[_side(tokens, before, -1) + 1 : before]
    elif right in _EQUATIONS and (left in _ENDS or left in _OPEN):
        side = tokens[after + 1 : _side(tokens, after, 1)]
    else:
        return False
    return _kind(side, bold) not in (None, (False, False))


def _is_space(token: str) -> bool:
    return token.isspace() or token in _SPACES


def _beside(tokens: Sequence[str], at: int, step: int) -> int:
    """The place of the next token that is no space."""
    at += step
    while 0 <= at < len(tokens) and _is_space(tokens[at]):
        at += step
    return at


def _side(tokens: Sequence[str], at: int, step: int) -> int:
    """Where the side of the equation that begins beside ``at`` ends: at a sign of its own level."""
    depth, deeper, higher = 0, (_CLOSE if step < 0 else _OPEN), (_OPEN if step < 0 else _CLOSE)
    at += step
    while 0 <= at < len(tokens):
        if tokens[at] in higher:
            depth -= 1
        if depth < 0 or (depth == 0 and tokens[at] in _ENDS and tokens[at] not in _CLOSE):
            break
        if tokens[at] in deeper:
            depth += 1
        at += step
    return at


def _kind(tokens: list[str], bold: Bold) -> _Kind | None:
    """The kind of a sum, which is that of its first term; None where it has only scalar factors."""
    found: list[_Kind] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token in ("+", "-") and found:
            break
        kind, end = _factor(tokens, at, bold)
        while end < len(tokens) and tokens[end] in ("_", "^"):
            stop = argument_end(tokens, end + 1)
            turned = TURNED.fullmatch("".join(tokens[end + 1 : stop]).strip("{} "))
            if tokens[end] == "^" and turned and kind is not None:
                kind = kind[1], kind[0]
            end = stop
        if kind is not None:
            found.append(kind)
        at = max(end, at + 1)
    return (found[0][0], found[-1][1]) if found else None


def _operand(tokens: list[str], at: int) -> int:
    """The place after what the operator before ``at`` is applied to."""
    start = _beside(tokens, at - 1, 1)
    if tokens[start : start + 1] and tokens[start] in VERBATIM:
        return argument_end(tokens, start + 1)
    return operand_end(tokens, at) or at


def _gradient(tokens: list[str], at: int, bold: Bold) -> tuple[_Kind | None, int]:
    """The kind of the gradient or Hessian at ``at``, with its function and point, and the place after it."""
    end, kind = at + 1, _COLUMN
    while end < len(tokens) and tokens[end] in ("_", "^"):
        kind = _MATRIX if tokens[end] == "^" else kind
        end = argument_end(tokens, end + 1)
    after = _beside(tokens, end - 1, 1) + 1  # after the function
    if tokens[after : after + 1] != ["("]:
        return kind, after
    stop = operand_end(tokens, after) or len(tokens)
    point = any(bold(tokens, k) for k in range(after + 1, stop) if tokens[k].lstrip("\\").isalpha())
    return (kind if point else None), stop  # None where the point is a number


def _factor(tokens: list[str], at: int, bold: Bold) -> tuple[_Kind | None, int]:
    """The kind of the factor at ``at``, and the place after it."""
    token = tokens[at]
    if token in _FENCES:
        end = next((k for k in range(at + 1, len(tokens)) if tokens[k] == _FENCES[token]), len(tokens) - 1)
        return None, end + 1
    if token == r"\nabla":
        return _gradient(tokens, at, bold)
    if token == r"\frac":
        middle = argument_end(tokens, at + 1)
        end = argument_end(tokens, middle)
        below = range(middle, end)
        partial = r"\partial" in tokens[at:middle] and any(bold(tokens, k) for k in below if tokens[k].isalpha())
        return (_COLUMN if partial else None), end
    if token == r"\det":
        return None, _operand(tokens, at + 1)
    if token in VERBATIM:
        end = argument_end(tokens, at + 1)
        word = "".join(tokens[at + 1 : end]).strip("{} ")
        if token == r"\operatorname":
            known = {"diag": _MATRIX, "vec": _COLUMN, "softmax": _COLUMN}
            return known.get(word), _operand(tokens, end)
        if token in _STYLES and word[:1].lstrip("\\").isalpha():
            return (_MATRIX if word[0].isupper() else _COLUMN), end
        return (_COLUMN if word in ("0", "1") else None), end
    if token == "(":
        end = operand_end(tokens, at) or len(tokens)
        return _kind(tokens[at + 1 : end - 1], bold), end
    if token.lstrip("\\").isalpha():
        if token == "d" and _beside(tokens, at, 1) < len(tokens):
            return None, at + 1
        end = at + 1
        if tokens[end : end + 1] == ["("] and token in "FGHPQfgh":
            return None, operand_end(tokens, end) or end
        if bold(tokens, at):
            return (_MATRIX if token.lstrip("\\")[0].isupper() else _COLUMN), end
    return None, at + 1
