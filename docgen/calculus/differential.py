"""The method of differentials: from d f to canonical form, level by level, outside in.

The state is a sum of terms, each linear in one differential d(e) of a part e of the formula. At each level the rules
of differentiation are applied to all parts of that level in parallel, every term is brought to canonical form by named
moves, and what belongs to one differential is collected *before* it is differentiated further: that keeps residuals
whole, makes the cost linear in the shared formula, and gives the order in which a lecturer works.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from docgen.algebra.node import Node, add, differential, eye, num, walk, zeros
from docgen.algebra.normal import parts, product
from docgen.algebra.products import raised
from docgen.algebra.properties import has_d, is_zero
from docgen.algebra.symmetry import is_symmetric
from docgen.calculus.assumed import Recognised
from docgen.calculus.canonical import (
    canonical,
    like_terms,
    linear_of,
    needs_identity,
    one_each,
    scaled,
    symmetric_term,
    under_total,
    with_identity,
)
from docgen.calculus.collect import factor
from docgen.calculus.depth import joined
from docgen.calculus.derivation import Fact, Left, Line
from docgen.calculus.exponential import commutes, spoken_exponential
from docgen.calculus.linear import Linear, d_inside, graft, splice
from docgen.calculus.moves import next_move
from docgen.calculus.recognise import recognise
from docgen.calculus.spoken import Spoken, expanded, is_linear, is_quiet, opened, spoken
from docgen.errors import UnsupportedError

#: A derivation that is not finished after so many moves for each term would never be.
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
        hard = [part for part in here if part.op == "expm" and spoken_exponential(part, self.variable) is None]
        if hard:
            self.settle()  # the canonical form shows whether they stand under traces alone
        for part in here[:1] if self.detail == "full" else here:
            traced = part in hard and self.traced(part)
            said = spoken(part, self.variable, traced) if traced else spoken(part, self.variable)
            by_rule.setdefault(said.rule, []).append((part, said))
        for rule, said_parts in by_rule.items():
            for part, said in said_parts:
                for term in (t for t in said.terms if not is_zero(t)):
                    self.level(d_inside(term).args[0], current + 1)
                self.replace(part, list(said.terms))
            self.say(rule)
        self.settle()

    def traced(self, exponential: Node) -> bool:
        """Whether the differential of a matrix exponential stands only under traces, beside what commutes with it."""
        hole = differential(exponential)
        terms = [linear_of(term) for item in self.items for term in item.terms if d_inside(term) is hole]
        return all(
            one.form == "trace" and (one.coefficient is None or commutes(one.coefficient, exponential)) for one in terms
        )

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
        """Bring every term to canonical form, one kind of move a line, and collect.

        Raises UnsupportedError where the moves do not come to an end."""
        self.drop_zeros()
        for _ in range(1 + MOVES_LIMIT * sum(len(item.terms) for item in self.items)):
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
        else:
            raise UnsupportedError("docgen does not come to an end with the canonical form of the differential")
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
        fewer = False
        merged: list[tuple[Item, list[Linear]]] = []
        for item in self.items:  # like terms: a number for each
            linears = like_terms([linear_of(term) for term in item.terms])
            fewer = fewer or len(linears) < len(item.terms)
            item.terms = [linear.node for linear in linears]
            if linears:
                merged.append((item, linears))
        self.items = [item for item, _ in merged]
        if not self.items:
            return
        if fewer:
            self.say("collect")
        for item, linears in merged:  # a scalar beside a matrix gets its identity
            if any(needs_identity(linear, linears) for linear in linears):
                order = linears[0].of.shape.rows
                linears[:] = [with_identity(one) if needs_identity(one, linears) else one for one in linears]
                item.terms = [linear.node for linear in linears]
                self.say("insert_identity", {"I": eye(order)})
        traces = together = False
        for item, linears in merged:
            new = one_each(linears)
            if len(new) < len(linears):
                together = True
                traces = traces or any(linear.form == "trace" for linear in new)
                linears[:] = new
            item.terms = [linear.node for linear in linears]
        if together:
            self.say("trace_linear" if traces else "factor_right")
        self.flatten(merged)
        self.recognise()

    def flatten(self, merged: Sequence[tuple[Item, list[Linear]]]) -> None:
        """Put every outer factor into the terms behind it, and once more one coefficient for each differential."""
        flat: list[Node] = []
        for item, linears in merged:
            for linear in linears:
                node = linear.node if item.outer is None else scaled(item.outer, linear)
                flat += [node] if has_d(node) and not is_zero(node) else []
        count = len(flat)
        if any(item.outer is not None for item in self.items):
            flat = [linear.node for linear in one_each(like_terms([linear_of(term) for term in flat]))]
        together = len(flat) < count
        flat = [term for term in flat if has_d(term) and not is_zero(term)]
        self.items = [Item(None, flat)] if flat else []
        if together:
            self.say("factor_right")

    def recognise(self) -> None:
        """Named functions recognised in the coefficients, one kind a line, and what is assumed of symbols used."""
        final = not self.open_parts()
        found: Recognised | None = None
        for item in self.items:
            for i, term in enumerate(item.terms):
                linear = linear_of(term)
                if linear.coefficient is None or linear.form in ("sandwich", "total"):
                    continue
                seen = recognise(linear.coefficient, final=final)
                if seen is not None:
                    item.terms[i] = canonical(linear.form, factor(seen.node), linear.of).node
                    found = seen
        if found is not None:
            self.say(found.rule, found.facts)
            self.recognise()
