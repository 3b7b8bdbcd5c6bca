"""Results of earlier problems: a Hessian goes on from the gradient that a problem named in ``reuse`` has found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.handouts.solving import Solved
from docgen.handouts.spec import Problem

_SAME = ("function", "variable", "variables", "shapes", "assume", "where", "elementwise")


def goes_on(problem: Problem, earlier: Sequence[Problem]) -> bool:
    """Whether a problem asks for the Hessian of a function whose gradient an earlier problem has found."""
    if "hessian" not in problem.task or "gradient" in problem.task:
        return False
    return any(
        {"gradient", "derivative"} & set(one.task) and all(getattr(one, key) == getattr(problem, key) for key in _SAME)
        for one in earlier
    )


def with_gradient(problem: Problem) -> Problem:
    """The problem with the gradient found first, so that the Hessian starts from it."""
    return problem.model_copy(update={"task": ("gradient", *problem.task)})


def without_gradient(found: Solved) -> Solved:
    """What was found, without the gradient: the page cites it from the earlier problem."""
    solutions = tuple(
        replace(one, derivations=tuple(d for d in one.derivations if d.task != "gradient")) for one in found.solutions
    )
    return replace(found, solutions=solutions)
