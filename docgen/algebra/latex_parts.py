r"""What is printed by a rule of its own: symbols and constants, single entries, and derivatives not carried out.

:mod:`docgen.algebra.latex` joins these to sums, products, powers and functions.
"""

from __future__ import annotations

import re
from dataclasses import replace

from docgen.algebra.node import Node, walk
from docgen.algebra.notation import Notation
from docgen.algebra.pieces import TALL, Level, Piece, bracket, call, fraction, magnitude, script, signed

#: What stands under a nabla without a bracket: a fence or a function with its own.
PLAIN_UNDER_NABLA = frozenset({"norm", "normsq", "norm1", "fn", "inner", "tr", "sum"})

_LETTER = re.compile(r"\\?[A-Za-z]+")
_ACCENT = re.compile(r"\\(?:hat|bar|tilde|vec|dot|ddot|check|breve|widehat|widetilde|overline)\s*\{?\s*")


class Parts:
    """The pieces of one formula, made from the leaves up, so that depth costs no recursion.

    A method is named after the operator whose piece it makes.
    """

    def __init__(self, root: Node, notation: Notation) -> None:
        self.notation = notation
        self.root = root
        self.pieces: dict[int, Piece] = {}
        for node in walk(root):
            self.pieces[id(node)] = self.made(node)

    def piece(self, node: Node) -> Piece:
        return self.pieces[id(node)]

    def made(self, node: Node) -> Piece:
        """The piece of a node whose arguments have theirs."""
        piece: Piece = getattr(self, node.op)(node)
        return piece

    # ---- leaves ------------------------------------------------------------------------------------------------

    def sym(self, node: Node) -> Piece:
        name = node.data.name
        if node.data.of is not None:
            return call(name.partition("(")[0], self.sym(node.data.of))
        if self.notation.bold and not node.is_scalar and r"\boldsymbol" not in name:
            accent = _ACCENT.match(name)
            letter = _LETTER.search(name, accent.end() if accent else 0)
            if letter:
                bold = rf"\boldsymbol{{{letter.group()}}}"
                braces = accent is not None and not accent.group().rstrip().endswith("{")
                name = name[: letter.start()] + (f"{{{bold}}}" if braces else bold) + name[letter.end() :]
        return Piece(name, Level.SCRIPTED if "^" in node.data.name else Level.ATOM, int(name.endswith(")")))

    def num(self, node: Node) -> Piece:
        return signed(magnitude(abs(node.data)), node.data < 0)

    def const(self, node: Node) -> Piece:
        return Piece(r"\pi" if node.data == "pi" else node.data)

    def dim(self, node: Node) -> Piece:
        many = len(node.data.symbols) + (node.data.number != 1) > 1
        return Piece(node.data.latex(), Level.PRODUCT if many else Level.ATOM)

    def eye(self, node: Node) -> Piece:
        return Piece(f"{self._upper(self.notation.identity)}_{{{node.shape.rows.latex()}}}")

    def commutation(self, node: Node) -> Piece:
        rows, cols = node.data
        return Piece(f"{self._upper('K')}_{{{rows.latex()},{cols.latex()}}}")

    def zeros(self, node: Node) -> Piece:
        return Piece(self._upper("0"))

    def ones(self, node: Node) -> Piece:
        if node.shape.kind == "matrix":
            return Piece(rf"\mathbf{{1}} \mathbf{{1}}^{{{self.notation.transpose}}}", Level.PRODUCT)
        # Where nothing stands beside it the size is not to be seen, and is said.
        root = self.root
        alone = root is node or (
            root.op in ("T", "mul") and not root.is_scalar and all(a is node or a.is_scalar for a in root.args)
        )
        size = node.shape.rows if node.shape.kind == "vector" else node.shape.cols
        name = rf"\mathbf{{1}}_{{{size.latex()}}}" if alone else r"\mathbf{1}"
        return Piece(name) if node.shape.kind == "vector" else script(Piece(name), self.notation.transpose)

    def _upper(self, letter: str) -> str:
        return rf"\boldsymbol{{{letter}}}" if self.notation.bold else letter

    # ---- derivatives -------------------------------------------------------------------------------------------

    def grad(self, node: Node) -> Piece:
        inside = self.piece(node.args[0])
        if node.data.is_scalar or self.notation.derivative == "fraction":
            return self._quotient_of_d(node, inside)
        plain = node.args[0].op in PLAIN_UNDER_NABLA and inside.level >= Level.SCRIPTED
        held = replace(inside, text=f" {inside.text}") if plain else bracket(inside)
        return Piece(rf"\nabla{held.text}", Level.FACTOR, held.height, open=True)

    def jac(self, node: Node) -> Piece:
        inside = self.piece(node.args[0])
        if node.data.is_scalar:
            return self._quotient_of_d(node, inside)
        letter = self.notation.jacobian
        return Piece(f"{self._upper(letter) if letter[:1].isalpha() else letter}_{{{inside.text}}}")

    def _quotient_of_d(self, node: Node, inside: Piece) -> Piece:
        r"""\frac{d}{dt}(…), or with \partial where the variable is no scalar."""
        mark = r"\mathrm{d}" if self.notation.d == "upright" else "d"
        below = mark + self.sym(node.data).text
        if not node.data.is_scalar:
            mark, below = r"\partial", rf"\partial {self.sym(node.data).text}"
        held = bracket(inside)
        return Piece(rf"\frac{{{mark}}}{{{below}}}{held.text}", Level.FACTOR, max(TALL, held.height), open=True)

    def d(self, node: Node) -> Piece:
        mark = r"\delta" if node.data == 2 else r"\mathrm{d}" if self.notation.d == "upright" else "d"
        inside = self.piece(node.args[0])
        if node.args[0].op == "sym":
            gap = " " if mark == r"\delta" else ""
            return Piece(f"{mark}{gap}{inside.text}", Level.FACTOR, open=True, thin=True)
        held = bracket(inside)
        return Piece(mark + held.text, Level.FACTOR, held.height, thin=True)

    # ---- single entries ----------------------------------------------------------------------------------------

    def entry(self, node: Node) -> Piece:
        row, col, letter = node.data
        indices = f"_{{{row or ''}{col or ''}}}"
        if letter is not None:
            return Piece(letter + indices)
        held = bracket(self.piece(node.args[0]))
        return replace(held, text=held.text + indices)

    def delta(self, node: Node) -> Piece:
        return Piece(rf"\delta_{{{node.data[0]}{node.data[1]}}}")

    def alternating(self, node: Node) -> Piece:
        return Piece(f"(-1)^{{{node.data[0]}+{node.data[1]}}}", Level.SCRIPTED)

    def minor(self, node: Node) -> Piece:
        row, col, letter = node.data
        return Piece(f"{letter}_{{{row}{col}}}")

    def partial(self, node: Node) -> Piece:
        body, by = (self.piece(a) for a in node.args)
        if body.level >= Level.SCRIPTED and not body.height:
            return fraction(Piece(rf"\partial {body.text}"), Piece(rf"\partial {by.text}"))
        held = body if node.args[0].op == "total" or body.level >= Level.SCRIPTED else bracket(body)
        text = rf"\frac{{\partial}}{{\partial {by.text}}} {held.text}"
        return Piece(text, Level.FACTOR, max(TALL, held.height), open=node.args[0].op == "total")
