"""Widths of characters in hundredths of an em, so that a page can be planned before TeX sees it.

Measured with XeLaTeX at 12 pt: classic Computer Modern for the mathematics, CMU Serif for the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _spread(groups: Mapping[int, str], *, words: bool = False) -> Mapping[str, int]:
    """The table turned round: from the width of many characters (or words) to one entry for each."""
    return {item: width for width, items in groups.items() for item in (items.split() if words else items)}


#: Letters, digits and signs of mathematics in text size.
LETTERS: Final = _spread(
    {
        27: "!,.:;[]",
        28: "|",
        31: "l",
        33: "i",
        35: "t",
        38: "()",
        42: "bc",
        45: "e",
        46: "?js",
        47: "oqr",
        49: "/0123456789p",
        50: "*gz",
        51: "Iadvy",
        54: "k",
        56: "hux",
        58: "n",
        59: "f",
        63: "J",
        66: "S",
        67: "L",
        71: "T",
        73: "Aw",
        74: "Z",
        75: "R",
        76: "+<=>",
        77: "CFGPU",
        78: "-EOQ",
        79: "BVY",
        84: "D",
        86: "m",
        89: "HNX",
        90: "K",
        105: "M",
        106: "W",
    }
)

#: Control words that print one symbol.
SYMBOLS: Final = _spread(
    {
        27: "prime",
        28: "cdot lvert mid rvert vdots vert",
        35: "iota",
        39: "langle rangle",
        40: "epsilon",
        41: "ell",
        43: "varsigma",
        44: "lceil lfloor rceil rfloor",
        46: "varepsilon",
        47: "delta",
        48: "theta xi",
        49: "star",
        50: "Vert ast bullet circ emptyset lVert lbrace parallel rVert rbrace setminus zeta",
        51: "rho varrho",
        52: "eta",
        54: "hbar tau",
        55: "nu",
        56: "exists forall gamma kappa upsilon",
        57: "lambda partial",
        58: "phi vartheta",
        59: "mu pi sigma",
        61: "Gamma aleph beta chi",
        63: "alpha",
        64: "varphi",
        65: "Xi omega",
        67: "cap cup in notin psi vee wedge",
        68: "Lambda",
        71: "Omega Phi Sigma",
        72: "Im Re colon",
        73: "Pi",
        76: "Psi Theta Upsilon neq",
        78: (
            "approx blacksquare cong div equiv geq geqslant leq leqslant mp odot oplus oslash otimes perp pm "
            "prec preceq propto sim simeq square subset subseteq succ succeq times triangleq varnothing"
        ),
        82: "Delta",
        83: "nabla",
        84: "varpi",
        97: "coloneqq",
        100: "Leftrightarrow Rightarrow gg infty ll mapsto rightarrow to",
        115: "dots ldots",
        117: "cdots",
        159: "Longrightarrow",
        161: "longmapsto",
        215: "implies",
        239: "iff",
    },
    words=True,
)

#: Large operators in text size and in display size.
LARGE_TEXT: Final = _spread(
    {
        67: "int",
        83: "bigcap bigcup",
        94: "prod",
        106: "sum",
    },
    words=True,
)
LARGE_DISPLAY: Final = _spread(
    {
        100: "int",
        111: "bigcap bigcup",
        128: "prod",
        144: "sum",
    },
    words=True,
)

#: Bold letters, and the letters of blackboard bold and of the calligraphic alphabet.
BOLD_ITALIC: Final = _spread(
    {
        36: "l",
        40: "i",
        42: "t",
        51: "c",
        52: "b",
        53: "js",
        55: "e",
        56: "r",
        58: "goq",
        59: "I",
        60: "pvz",
        61: "d",
        62: "k",
        63: "ay",
        66: "x",
        67: "h",
        68: "fu",
        71: "n",
        73: "J",
        75: "S",
        76: "L",
        80: "T",
        84: "Z",
        85: "F",
        86: "Ew",
        87: "AOQ",
        88: "PR",
        89: "CG",
        91: "BU",
        93: "VY",
        97: "D",
        102: "X",
        103: "m",
        104: "K",
        106: "HN",
        125: "W",
        126: "M",
    }
)
BOLD: Final = _spread(
    {
        31: "il",
        34: "j",
        42: "I",
        44: "st",
        45: "f",
        46: "r",
        50: "cz",
        51: "e",
        55: "a",
        56: "o",
        58: "Jg",
        59: "kqx",
        61: "vy",
        62: "Sbdhnpu",
        68: "L",
        69: "Z",
        71: "F",
        74: "E",
        77: "P",
        78: "T",
        80: "B",
        81: "C",
        83: "w",
        84: "OQR",
        85: "AX",
        86: "DU",
        87: "V",
        88: "GHKNY",
        94: "m",
        107: "M",
        118: "W",
    }
)
BLACKBOARD: Final = _spread(
    {
        39: "I",
        50: "J",
        56: "S",
        61: "FP",
        67: "BELTZ",
        72: "ACDNRUVXY",
        78: "GHKOQ",
        94: "M",
        100: "W",
    }
)
CALLIGRAPHIC: Final = _spread(
    {
        58: "C",
        62: "EI",
        65: "G",
        68: "S",
        69: "BL",
        70: "V",
        73: "U",
        75: "Y",
        78: "KP",
        80: "ADTZ",
        82: "FOQ",
        85: "HR",
        86: "JX",
        97: "N",
        107: "W",
        120: "M",
    }
)

#: Words: CMU Serif, upright and bold.
WORDS: Final = _spread(
    {
        28: "!',.:;[]il’",
        30: "fj",
        33: "-“”„",
        36: "I",
        39: "()rst",
        44: "cezгезсэё",
        47: "?",
        50: "*/0123456789agoабвоть–",
        51: "J",
        53: "kqvxyух",
        54: "я",
        56: "Sbdhnpu«»дийклнпрцч",
        61: "ZЗъ",
        62: "LГ",
        65: "F",
        67: "м",
        68: "EPЁЕР",
        71: "BБВЬ",
        72: "CTwСТЭы",
        74: "R",
        75: "AHNUVXYАУХю",
        76: "D",
        78: "+=@GKOQДИЙКЛНОПЦЧЯф",
        80: "шщ",
        83: "mФж…",
        89: "Ъ",
        92: "MМ№",
        97: "Ы",
        100: "—",
        103: "W",
        112: "ШЩЮ",
        119: "Ж",
    }
)
WORDS_BOLD: Final = _spread(
    {
        32: "',.:;[]il’",
        35: "!fj",
        38: "-",
        41: "“”„",
        44: "I",
        45: "()st",
        47: "r",
        50: "г",
        51: "czзсэ",
        53: "eеё",
        54: "?т",
        56: "aа",
        58: "*/0123456789goбвоь–",
        59: "J",
        61: "kqvxyухя",
        64: "Sbdhnpu«»дийклнпрцч",
        69: "LГъ",
        70: "ZЗ",
        72: "F",
        76: "EЁЕ",
        77: "м",
        79: "PР",
        80: "TТ",
        82: "BБВЬ",
        83: "CwСЭы",
        86: "OQRОю",
        87: "AVXYАУХ",
        88: "DU",
        89: "+=@ф",
        90: "GHKNДИЙКЛНПЦЧЯ",
        94: "шщ",
        96: "mФж…",
        101: "Ъ",
        109: "MМ",
        110: "№",
        112: "Ы",
        115: "—",
        119: "W",
        127: "Ю",
        133: "ШЩ",
        137: "Ж",
    }
)
