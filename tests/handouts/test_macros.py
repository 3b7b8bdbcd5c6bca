"""The author's own LaTeX macros."""

from __future__ import annotations

import pytest

from docgen.errors import DocgenError, Place
from docgen.handouts.macros import Macros

HERE = Place(file="spec.yaml", line=3)


@pytest.mark.parametrize(
    ("macros", "text", "expected"),
    [
        ({"RR": r"\mathbb{R}"}, r"x \in \RR^n", r"x \in \mathbb{R}^n"),
        ({r"\RR": r"\mathbb{R}"}, r"\RR x", r"\mathbb{R}x"),
        ({"norm": r"\left\|#1\right\|"}, r"\norm{x - y}^2 + \norm z", r"\left\|x - y\right\|^2 + \left\|z\right\|"),
        ({"ip": r"\langle #1, #2\rangle"}, r"\ip{a}{\ip b c}", r"\langle a, \langle b, c\rangle\rangle"),
        ({"T": r"^{\mathsf T}"}, r"x\T y", r"x^{\mathsf T}y"),
        ({"a": r"\alpha"}, r"\a x + \ab", r"\alpha x + \ab"),
        ({"a": r"\b\b", "b": "c"}, r"\a \\a", r"cc \\a"),
        ({}, r"\RR", r"\RR"),
    ],
)
def test_a_macro_is_text_for_text(macros: dict[str, str], text: str, expected: str) -> None:
    assert Macros(macros).expand(text) == expected


@pytest.mark.parametrize(
    ("macros", "text", "message"),
    [
        ({"x": r"\y", "y": r"\x"}, r"\x", "spec.yaml:3: the macro \\x uses itself\nWrite it out."),
        (
            {"a": r"\b" * 30, "b": r"\c" * 30, "c": "x" * 30},
            r"\a",
            "spec.yaml:3: with the macros written out, a formula has more than 20000 characters\n"
            "Name a part of it under `where`.",
        ),
        (
            {"R2": "x"},
            "",
            "spec.yaml:3: `R2` is no name of a macro\n"
            "A name is letters only: macros: {RR: '\\mathbb{R}'} lets you type \\RR.",
        ),
        (
            {"ip": r"\langle #1, #2\rangle"},
            r"\ip a",
            "the macro \\ip has 2 arguments, and one is missing\n    \\ip a\n        ^\nWrite \\ip{…}{…}.",
        ),
        (
            {"a": "#1"},
            r"\a{" * 2000 + "x" + "}" * 2000,
            "spec.yaml:3: the macros stand inside one another too deeply\nWrite some of them out.",
        ),
    ],
)
def test_a_macro_at_fault(macros: dict[str, str], text: str, message: str) -> None:
    with pytest.raises(DocgenError) as error:
        Macros(macros, HERE).expand(text)
    assert str(error.value) == message


def test_a_loop_of_macros_is_found_before_any_is_used() -> None:
    with pytest.raises(DocgenError, match="uses itself"):
        Macros({"x": r"\y", "y": r"\x"}, HERE).check()
