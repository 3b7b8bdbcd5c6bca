"""Sums over samples and data matrices: Σ cᵢ xᵢ = Xᵀc, Σ cᵢ xᵢ xᵢᵀ = Xᵀ diag(c) X, and the same backwards.

X is the matrix whose rows are the xᵢᵀ, a column y stacks the scalars yᵢ. What an expression reads for one sample is
stacked into a column: xᵢᵀw becomes Xw, φ(xᵢᵀw) becomes φ(Xw), a product becomes a Hadamard product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from docgen.algebra.node import Node, Sum, Symbol, fn, mul, num, ones, power, sym, transpose, unary, walk
from docgen.algebra.normal import flip, hadamard, parts, product, sum_of
from docgen.algebra.products import raised
from docgen.algebra.renormal import diagonal, everywhere, renormal, sum_over
from docgen.algebra.sizes import ONE, SCALAR, Shape, shape
from docgen.calculus.collect import factor
from docgen.calculus.definite import fresh
from docgen.calculus.derivation import Derivation, Fact, Function, Introduced, Line
from docgen.calculus.request import Context
from docgen.errors import UnsupportedError


@dataclass(slots=True)
class Stacks:
    """The data matrices of a problem: declared ones by family name, new ones where a family has none."""

    function: Function
    declared: dict[str, Node] = field(default_factory=dict)  # family -> matrix
    introduced: dict[str, Introduced] = field(default_factory=dict)

    def matrix(self, family: Node, bound: Sum) -> Node:
        """The matrix (for scalars: the column) that stacks a family."""
        name = family.data.name
        if name not in self.declared:
            given = shape(bound.count, ONE if family.is_scalar else family.shape.rows)
            known = next((n for n, f in self.function.stacked.items() if f.data.name == name), None)
            symbol = self._declared(known, family, given) if known else self._new(family, given)
            self.declared[name] = symbol
            self.introduced[symbol.data.name] = Introduced(symbol, "stack", family)
        return self.declared[name]

    def _declared(self, name: str, family: Node, given: Shape) -> Node:
        """The declared matrix of a family, with what is assumed of it."""
        used = next((one for one in self.function.symbols if one.data.name == name), None)
        if used is not None:
            return used
        said = family.data.assumptions if family.is_scalar else frozenset()
        return sym(Symbol(name, said, None, family.data.values), given)

    def _new(self, family: Node, given: Shape) -> Node:
        """A matrix named after the family: X for x_i, y for scalars y_i."""
        letter = family.data.name.split("_")[0].split("^")[0]
        if not family.is_scalar and len(letter) == 1:
            letter = letter.upper()
        name = fresh(letter, given, self.function.formula, *self.declared.values()).data.name
        said = family.data.assumptions if family.is_scalar else frozenset()
        return sym(Symbol(name, said, None, family.data.values), given)

    # ---- one sample stacked into a column ---------------------------------------------------------------------

    def column(self, node: Node, bound: Sum) -> Node:
        """The column of the values of a scalar for every sample. Raises UnsupportedError where docgen has no way."""
        index = bound.index
        if index not in node.indices:
            return product([node, ones(shape(bound.count, ONE))])
        op = node.op
        if op == "sym":
            return self.matrix(node, bound)
        if op == "entry" and node.data[:2] == (index, None):
            return node.args[0]
        if op == "add":
            return sum_of([self.column(term, bound) for term in node.args], sort=False)
        if op == "fn":
            return fn(node.data, self.column(node.args[0], bound))
        if op == "pow" and node.is_scalar:
            return power(self.column(node.args[0], bound), node.data)
        if op == "inner" and not node.args[0].is_scalar and node.args[0].shape.cols is ONE:
            return self._chain([flip(node.args[0]), node.args[1]], bound)
        if op == "normsq" and node.args[0].shape.cols is ONE:
            return self._chain([flip(node.args[0]), node.args[0]], bound)
        if op == "mul":
            taken = parts(node)
            found = [num(taken.number)]
            for base, exponent in taken.scalars:
                if index not in base.indices:
                    found.append(raised(base, exponent))
                    continue
                column = self._chain(list(base.args), bound) if base.op == "mul" else self.column(base, bound)
                found.append(column if exponent == 1 else power(column, exponent))
            scalars = [one for one in found if one.is_scalar]
            columns = [one for one in found if not one.is_scalar]
            return product([*scalars, hadamard(columns)])
        raise _cannot(node)

    def _chain(self, chain: list[Node], bound: Sum) -> Node:
        """uᵀ … v with samples at one end or at both."""
        chain = [piece for arg in chain for piece in (arg.args if arg.op == "mul" and not arg.is_scalar else (arg,))]
        scalars = [arg for arg in chain if arg.is_scalar]
        chain = [arg for arg in chain if not arg.is_scalar]
        if bound.index in (index for scalar in scalars for index in scalar.indices):
            return self.column(mul([*scalars, mul(chain)]), bound)
        if scalars:
            return product([*scalars, self._chain(chain, bound)])
        ends = [bound.index in factor.indices for factor in chain]
        if ends[0] and not any(ends[1:]):
            return product([self._rows(chain[0], bound), *chain[1:]])
        if ends[-1] and not any(ends[:-1]):
            return product([self._rows(flip(chain[-1]), bound), *(flip(f) for f in reversed(chain[:-1]))])
        if ends[0] and ends[-1] and not any(ends[1:-1]):
            left, right = self._rows(chain[0], bound), self._rows(flip(chain[-1]), bound)
            if len(chain) == 2:
                return product([hadamard([left, right]), ones(shape(left.shape.cols, ONE))])
            return unary("dg", product([left, *chain[1:-1], flip(right)]))
        raise _cannot(mul(chain))

    def _rows(self, row: Node, bound: Sum) -> Node:
        """The matrix whose rows are given by one row xᵢᵀ."""
        turned = flip(row)
        if turned.op == "sym":
            return self.matrix(turned, bound)
        if turned.op == "add":
            return sum_of([self._rows(flip(term), bound) for term in turned.args], sort=False)
        if turned.op == "mul":
            taken = parts(turned)
            if taken.chain and bound.index in taken.chain[-1].indices and bound.index not in taken.front.indices:
                rest = [flip(f) for f in reversed(taken.chain[:-1])]
                return product([taken.front, self._rows(flip(taken.chain[-1]), bound), *rest])
        if bound.index not in row.indices:
            return product([ones(shape(bound.count, ONE)), row])
        raise _cannot(row)

    # ---- the sum itself ----------------------------------------------------------------------------------------

    def total(self, node: Node) -> Node:
        """A sum over samples in matrices."""
        bound, body = node.data, node.args[0]
        if body.op == "add":
            each = [(term, sum_over(bound, term)) for term in body.args]
            return sum_of([self.total(made) if bound.index in term.indices else made for term, made in each])
        taken = parts(body)
        front = [num(taken.number), *(raised(b, e) for b, e in taken.scalars if bound.index not in b.indices)]
        weights = [raised(b, e) for b, e in taken.scalars if bound.index in b.indices]
        if body.is_scalar:
            return product([*front, self._scalar(weights, bound)])
        chain = list(taken.chain)
        places = [k for k, f in enumerate(chain) if bound.index in f.indices]
        c = self.column(product(weights), bound) if weights else None
        if not places and c is not None:  # (Σ cᵢ) A
            return product([*front, flip(ones(c.shape)), c, *chain])
        if len(places) == 1:
            k = places[0]
            column = ones(shape(bound.count, ONE)) if c is None else c
            if chain[k].shape.cols is ONE:  # A xᵢ cᵢ
                return product([*front, *chain[:k], flip(self._rows(flip(chain[k]), bound)), column, *chain[k + 1 :]])
            if chain[k].shape.rows is ONE:  # cᵢ xᵢᵀ A
                return product([*front, *chain[:k], flip(column), self._rows(chain[k], bound), *chain[k + 1 :]])
        if len(places) == 2 and places[1] == places[0] + 1 and chain[places[0]].shape.cols is ONE:
            k = places[0]
            middle = [] if c is None else [diagonal(c)]
            left, right = flip(self._rows(flip(chain[k]), bound)), self._rows(chain[k + 1], bound)
            return product([*front, *chain[:k], left, *middle, right, *chain[k + 2 :]])
        raise _cannot(node)

    def _scalar(self, weights: list[Node], bound: Sum) -> Node:
        """Σ of a product: a squared norm, a weighted one, an inner product, or the sum of the entries."""
        if len(weights) == 1 and weights[0].op == "pow" and weights[0].data == 2:
            return unary("normsq", self.column(weights[0].args[0], bound))
        if len(weights) == 1 and weights[0].op == "normsq":
            return unary("normsq", self._rows(flip(weights[0].args[0]), bound))
        whole = self.column(product(weights), bound)
        if len(weights) == 2:
            second, first = sorted(weights, key=lambda w: w.op == "pow" and w.data == 2)
            if first.op == "pow" and first.data == 2:
                r = self.column(first.args[0], bound)
                return product([flip(r), diagonal(self.column(second, bound)), r])
            return product([flip(self.column(weights[0], bound)), self.column(weights[1], bound)])
        return product([flip(ones(whole.shape)), whole])

    def everywhere(self, node: Node) -> Node:
        """A node with every sum over samples in matrices."""
        return everywhere(node, lambda at: self.total(at) if at.op == "total" and not at.indices else None)


def _cannot(node: Node) -> UnsupportedError:
    from docgen.calculus.proof import written

    return UnsupportedError(
        f"docgen cannot write the sum of {written(node)} over the samples with data matrices",
        hint="Leave the task 'matrix_form' out.",
    )


# ---- and backwards ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Rows:
    """Matrices and columns of data taken apart into samples: the rows of X become xᵢ."""

    bound: Sum
    stacked: Mapping[str, Node]  # declared: matrix name -> family
    avoid: tuple[Node, ...]
    introduced: dict[str, Introduced] = field(default_factory=dict)

    def is_data(self, matrix: Node) -> bool:
        """Whether a matrix may hold one sample a row: nothing is assumed of it but its rank."""
        if matrix.op != "sym" or matrix.shape.kind != "matrix":
            return False
        count, said = self.bound.count, matrix.data.assumptions
        of_samples = matrix.shape.rows is count and matrix.shape.cols is not count
        return of_samples and said <= {"full_column_rank", "positive"}

    def family(self, node: Node) -> Node:
        """The family of the rows of a matrix symbol (the entries of a column)."""
        name = node.data.name
        if name in self.stacked:
            family = self.stacked[name]
            if not any(family.data.name in formula.free for formula in self.avoid):
                self.introduced.setdefault(name, Introduced(family, "rows", node))
            return family
        if name not in self.introduced:
            given = SCALAR if node.shape.cols is ONE else shape(node.shape.cols, ONE)
            letter = name.lower() if len(name) == 1 else name
            said = node.data.assumptions if given is SCALAR else frozenset()
            index = self.bound.index
            symbol = sym(Symbol(f"{letter}_{index}", said & {"positive"}, index, node.data.values), given)
            self.introduced[name] = Introduced(symbol, "rows", node)
        return self.introduced[name].symbol

    def entry(self, column: Node) -> Node | None:
        """The i-th entry of a column made of data; None where docgen cannot tell it."""
        op = column.op
        if op == "ones":
            return num(1)
        if op == "sym":
            return self.family(column)
        if op in ("add", "had"):
            each = [one for arg in column.args if (one := self.entry(arg)) is not None]
            if len(each) < len(column.args):
                return None
            return sum_of(each, sort=False) if op == "add" else product(each)
        if op in ("fn", "pow"):
            inside = self.entry(column.args[0])
            return None if inside is None else renormal(column, [inside])
        if op == "mul":
            scalars = [arg for arg in column.args if arg.is_scalar]
            chain = [arg for arg in column.args if not arg.is_scalar]
            if len(chain) == 1:
                inside = self.entry(chain[0])
                return None if inside is None else product([*scalars, inside])
            if self.is_data(chain[0]):
                return product([*scalars, mul([transpose(self.family(chain[0])), *chain[1:]])])
            if chain[0].op == "diag":
                rest = self.entry(mul(chain[1:]))
                weight = self.entry(chain[0].args[0])
                return None if rest is None or weight is None else product([*scalars, weight, rest])
        return None


def summands(node: Node, rows: Rows) -> tuple[Node, Node] | None:
    """A term  s · Σᵢ gᵢ  or  s · Xᵀc  of a gradient as (s, gᵢ); None where it is no sum over samples."""
    taken = parts(node)
    front, chain = taken.front, taken.chain
    if len(chain) == 1 and chain[0].op == "total":
        return front, chain[0].args[0]
    if len(chain) >= 2 and chain[0].op == "T" and rows.is_data(chain[0].args[0]) and node.shape.cols is ONE:
        c = rows.entry(mul(chain[1:]))
        return None if c is None else (front, product([c, rows.family(chain[0].args[0])]))
    return None


def matrix_form(context: Context) -> Derivation:
    """What was found so far, with every sum over samples in data matrices: the function itself, its gradient and its
    Hessian."""
    from docgen.calculus.study import finish, stacked_by

    function = context.function
    stacks = Stacks(function)
    lines: list[Line] = []
    answer: Node | None = None
    last = ""
    known: list[tuple[str, Node | None]] = [
        ("value", function.formula),
        ("gradient", context.gradient if "gradient" in context.done or "hessian" in context.done else None),
        ("hessian", context.hessian if "hessian" in context.done else None),
    ]
    for left, node in known:
        if node is None or not any(at.op == "total" for at in walk(node)):
            continue
        new = factor(stacks.everywhere(node))
        facts: dict[str, Fact] = facts_of(stacks)
        lines.append(Line("stack_samples", "statement", new, node, facts))
        answer, last = new, left
        if left == "gradient":
            context.gradient = new
        elif left == "hessian":
            context.hessian = new
    if answer is None:
        raise UnsupportedError(
            "the task 'matrix_form' needs a sum over samples, and there is none in the function",
            hint=r"Type the function as a sum: \sum_{i=1}^{m} (y_i - x_i^T w)^2, or leave the task out.",
        )
    introduced = tuple(stacks.introduced.values())
    derivation = finish(context, "matrix_form", lines, answer, found=last, introduced=introduced)
    # later tasks go on with the data matrices
    context.function = replace(function, stacked={**function.stacked, **stacked_by(introduced)})
    context.introduced = derivation.introduced
    return derivation


def facts_of(stacks: Stacks) -> dict[str, Fact]:
    """The matrices and columns as the sentence names them: X with the rows xᵢᵀ, y with the entries yᵢ."""
    found: dict[str, Fact] = {}
    for one in stacks.introduced.values():
        if one.of is None:
            continue
        found["y" if one.of.is_scalar else "X"] = one.symbol
        found["yi" if one.of.is_scalar else "xi"] = one.of if one.of.is_scalar else flip(one.of)
    return found
