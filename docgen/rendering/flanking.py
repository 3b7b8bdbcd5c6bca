"""Emphasis that CommonMark closes: what its marks stand between.

``**Head:**text`` stays as typed on a CommonMark page: after a punctuation mark, ``**`` closes only before a space or
another punctuation mark (CommonMark 0.31, 6.2), and between Chinese characters there is no space. Here a stop goes
behind the mark, ``**Head**:text``, which looks the same; anything else gets a comment, which is not seen, or at a
formula the space that formulas have there anyway.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Stops that are moved out of the emphasis.
_STOPS: Final = ".,:;!?。，、：；！？…"
_APART: Final = "<!-- -->"
#: An HTML entity, whose semicolon is no stop: ``&amp;``.
_ENTITY: Final = re.compile(r"&#?\w+;$")


def flanked(before: str, after: str, closes: bool, opens: bool) -> tuple[str, str]:
    """Two neighbours in a line of Markdown, so that every mark of emphasis between them is read as one.

    ``closes`` tells that ``before`` ends with such a mark, ``opens`` that ``after`` begins with one.
    """
    if closes and opens and before.endswith("*") and after.startswith("*"):
        return before + _APART, after
    if closes and before.endswith("*") and not _is_apart(after[0]):
        inside = before.rstrip("*")
        if _is_mark(inside[-1]):
            words, mark = inside.rstrip(_STOPS), before[len(inside) :]
            stops = "" if _ENTITY.search(inside) else inside[len(words) :]
            if stops and words and not _is_mark(words[-1]) and not words[-1].isspace():
                return f"{words}{mark}{stops}", after
            return before + (" " if inside.endswith("$") else _APART), after
    if opens and after.startswith("*") and before and not _is_apart(before[-1]):
        inside = after.lstrip("*")
        if inside and _is_mark(inside[0]):
            return before + (" " if inside.startswith("$") else _APART), after
    return before, after


def _is_mark(character: str) -> bool:
    """Punctuation as some edition of CommonMark has it: the newer ones count symbols in."""
    return unicodedata.category(character)[0] in "PS"


def _is_apart(character: str) -> bool:
    """A space, or punctuation as every edition of CommonMark has it."""
    ascii_mark = character.isascii() and not character.isalnum()
    return character.isspace() or ascii_mark or unicodedata.category(character).startswith("P")


__all__ = ["flanked"]
