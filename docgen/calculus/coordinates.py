"""The method of coordinates: write the formula as sums, differentiate entry by entry, go back to matrices.

∂x_j/∂x_i = δ_{ij}; a delta removes a sum; indices of summation are renamed and like terms collected; what stands
there is one entry of a vector or matrix, and all of them together are the derivative. Every line with free indices is
proved at every value of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.algebra.indexed import entry, free_letters, size_symbols
from docgen.algebra.latex import latex
from docgen.algebra.node import Node, Sum, add, fn, num, power, unary, walk, zeros
from docgen.algebra.normal import product, sum_of
from docgen.algebra.renormal import everywhere
from docgen.algebra.sizes import ONE, SCALAR, Size
from docgen.algebra.symmetry import SYMMETRIC, with_symmetry
from docgen.calculus import coordinates_det
from docgen.calculus.by_differentials import constant
from docgen.calculus.collect import common_number, factor
from docgen.calculus.coordinates_back import matrix_of
from docgen.calculus.coordinates_spell import Speller, wrapped
from docgen.calculus.coordinates_terms import Delta, Factor, Piece, Term, collapsed, renamed
from docgen.calculus.coordinates_write import Coordinates
from docgen.calculus.derivation import Fact, Line
from docgen.calculus.proof import derivative_shape
from docgen.calculus.recognise import recognise
from docgen.calculus.request import WAY_OUT, Context, Found
from docgen.errors import UnsupportedError


def first_order(context: Context, task: str) -> Found:
    """The lines and the answer of a gradient or a Jacobian in the mixed layout.

    Raises UnsupportedError for a differential, for a scalar variable, for the Jacobian of vec and for what has no
    form in coordinates."""
    f, x = context.function.formula, context.function.variable
    _possible(f, x, task)
    if x.data.name not in f.free:
        return constant(f, x, task)
    if f.op == "det" and f.args[0] is x:
        return coordinates_det.determinant(context)
    return _Method(context, f).run(task)


def second_order(context: Context, gradient: Node) -> Found:
    """The Hessian as the Jacobian of the gradient, entry by entry."""
    x = context.function.variable
    if x.shape.kind == "matrix":
        raise UnsupportedError("the method 'coordinates' gives no Hessian by a matrix", hint=WAY_OUT)
    lines = [Line("reuse_gradient", "derivative", gradient, "gradient", {"g": gradient, "x": x})]
    if x.data.name not in gradient.free:
        more, answer = constant(gradient, x, "jacobian", "dg")
    else:
        more, answer = _Method(context, gradient).run("hessian")
    return lines + more, answer


def _possible(f: Node, x: Node, task: str) -> None:
    if task == "differential":
        raise UnsupportedError("the method 'coordinates' finds derivatives, not differentials", hint=WAY_OUT)
    if x.is_scalar:
        raise UnsupportedError("the method 'coordinates' needs a vector or a matrix to differentiate by", hint=WAY_OUT)
    if not f.is_scalar and "matrix" in (f.shape.kind, x.shape.kind):
        raise UnsupportedError(
            "the method 'coordinates' gives no Jacobian of or by a matrix: its entries have three indices or more",
            hint=WAY_OUT,
        )


class _Method:
    """One derivative by coordinates."""

    def __init__(self, context: Context, f: Node) -> None:
        function = context.function
        self.x, self.detail = function.variable, context.request.detail
        self.f = _by_definition(f, self.x)
        self.defined = self.f is not f
        self.symbols = function.symbols
        self.samples = frozenset(n.data.index for n in walk(function.formula) if n.op == "total")
        spare = list(free_letters(self.symbols, size_symbols(function.formula), self.samples, function.name))
        self.sizes: dict[str, Size] = {}
        self.row, self.col = self._place(f, spare)
        place = self._place(self.x, spare)
        self.write = Coordinates(self.x, spare)
        self.place = Factor(self.x, *place)
        self.indices = tuple(i for i in (self.row, self.col, *place) if i is not None)
        self.free = frozenset(self.indices)
        self.spell = Speller(self.write, self.symbols, self.place)

    def _place(self, array: Node, spare: list[str]) -> tuple[str | None, str | None]:
        """Letters for the free indices of an array, taken from the spare ones."""
        found: list[str | None] = []
        for size in (array.shape.rows, array.shape.cols):
            if size is ONE:
                found.append(None)
                continue
            if not spare:
                raise UnsupportedError("the formula leaves no letter for an index", hint=WAY_OUT)
            letter = spare.pop(0)
            found.append(letter)
            self.sizes[letter] = size
        return found[0], found[1]

    def run(self, task: str) -> Found:
        """Every line, and the derivative."""
        lines: list[Line] = []
        x = self.x
        terms = self.write.write(self.f, self.row, self.col, self.free)
        value = self.spell.terms(terms, self.free)
        if self.f.is_scalar:
            rule = "softmax_coordinates" if self.defined else "write_coordinates"
            lines.append(Line(rule, "value", value, "value", {"x": x}))
        inside = self.spell.outside(terms)
        by_definition = self.defined and not self.f.is_scalar
        self._say(lines, "softmax_coordinates" if by_definition else "derivative_inside_sum", inside)
        if self.detail != "brief":
            several = any(sum(map(self.spell.depends, term.pieces)) > 1 for term in terms)
            rule = "partial_product" if several else "partial_chain"
            self._say(lines, rule, self.spell.derivatives(terms, self.free, False))
        delta = "delta_mat" if x.shape.kind == "matrix" else "delta_vec"
        self._say(lines, delta, self.spell.derivatives(terms, self.free, True), self._independent())
        raw = [found for term in terms for found in self.write.derivative(term, self.place)]
        kept = _together([self._ordered(collapsed(term)) for term in raw])
        conditions = _conditions(raw)
        self._say(lines, "delta_collapse", self.spell.terms(kept, self.free), {"cond": conditions})
        tidy = _together([self._canonical(term) for term in kept])
        if self.detail != "brief" or not lines:
            self._say(lines, "rename_index", self.spell.terms(tidy, self.free), {"cond": _renamings(kept, tidy)})
        self._say(lines, "collect_sums", self._collected(tidy))
        return self._back(lines, tidy, task)

    def _say(self, lines: list[Line], rule: str, expression: Node, facts: dict[str, Fact] | None = None) -> None:
        """A line, unless it repeats the one before."""
        first = not any(line.quantity == "partial" for line in lines)
        if not first and lines[-1].expression is expression:
            return
        known: dict[str, Fact] = {"x": self.x, **(facts or {})}
        lines.append(Line(rule, "partial", expression, "partial" if first else None, known, self.indices))

    def _independent(self) -> dict[str, Fact]:
        """∂x_j/∂x_i = δ_{ij} with the letters of this solution."""
        others = iter(self.write.letters)
        row, col = (None if index is None else next(others, index) for index in (self.place.row, self.place.col))
        other = self.spell.factor(Factor(self.x, row, col), self.free)
        pairs = [(a, b) for a, b in ((row, self.place.row), (col, self.place.col)) if a is not None and b is not None]
        named = pairs if len(pairs) > 1 else [(min(pair), max(pair)) for pair in pairs]
        right = " ".join(rf"\delta_{{{a}{b}}}" for a, b in named)
        return {"formula": rf"\frac{{\partial {latex(other)}}}{{\partial {latex(self.spell.by)}}} = {right}"}

    def _ordered(self, term: Term) -> Term:
        """Scalars and deltas first, then entries of symbols, at last what is a sum."""

        def place(piece: Piece) -> int:
            if isinstance(piece, Delta):
                return 1
            if not piece.indices:
                return 0 if not self.write.depends(piece.node) else 3
            return 3 if self.write.depends(piece.node) and piece.node.op != "sym" else 2

        return replace(term, pieces=tuple(sorted(term.pieces, key=place)))

    def _canonical(self, term: Term) -> Term:
        """The bound indices named anew, in the order of their appearance."""
        bound = [one.index for one in term.sums if one.index not in self.samples]
        order = [i for piece in term.pieces for i in piece.indices if i in bound]
        order = list(dict.fromkeys([*order, *bound]))
        names = dict(zip(order, self.write.letters, strict=False))
        return renamed(term, names)

    def _collected(self, terms: Sequence[Term]) -> Node:
        """Terms with the same sums and a common factor as one."""
        groups: dict[tuple[Sum, ...], list[Term]] = {}
        for term in terms:
            groups.setdefault(tuple(sorted(term.sums, key=lambda bound: bound.index)), []).append(term)
        made: list[Node] = []
        for sums, same in groups.items():
            common = [p for p in same[0].pieces if all(p in other.pieces for other in same[1:])]
            shared = common and sums and len(same) > 1 and not any(isinstance(p, Delta) for t in same for p in t.pieces)
            if not shared:
                made.extend(self.spell.term(term, self.free) for term in same)
                continue
            scope = self.free | {bound.index for bound in sums}
            number = common_number([term.number for term in same])
            rest = [Term(term.number / number, tuple(p for p in term.pieces if p not in common)) for term in same]
            inside = add([self.spell.term(term, scope) for term in rest])
            outer = Term(number, (), sums)
            made.append(wrapped(outer, [inside, *(self.spell.piece(piece, scope) for piece in common)]))
        return add(made) if made else num(0)

    def _back(self, lines: list[Line], terms: Sequence[Term], task: str) -> Found:
        """Back to matrix form, and the entries put together."""
        wanted = derivative_shape(self.f.shape, self.x.shape)
        row: str | None = self.indices[0]
        col = self.indices[1] if len(self.indices) == 2 else None
        if wanted.rows is ONE:
            row, col = None, row
        made = [matrix_of(term, row, col, self.sizes, self.samples) for term in terms]
        answer = factor(sum_of(made)) if made else zeros(wanted)
        plain = with_symmetry(answer)
        rule = "back_to_matrix" if len(self.indices) == 1 else "back_to_entry"
        facts: dict[str, Fact] = {"expr": answer, "i": self.indices[0], "ij": f"({', '.join(self.indices)})"}
        if answer.shape is wanted and wanted is not SCALAR and answer.op not in ("sym", "zeros", "ones"):
            self._say(lines, rule, entry(answer, row, col), facts)
        name = {"hessian": "stack_hessian", "jacobian": "stack_jacobian"}.get(task, "stack_partials")
        lines.append(Line(name, "derivative", answer, "derivative", {"x": self.x}))
        if plain is not answer:
            used = next((n for n in walk(answer) if n.op == "sym" and n.data.assumptions & SYMMETRIC), None)
            name = "transpose_answer" if used is None else "symmetry"  # (xᵀ)ᵀ = x needs no declaration
            lines.append(Line(name, "derivative", plain, None, {"x": self.x, "A": used or answer}))
        while (seen := recognise(plain)) is not None:
            plain = factor(seen.node)
            lines.append(Line(seen.rule, "derivative", plain, None, seen.facts))
        return lines, plain


def _by_definition(f: Node, x: Node) -> Node:
    """The formula with softmax of what depends on the variable written as exponentials over their sum."""

    def quotient(node: Node) -> Node | None:
        if node.op != "softmax" or x.data.name not in node.free:
            return None
        up = fn("exp", node.args[0])
        return product([power(unary("sum", up), -1), up])

    return everywhere(f, quotient)


def _together(terms: Sequence[Term]) -> list[Term]:
    """Equal terms as one, with their numbers added."""
    found: dict[object, Term] = {}
    for term in terms:
        key = (frozenset(term.pieces), frozenset(term.sums))
        before = found.get(key)
        found[key] = term if before is None else replace(term, number=term.number + before.number)
    return [term for term in found.values() if term.number]


def _conditions(raw: Sequence[Term]) -> str:
    """The equations under which terms survive the deltas: ``j = i``."""
    found: dict[str, str] = {}
    for term in raw:
        bound = {one.index for one in term.sums}
        for piece in term.pieces:
            if isinstance(piece, Delta) and {piece.left, piece.right} & bound:
                gone, stays = (piece.left, piece.right) if piece.left in bound else (piece.right, piece.left)
                found.setdefault(gone, f"{gone} = {stays}")
    return ",\\; ".join(found.values())


def _renamings(before: Sequence[Term], after: Sequence[Term]) -> str:
    """Which indices were renamed: ``k \\to j``."""
    found: dict[str, None] = {}
    for old, new in zip(before, after, strict=False):
        for a, b in zip(old.sums, new.sums, strict=False):
            if a.index != b.index:
                found.setdefault(rf"{a.index} \to {b.index}")
    return ",\\; ".join(found)


__all__ = ["first_order", "second_order"]
