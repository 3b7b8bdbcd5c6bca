"""Which of the two spellings a formula is typed in."""

from __future__ import annotations

import re

from docgen.reading.words import PLAIN_NAMES

_CALL = re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(sorted(PLAIN_NAMES, key=len, reverse=True)) + r")\s*\(")


def is_plain(text: str) -> bool:
    """Whether a formula is plain; anything else is LaTeX.

    Plain is what has no backslash or brace and shows a ``*``, ``.*``, ``./``, ``.^``, a ``'`` or a plain function name
    before a bracket.
    """
    if any(char in text for char in "\\{}"):
        return False
    return any(sign in text for sign in ("*", "./", ".^", "'")) or _CALL.search(text) is not None
