"""The vocabulary of both spellings: which word means which operator. Tables only."""

from __future__ import annotations

from docgen.algebra.functions import SPELLED

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi varpi "
    "rho varrho sigma varsigma tau upsilon phi varphi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)

#: Greek letters by their word.
GREEK: frozenset[str] = frozenset(_GREEK.split())

#: Words that name one letter: the Greek ones and the script l that stands for a size.
LETTERS: frozenset[str] = GREEK | {"ell"}

#: Letters and signs typed as Unicode characters, by the LaTeX they stand for.
UNICODE: dict[str, str] = {
    **dict(zip("αβγδεζηθικλμνξπρστυφχψω", (
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi "
        "chi psi omega"
    ).split(), strict=True)),
    **dict(zip("ΓΔΘΛΞΠΣΥΦΨΩ", "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split(), strict=True)),
    "ϵ": "epsilon", "ϕ": "phi", "ℓ": "ell", "·": "cdot", "⋅": "cdot", "⊙": "odot", "⊘": "oslash", "⊗": "otimes",
    "⟨": "langle", "⟩": "rangle", "‖": "|", "⊤": "top", "√": "sqrt", "∑": "sum",
}  # fmt: skip

#: Functions by the word they are typed with. The value is the operator of a syntax tree and what it needs. A function
#: that is named by a Greek letter is meant by it only where the letter is not declared and a bracket follows.
FUNCTIONS: dict[str, tuple[str, str]] = {
    **{word: ("fn", name) for word, name in SPELLED.items() if word not in GREEK},
    "tr": ("tr", ""),
    "Tr": ("tr", ""),
    "trace": ("tr", ""),
    "det": ("det", ""),
    "logdet": ("logdet", ""),
    "diag": ("diag", ""),
    "Diag": ("diag", ""),
    "vec": ("vec", ""),
    "sum": ("sum", ""),
    "softmax": ("softmax", ""),
    "adj": ("adj", ""),
    "expm": ("expm", ""),
}

#: Functions that LaTeX has a command for (``\sin``) or that a paper customarily defines one for (``\tr``).
COMMANDS: frozenset[str] = frozenset(
    "exp log ln sin cos tan sinh cosh tanh arctan arctg tg det tr Tr diag Diag sgn sign relu softmax adj "
    "expm logdet trace cot sec csc coth arcsin arccos erf".split()
)

#: What the plain spelling has beside the functions above, by the number of its arguments.
PLAIN_ONLY: dict[str, int] = {"inv": 1, "sqrt": 1, "norm1": 1, "norm2": 1, "inner": 2, "kron": 2, "vector": 1}

#: Plain names whose presence before a bracket shows that a formula is plain.
PLAIN_NAMES: frozenset[str] = frozenset(FUNCTIONS) | frozenset(PLAIN_ONLY) | {"sigma", "gamma", "eye"}

#: Analytic functions: of a square matrix they mean one thing entry by entry and another as a matrix function.
ANALYTIC: frozenset[str] = frozenset(SPELLED.values()) - {"relu", "abs", "sign", "step"}

#: Well-formed LaTeX that docgen does not read, by what it is.
UNSUPPORTED: dict[str, str] = {
    **dict.fromkeys(("int", "iint", "oint"), "an integral"),
    **dict.fromkeys(("partial", "nabla"), "a derivative inside a formula"),
    **dict.fromkeys(("max", "min", "sup", "inf", "argmax", "argmin"), "an extremum"),
    **dict.fromkeys(("pm", "mp"), "a choice of signs"),
    **dict.fromkeys(("leq", "geq", "le", "ge", "neq", "ne", "approx", "equiv", "in", "to", "mapsto"), "a relation"),
    **dict.fromkeys(("lt", "gt", "leqslant", "geqslant", "sim", "propto", "succ", "prec"), "a relation"),
    **dict.fromkeys(("dots", "ldots", "cdots", "vdots", "ddots"), "an ellipsis"),
    **dict.fromkeys(("begin", "end", "matrix", "pmatrix"), "an environment"),
    **dict.fromkeys(("mathbb", "Re", "Im", "Pr"), "a set or an expectation"),
    "prod": "a product over an index", "lim": "a limit", "times": "the cross product", "circ": "a composition",
    "ast": "a convolution or a conjugate", "star": "a convolution", "dagger": "a conjugate or pseudo-inverse",
    "infty": "infinity", "binom": "a binomial coefficient", "lfloor": "a floor", "lceil": "a ceiling",
    "oplus": "a direct sum", "wedge": "a wedge product", "rank": "the rank",
    "rk": "the rank", "cond": "the condition number",
    "bmod": "a remainder",
}  # fmt: skip

#: What to type instead of an unsupported command, where there is an equal.
INSTEAD: dict[str, str] = {
    "times": r"Write a product as X w or X \cdot w, a Kronecker product as A \otimes B.",
    "circ": r"Write the elementwise product as \odot.",
    "max": r"For \max(0, x) write \operatorname{relu}(x).",
    "ast": r"Write a product as X w or X \cdot w.",
    "dagger": r"Write out the pseudo-inverse, (A^T A)^{-1} A^T.",
    "dots": r"Write the sum with \sum_{i=1}^{m}.",
    "ldots": r"Write the sum with \sum_{i=1}^{m}.",
    "cdots": r"Write the sum with \sum_{i=1}^{m}.",
}

#: Commands that only space or size what follows.
IGNORED: frozenset[str] = frozenset(
    ", ; : ! > / quad qquad enspace thinspace medspace thickspace negthinspace hfill left right bigl bigr Bigl Bigr "
    "biggl biggr Biggl Biggr big Big bigg Bigg middle mathopen mathclose mathord mathbin mathop limits nolimits "
    "displaystyle textstyle scriptstyle bf it mathstrut strut relax nobreak allowbreak".split()
) | {" ", "\n"}

#: Those of them that say whether the bar after them opens or closes.
SIDES: dict[str, str] = {
    **dict.fromkeys(("left", "bigl", "Bigl", "biggl", "Biggl", "mathopen"), "open"),
    **dict.fromkeys(("right", "bigr", "Bigr", "biggr", "Biggr", "mathclose"), "close"),
}

#: Font commands that do not change which symbol is meant.
FONTS: frozenset[str] = frozenset("mathbf boldsymbol bm bold pmb mathit mathnormal symbf symbfit".split())

#: Font commands that make a letter another symbol.
SCRIPTS: frozenset[str] = frozenset("mathcal mathscr mathfrak".split())

#: Commands around words: an operator's name or a transpose sign.
WORDS: frozenset[str] = frozenset("operatorname mathrm text textrm mathsf textsf textnormal textup mathtt".split())

#: Accents, by the one that a name is spelled with.
ACCENTS: dict[str, str] = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot", "vec": "vec", "check": "check", "breve": "breve", "acute": "acute", "grave": "grave",
}  # fmt: skip
