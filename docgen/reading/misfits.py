"""How misfits of sizes are told: what was typed, both shapes, and the way out."""

from __future__ import annotations

from docgen.algebra.sizes import ONE
from docgen.errors import FormulaError, Place, ShapeError
from docgen.reading.sizing import Sides, Sizing
from docgen.reading.syntax import Syntax, Term

SCALAR_SIDES: Sides = (ONE, ONE)


def excerpt(text: str, start: int, end: int) -> str:
    """A part of a formula for a message, shortened in its middle."""
    part = " ".join(text[start:end].split())
    return part if len(part) <= 40 else f"{part[:24]} … {part[-12:]}"


class OpenSizes(FormulaError):
    """Shapes that were left out cannot be found from the formula."""


class Misfits:
    """The shapes found so far, and the errors about them. ``sides`` holds the shape of every term by its id."""

    def __init__(self, syntax: Syntax, sizing: Sizing) -> None:
        self.syntax = syntax
        self.sizing = sizing
        self.sides: dict[int, Sides] = {}

    def fail(self, term: Term, message: str, hint: str, start: int | None = None) -> ShapeError:
        at = term.start if start is None else start
        return ShapeError(
            message, hint=hint, place=Place(formula=self.syntax.text, start=at, end=max(term.end, at + 1))
        )

    def text(self, term: Term) -> str:
        return excerpt(self.syntax.text, term.start, term.end)

    def inside(self, term: Term) -> str:
        """The text of a function's argument, without the brackets that belong to the function."""
        text = self.text(term)
        if text[:1] + text[-1:] in ("()", "[]"):
            depth = 0
            for at, char in enumerate(text):
                depth += (char in "([") - (char in ")]")
                if depth == 0:
                    return text[1:-1].strip() if at == len(text) - 1 else text
        return text

    def show(self, sides: Sides) -> str:
        return self.sizing.show(sides)

    def of(self, term: Term, at: int = 0) -> Sides:
        rows, cols = self.sides[id(term.args[at])]
        return self.sizing.find(rows), self.sizing.find(cols)

    def different(self, what: str, left: Term, first: Sides, right: Term, second: Sides) -> ShapeError:
        find = self.sizing.find
        turned = find(first[0]) == find(second[1]) and find(first[1]) == find(second[0])
        return self.fail(
            right,
            f"{what} of different shapes: {self.text(left)} is {self.show(first)}, "
            f"but {self.text(right)} is {self.show(second)}",
            "One of them needs a transpose." if turned else "Both must have one shape.",
        )

    def no_product(self, term: Term, at: int, begin: Term, left: Sides, right: Sides) -> ShapeError:
        arg, before = term.args[at], term.args[at - 1]
        left_text = excerpt(self.syntax.text, begin.start, before.end)
        find = self.sizing.find
        hint = "Check the shapes and the order of the factors."
        following = self.of(term, at + 1) if at + 1 < len(term.args) else SCALAR_SIDES
        if (
            find(right[0]) is ONE
            and following[0] == find(right[1])
            and following[1] is ONE
            and following != SCALAR_SIDES
        ):
            factor = excerpt(self.syntax.text, arg.start, term.args[at + 1].end)
            hint = f"If {factor} is meant as a scalar factor, put it in brackets."
        elif find(left[0]) == find(right[0]) or find(left[1]) == find(right[1]):
            hint = "One of them needs a transpose."
        return self.fail(
            arg,
            f"the product of {left_text} ({self.show(left)}) and {self.text(arg)} ({self.show(right)}) does not exist",
            hint,
            start=begin.start,
        )
