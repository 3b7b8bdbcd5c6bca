"""The names of symbols: one spelling for each, however it was typed (``theta`` and ``\\theta`` are one symbol)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docgen.errors import DocgenError, FormulaError, Place
from docgen.reading.characters import check_characters
from docgen.reading.tokens import Token, argument, spell, tokenize
from docgen.reading.words import COMMANDS, FUNCTIONS, GREEK, LETTERS, PLAIN_ONLY

#: How many tokens an index or a limit of a sum may have.
LONGEST_GROUP = 40
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


def index_suffix(inside: str) -> str:
    """An index in canonical spelling: ``_i``, ``_\\ell``, ``_{12}``."""
    short = len(inside) == 1 or re.fullmatch(r"\\[A-Za-z]+", inside)
    return "_" + inside if short else f"_{{{inside}}}"


def identifier(word: str) -> str:
    """The canonical name of a plain identifier: ``theta`` is ``\\theta``, ``x_i`` stays, ``w_12`` is ``w_{12}``."""
    base, _, index = word.partition("_")
    head = "\\" + base if base in LETTERS else base
    return head + index_suffix("\\" + index if index in LETTERS else index) if index else head


def group_end(tokens: Sequence[Token], at: int) -> int | None:
    """The position of the token that closes the group opened at ``at``; None where none does among the next
    :data:`LONGEST_GROUP`, so that what is no name costs no search through the whole formula."""
    depth = 0
    for end in range(at, min(len(tokens), at + LONGEST_GROUP)):
        kind = tokens[end].kind
        depth += (kind in ("{", "(")) - (kind in ("}", ")"))
        if depth == 0:
            return end if kind == "}" else None
    return None


def names_at(
    tokens: Sequence[Token], at: int, base: str | None = None, after: int | None = None
) -> list[tuple[str, int]]:
    """Every name that can begin at token ``at``, longest first, each with the position after it.

    A name is a letter with primes, an index and an upper index in round brackets. ``base`` and ``after`` replace the
    letter where a declared word of several letters stands there.
    """
    head = tokens[at].text if base is None else base
    at = at + 1 if after is None else after
    while tokens[at].kind == "'":
        head, at = head + "'", at + 1
    found = [(head, at)]
    if tokens[at].kind == "_":
        index, following = _index(tokens, at + 1)
        if index:
            while tokens[following].kind == "'":  # x_i' is spelled x'_i
                head, following = head + "'", following + 1
            head, at = head + index_suffix(index), following
            found.append((head, at))
    if tokens[at].kind == "^" and tokens[at + 1].kind == "{" and tokens[at + 2].kind == "(":
        end = group_end(tokens, at + 1)
        if end is not None and tokens[end - 1].kind == ")" and end == at + 5:
            upper, at = spell(list(tokens[at + 2 : end])), end + 1
            if tokens[at].kind == "_" and "_" not in head:
                index, following = _index(tokens, at + 1)
                head, at = (head + index_suffix(index), following) if index else (head, at)
            found.append((f"{head}^{{{upper}}}", at))
    return found[::-1]


def _index(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The index that begins at ``at`` and the position after it; empty where there is none."""
    if tokens[at].kind == "{":
        end = group_end(tokens, at)
        return (spell(list(tokens[at + 1 : end])), end + 1) if end is not None else ("", at)
    return (spell([tokens[at]]), at + 1) if tokens[at].kind in ("let", "num", "word", "ones", "zeros") else ("", at)


def canonical(name: str) -> str:
    """The one spelling of a symbol's name; raises DocgenError where it is not a name."""
    text = name.strip(" \n")
    if _IDENTIFIER.fullmatch(text):
        return identifier(text)
    if not text:
        raise DocgenError("the name of a symbol is empty", hint=r"A name is a letter, maybe with an index: x, w_0.")
    try:
        check_characters(text)
        tokens = tokenize(text)
        for found, end in names_at(tokens, 0) if tokens[0].kind == "let" else ():
            if tokens[end].kind == "end":
                return found
    except FormulaError as error:
        raise error.at(Place(formula=text)) from None
    raise DocgenError(
        f"{text!r} is not a name of a symbol",
        hint=r"A name is a letter, maybe with an index, a prime, a hat or a bar: x, \lambda, w_0, \hat{y}.",
    )


def check_symbol(name: str, typed: str) -> None:
    """Refuse names that formulas need for something else."""
    if name == "T":
        raise DocgenError(
            "the symbol T cannot be declared: in a formula ^T is the transpose",
            hint=r"Name it otherwise, for example S, T_0 or \mathcal{T}.",
        )
    if name in (FUNCTIONS.keys() | PLAIN_ONLY.keys() | COMMANDS) and len(name) > 1:
        raise DocgenError(
            f"the symbol {typed} cannot be declared: {name} is a function", hint="Give the symbol another name."
        )


def function_name(name: str, taken: Iterable[str]) -> str:
    """The name of a function whose formula has symbols of the names ``taken``: f, where it is the default, gives way;
    another that is taken raises DocgenError."""
    symbols = set(taken)
    if name not in symbols:
        return name
    free = next((letter for letter in ("g", "h", "q", r"\varphi", r"\psi", "F", "G") if letter not in symbols), None)
    if name == "f" and free:
        return free
    raise DocgenError(
        f"the function and a symbol in its formula are both called {name}",
        hint=f"Name the function otherwise{f', for example {free}' if free else ''}.",
    )


def base_letter(name: str) -> str:
    """The letter of a name without accent, primes and index: ``\\hat{y}_i`` gives ``y``."""
    accent = re.match(r"\\[a-z]+\{", name)
    if accent:
        first, last, _ = argument(name, accent.end() - 1)
        return base_letter(name[first:last])
    found = re.match(r"\\[A-Za-z]+|[A-Za-z]", name)
    return found[0] if found else name


def sample_index(name: str) -> str | None:
    """The one-letter index of a family member: ``i`` of ``x_i`` and ``x^{(i)}``; None for other names."""
    found = re.search(r"(?:_([a-z])|\^\{\(([a-z])\)\})$", name)
    return (found[1] or found[2]) if found else None


def is_greek(letter: str) -> bool:
    """Whether a letter is Greek."""
    return letter.startswith("\\") and letter[1:] in GREEK


def nearest(word: str, among: Iterable[str], least: float = 0.0) -> str | None:
    """The one of ``among`` that is spelled most like ``word``, if at least ``least`` of it (0 to 1) is alike."""
    from difflib import SequenceMatcher

    def likeness(other: str) -> float:
        a, b = word.lstrip("\\"), other.lstrip("\\")
        if len(a) == 1 and len(b) == 1:  # of single letters the same one in the other case, then the alphabet's next
            return 0.9 if a.lower() == b.lower() else 0.4 - abs(ord(a.lower()) - ord(b.lower())) / 1000
        return SequenceMatcher(None, a.lower(), b.lower()).ratio() + SequenceMatcher(None, a, b).ratio() / 1000

    best = max(sorted(among), key=likeness, default=None)
    return best if best is not None and likeness(best) >= least else None
