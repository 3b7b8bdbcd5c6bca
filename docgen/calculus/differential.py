"""The method of differentials: from d f to canonical form, level by level, outside in.

The state is a sum of terms, each linear in one differential d(e) of a part e of the formula. At each level the rules
of differentiation are applied to all parts of that level in parallel, every term is brought to canonical form by named
moves, and what belongs to one differential is collected *before* it is differentiated further: that keeps residuals
whole, makes the cost linear in the shared formula, and gives the order in which a lecturer works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docgen.algebra.node import Node, add, differential, mul, num, ones, product_shape, walk, zeros
from docgen.algebra.normal import (
    has_d,
    is_symmetric,
    is_zero,
    parts,
    product,
    raised,
    sum_of,
    sum_over,
    with_symmetry,
)
from docgen.algebra.sizes import ONE, SCALAR
from docgen.calculus.collect import factor
from docgen.calculus.depth import joined
from docgen.calculus.derivation import Fact, Left, Line
from docgen.calculus.linear import Linear, apply, d_inside, graft, splice, trace
from docgen.calculus.moves import next_move
from docgen.calculus.recognise import recognise
from docgen.calculus.spoken import Spoken, expanded, is_linear, is_quiet, opened, spoken

#: A derivation that is not finished after so many moves of one term would never be.
MOVES_LIMIT = 200


@dataclass(slots=True)
class Item:
    """Terms that share an outer factor: ``outer`` · (sum of ``terms``); without one they stand in the sum alone."""

    outer: Node | None
    terms: list[Node]

    def nodes(self) -> list[Node]:
        """What stands in the printed sum."""
        if self.outer is None:
            return self.terms
        inside = self.terms[0] if len(self.terms) == 1 else add(self.terms)
        return [splice([self.outer, inside])]


@dataclass(slots=True)
class Differential:
    """The differential of a formula on its way to canonical form, and the lines printed so far."""

    formula: Node
    variable: Node
    detail: str = "normal"
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    levels: dict[Node, int] = field(default_factory=dict)
    first_left: Left = "d"

    # ---- printing ----------------------------------------------------------------------------------------------

    def expression(self) -> Node:
        """The whole differential as it stands."""
        terms = [node for item in self.items for node in item.nodes()]
        return add(terms) if terms else zeros(self.formula.shape)

    def say(self, rule: str, facts: Mapping[str, Fact] | None = None) -> None:
        """Add a line when the expression has changed since the last one."""
        now = self.expression()
        if self.lines and self.lines[-1].expression is now:
            return
        left = self.first_left if not self.lines else None
        self.lines.append(
            Line(
                rule,
                "differential",
                now,
                left,
                {"x": self.variable, "dx": differential(self.variable), **(facts or {})},
            )
        )

    # ---- levels ------------------------------------------------------------------------------------------------

    def place(self, root: Node, level: int) -> None:
        """Give every part below ``root`` its level: the number of rules above it on the longest path."""
        name = self.variable.data.name
        order = [node for node in walk(root) if name in node.free]
        known = self.levels
        known[root] = max(known.get(root, 0), level)
        for node in reversed(order):
            here = known.get(node, 0)
            below = here if is_linear(node, self.variable) else here + 1
            for arg in node.args:
                if name in arg.free and known.get(arg, -1) < below:
                    known[arg] = below

    def level(self, node: Node, parent: int) -> int:
        """The level of a part; a part that the rules made new goes below the one it came from."""
        if node not in self.levels:
            self.place(node, parent)
        return self.levels[node]

    def open_parts(self) -> list[Node]:
        """The parts under a differential sign, without the variable, in order of appearance."""
        found: dict[Node, None] = {}
        for item in self.items:
            for term in item.terms:
                part = d_inside(term).args[0]
                if part is not self.variable:
                    found[part] = None
        return list(found)

    # ---- the sweep ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Carry the differential out completely."""
        self.place(self.formula, 0)
        self.items = [Item(None, [differential(self.formula)])]
        if self.formula is self.variable:
            self.lines.append(
                Line("d_linear", "differential", differential(self.variable), self.first_left, {"x": self.variable})
            )
        current = 0
        while parts_now := self.open_parts():
            current = min(self.level(part, current) for part in parts_now)
            here = [part for part in parts_now if self.levels[part] == current]
            start = len(self.lines)
            self.carry(here, current)
            if self.detail == "brief" and len(self.lines) > start + 1:
                self.lines[start:] = [joined(self.lines[start], self.lines[-1])]

    def carry(self, here: Sequence[Node], current: int) -> None:
        """Carry the differential through the parts of one level: through linear parts, or by the rules they have."""
        linear = [part for part in here if is_linear(part, self.variable)]
        if linear and self.detail == "full":  # one operator of one part a line
            part = linear[0]
            terms = [term for term in opened(part, self.variable) if not is_zero(term)]
            for term in terms:
                self.level(d_inside(term).args[0], current)
            self.replace(part, terms)
            self.say("d_trace" if part.op == "tr" else "d_linear")
            if not self.open_parts() or self.settled(terms):
                self.settle()
            return
        if linear:
            opened_parts = {part: [t for t in expanded(part, self.variable) if not is_zero(t)] for part in linear}
            for part, terms in opened_parts.items():
                self.replace(part, terms)
            loud = [part for part, terms in opened_parts.items() if not is_quiet(terms, self.variable)]
            if loud:
                self.say("d_trace" if all(part.op == "tr" for part in loud) else "d_linear")
                self.settle()
            elif any(under_total(term) for terms in opened_parts.values() for term in terms):
                self.say("d_total")  # the number in front of the sum is still there, before a rule brings another
            return
        by_rule: dict[str, list[tuple[Node, Spoken]]] = {}
        for part in here[:1] if self.detail == "full" else here:
            said = spoken(part, self.variable)
            by_rule.setdefault(said.rule, []).append((part, said))
        for rule, said_parts in by_rule.items():
            for part, said in said_parts:
                for term in (t for t in said.terms if not is_zero(t)):
                    self.level(d_inside(term).args[0], current + 1)
                self.replace(part, list(said.terms))
            self.say(rule)
        self.settle()

    def settled(self, terms: Sequence[Node]) -> bool:
        """Whether no differential that was opened has a linear part left to open."""
        return not any(
            is_linear(d_inside(term).args[0], self.variable)
            for term in terms
            if d_inside(term).args[0] is not self.variable
        )

    def replace(self, part: Node, terms: Sequence[Node]) -> None:
        """Put the terms of d(part) in the place of d(part) everywhere."""
        terms = [term for term in terms if not is_zero(term)]
        new: list[Item] = []
        hole = differential(part)
        for item in self.items:
            kept: list[Node] = []
            for term in item.terms:
                if d_inside(term) is not hole:
                    kept.append(term)
                elif part.is_scalar and len(terms) > 1 and term is not hole and term.is_scalar and item.outer is None:
                    taken = parts(term)
                    outer = product([num(taken.number), *(raised(b, e) for b, e in taken.scalars if b is not hole)])
                    if hole in dict(taken.scalars):
                        if kept:
                            new.append(Item(item.outer, kept))
                            kept = []
                        new.append(Item(outer, list(terms)))
                    else:
                        kept.extend(graft(term, hole, new_term) for new_term in terms)
                else:
                    kept.extend(graft(term, hole, new_term) for new_term in terms)
            if kept:
                new.append(Item(item.outer, kept))
        self.items = new
        self.drop_zeros()

    def drop_zeros(self) -> None:
        """Forget the terms that turned out to be zero: in those no differential is left."""
        for item in self.items:
            item.terms = [term for term in item.terms if has_d(term) and not is_zero(term)]
        self.items = [item for item in self.items if item.terms]

    def settle(self) -> None:
        """Bring every term to canonical form, one kind of move a line, and collect."""
        self.drop_zeros()
        for _ in range(MOVES_LIMIT):
            moves = [(item, i, next_move(term)) for item in self.items for i, term in enumerate(item.terms)]
            todo = [(item, i, move) for item, i, move in moves if move is not None]
            if not todo:
                break
            silent = [(item, i, move) for item, i, move in todo if not move.rule]
            rule = "" if silent else todo[0][2].rule
            facts: dict[str, Fact] = {}
            of_a_kind = [t for t in todo if t[2].rule == rule]
            made = silent or (of_a_kind[:1] if self.detail == "full" else of_a_kind)
            for item, i, move in made:
                done = not has_d(move.term) or next_move(move.term) is None
                whole = not done or not has_d(move.term) or under_total(move.term)
                item.terms[i] = move.term if whole else linear_of(move.term).node
                facts = facts or dict(move.facts)
            if len({move.facts.get("s") for _, _, move in made}) > 1:  # the sentence must not speak of the first alone
                facts["many"] = num(len(made))
            self.drop_zeros()
            if rule:
                self.say(rule, facts)
        self.pull_totals()
        self.symmetry()
        self.collect()

    def pull_totals(self) -> None:
        """Take the differential out of sums over samples where it does not depend on the summation index."""
        pulled = False
        for item in self.items:
            for i, term in enumerate(item.terms):
                if under_total(term):
                    item.terms[i] = linear_of(term).node
                    pulled = pulled or not under_total(item.terms[i])
        if pulled:
            self.say("pull_total")

    def symmetry(self) -> None:
        """Use declared symmetries, said once."""
        used: list[Node] = []
        for item in self.items:
            for i, term in enumerate(item.terms):
                new = symmetric_term(term)
                if new is not term:
                    used.extend(
                        node
                        for node in walk(term)
                        if node.op == "sym" and is_symmetric(node) and node.shape.kind == "matrix"
                    )
                    item.terms[i] = new
        if used:
            self.say("symmetry", {"A": used[0]})

    # ---- collecting --------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Like terms together, then one coefficient for each differential, then named functions recognised."""
        taken = [(item, [linear_of(term) for term in item.terms]) for item in self.items]
        # like terms: a number for each
        fewer = False
        merged: list[tuple[Item, list[Linear]]] = []
        for item, linears in taken:
            new = _like_terms(linears)
            fewer = fewer or len(new) < len(linears)
            merged.append((item, new))
            item.terms = [linear.node for linear in new] or [num(0)]
        self.items = [item for item, linears in merged if linears]
        merged = [(item, linears) for item, linears in merged if linears]
        if not self.items:
            return
        if fewer:
            self.say("collect")
        for item, linears in merged:  # a scalar beside a matrix gets its identity
            if any(_needs_identity(linear, linears) for linear in linears):
                order = linears[0].of.shape.rows
                new = [_with_identity(linear) if _needs_identity(linear, linears) else linear for linear in linears]
                linears[:] = new
                item.terms = [linear.node for linear in new]
                from docgen.algebra.node import eye

                self.say("insert_identity", {"I": eye(order)})
        traces = together = False
        for item, linears in merged:
            new = _one_each(linears)
            if len(new) < len(linears):
                together = True
                traces = traces or any(linear.form == "trace" for linear in new)
                linears[:] = new
            item.terms = [linear.node for linear in linears]
        if together:
            self.say("trace_linear" if traces else "factor_right")
        # an outer factor joins a single term, and is distributed over several
        flat: list[Node] = []
        for item, linears in merged:
            for linear in linears:
                node = linear.node if item.outer is None else _scaled(item.outer, linear)
                flat += [node] if has_d(node) and not is_zero(node) else []
        if any(item.outer is not None for item in self.items):
            joined = [linear_of(term) for term in flat]
            once = _one_each(_like_terms(joined))
            together = len(once) < len(joined)
            flat = [linear.node for linear in once]
        else:
            together = False
        flat = [term for term in flat if has_d(term) and not is_zero(term)]
        self.items = [Item(None, flat)] if flat else []
        if together:
            self.say("factor_right")
        final = not self.open_parts()
        while True:
            found = None
            for i, term in enumerate(flat):
                linear = linear_of(term)
                if linear.coefficient is None or linear.form in ("sandwich", "total"):
                    continue
                seen = recognise(linear.coefficient, final=final)
                if seen is not None:
                    flat[i] = canonical(linear.form, factor(seen.node), linear.of).node
                    found = seen
            if found is None:
                return
            self.items = [Item(None, flat)]
            self.say(found.rule, found.facts)


def under_total(term: Node) -> bool:
    """Whether the differential of a term stands under a sum over samples."""
    return any(node.op == "total" and has_d(node) for node in walk(term))


def symmetric_term(term: Node) -> Node:
    """The term with declared symmetries used in everything but its differential."""
    if not has_d(term):
        return with_symmetry(term)
    if term.op == "d":
        return term
    if term.op == "mul":
        args: list[Node] = []
        stretch: list[Node] = []
        running = SCALAR  # a stretch ends where a 1 x 1 piece of the product does
        for arg in [*term.args, None]:
            if stretch and (arg is None or has_d(arg) or (running is SCALAR and arg.shape is not SCALAR)):
                whole = mul(stretch)
                new = with_symmetry(whole)
                opened_up = new.op == "mul" and not new.is_scalar  # a 1 x 1 chain stays one factor
                args.extend(stretch if new is whole else new.args if opened_up else [new])
                stretch = []
            if arg is None:
                break
            running = product_shape([ones(running), arg])
            if has_d(arg):
                args.append(symmetric_term(arg))
            else:
                stretch.append(arg)
        return term if tuple(args) == term.args else mul(args)
    args = [symmetric_term(arg) for arg in term.args]
    if tuple(args) == term.args:
        return term
    from docgen.algebra.node import rebuild

    return rebuild(term, args)


def linear_of(term: Node) -> Linear:
    """A canonical term taken apart."""
    hole = d_inside(term)
    of = hole.args[0]
    if term is hole:
        return Linear("left", None, of, term)
    if term.op == "total":
        inside = linear_of(term.args[0])
        if term.data.index not in of.indices and inside.form not in ("sandwich", "total"):
            return canonical(inside.form, sum_over(term.data, _coefficient(inside)), of)
        return Linear("total", None, of, term)
    if term.op == "tr":
        return _trace_of(num(1), term, of)
    if term.op == "mul":
        last = term.args[-1]
        if last is hole and not any(has_d(arg) for arg in term.args[:-1]):
            return canonical("left", product(term.args[:-1]), of)
        first = next(i for i, arg in enumerate(term.args) if has_d(arg))
        if (
            term.is_scalar
            and term.args[first] is hole
            and of.shape.rows is ONE
            and all(a.is_scalar for a in term.args[:first])
        ):
            return canonical("right", product([*term.args[:first], *term.args[first + 1 :]]), of)
        if term.is_scalar and last.op == "tr":
            return _trace_of(product(term.args[:-1]), last, of)
        if term.args[first].op == "total" and first == len(term.args) - 1:
            inside = linear_of(term.args[first])
            if inside.form == "left" or (inside.form in ("trace", "right") and term.is_scalar):
                return canonical(inside.form, product([*term.args[:first], _coefficient(inside)]), of)
            return Linear("total", None, of, term)
        if of.is_scalar and term.args[first] is hole:
            return canonical("left", product([*term.args[:first], *term.args[first + 1 :]]), of)
    return Linear("sandwich", None, of, term)


def _trace_of(front: Node, term: Node, of: Node) -> Linear:
    inside = term.args[0]
    if inside.op == "d":
        from docgen.algebra.node import eye

        return Linear(
            "trace", product([front, eye(of.shape.cols)]) if not _is_one(front) else None, of, splice([front, term])
        )
    if inside.op == "mul" and inside.args[-1].op == "d":
        return canonical("trace", product([front, *inside.args[:-1]]), of)
    return Linear("sandwich", None, of, splice([front, term]))


def _is_one(node: Node) -> bool:
    return node.op == "num" and node.data == 1


def canonical(form: str, coefficient: Node | None, of: Node) -> Linear:
    """The canonical term with this coefficient."""
    hole = differential(of)
    if coefficient is None or _is_one(coefficient):
        node = hole if form != "trace" else trace(hole)
        return Linear(form, None if coefficient is None else coefficient, of, node)
    if form == "right":
        scalars = [a for a in coefficient.args if a.is_scalar] if coefficient.op == "mul" else []
        rest = [a for a in coefficient.args if not a.is_scalar] if coefficient.op == "mul" else [coefficient]
        turned = splice([coefficient, hole]) if coefficient.is_scalar else mul([*scalars, hole, *rest])
        return Linear(form, coefficient, of, turned)
    if form == "trace":
        return Linear(form, coefficient, of, trace(_before(coefficient, hole)))
    return Linear(form, coefficient, of, _before(coefficient, hole))


def _before(coefficient: Node, hole: Node) -> Node:
    """coefficient · dx as printed; an identity stays only where a bracket needs it."""
    if not hole.is_scalar and (
        coefficient.op == "eye" or (coefficient.op == "mul" and coefficient.args[-1].op == "eye")
    ):
        scalars = coefficient.args[:-1] if coefficient.op == "mul" else ()
        return mul([*scalars, hole]) if scalars else hole
    return apply(coefficient, hole)


def _coefficient(linear: Linear) -> Node:
    """The coefficient as a matrix, an identity where none is written."""
    if linear.coefficient is not None:
        return linear.coefficient
    from docgen.algebra.node import eye

    if linear.form == "trace":
        return eye(linear.of.shape.cols)
    return num(1)


def _like_terms(linears: Sequence[Linear]) -> list[Linear]:
    """Terms that differ by a number added up; zeros dropped."""
    found: dict[tuple[object, ...], tuple[Linear, list[Linear]]] = {}
    for linear in linears:
        if linear.form in ("sandwich", "total"):
            key: tuple[object, ...] = (linear.form, parts(linear.node).key)
        else:
            key = (linear.form, linear.of, parts(_coefficient(linear)).key)
        found.setdefault(key, (linear, []))[1].append(linear)
    kept = []
    for first, same in found.values():
        if len(same) == 1:
            kept.append(first)
        elif first.form in ("sandwich", "total"):
            number = sum(parts(one.node).number for one in same)
            if number:
                body = parts(first.node).times(number / parts(first.node).number)
                kept.append(Linear(first.form, None, first.of, body.node()))
        else:
            together = sum_of([_coefficient(one) for one in same])
            if parts(together).number:
                kept.append(canonical(first.form, together, first.of))
    return kept


def _needs_identity(linear: Linear, linears: Sequence[Linear]) -> bool:
    """A scalar in front of dx beside a matrix in front of the same dx."""
    if linear.form != "left" or linear.of.shape.kind not in ("vector", "matrix") or linear.node.is_scalar:
        return False
    own = _coefficient(linear)
    if not own.is_scalar:
        return False
    return any(
        other.of is linear.of and other.form == "left" and not _coefficient(other).is_scalar for other in linears
    )


def _with_identity(linear: Linear) -> Linear:
    from docgen.algebra.node import eye

    identity = eye(linear.of.shape.rows)
    own = _coefficient(linear)
    matrix = product([own, identity])
    head = [] if _is_one(own) else list(own.args) if own.op == "mul" and all(a.is_scalar for a in own.args) else [own]
    return Linear("left", matrix, linear.of, mul([*head, identity, differential(linear.of)]))


def _one_each(linears: Sequence[Linear]) -> list[Linear]:
    """One coefficient for each differential and form, factored."""
    groups: dict[tuple[object, ...], list[Linear]] = {}
    for linear in linears:
        key = (linear.form, linear.of) if linear.form not in ("sandwich", "total") else (linear.form, linear.node)
        groups.setdefault(key, []).append(linear)
    kept = []
    for same in groups.values():
        if len(same) == 1:
            kept.append(same[0])
        else:
            kept.append(canonical(same[0].form, factor(sum_of([_coefficient(one) for one in same])), same[0].of))
    return kept


def _scaled(outer: Node, linear: Linear) -> Node:
    if linear.form in ("sandwich", "total"):
        return splice([outer, linear.node])
    return canonical(linear.form, product([outer, _coefficient(linear)]), linear.of).node
