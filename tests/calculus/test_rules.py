"""Every rule: its example uses it, the proof accepts it, and the proof refuses it when it is broken on purpose."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest

import docgen
from docgen.algebra.node import Node, mul, num
from docgen.algebra.normal import product
from docgen.calculus import by_differentials, differential, spoken
from docgen.calculus.derivation import Line
from docgen.calculus.linear import splice
from docgen.calculus.rules import RULES, SOURCES
from docgen.errors import ProofError
from tests.calculus.told import shapes_of


def solve(rule: str) -> docgen.Solution:
    """The example of a rule, derived and proved."""
    example = RULES[rule].example
    assume = dict(part.split(":", 1) for part in example.assume.split(";") if part)
    return docgen.derive(
        example.formula,
        example.variable,
        shapes_of(example.shapes),
        {name.strip(): [word.strip() for word in words.split("|")] for name, words in assume.items()},
        task=example.task.split("+"),
        method=example.method,
        constrained=rule == "constrained_symmetric",
        layout=rule.removeprefix("layout_") if rule.startswith("layout_") else "mixed",
    )


@pytest.mark.parametrize("rule", RULES)
def test_the_example_of_a_rule_uses_it_and_is_proved(rule: str) -> None:
    found = solve(rule).derivations[-1]
    assert rule in [line.rule for line in found.lines]
    assert found.check.passed and found.check.lines == len(found.lines)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_a_source(rule: str) -> None:
    assert RULES[rule].source.split()[0] in SOURCES


def wrong(node: Node) -> Node:
    """The node with a factor 3 too many: false for everything but zero."""
    return splice([num(3), node])


@contextmanager
def broken(rule: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rule broken where it acts: what it makes of a term is wrong by a factor."""
    real_spoken, real_move = spoken.spoken, differential.next_move
    real_say = differential.Differential.say
    real_init = Line.__init__

    def speak(*given: Any) -> Any:
        said = real_spoken(*given)
        return replace(said, terms=(wrong(said.terms[0]), *said.terms[1:])) if said.rule == rule else said

    def move(term: Node) -> Any:
        made = real_move(term)
        return replace(made, term=wrong(made.term)) if made is not None and made.rule == rule else made

    def say(self: Any, name: str, facts: Any = None) -> None:
        if name == rule and self.items:
            self.items[0].terms[0] = wrong(self.items[0].terms[0])
        real_say(self, name, facts)

    def init(self: Any, *given: Any, **named: Any) -> None:
        told = dict(zip((field.name for field in fields(Line)), given, strict=False)) | named
        if told["rule"] == rule:
            told["expression"] = wrong(told["expression"])
        real_init(self, **told)

    kind = RULES[rule].kind
    if kind == "differential" and rule not in ("d_linear", "d_trace", "d_constant", "d_total"):
        monkeypatch.setattr(differential, "spoken", speak)
    elif kind == "move" and rule not in ("symmetry", "pull_total", "vec_kron", "expm_rank_one", "det_singular"):
        monkeypatch.setattr(differential, "next_move", move)
    elif kind in ("collect", "recognise") or rule in ("d_linear", "d_trace", "d_total", "symmetry", "pull_total"):
        monkeypatch.setattr(differential.Differential, "say", say)
    else:
        monkeypatch.setattr(Line, "__init__", init)
    yield


#: A line of these is a zero or an identity of which three times is the same claim: the determinant of a matrix that is
#: singular everywhere, for one, is zero.
ZERO = {"set_zero", "d_constant", "d_det_adjugate", "identity_product", "minor_independent"}


@pytest.mark.parametrize("rule", [r for r, row in RULES.items() if r not in ZERO and row.kind != "argue"])
def test_the_proof_refuses_a_rule_broken_on_purpose(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with broken(rule, monkeypatch), pytest.raises(ProofError):
        solve(rule)


def test_a_constant_with_a_differential_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """dC = dx, planted for d_constant, whose line is a zero."""
    from docgen.algebra.node import differential as d

    real = by_differentials.constant

    def planted(f: Node, x: Node, task: str, left: Any = "d") -> Any:
        lines, answer = real(f, x, task, left)
        return [
            replace(lines[0], expression=product([x, num(0)]) if not f.is_scalar else mul([_row(x), d(x)])),
            *lines[1:],
        ], answer

    def _row(x: Node) -> Node:
        from docgen.algebra.normal import flip

        return flip(x)

    monkeypatch.setattr(by_differentials, "constant", planted)
    with pytest.raises(ProofError):
        solve("d_constant")
