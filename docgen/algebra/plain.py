"""A formula in the plain spelling (CONTRACT section 1): ``x'*A*x``, ``norm2(A*x - b)^2``.

What is printed is read back as the same formula, with no more brackets than that asks for. ``*``, ``/``, ``.*`` and
``./`` are of one precedence and go from left to right; a transpose and a power belong to what stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from docgen.algebra.node import Node, walk
from docgen.algebra.notation import PLAIN, Notation
from docgen.algebra.pieces import Level, Piece
from docgen.algebra.sizes import Size
from docgen.errors import UnsupportedError

#: Operators printed as a name and a bracket with the arguments.
CALLS = {
    **{op: op for op in ("tr", "det", "inv", "diag", "vec", "sum", "softmax", "adj", "expm", "inner", "kron")},
    "dg": "diag",
    "norm": "norm2",
}

#: Functions that are named by a Greek letter, by the words for them that can be no symbols.
WORDS = {"sigma": "sigmoid", "Gamma": "tgamma"}

#: What the plain spelling has no sign for; all else that it has none for stands in the lines of a derivation only.
MISSING = {"total": "sum over samples", "commutation": "commutation matrix"}

_NAME = re.compile(r"\\?([A-Za-z][A-Za-z0-9]*)(?:_(?:\{([A-Za-z0-9]+)\}|\\?([A-Za-z]+|\d)))?")

#: What shows that a formula is plain, and what reads otherwise where nothing does: pi, x_ij, mu_k, s^10, s^(1/3).
_PLAIN_SIGN = re.compile(r"[*']|\.[/^]|\w\(")
_OTHERWISE = re.compile(r"\bpi\b|[A-Za-z]{2}_|_\w\w|\^(?:\(|\d\d)")


def plain(node: Node, notation: Notation = PLAIN) -> str:
    """The formula in the plain spelling; raises UnsupportedError for what has none, such as a sum over samples.

    Of ``notation`` only the name of the natural logarithm is used.
    """
    pieces: dict[int, Piece] = {}
    for at in walk(node):  # from the leaves up, so that depth costs no recursion
        pieces[id(at)] = _piece(at, [pieces[id(arg)] for arg in at.args], notation)
    return _shown(pieces[id(node)])


def _shown(whole: Piece) -> str:
    """The whole formula, times 1 where no sign would show that it is plain and it would read otherwise in LaTeX."""
    text = _held(whole, Level.NEGATIVE)
    if _PLAIN_SIGN.search(text) or not _OTHERWISE.search(text):
        return whole.text
    return f"-1*{text[1:]}" if text[0] == "-" else f"1*{text}"


def _piece(node: Node, args: Sequence[Piece], notation: Notation) -> Piece:
    if node.op in CALLS:
        return _call(CALLS[node.op], args)
    match node.op:
        case "sym":
            return Piece(_name(node.data.name))
        case "num":
            return _number(node.data)
        case "const":
            return Piece("pi" if node.data == "pi" else "exp(1)")
        case "dim":
            factors = _factors(node.data)
            return Piece("*".join(factors), Level.ATOM if len(factors) == 1 else Level.PRODUCT)
        case "eye":  # a product of sizes cannot be typed as an argument: the context tells it
            factors = _factors(node.shape.rows)
            return Piece(f"eye({factors[0]})" if len(factors) == 1 else "eye")
        case "ones" | "zeros":
            return _constant(f"vector({int(node.op == 'ones')})", node.shape.kind)
        case "add":
            return _sum(args)
        case "mul":
            return _product(node, args)
        case "had":
            return _hadamard(node, args)
        case "T":
            return Piece(_held(args[0], Level.ATOM) + "'")
        case "pow":
            return _power(node, args[0])
        case "mpow":
            return Piece(f"{_held(args[0], Level.ATOM)}^{node.data}", Level.SCRIPTED)
        case "normsq":
            return Piece(f"{_call('norm2', args).text}^2", Level.SCRIPTED)
        case "norm1" if node.args[0].shape.kind == "matrix":  # its name would say the largest column sum
            return _call("sum", [_call("abs", args)])
        case "norm1":
            return _call("norm1", args)
        case "fn":
            word = notation.log.lstrip("\\") if node.data == "log" else node.data
            return _call(WORDS.get(word, word), args)
    what = MISSING.get(node.op, "sign for what stands in lines of a derivation only")
    raise UnsupportedError(f"the plain spelling has no {what}", hint="Write the formula in LaTeX.")


# ---- leaves ----------------------------------------------------------------------------------------------------


def _name(spelled: str) -> str:
    r"""A symbol as an identifier: ``\theta`` is ``theta``, ``w_{12}`` is ``w_12``."""
    found = _NAME.fullmatch(spelled)
    if found is None:
        raise UnsupportedError(
            f"the plain spelling has no name for the symbol {spelled}",
            hint="Write the formula in LaTeX, or name the symbol by a letter and an index.",
        )
    return "_".join(filter(None, found.groups()))


def _factors(size: Size) -> list[str]:
    """A size as what is multiplied."""
    number = [str(size.number)] if size.number != 1 or not size.symbols else []
    return [*number, *map(_name, size.symbols)]


def _constant(column: str, kind: str) -> Piece:
    if kind == "matrix":
        return Piece(f"{column}*{column}'", Level.PRODUCT)
    return Piece(column + "'" if kind == "row" else column)


def _number(value: Fraction) -> Piece:
    whole = Level.ATOM if value.denominator == 1 else Level.PRODUCT
    return Piece(str(value), Level.NEGATIVE if value < 0 else whole)


# ---- operators -------------------------------------------------------------------------------------------------


def _held(piece: Piece, level: Level) -> str:
    return piece.text if piece.level >= level else f"({piece.text})"


def _call(name: str, args: Sequence[Piece]) -> Piece:
    return Piece(f"{name}({', '.join(arg.text for arg in args)})")


def _sum(terms: Sequence[Piece]) -> Piece:
    first, *rest = (_held(term, Level.NEGATIVE) for term in terms)
    return Piece(first + "".join(f" - {t[1:]}" if t[0] == "-" else f" + {t}" for t in rest), Level.SUM)


def _power(node: Node, base: Piece) -> Piece:
    """The power of a scalar, or the Hadamard power of anything else."""
    dot, exponent = "" if node.is_scalar else ".", node.data
    if exponent == -1:
        text = f"1{dot}/{_held(base, Level.SCRIPTED)}"
        return Piece(text, Level.PRODUCT if node.is_scalar else Level.HADAMARD)
    if exponent == Fraction(1, 2) and (node.is_scalar or node.shape.rows is not node.shape.cols):
        return _call("sqrt", [base])  # of a square matrix it would be refused
    whole = exponent >= 0 and exponent.denominator == 1
    return Piece(f"{_held(base, Level.ATOM)}{dot}^{exponent if whole else f'({exponent})'}", Level.SCRIPTED)


def _is_inverse(node: Node) -> bool:
    return node.op == "pow" and node.data == -1


def _is_divisor(node: Node) -> bool:
    """Whether a factor of a product is written as a division; its own text is then 1/…"""
    return node.is_scalar and (_is_inverse(node) or (node.is_number and node.data.numerator == 1 != node.data))


def _product(node: Node, args: Sequence[Piece]) -> Piece:
    """Factors and divisions from left to right; a negative number in front is a sign and its size."""
    factors, pieces = list(node.args), list(args)
    negative = factors[0].is_number and factors[0].data < 0
    if negative and factors[0].data == -1:
        del factors[0], pieces[0]
    elif negative:
        pieces[0] = _number(-factors[0].data)
    bare = pieces[0].level in (Level.HADAMARD, Level.PRODUCT)
    if factors[0].op == "mul":  # a quotient is one factor also where no bracket says so
        bare = bare and len(factors) > 1 and (_is_divisor(factors[0].args[-1]) or _is_divisor(factors[1]))
    text = pieces[0].text if bare else _held(pieces[0], Level.SCRIPTED)
    for factor, piece in zip(factors[1:], pieces[1:], strict=True):
        text += piece.text[1:] if _is_divisor(factor) else f"*{_held(piece, Level.SCRIPTED)}"
    return Piece(f"-{text}" if negative else text, Level.NEGATIVE if negative else Level.PRODUCT)


def _hadamard(node: Node, args: Sequence[Piece]) -> Piece:
    """Entrywise factors and divisions from left to right; a product of matrices may stand bare in front."""
    text = f"({args[0].text})" if node.args[0].op == "had" else _held(args[0], Level.HADAMARD)
    for factor, piece in zip(node.args[1:], args[1:], strict=True):
        text += piece.text[1:] if _is_inverse(factor) else f".*{_held(piece, Level.SCRIPTED)}"
    return Piece(text, Level.HADAMARD)
