"""What is asked for, and what is known so far while it is being done."""

from __future__ import annotations

from dataclasses import dataclass, field

from docgen.algebra.node import Node
from docgen.calculus.derivation import Derivation, Function, Introduced, Line

#: The way out of what another method refuses.
WAY_OUT = "Use the method 'differential'."

#: The lines of a derivation and its answer.
Found = tuple[list[Line], Node]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the tasks in order, one method and layout each, how fine the steps are (``brief``, ``normal``,
    ``full``), and whether the gradient by a symmetric matrix is sought within symmetric matrices. ``known`` are
    derivations of the same function that the tasks go on from."""

    tasks: tuple[str, ...] = ("derivative",)
    methods: tuple[str, ...] = ("differential",)
    layouts: tuple[str, ...] = ("mixed",)
    detail: str = "normal"
    constrained: bool = False
    known: tuple[Derivation, ...] = ()


@dataclass(slots=True)
class Context:
    """One chained solution: the function, the method and layout, and the derivations done so far by task.

    ``gradient`` and ``hessian`` are in the mixed layout, once they are known."""

    function: Function
    request: Request
    method: str = "differential"
    layout: str = "mixed"
    gradient: Node | None = None
    hessian: Node | None = None
    done: dict[str, Derivation] = field(default_factory=dict)
    introduced: tuple[Introduced, ...] = ()  # data matrices that a later task may go on with
