"""What a formula's text may be at all: its length, its characters, and how deep its brackets go."""

from __future__ import annotations

from docgen.errors import FormulaError, Place

#: A formula longer than this is refused; 10,000 terms take about a third of it.
LONGEST = 400_000
#: Brackets inside one another beyond this are refused: no reader follows them, and neither does a recursive program.
BRACKETS = 100
_FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "、": ",", "。": "."}
#: Cyrillic letters by the Latin ones that they look like.
_CYRILLIC = dict(zip("аеорсхуАВЕКМНОРСТХ", "aeopcxyABEKMHOPCTX", strict=True))
_CONTROL = {"\t": "t", "\x07": "a", "\x08": "b", "\x0b": "v", "\x0c": "f", "\r": "r", "\x1b": "e", "\x00": "0"}


def check_characters(text: str) -> None:
    """Refuse an empty or an endless formula, control characters and full-width signs."""
    if not text.strip():
        raise FormulaError(
            "the formula is empty", hint="Type a formula, for example x^T A x.", place=Place(formula=text)
        )
    if len(text) > LONGEST:
        raise FormulaError(
            f"the formula has {len(text)} characters; docgen reads at most {LONGEST}",
            hint="Write it shorter, for example with a sum \\sum_{i=1}^{m}.",
            place=Place(formula=text, start=LONGEST, end=LONGEST + 1),
        )
    if text.isascii() and text.isprintable():
        return
    for at, char in enumerate(text):
        code = ord(char)
        if (code < 32 and char not in "\n\r") or code == 127 or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            letter = _CONTROL.get(char)
            was = f": \\{letter} in double quotes becomes one" if letter else ""
            raise FormulaError(
                f"a control character (U+{code:04X}) stands here{was}",
                hint="Use single quotes, or no quotes at all, so that each backslash stays.",
                place=Place(formula=text, start=at, end=at + 1),
            )
        if char in _FULL_WIDTH:
            raise FormulaError(
                f"the full-width character {char} stands here",
                hint=f"Type the ordinary character {_FULL_WIDTH[char]!r} instead.",
                place=Place(formula=text, start=at, end=at + 1),
            )


def check_depth(text: str) -> None:
    """Refuse brackets nested more than :data:`BRACKETS` deep, before any of them is read."""
    depth = 0
    for at, char in enumerate(text):
        if char in "([{":
            depth += 1
            if depth > BRACKETS:
                raise too_deep(text, at)
        elif char in ")]}":
            depth -= 1


def too_deep(text: str, at: int) -> FormulaError:
    """The error for a formula that is nested too deeply."""
    return FormulaError(
        f"the formula is nested too deeply here: docgen reads at most {BRACKETS} levels",
        hint="Give an inner part a name of its own, or write the formula flatter.",
        place=Place(formula=text, start=at, end=at + 1),
    )


def strange(text: str, at: int) -> FormulaError:
    """The error for a character that has no meaning in a formula."""
    char, code, hint = text[at], ord(text[at]), ""
    latin = _CYRILLIC.get(char)
    if latin:
        hint = f"It is the Cyrillic letter that looks like {latin}; type the Latin {latin}."
    elif char == "$":
        hint = "Type the formula without dollar signs."
    elif char == "∘":
        hint = r"Write the elementwise product as \odot."
    return FormulaError(
        f"the character {char} (U+{code:04X}) has no meaning in a formula",
        hint=hint or "Remove it, or write it as a LaTeX command.",
        place=Place(formula=text, start=at, end=at + 1),
    )
