"""Long and deep formulas: read quickly or refused cleanly, never by exhausting the machine."""

import time

import pytest

from tests.reading.reads import error, reading


@pytest.mark.parametrize(
    ("text", "op"),
    [
        (" + ".join(["x^T A x"] * 10_000), "add"),
        (" - ".join(["x'*A*x"] * 10_000), "add"),
        (" ".join(["A"] * 10_000), "mul"),
        ("*".join(["s"] * 10_000), "mul"),
    ],
    ids=["terms", "plain terms", "factors", "plain factors"],
)
def test_ten_thousand_parts(text: str, op: str) -> None:
    began = time.perf_counter()
    formula = reading(text).formula
    assert (formula.op, len(formula.args)) == (op, 10_000)
    assert time.perf_counter() - began < 5  # half a second on the slowest machine we know


NESTS = {
    "(": ")", "[": "]", r"\{": r"\}", "{": "}", r"\left(": r"\right)", r"\sin(": ")", r"\sigma(": ")", r"\sqrt{": "}",
    r"\frac{1}{": "}", r"\|": r"\|", r"\lVert ": r"\rVert", "e^{": "}", r"\log ": "", r"\operatorname{tr}(": ")",
    r"\langle s, ": r"\rangle",
}  # fmt: skip


@pytest.mark.parametrize("opening", NESTS)
def test_a_nest_of_forty_is_read(opening: str) -> None:
    assert reading(opening * 40 + "s" + NESTS[opening] * 40).formula.shape.kind == "scalar"


@pytest.mark.parametrize("opening", NESTS)
@pytest.mark.parametrize("depth", [1_000, 20_000])
def test_a_deeper_nest_is_refused(opening: str, depth: int) -> None:
    refused = error(opening * depth + "s" + NESTS[opening] * depth)
    assert "the formula is nested too deeply here: docgen reads at most 100 levels" in refused
    assert refused.endswith("Give an inner part a name of its own, or write the formula flatter.")


def test_ten_thousand_terms_without_shapes() -> None:
    assert len(reading(" + ".join(["x^T A x"] * 10_000), shapes=None).formula.args) == 10_000


def test_a_hundred_brackets_are_read_and_one_more_is_not() -> None:
    assert repr(reading("(" * 100 + "x" + ")" * 100).formula) == "x"
    assert error("(" * 101 + "x" + ")" * 101).startswith("the formula is nested too deeply here")


@pytest.mark.parametrize("text", ["A" + "'" * 5_000, "A" + "^{T}" * 5_000, "s*" + "-" * 5_000 + "t"])
def test_chains_of_signs_are_refused(text: str) -> None:
    assert error(text).startswith("the formula is nested too deeply here")


def test_too_many_characters() -> None:
    assert error("x" * 400_001).startswith("the formula has 400001 characters; docgen reads at most 400000\n")


def test_too_many_choices_of_shapes() -> None:
    text = " + ".join(f"{letter} {letter}" for letter in "abcdefghijklmnopqrstuvwxyz") + " + I I" * 300
    assert error(text, shapes=None) == (
        "the shapes that were left out cannot be found: there are too many choices\n"
        f"    {text[:100]}…\n    {'^' * 100}\nDeclare the shapes of the symbols."
    )
