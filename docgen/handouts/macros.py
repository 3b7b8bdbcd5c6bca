"""The author's own LaTeX macros, written out in formulas and in the mathematics of texts before anything reads them.

A macro is text for text: ``{RR: '\\mathbb{R}'}`` makes ``\\RR`` stand for ``\\mathbb{R}``, and ``{norm: '\\|#1\\|'}``
gives ``\\norm`` one argument. What comes out is checked like anything that was typed, so a macro can do nothing that
its expansion could not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docgen.errors import FormulaError, Place, SpecError
from docgen.reading.tokens import argument

#: A formula may not grow beyond this by macros.
LONGEST = 20_000
_COMMAND = re.compile(r"\\([A-Za-z]+)|\\.", re.DOTALL)
_NAME = re.compile(r"\\?([A-Za-z]+)")
_SLOT = re.compile(r"#([1-9])")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")


class Macros:
    """The macros of a file. ``place`` is where they were typed."""

    def __init__(self, typed: Mapping[str, str], place: Place | None = None) -> None:
        self.place = place
        self.bodies: dict[str, str] = {}
        for name, body in typed.items():
            found = _NAME.fullmatch(name.strip())
            if found is None:
                raise SpecError(
                    f"`{name}` is no name of a macro",
                    hint=r"A name is letters only: macros: {RR: '\mathbb{R}'} lets you type \RR.",
                    place=place,
                )
            self.bodies[found[1]] = body

    def check(self) -> None:
        """Raise SpecError where a macro uses itself."""
        for name, body in self.bodies.items():
            self.expand(_SLOT.sub("x", body), frozenset({name}))

    def expand(self, text: str, using: frozenset[str] = frozenset()) -> str:
        """The text with every macro written out; none of those in ``using`` may stand in it.

        Raises SpecError where a macro uses itself, or where the text grows too long or is nested too deeply, and
        FormulaError where an argument is missing."""
        try:
            return self._expanded(text, using)
        except RecursionError:
            message = "the macros stand inside one another too deeply"
            raise SpecError(message, hint="Write some of them out.", place=self.place) from None

    def _expanded(self, text: str, using: frozenset[str]) -> str:
        if not self.bodies or "\\" not in text:
            return text
        out: list[str] = []
        at = 0
        while (found := _COMMAND.search(text, at)) is not None:
            out.append(text[at : found.start()])
            at = found.end()
            name = found[1]
            if name not in self.bodies:
                out.append(found[0])
                continue
            if name in using:
                raise SpecError(rf"the macro \{name} uses itself", hint="Write it out.", place=self.place)
            given, at = self._arguments(name, text, at, using)
            out.append(_filled(self._expanded(self.bodies[name], using | {name}), given))
            if _ENDS_IN_COMMAND.search(out[-1]) and text[at : at + 1].isalpha():
                out.append(" ")
            if sum(map(len, out)) > LONGEST:
                raise SpecError(
                    f"with the macros written out, a formula has more than {LONGEST} characters",
                    hint="Name a part of it under `where`.",
                    place=self.place,
                )
        out.append(text[at:])
        return "".join(out)

    def _arguments(self, name: str, text: str, at: int, using: frozenset[str]) -> tuple[list[str], int]:
        """The arguments of a macro, which stand from ``at`` on, and the place after them."""
        body = self.bodies[name]
        count = max((int(slot[1]) for slot in _SLOT.finditer(body)), default=0)
        given: list[str] = []
        for _ in range(count):
            start, end, at = argument(text, at)
            if start == end:
                raise FormulaError(
                    rf"the macro \{name} has {count} argument{'s' * (count > 1)}, and one is missing",
                    hint=rf"Write \{name}" + "{…}" * count + ".",
                    place=Place(formula=text, start=max(0, at - 1), end=at),
                )
            given.append(self._expanded(text[start:end], using))
        if not count and not _ENDS_IN_COMMAND.search(body):
            while text[at : at + 1].isspace():  # as in TeX, a space after a command only ends its name
                at += 1
        return given, at


def _filled(body: str, given: Sequence[str]) -> str:
    """The text of a macro with its arguments put in."""
    return _SLOT.sub(lambda slot: given[int(slot[1]) - 1], body)
