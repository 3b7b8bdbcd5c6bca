"""How long a formula is to read: its symbols, numbers and operator names, counted in its LaTeX."""

from __future__ import annotations

import re

#: Commands that arrange a formula and name nothing in it.
LAYOUT = frozenset(
    r"\frac \dfrac \tfrac \left \right \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \, \; \! \cdot \| \{ \} "
    r"\mathbf \lvert \rvert \lVert \rVert \langle \rangle \bm \boldsymbol \mathrm \limits".split()
)
TOKEN = re.compile(r"\\operatorname\{(\w+)\}|\\[A-Za-z]+|\\.|[A-Za-z]|\d+")
#: The size under an identity or an all-ones vector, which a book leaves to the reader.
SIZE = re.compile(r"(I|\\mathbf\{1\}|K)_(\{[^{}]*\}|\w)")


def length(latex: str) -> int:
    """The number of symbols, numbers and operator names. Sizes of identities are not counted."""
    tokens = (token.group() for token in TOKEN.finditer(SIZE.sub(r"\1", latex)))
    return sum(token not in LAYOUT for token in tokens)
