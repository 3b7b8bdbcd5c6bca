"""Places in a typed formula that is split into tokens: where an argument ends, what the index of a letter is."""

from __future__ import annotations

import re

#: Commands whose argument is no formula, or one in a letter style that the author chose.
VERBATIM = frozenset(
    r"\text \textbf \textit \textrm \operatorname \mathrm \mathbf \mathbb \mathcal \mathscr \mathfrak \mathsf \mathtt"
    r" \mathit \boldsymbol \bm \begin \end".split()
)
#: The exponents of a transposed matrix.
TURNED = re.compile(r"-?(?:T|\\top|\\intercal|\\math(?:rm|sf)(?:\s*T|\{T\}))")


def argument_end(tokens: list[str], at: int) -> int:
    """The place after the argument that begins at ``at``: a group, a command with its group, or one token."""
    while at < len(tokens) and tokens[at].isspace():
        at += 1
    if at >= len(tokens):
        return at
    if tokens[at] in VERBATIM:
        return argument_end(tokens, at + 1)
    return at + 1 if tokens[at] != "{" else _closed(tokens, at, "{", "}") or len(tokens)


def operand_end(tokens: list[str], at: int) -> int:
    """The place after what an operator is applied to: a bracket or one letter; 0 where it is neither."""
    while at < len(tokens) and (tokens[at].isspace() or tokens[at] in (r"\bigl", r"\Bigl")):
        at += 1
    if at >= len(tokens):
        return 0
    if tokens[at] != "(":
        return at + 1 if tokens[at].isalpha() or tokens[at].startswith("\\") else 0
    return _closed(tokens, at, "(", ")")


def _closed(tokens: list[str], at: int, opening: str, closing: str) -> int:
    """The place after the bracket that opens at ``at``; 0 where it is never closed."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += {opening: 1, closing: -1}.get(tokens[place], 0)
        if not depth:
            return place + 1
    return 0


def index(tokens: list[str], at: int) -> str:
    """The index of the letter at ``at``; empty where it has none."""
    if at + 1 >= len(tokens) or tokens[at + 1] != "_":
        return ""
    return "".join(tokens[at + 2 : argument_end(tokens, at + 2)]).strip("{} ")


def between_digits(tokens: list[str], at: int) -> bool:
    """Whether the token at ``at`` is a decimal sign."""
    return 0 < at < len(tokens) - 1 and tokens[at - 1].isdigit() and tokens[at + 1].isdigit()
