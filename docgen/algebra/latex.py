r"""A formula as LaTeX.

Every node becomes a piece: its text, how tightly it holds together, how tall its brackets are, and whether what follows
would be read as a part of it. Brackets are put where the levels ask for them and nowhere else; they grow only round
brackets and fractions. The order of terms and factors is that of the node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from docgen.algebra.functions import FUNCTIONS
from docgen.algebra.latex_parts import Parts
from docgen.algebra.node import Node
from docgen.algebra.notation import PLAIN, Notation
from docgen.algebra.pieces import (
    TALL,
    Level,
    Piece,
    at_least,
    bracket,
    breaks,
    call,
    fraction,
    join,
    magnitude,
    script,
    signed,
)
from docgen.algebra.properties import has_d

#: Operators printed as a name and a bracket.
CALLS = {
    "tr": r"\operatorname{tr}",
    "det": r"\det",
    "diag": r"\operatorname{diag}",
    "dg": r"\operatorname{diag}",
    "vec": r"\operatorname{vec}",
    "unvec": r"\operatorname{vec}^{-1}",
    "sum": r"\operatorname{sum}",
    "softmax": r"\operatorname{softmax}",
    "adj": r"\operatorname{adj}",
    "expm": r"\operatorname{expm}",
}

#: Functions of a scalar whose power is written after the name: sin^2(x).
SQUARED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh", "log"})

#: A denominator of these alone stays light: (1/m) times what follows.
LIGHT = frozenset({"num", "dim", "sym", "const"})
LONGEST_NUMERATOR = 60  # characters of a scalar that is lifted into an empty numerator

Label = Callable[[Node, str], str]


def latex(node: Node, notation: Notation = PLAIN) -> str:
    """The formula in LaTeX, without dollar signs."""
    texts: dict[Notation, str] = node.memo.setdefault("latex", {})  # every page and language prints the same formulas
    text = texts.get(notation)
    if text is None:
        text = texts[notation] = _Printer(node, notation).piece(node).text
    return text


def rows(node: Node, notation: Notation = PLAIN) -> tuple[str, ...]:
    """The text of :func:`latex`, cut where a line may be broken: before each ``+`` and ``-`` of the sum, or, where
    there is no sum at the top, of the sums in its outermost round brackets. The parts joined are the whole."""
    text = latex(node, notation)
    signs = breaks(text)
    depth = min((depth for _, depth in signs), default=0)
    places = [at for at, found in signs if found == depth]
    return tuple(text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True))


def annotated(node: Node, notation: Notation = PLAIN) -> str:
    r"""Like :func:`latex`, with the size under each factor: ``\underset{[1 \times n]}{x^{T}}``.

    Sizes go under the factors of a product, of each product of a sum and of a product under a trace. Numbers, scalar
    symbols and denominators carry none.
    """

    def label(factor: Node, text: str) -> str:
        if factor.is_scalar and factor.op != "mul":
            return text
        size = factor.shape
        return rf"\underset{{[{size.rows.latex()} \times {size.cols.latex()}]}}{{{text}}}"

    printer = _Printer(node, notation)
    if node.op == "add":
        return printer.add(node, [_labelled(printer, term, label) for term in node.args]).text
    if node.op == "tr":
        inside = _labelled(printer, node.args[0], label)
        return CALLS["tr"] + bracket(inside).text
    return _labelled(printer, node, label).text


def _labelled(printer: _Printer, node: Node, label: Label) -> Piece:
    if node.op == "mul":
        return printer.mul(node, label)
    piece = printer.piece(node)
    return replace(piece, text=label(node, piece.text))


def _is_denominator(node: Node) -> bool:
    return node.is_scalar and (
        (node.op == "pow" and node.data < 0) or (node.op == "num" and node.data.denominator != 1)
    )


def _is_short(node: Node) -> bool:
    return node.op in ("sym", "dim") or (node.op in ("T", "d") and node.args[0].op == "sym")


class _Printer(Parts):
    """The operators that other pieces are joined by."""

    def __init__(self, root: Node, notation: Notation) -> None:
        self.factors: dict[int, list[Node]] = {}
        super().__init__(root, notation)

    def made(self, node: Node) -> Piece:
        if node.op in CALLS and not (node.op == "det" and self.notation.determinant == "bars"):
            return call(CALLS[node.op], self.piece(node.args[0]))
        return super().made(node)

    # ---- sums and products -------------------------------------------------------------------------------------

    def add(self, node: Node, terms: Sequence[Piece] | None = None) -> Piece:
        held = [at_least(t, Level.NEGATIVE) for t in (terms or [self.piece(a) for a in node.args])]
        parts = [held[0].text]
        parts += [f" - {t.text[1:]}" if t.level is Level.NEGATIVE else f" + {t.text}" for t in held[1:]]
        return Piece("".join(parts), Level.SUM, max(t.height for t in held))

    def _flat(self, node: Node) -> list[Node]:
        """The factors as printed: a product that needs no bracket in this one is opened."""
        *front, end = node.args
        factors = front
        if front[0].op == "mul" and len(front[0].args) == 2 and front[0].args[0].is_number:
            factors = [*self.factors[id(front[0])], *front[1:]]
        if end.op != "mul" or self.piece(end).level is not Level.PRODUCT:
            return [*factors, end]
        below = [f for f in front if f.op == "pow" and _is_denominator(f)]
        lifted = end.is_scalar and len(below) == len(front) and self._lifted(end, below)
        opened = self.factors[id(end)]
        divided = opened[0].is_number and any(_is_denominator(f) for f in opened[1:])  # no 2 after an η above the line
        if lifted or divided or not all(f.is_scalar and f.op != "mul" for f in front):
            return [*factors, end]
        return [*factors, *opened]

    def mul(self, node: Node, label: Label | None = None) -> Piece:
        if id(node) not in self.factors:
            self.factors[id(node)] = self._flat(node)
        factors = self.factors[id(node)]
        number = factors[0].data if factors[0].is_number else None
        rest = factors if number is None else factors[1:]
        cut = max((k + 1 for k, factor in enumerate(rest) if _is_denominator(factor)), default=0)
        if cut:
            return self._quotient(node, number, rest[:cut], rest[cut:], label)
        if number is None or abs(number) != 1:
            head = [] if number is None else [magnitude(abs(number))]
            result = self._juxtaposed(head, rest, label)
        elif len(rest) == 1 and number == -1 and self.piece(rest[0]).level <= Level.NEGATIVE:
            held = bracket(self.piece(rest[0]))
            result = held if label is None else replace(held, text=label(rest[0], held.text))
        else:
            result = self._juxtaposed([], rest, label)
        return signed(result, number is not None and number < 0)

    def _quotient(
        self, node: Node, number: Fraction | None, front: list[Node], tail: list[Node], label: Label | None
    ) -> Piece:
        """What stands before the last denominator goes above the line; what stands after it follows the fraction."""
        coefficient = Fraction(1) if number is None else number
        above, below = [], []
        for factor in front:
            if not _is_denominator(factor):
                above.append(factor)
            elif factor.op == "num":
                coefficient *= factor.data
            else:
                below.append(factor)
        bare = abs(coefficient.numerator) == 1 and label is None
        if not above and number != 1 and self._all_lifted(tail, below, bare):
            above, tail = tail, []
        upper, lower = Fraction(abs(coefficient.numerator)), Fraction(coefficient.denominator)
        top = self._juxtaposed([magnitude(upper)] if upper != 1 or not above else [], above, None)
        bases = [self._raised(factor.args[0], -factor.data) for factor in below]
        bottom = join(([magnitude(lower)] if lower != 1 or not below else []) + bases)
        result = fraction(top, bottom)
        if tail:
            result = self._juxtaposed([result], tail, label)
        elif label is not None and not node.is_scalar:
            result = replace(result, text=label(node, result.text))
        return signed(result, coefficient < 0)

    def _all_lifted(self, tail: list[Node], below: list[Node], bare: bool) -> bool:
        """Whether what follows a fraction reads better above its line: a lone factor, a short product over a bare 1."""
        if len(tail) == 1:
            return self._lifted(tail[0], below)
        if not bare or not 1 < len(tail) < 4 or all(b.args[0].op in LIGHT for b in below):
            return False
        plain = all(f.op in ("sym", "T", "add") and not f.is_scalar for f in tail) and not any(map(has_d, tail))
        return plain and sum(len(self.piece(f).text) for f in tail) <= LONGEST_NUMERATOR

    def _lifted(self, factor: Node, below: list[Node]) -> bool:
        """Whether a lone factor after a fraction reads better above its line."""
        if not below or _is_short(factor):
            return bool(below)
        heavy = any(b.args[0].op not in LIGHT for b in below)
        short = len(self.piece(factor).text) <= LONGEST_NUMERATOR
        return heavy and short and factor.is_scalar and factor.op not in ("total", "add")

    def _juxtaposed(self, head: list[Piece], factors: list[Node], label: Label | None) -> Piece:
        pieces = []
        for k, factor in enumerate(factors):
            piece = self.piece(factor)
            if head or len(factors) > 1:
                piece = at_least(piece, Level.FACTOR, k == len(factors) - 1)
            pieces.append(piece if label is None else replace(piece, text=label(factor, piece.text)))
        return join(head + pieces)

    def had(self, node: Node) -> Piece:
        parts, pieces = [], []
        for k, arg in enumerate(node.args):
            sign = r" \odot "
            piece = self.piece(arg)
            if k and arg.op == "pow" and arg.data < 0:
                sign, piece = r" \oslash ", self._raised(arg.args[0], -arg.data)
            # A leading minus may stand before the whole product as well as before its first factor.
            minus = k == 0 and arg.op == "mul" and piece.level is Level.NEGATIVE
            if not minus or arg.args[-1].op in ("had", "kron"):
                piece = at_least(piece, Level.PRODUCT, k == len(node.args) - 1)
            pieces.append(piece)
            parts += [sign, piece.text] if k else [piece.text]
        level = min(Level.HADAMARD, pieces[0].level)
        return Piece("".join(parts), level, max(p.height for p in pieces), pieces[-1].open)

    def kron(self, node: Node) -> Piece:
        left, right = (self.piece(a) for a in node.args)
        if node.args[0].op != "kron":
            left = at_least(left, Level.PRODUCT, last=False)
        right = at_least(right, Level.PRODUCT)
        return Piece(rf"{left.text} \otimes {right.text}", Level.HADAMARD, max(left.height, right.height), right.open)

    def total(self, node: Node) -> Piece:
        body = at_least(self.piece(node.args[0]), Level.PRODUCT)
        text = rf"\sum_{{{node.data.index}=1}}^{{{node.data.count.latex()}}} {body.text}"
        return Piece(text, Level.FACTOR, max(TALL, body.height), open=True)

    # ---- exponents ---------------------------------------------------------------------------------------------

    def T(self, node: Node) -> Piece:
        arg, mark = node.args[0], self.notation.transpose
        if arg.op == "inv":
            return script(self.piece(arg.args[0]), f"-{mark}")
        return script(self.piece(arg), mark)

    def inv(self, node: Node) -> Piece:
        return script(self.piece(node.args[0]), "-1")

    def mpow(self, node: Node) -> Piece:
        arg = node.args[0]
        if arg.op == "inv":
            return script(self.piece(arg.args[0]), f"-{node.data}")
        return script(self.piece(arg), str(node.data))

    def pow(self, node: Node) -> Piece:
        if node.is_scalar and node.data < 0:
            return fraction(Piece("1"), self._raised(node.args[0], -node.data))
        return self._raised(node.args[0], node.data)

    def _raised(self, base: Node, exponent: Fraction) -> Piece:
        """The power of a scalar, or the Hadamard power of anything else."""
        piece = self.piece(base)
        if exponent == 1:
            return piece
        if exponent == Fraction(1, 2) and base.shape.kind != "matrix":
            return Piece(rf"\sqrt{{{piece.text}}}", Level.FACTOR, piece.height)
        text = str(exponent)
        if base.op == "fn" and base.is_scalar and base.data in SQUARED and exponent.denominator == 1 and exponent > 1:
            return call(f"{self._function(base.data)}^{{{text}}}", self.piece(base.args[0]))
        return script(piece, text if base.is_scalar else rf"\odot {text}")

    # ---- functions and fences ----------------------------------------------------------------------------------

    def _function(self, name: str) -> str:
        return self.notation.log if name == "log" else FUNCTIONS[name].latex

    def fn(self, node: Node) -> Piece:
        arg = node.args[0]
        inside = self.piece(arg)
        if node.data == "exp" and self.notation.exp == "power":
            return Piece(f"e^{{{inside.text}}}", Level.SCRIPTED)
        if node.data == "abs" and node.is_scalar:
            return Piece(rf"\lvert {inside.text} \rvert", Level.ATOM, inside.height)
        if node.data == "log" and arg.op == "det" and self.notation.determinant != "bars":
            return Piece(f"{self.notation.log} {inside.text}", Level.FACTOR, inside.height, open=True)
        return call(self._function(node.data), inside)

    def det(self, node: Node) -> Piece:
        inside = self.piece(node.args[0])
        return Piece(rf"\lvert {inside.text} \rvert", Level.ATOM, inside.height)

    def inner(self, node: Node) -> Piece:
        left, right = (self.piece(a) for a in node.args)
        return Piece(rf"\langle {left.text}, {right.text} \rangle", Level.ATOM, max(left.height, right.height))

    def _norm(self, node: Node, index: str) -> Piece:
        inside = self.piece(node.args[0])
        left, right = (r"\lVert ", r" \rVert") if r"\|" in inside.text or r"\rVert" in inside.text else (r"\|", r"\|")
        return Piece(f"{left}{inside.text}{right}{index}", Level.ATOM, inside.height)

    def norm(self, node: Node) -> Piece:
        return self._norm(node, "_{F}" if node.args[0].shape.kind == "matrix" else "")

    def normsq(self, node: Node) -> Piece:
        return script(self.norm(node), "2")

    def norm1(self, node: Node) -> Piece:
        arg = node.args[0]
        if arg.shape.kind == "matrix":  # the index 1 would say the largest column sum
            absolute = call(self._function("abs"), self.piece(arg))
            return call(CALLS["sum"], absolute)
        return self._norm(node, "_{1}")
