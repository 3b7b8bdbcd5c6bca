"""Names of the author's that stand for formulas, as text: where they are called, and what is put in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docgen.errors import FormulaError, Place, SpecError
from docgen.handouts.macros import LONGEST, Macros
from docgen.reading import canonical
from docgen.reading.names import identifier, names_at
from docgen.reading.tokens import tokenize

#: h(x, y) in a key of ``functions``: the name, and what stands in the bracket.
_CALLED = re.compile(r"\s*(\S.*?)\s*\(([^()]*)\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the author's where it is called, or a named part (without arguments): its name and arguments as
    typed, the span in the text, and the text that it stands for, without names."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    meaning: str


def named_functions(
    typed: Mapping[str, str], macros: Macros, place: Place | None
) -> dict[str, tuple[tuple[str, ...], str]]:
    """Functions by name: the names of their parameters, and their text. SpecError at ``place`` for a key without a
    bracket."""
    found = {}
    for key, body in typed.items():
        parts = _CALLED.fullmatch(macros.expand(key))
        if parts is None:
            raise SpecError(
                f"`{key}` names no function: it has no arguments in brackets",
                hint=r"For example: functions: {'h(x)': '\sigma(w^T x)'}. A name without arguments goes under `where`.",
                place=place,
            )
        name = parts[1] if parts[1].isalpha() and parts[1].isascii() and len(parts[1]) > 1 else canonical(parts[1])
        found[name] = tuple(canonical(one) for one in parts[2].split(",")), macros.expand(body)
    return found


def head(name: str, arguments: Sequence[str]) -> str:
    """A function with its arguments, as LaTeX."""
    shown = rf"\operatorname{{{name}}}" if len(name) > 1 and name.isalpha() else name
    return f"{shown}({', '.join(' '.join(one.split()) for one in arguments)})"


def counted(number: int) -> str:
    return "one argument" if number == 1 else f"{number} arguments"


def put(text: str, calls: Sequence[Call]) -> str:
    """The text with every call written out; FormulaError where it grows too long."""
    for call in reversed(calls):
        text = f"{text[: call.start]}({call.meaning}){text[call.end :]}"
    if len(text) > LONGEST and calls:
        raise FormulaError(
            f"with its names written out, the formula has more than {LONGEST} characters",
            hint="Name fewer things by formulas.",
        )
    return text


def names_in(text: str) -> list[str]:
    """Every name that a formula may mention, in order."""
    found: dict[str, None] = {}
    try:
        tokens = tokenize(text)
    except FormulaError:
        return []
    for at, token in enumerate(tokens):
        if token.kind == "let":
            found.update((name, None) for name, _ in names_at(tokens, at))
    for word in re.findall(r"(?<![\\A-Za-z])[A-Za-z]\w*", text):
        found[identifier(word) if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", word) else word] = None
    return list(found)


def arguments(text: str, at: int) -> tuple[list[str], int]:
    """The arguments in the bracket that opens at ``at``, and the place after it; FormulaError where it never closes."""
    depth, start = 0, at + 1
    found: list[str] = []
    for place in range(at, len(text)):
        char = text[place]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return [*found, text[start:place].strip()], place + 1
        elif char == "," and depth == 1:
            found.append(text[start:place].strip())
            start = place + 1
    raise FormulaError(
        "this bracket is never closed", hint="Add the missing ).", place=Place(formula=text, start=at, end=at + 1)
    )


def substituted(body: str, given: Mapping[str, str]) -> str:
    """The text of a function with its parameters replaced by arguments."""
    tokens, last, at = tokenize(body), 0, 0
    out: list[str] = []
    while tokens[at].kind != "end":
        name, after = names_at(tokens, at)[0] if tokens[at].kind == "let" else ("", at)
        if name not in given:
            at += 1
            continue
        typed = given[name]
        single = names_in(typed)[:1] == [typed.strip()]
        out += [body[last : tokens[at].start], f" {typed} " if single else f"({typed})"]
        last, at = tokens[after - 1].end, after
    return "".join([*out, body[last:]])


