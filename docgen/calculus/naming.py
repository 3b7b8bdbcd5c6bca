"""The author's names for parts of a formula, kept in what was derived: with p := softmax(Wx) a line says p.

A derivation is made of the formula with every part written out; here the parts are folded back, wherever they stand
unchanged. Each changed expression is proved equal to what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace as changed

from docgen.algebra.node import Node, mul, rebuild, transpose, walk
from docgen.algebra.normal import flip
from docgen.calculus.derivation import Derivation, Function
from docgen.calculus.proof import Prover
from docgen.errors import DocgenError

#: A part with the formula that it stands for, in which other parts may stand by name.
Part = tuple[Node, Node]


def parts_of(function: Function) -> tuple[Part, ...]:
    """The named parts of a function, each after those that it is made of."""
    waiting = [(name, meaning) for name, meaning in function.named if "(" not in name.data.name]
    found: list[Part] = []
    while waiting:
        names = {name.data.name for name, _ in waiting}
        ready = [part for part in waiting if not part[1].free & names]
        found += ready
        waiting = [part for part in waiting if part not in ready]
    return tuple(found)


def keep_names(derivations: Sequence[Derivation], function: Function) -> tuple[Derivation, ...]:
    """The derivations with the named parts of the function folded back."""
    parts = parts_of(function)
    if not parts:
        return tuple(derivations)
    prover = prover_of(function)

    def kept(node: Node) -> Node:
        if node.indices:
            return node
        try:
            short = folded(node, parts)
            return short if short is node or prover.equal(short, node) else node
        except DocgenError:
            return node

    return tuple(
        changed(
            derivation,
            lines=tuple(line.rewritten(kept) for line in derivation.lines),
            answer=kept(derivation.answer),
        )
        for derivation in derivations
    )


def prover_of(function: Function) -> Prover:
    """A prover that knows what the named parts of a function stand for."""
    prover = Prover.of(function)
    for name, meaning in parts_of(function):
        prover.define(name.data.name, meaning)
    return prover


def folded(node: Node, parts: Sequence[Part]) -> Node:
    """A formula with the meaning of each part replaced by its name."""
    for name, meaning in parts:
        node = _folded(node, name, meaning)
    return node


def _folded(node: Node, name: Node, meaning: Node) -> Node:
    runs = [(meaning.args, name), (flip(meaning).args, transpose(name))] if meaning.op == "mul" else []
    turned = flip(meaning)
    done: dict[int, Node] = {}
    for at in walk(node):
        if at is meaning:
            done[id(at)] = name
        elif at is turned and turned is not meaning:
            done[id(at)] = name if name.shape is turned.shape and name.is_scalar else transpose(name)
        elif at.op == "mul" and _run(at.args, runs) is not None:
            factors = list(at.args)
            while (place := _run(factors, runs)) is not None:
                first, length, short = place
                factors[first : first + length] = [short]
            done[id(at)] = mul([done.get(id(factor), factor) for factor in factors])
        else:
            done[id(at)] = rebuild(at, [done[id(arg)] for arg in at.args])
    return done[id(node)]


def _run(args: Sequence[Node], runs: Sequence[tuple[tuple[Node, ...], Node]]) -> tuple[int, int, Node] | None:
    """Where the factors of a part stand side by side in a product: the first place, their number, the name."""
    for wanted, short in runs:
        for first in range(len(args) - len(wanted) + 1):
            if all(a is b for a, b in zip(args[first:], wanted, strict=False)):
                return first, len(wanted), short
    return None
