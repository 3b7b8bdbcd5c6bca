"""Sentences around displays."""

from __future__ import annotations

import pytest

from docgen.handouts.document import Display, Math, Paragraph, Row, Text
from docgen.handouts.language import load_language
from docgen.handouts.prose import Prose
from docgen.handouts.texts import Texts

FORMULA = Display((Row("f(x)", "=", ("x",)),))


@pytest.mark.parametrize(("code", "comma", "mark"), [("en", ", ", ","), ("ru", ", ", ","), ("zh", "，", ",")])
def test_a_mark_after_a_display_goes_into_it(code: str, comma: str, mark: str) -> None:
    """No line begins with a comma."""
    prose = Prose(load_language(code))
    prose.say((Text("a"), FORMULA, Text(f"{comma}b "), Math("x")))
    prose.end_paragraph()
    before, display, after = prose.blocks
    assert before == Paragraph((Text("a"),))
    assert display == Display((Row("f(x)", "=", ("x",), (), mark),))
    assert after == Paragraph((Text("b "), Math("x")))


def test_a_full_stop_after_a_display_leaves_no_paragraph() -> None:
    prose = Prose(load_language("en"))
    prose.say((Text("a"), FORMULA, Text(".")))
    prose.end_paragraph()
    assert prose.blocks == [Paragraph((Text("a"),)), Display((Row("f(x)", "=", ("x",), (), "."),))]


def test_so_it_is_with_a_slot_of_an_authors_statement() -> None:
    texts = Texts(load_language("en"), lambda target: Text(target))
    blocks = texts.blocks("Find {function}, please.", slots={"function": lambda: (FORMULA,)})
    assert blocks == (
        Paragraph((Text("Find"),)),
        Display((Row("f(x)", "=", ("x",), (), ","),)),
        Paragraph((Text("please."),)),
    )
