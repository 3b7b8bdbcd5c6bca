"""The table of what a factor of a LaTeX formula can begin with, sums over samples, and the errors for anything else."""

from __future__ import annotations

from collections.abc import Callable

from docgen.errors import FormulaError, UnsupportedError
from docgen.reading.atoms import Atoms
from docgen.reading.brackets import CLOSING
from docgen.reading.syntax import Term
from docgen.reading.tokens import spell
from docgen.reading.words import INSTEAD


class Factors(Atoms):
    """Every kind of factor; sums, products and scripts around them are read in :mod:`docgen.reading.latex`."""

    def total(self) -> Term:
        """A sum over samples; its body is the longest product up to a plus or minus."""
        first = self.take()
        found: dict[str, tuple[str, int]] = {}
        while self.token.kind in ("_", "^") and self.token.kind not in found:
            sign, spelled = self.take().kind, spell(self.script_tokens()).strip("{}")
            found[sign] = spelled, self.tokens[self.at - 1].end
        lower, end = found.get("_", ("", first.end))
        index, _, begin = lower.partition("=")
        upper = self.size(found["^"][0]) if "^" in found else ""
        if not (len(index) == 1 and index.islower()) or begin != "1" or not upper or upper == "0":
            raise self.fail(
                "the limits of this sum cannot be read",
                first.start,
                max(end, found.get("^", ("", 0))[1]),
                r"Write \sum_{i=1}^{m}: one letter from 1 to a size.",
            )
        if index in self.known or index in self.bound:
            raise self.fail(
                f"the index {index} of this sum already means something else",
                first.start,
                end,
                "Use another letter for the index.",
            )
        self.enter(first)
        self.bound[index] = upper
        if not self.starts():
            raise self.unexpected()
        body = self.term()
        del self.bound[index]
        self.leave()
        return Term("total", (body,), (index, upper), first.start, body.end)

    # ---- the table of factors, and the errors ----------------------------------------------------------------------

    def atom(self) -> Term:
        """What begins here."""
        return self.reader()(self)

    def reader(self) -> Callable[[Factors], Term]:
        """The method that reads what begins here."""
        kind = self.token.kind
        if kind in _READERS:
            return _READERS[kind]
        if kind == "cmd" and self.token.text == "nabla" and self.declared.differentials:
            return lambda _: self.nabla(self.take())
        if kind in ("cmd", "word"):
            raise self.unknown_command(self.token)
        raise self.unexpected()

    def bad_script(self) -> FormulaError | UnsupportedError:
        """The error for a superscript without a meaning."""
        token = self.token
        if token.kind in ("*", "cmd", "top", "+", "-"):
            shown = self.text[token.start : token.end]
            return self.unsupported(
                f"the superscript {shown}",
                token,
                INSTEAD["dagger"]
                if token.text == "dagger"
                else r"Superscripts are ^T, ^{-1}, ^{-T}, a number, and \odot with a number.",
            )
        if token.kind in ("'", "prime"):
            return self.fail("a prime stands as a superscript", token.start, token.end, "Type it after the symbol: x'.")
        return self.unexpected()

    def unexpected(self) -> FormulaError | UnsupportedError:
        """The error for a token that cannot stand where it stands."""
        token = self.token
        shown = self.text[token.start : token.end]
        message, hint = f"the sign {shown} does not fit here", "Remove it, or type what is missing beside it."
        before = self.tokens[self.at - 1].kind if self.at else ""
        if token.kind == "end":
            message, hint = (
                "the formula ends where a part of it is missing",
                "Type the missing part, or remove the sign before it.",
            )
        elif token.kind in (")", "]", "}", "rbrace", "rangle"):
            if before in ("+", "-", "cdot", "/", "odot", "otimes", "oslash", "(", "[", "lbrace", "{", "langle", ","):
                message, hint = f"something is missing before {shown}", "Type the missing part."
            elif self.closers and self.closers[-1].rstrip("!") in ("|", "||", "norm"):
                message, hint = f"this {shown} stands inside bars that are not closed", r"Close \| by \|, and | by |."
            else:
                message, hint = f"this {shown} closes nothing", "Remove it, or add the missing bracket before."
        elif token.kind == "*":
            message = "the sign * belongs to the plain spelling, which has no backslash and no braces"
            hint = r"Write \lambda x by putting the factors side by side, or everything plain: lambda*x."
        elif token.kind == ",":
            message = "a comma stands between two parts of the formula"
            hint = r"Only \langle a, b\rangle has a comma; write decimals with a point, 0.5."
        elif token.kind in ("<", ">"):
            message, hint = f"the sign {shown} is a relation", r"Write an inner product as \langle a, b\rangle."
        elif token.kind in ("+", "-") and before:
            message, hint = "two signs stand side by side", "Put the signed part in brackets."
        elif token.kind == "top":
            message, hint = (
                "T is the transpose sign and stands only in an exponent",
                "Write x^T; name the symbol otherwise.",
            )
        elif token.kind == "!":
            message, hint = "docgen does not read the factorial", "Write the number."
        return self.fail(message, token.start, token.end, hint)


_READERS: dict[str, Callable[[Factors], Term]] = {
    "num": Factors.numeral_atom,
    "let": Factors.symbol,
    "fun": Factors.function,
    "ones": Factors.special,
    "zeros": Factors.special,
    **dict.fromkeys(CLOSING, Factors.group),
    "frac": Factors.fraction,
    "sqrt": Factors.root,
    "total": Factors.total,
    "langle": Factors.inner,
    "norm": Factors.bars,
    "|": Factors.bars,
}
