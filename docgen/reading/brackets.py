"""Brackets and bars of a LaTeX formula: which ones open, which close, and what stands between them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from fractions import Fraction

from docgen.errors import UnsupportedError
from docgen.reading.declarations import Declarations
from docgen.reading.grammar import Grammar
from docgen.reading.names import group_end
from docgen.reading.syntax import Term
from docgen.reading.tokens import Token, spell

CLOSING = {"(": ")", "[": "]", "lbrace": "rbrace", "{": "}"}
_STARTS = frozenset("num let fun word cmd ones zeros ( [ lbrace { frac sqrt total langle top".split())
ROUND = ("(", "[", "lbrace")


class Brackets(Grammar, ABC):
    """Groups, norms and inner products; the rest of the grammar is in the classes that inherit."""

    def __init__(self, text: str, tokens: list[Token], declared: Declarations, variable: str | None) -> None:
        super().__init__(text, tokens, declared, variable)
        self.closers: list[str] = []  # what closes each open bracket or bar, innermost last
        self.words: tuple[tuple[str, str], ...] = ()

    @abstractmethod
    def run(self, argument: bool = False) -> Term:
        """Factors side by side."""

    @abstractmethod
    def operand(self) -> Term:
        """A factor with its scripts."""

    @abstractmethod
    def script(self) -> tuple[str, Fraction | Term | None]:
        """What stands in a superscript."""

    @staticmethod
    @abstractmethod
    def size(spelled: str) -> str:
        """The canonical name of a size, empty where it is not one."""

    def script_tokens(self) -> list[Token]:
        """What stands below or above a sign, without its braces. The ``_`` or ``^`` has been taken."""
        first, at = self.take(), self.at
        end = group_end(self.tokens, at - 1) if first.kind == "{" else None
        if end is None:
            return [first]
        self.at = end + 1
        return self.tokens[at:end]

    # ---- brackets and bars -------------------------------------------------------------------------------------

    def starts(self) -> bool:
        """Whether a factor begins here; a bar does where it does not close one."""
        token = self.token
        if token.kind in ("norm", "|"):
            return token.side == "open" or (token.side == "" and not self.closes())
        return token.kind in _STARTS

    def closes(self) -> bool:
        """Whether the bar here closes the innermost open one."""
        inner = self.closers[-1] if self.closers else ""
        if inner == "||":
            return self.token.kind == "|" and self.tokens[self.at + 1].kind == "|"
        if inner.endswith("!"):  # opened by \left, \bigl or \lVert, it is closed by their counterpart alone
            return inner[:-1] == self.token.kind and self.token.side == "close"
        return inner == self.token.kind

    def close(self, opening: Token, closing: str) -> int:
        """Take what closes ``opening``; the end of the text up to there."""
        token, end = self.token, opening.end + (closing == "||")
        shown = self.text[opening.start : end]
        if closing == "||" and token.kind == "|" and self.tokens[self.at + 1].kind == "|":
            self.take()
        elif token.kind != closing:
            wanted = {"rbrace": "\\}", "rangle": "\\rangle", "norm": "\\|"}.get(closing, closing)
            before = re.search(r"\\(left|[bB]igg?l)\s*$", self.text[: opening.start])
            if before:
                wanted = f"\\{'right' if before[1] == 'left' else before[1][:-1] + 'r'}{wanted}"
            elif shown.startswith("\\l"):
                wanted = shown.replace("\\l", "\\r", 1)
            if token.kind == "end":
                raise self.fail(
                    f"this {shown} is never closed", opening.start, end, f"Add the missing {wanted}."
                )
            if token.kind in (")", "]", "}", "rbrace", "rangle"):
                raise self.fail(
                    f"this {self.text[token.start : token.end]} closes a {shown}",
                    token.start,
                    token.end,
                    f"Close it by {wanted}.",
                )
            raise self.unexpected()
        self.closers.pop()
        return self.take().end

    def group(self) -> Term:
        """Something in brackets."""
        opening = self.take()
        self.enter(opening)
        self.closers.append(CLOSING[opening.kind])
        inside = self.expression()
        end = self.close(opening, CLOSING[opening.kind])
        self.leave()
        return replace(inside, start=opening.start, end=end)

    def bars(self) -> Term:
        """A norm, an absolute value or a determinant."""
        opening = self.take()
        closing = opening.kind
        if closing == "|" and opening.side == "" and self.token.kind == "|" and self.token.start == opening.end:
            self.take()
            closing = "||"
        self.enter(opening)
        self.closers.append(closing + "!" if opening.side else closing)
        inside = self.expression()
        end = self.close(opening, closing)
        self.leave()
        if closing == "|":
            return Term("bars", (inside,), None, opening.start, end)
        kind = self.norm_index()
        if not kind and self.token.kind == "^":  # the index may also stand after the exponent
            at = self.at
            self.take()
            exponent, value = self.script()
            kind = self.norm_index()
            if kind and isinstance(value, Fraction):
                norm = Term("norm", (inside,), kind, opening.start, self.tokens[self.at - 1].end)
                return self.powered(norm, exponent, value, norm.end)
            self.at = at
        return Term("norm", (inside,), kind, opening.start, self.tokens[self.at - 1].end)

    def norm_index(self) -> str:
        """The index of a norm, empty where there is none."""
        if self.token.kind != "_":
            return ""
        start = self.take()
        kind = spell(self.script_tokens()).strip("{}")
        if kind not in ("1", "2", "F"):
            raise UnsupportedError(
                f"docgen does not read a norm with the index {kind}",
                hint=r"There are \|x\| and \|x\|_2, \|x\|_1, and \|A\|_F.",
                place=self.place(start.start, self.tokens[self.at - 1].end),
            )
        return kind

    def inner(self) -> Term:
        """An inner product in angle brackets."""
        opening = self.take()
        self.enter(opening)
        self.closers.append("rangle")
        left = self.expression()
        if self.token.kind != ",":
            if self.token.kind == "rangle":
                raise self.fail(
                    "an inner product needs two values with a comma between",
                    opening.start,
                    self.token.end,
                    r"Write \langle a, b\rangle.",
                )
            self.close(opening, "rangle")
        self.take()
        right = self.expression()
        end = self.close(opening, "rangle")
        self.leave()
        return Term("inner", (left, right), None, opening.start, end)
