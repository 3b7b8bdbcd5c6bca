"""LaTeX text -> tokens. Fonts, spacing and sizes of brackets are dropped here: they do not change what is meant."""

from __future__ import annotations

import re
from typing import NamedTuple

from docgen.errors import FormulaError, Place
from docgen.reading.characters import strange
from docgen.reading.words import (
    ACCENTS,
    COMMANDS,
    FONTS,
    FUNCTIONS,
    IGNORED,
    LETTERS,
    SCRIPTS,
    SIDES,
    UNICODE,
    WORDS,
)

#: How deep fonts and accents may stand inside one another.
DEEPEST = 20

#: How many tokens of kind ``end`` close a formula, so that looking ahead needs no check.
LOOKAHEAD = 6


class Token(NamedTuple):
    """A piece of a formula. ``kind`` is ``num``, ``let`` (a letter, maybe with an accent), ``fun`` (a function's name),
    ``word`` (another word), ``cmd`` (another command), ``ones``, ``zeros``, ``top`` (a transpose sign), ``end``, or the
    sign itself. ``side`` says whether a bar opens or closes, where that was typed."""

    kind: str
    text: str
    start: int
    end: int
    side: str = ""


_PIECE = re.compile(
    r"(?P<num>\d+(?:(?:\.|\{,\})\d+)?)|(?P<cmd>\\(?:[A-Za-z]+\*?|.|$))|(?P<let>[A-Za-z])|(?P<space>\s+)|(?P<char>.)",
    re.DOTALL,
)
#: What an accent or a script font may stand over.
_ONE_SYMBOL = re.compile(r"(\\[A-Za-z]+(\{.*\})?|[A-Za-z])'*(_(\{.*\}|\\?\w+))?")
#: Signs whose token is named after them.
_CHARS = frozenset("+-*/()[]{}^_,=|'!:;.<>")
#: The bracket that is not printed: \left. and \right.
_NO_BRACKET = re.compile(r"\s*\.")
#: Kinds of a lone token that braces add nothing to: {x}_i is x_i.
_UNWRAPPED = frozenset(("let", "fun", "ones", "zeros", "top", "word"))
#: Commands whose token is named after them.
_NAMED = {
    "frac": "frac",
    "dfrac": "frac",
    "tfrac": "frac",
    "cfrac": "frac",
    "sqrt": "sqrt",
    "sum": "total",
    "cdot": "cdot",
    "odot": "odot",
    "oslash": "oslash",
    "otimes": "otimes",
    "langle": "langle",
    "rangle": "rangle",
    "|": "norm",
    "Vert": "norm",
    "lVert": "norm",
    "rVert": "norm",
    "vert": "|",
    "lvert": "|",
    "rvert": "|",
    "mid": "|",
    "{": "lbrace",
    "}": "rbrace",
    "lbrace": "lbrace",
    "rbrace": "rbrace",
    "top": "top",
    "intercal": "top",
    "prime": "prime",
    "lbrack": "[",
    "rbrack": "]",
}
_OWN_SIDE = {"lVert": "open", "lvert": "open", "rVert": "close", "rvert": "close"}
_PLAIN_CHARS = {"−": "-", "–": "-", "’": "'", "′": "'"}


def argument(text: str, at: int) -> tuple[int, int, int]:
    """The next TeX argument from ``at``: start and end of its inside, and where the text goes on after it."""
    while at < len(text) and text[at].isspace():
        at += 1
    if at >= len(text):
        return at, at, at
    if text[at] != "{":
        found = _PIECE.match(text, at)
        end = found.end() if found and found["cmd"] else at + 1
        return at, end, end
    depth, end = 0, at
    while end < len(text):
        char = text[end]
        if char == "\\":
            end += 1
        elif char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                return at + 1, end, end + 1
        end += 1
    raise FormulaError(
        "this { is never closed", hint="Add the missing }.", place=Place(formula=text, start=at, end=at + 1)
    )


class _Lexer:
    """One pass over a text; ``tokens`` grows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.side = ""

    def put(self, kind: str, text: str, start: int, end: int, side: str = "") -> None:
        tokens = self.tokens
        if kind == "}" and tokens and tokens[-1].kind == "{":  # empty braces mean nothing, except as an argument
            if len(tokens) > 1 and tokens[-2].kind in ("sqrt", "^", "_"):
                raise self.empty(tokens[-1].start, end)
            tokens.pop()
            return
        if kind == "}" and len(tokens) > 1 and tokens[-2].kind == "{" and tokens[-1].kind in _UNWRAPPED:
            del tokens[-2]
            return
        tokens.append(Token(kind, text, start, end, side or self.side))
        self.side = ""

    def empty(self, start: int, end: int) -> FormulaError:
        """The error for empty braces where something is needed."""
        return FormulaError(
            "these braces are empty",
            hint="Type what belongs between them.",
            place=Place(formula=self.text, start=start, end=end),
        )

    def scan(self, at: int, stop: int, depth: int = 0) -> None:
        """Tokens of ``text[at:stop]``."""
        text = self.text
        while at < stop:
            found = _PIECE.match(text, at, stop)
            assert found is not None
            kind, piece, end = found.lastgroup, found[0], found.end()
            if kind == "let":
                self.put("let", piece, at, end)
            elif kind == "num":
                self.put("num", piece.replace("{,}", "."), at, end)
            elif kind == "cmd":
                end = self.command(piece[1:], at, end, depth)
            elif kind == "char":
                self.char(piece, at)
            at = end

    def char(self, char: str, at: int) -> None:
        if char in _CHARS:
            self.put(char, char, at, at + 1)
        elif char in _PLAIN_CHARS:
            self.put(_PLAIN_CHARS[char], _PLAIN_CHARS[char], at, at + 1)
        elif char in UNICODE:
            self.command(UNICODE[char], at, at + 1, 0)
        elif char in "²³ᵀ":
            self.put("^", "^", at, at)
            self.put(*(("top", "T") if char == "ᵀ" else ("num", "2" if char == "²" else "3")), at, at + 1)
        elif char != "~":
            raise strange(self.text, at)

    def command(self, name: str, start: int, end: int, depth: int) -> int:
        """The tokens of a command; returns where the text goes on."""
        bare = name.rstrip("*")
        if depth > DEEPEST:
            raise FormulaError(
                f"more than {DEEPEST} fonts or accents stand inside one another",
                hint="Remove those that change nothing.",
                place=Place(formula=self.text, start=start, end=end),
            )
        if bare in SIDES:
            self.side = SIDES[bare]
            nothing = _NO_BRACKET.match(self.text, end)
            return nothing.end() if nothing else end
        if bare in IGNORED:
            return end
        if bare in LETTERS:
            self.put("let", "\\" + bare, start, end)
        elif bare in _NAMED:
            if _NAMED[bare] == "frac":
                self.fraction(end)
            self.put(_NAMED[bare], "\\" + bare, start, end, _OWN_SIDE.get(bare, ""))
        elif bare in COMMANDS:
            self.put("fun", bare, start, end)
        elif bare in FONTS or bare in ("mathbb", "mathbbm", "mathds"):
            return self.font(bare, start, end, depth)
        elif bare in SCRIPTS or bare in ACCENTS:
            first, last, after = argument(self.text, end)
            inside = _Lexer(self.text)
            inside.scan(first, last, depth + 1)
            covered = spell(inside.tokens)
            if not _ONE_SYMBOL.fullmatch(covered):
                raise FormulaError(
                    f"\\{bare} stands over something that is not one symbol",
                    hint="Put it over a single letter, or name the whole by a letter of its own.",
                    place=Place(formula=self.text, start=start, end=after),
                )
            self.put("let", f"\\{ACCENTS.get(bare, bare)}{{{covered}}}", start, after)
            return after
        elif bare in WORDS:
            first, last, after = argument(self.text, end)
            self.word(self.text[first:last].replace("\\,", "").strip(), start, after)
            return after
        else:
            self.put("cmd", bare, start, end)
        return end - len(name) + len(bare)  # a star after the command is a sign

    def fraction(self, at: int) -> None:
        """Both arguments of a fraction are needed: an empty one would let the next factor slip into its place."""
        for _ in range(2):
            first, last, after = argument(self.text, at)
            if first == len(self.text):
                raise FormulaError(
                    "a fraction has two parts",
                    hint=r"Write \frac{a}{b}.",
                    place=Place(formula=self.text, start=first, end=first + 1),
                )
            if not self.text[first:last].strip():
                raise self.empty(max(at, first - 1), max(after, at + 1))
            at = after

    def font(self, name: str, start: int, end: int, depth: int) -> int:
        """A font command: bold 1 and 0 are the vectors, other letters stay what they are."""
        first, last, after = argument(self.text, end)
        inside = self.text[first:last].strip()
        if inside in ("1", "0"):
            self.put("ones" if inside == "1" else "zeros", inside, start, after)
        elif name not in FONTS:
            self.put("cmd", name, start, after)
        else:
            braces = self.text[first - 1 : first] == "{" and after > last
            if braces:
                self.put("{", "{", first - 1, first)
            self.scan(first, last, depth + 1)
            if braces:
                self.put("}", "}", last, after)
        return after

    def word(self, word: str, start: int, end: int) -> None:
        """An upright word: a function, a transpose sign or a letter."""
        if word in FUNCTIONS:
            self.put("fun", word, start, end)
        elif word == "T":
            self.put("top", "T", start, end)
        elif len(word) == 1 and word.isalpha() and word.isascii():
            self.put("let", word, start, end)
        elif word in ("1", "0"):
            self.put("ones" if word == "1" else "zeros", word, start, end)
        else:
            self.put("word", word, start, end)


def spell(tokens: list[Token]) -> str:
    """The canonical spelling of tokens inside a name: no spaces but where TeX needs one."""
    out = ""
    for token in tokens:
        piece = {"cmd": "\\" + token.text, "fun": "\\" + token.text, "word": f"\\text{{{token.text}}}"}.get(
            token.kind, token.text
        )
        if re.search(r"\\[A-Za-z]+$", out) and piece[:1].isalpha():
            out += " "
        out += piece
    return out


def tokenize(text: str) -> list[Token]:
    """The tokens of a LaTeX formula, closed by some of kind ``end``; raises FormulaError at a strange character."""
    lexer = _Lexer(text)
    lexer.scan(0, len(text))
    end = len(text.rstrip())
    return [*lexer.tokens, *[Token("end", "", end, end + 1)] * LOOKAHEAD]
