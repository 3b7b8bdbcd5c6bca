"""LaTeX mathematics as text for a terminal: ``x^{T} A x`` as ``xᵀ A x``.

It reads the LaTeX that docgen prints. What has no sign of its own in Unicode stays as it is in LaTeX: nothing is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa mu nu xi omicron pi rho sigma tau upsilon phi chi psi "
    "omega"
).split()

SIGNS = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {name}") for name in _GREEK},
    **{name.title(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name}") for name in _GREEK},
    **{"lambda": "λ", "Lambda": "Λ"},  # Unicode spells it LAMDA
    **{"varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "ell": "ℓ", "nabla": "∇", "partial": "∂", "infty": "∞"},
    **{"cdot": "·", "odot": "∘", "circ": "∘", "oslash": "⊘", "otimes": "⊗", "times": "×", "pm": "±"},
    **{"langle": "⟨", "rangle": "⟩", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "|": "‖"},
    **{"to": "→", "mapsto": "↦", "Rightarrow": "⇒", "in": "∈", "subset": "⊂", "forall": "∀", "top": "ᵀ"},
    **{"le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠"},
    **{"approx": "≈", "equiv": "≡", "succ": "≻", "succeq": "⪰", "prec": "≺", "dots": "…", "ldots": "…", "cdots": "⋯"},
    **{"sum": "Σ", "prod": "∏", "int": "∫", "intercal": "⊺", "prime": "′", "mid": "|", "colon": ":"},
    **{",": " ", ";": " ", ":": " ", " ": " ", "quad": "  ", "qquad": "    ", "!": "", "{": "{", "}": "}"},
    **{"left": "", "right": "", "middle": "", "limits": "", "displaystyle": "", "textstyle": "", "qedhere": ""},
    **{f"{size}{side}": "" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")},
}

#: Commands of one argument that say how it looks and not what it is.
PLAIN = {
    "operatorname",
    "mathrm",
    "mathsf",
    "mathit",
    "mathbf",
    "boldsymbol",
    "bm",
    "text",
    "textbf",
    "boxed",
    "mathclap",
}
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "widehat": "\u0302", "overline": "\u0305"}
BLACKBOARD = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "E": "𝔼", "C": "ℂ"}
_FUNCTIONS = set(
    "exp log ln sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan det tr diag vec min max arg dim rank "
    "sign".split()
)

_UP = dict(zip("0123456789+-=()TabcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRUVW⊺′ᵀ",
               "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵀᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂ⊺′ᵀ", strict=True))  # fmt: skip
_DOWN = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))

# A prefix takes the blank behind it along: TeX prints none there.
_TOKEN = re.compile(r"\\(?:nabla|partial|langle|l[Vv]ert|left|[Bb]igg?l?)\s+|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)

#: What stands before, between and after a part of a formula and what is written under it.
_OPEN, _UNDER, _CLOSE = "\ue000", "\ue001", "\ue002"
_NOTE = re.compile(f"{_OPEN}([^{_UNDER}]*){_UNDER}([^{_CLOSE}]*){_CLOSE}")


def unicode_math(latex: str) -> str:
    """The formula as one line of text, without what is written under its parts."""
    return _NOTE.sub(r"\1", _converted(latex))


def unicode_lines(latex: str) -> tuple[str, str]:
    """The formula as a line of text, and the line below it with what is written under its parts (often empty)."""
    above, below = "", ""
    text = _converted(latex)
    end = 0
    for found in _NOTE.finditer(text):
        above += text[end : found.start()]
        part, note = found.groups()
        width = max(len(part), len(note))
        below = below.ljust(len(above)) + note.center(width)
        above += part.center(width)
        end = found.end()
    return (above + text[end:]).rstrip(), below.rstrip()


def _converted(latex: str) -> str:
    """The text, what is written under a part between private characters; without blanks where none is printed."""
    text = _sequence(deque(_TOKEN.findall(latex)), closing=None)
    text = re.sub(r"(∇[⁰-⁹²³]*) (?=\w)", r"\1", re.sub(r"\s*×\s*", "×", text))
    return re.sub(r"\s+", " ", re.sub(r"\s+(?=⟩)", "", text)).strip()


def _sequence(tokens: deque[str], closing: str | None) -> str:
    """Everything up to the closing brace, or to the end."""
    parts: list[str] = []
    while tokens:
        token = tokens.popleft()
        if token == closing:
            break
        parts.append(_piece(token, tokens))
    return "".join(parts)


def _argument(tokens: deque[str]) -> str:
    """The next argument: a group in braces or a single piece."""
    while tokens:
        token = tokens.popleft()
        if not token.isspace():
            return _piece(token, tokens)
    return ""


def _piece(token: str, tokens: deque[str]) -> str:
    """The text of one token with its arguments."""
    if token == "{":
        return _sequence(tokens, "}")
    if token in ("^", "_"):
        return _script(_argument(tokens), token)
    if token == "~":
        return " "
    if token == "&":
        return ""
    if not token.startswith("\\"):
        return token
    return _command(token[1:].rstrip() or " ", tokens)


def _command(name: str, tokens: deque[str]) -> str:
    if name in SIGNS:
        return SIGNS[name]
    if name in ("frac", "dfrac", "tfrac"):
        return f"{_bracketed(_argument(tokens))}/{_bracketed(_argument(tokens))}"
    if name == "sqrt":
        return f"√{_bracketed(_argument(tokens))}"
    if name == "mathbb":
        letter = _argument(tokens)
        return BLACKBOARD.get(letter, letter)
    if name in ACCENTS:
        return unicodedata.normalize("NFC", _argument(tokens) + ACCENTS[name])
    if name == "underset":  # sizes under a factor
        note = _argument(tokens)
        return _noted(_argument(tokens), note)
    if name == "underbrace":  # the name of a part
        part = _argument(tokens)
        if tokens and tokens[0] == "_":
            tokens.popleft()
            return _noted(part, f"╰ {_argument(tokens)} ╯")
        return part
    if name in PLAIN:
        return _argument(tokens)
    return name if name in _FUNCTIONS else "\\" + name


def _noted(part: str, note: str) -> str:
    return _OPEN + _NOTE.sub(r"\1", part) + _UNDER + _NOTE.sub(r"\1", note) + _CLOSE


def _bracketed(text: str) -> str:
    return text if re.fullmatch(r"[\w.∂′ᵀ²³]+", text) else f"({text})"


def _script(text: str, kind: str) -> str:
    text = text.strip()
    table = _UP if kind == "^" else _DOWN
    if all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    return f"{kind}{text}" if len(text) == 1 else f"{kind}({text})"
