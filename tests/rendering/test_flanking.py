"""Emphasis that every CommonMark reader closes, between words of any script."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from docgen.handouts.document import Emphasis, Inline, Inlines, Math, Strong, Text
from docgen.rendering.build import build
from docgen.rendering.markdown import inlines

ROOT = Path(__file__).parent.parent.parent
READER = MarkdownIt("commonmark")
FORMULA = re.compile(r"(?s)\$\$.*?\$\$|\$[^$\n]+\$")


def bold(*words: str) -> Strong:
    return Strong(tuple(Text(word) for word in words))


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ((bold("驻点："), Text("令")), "**驻点**：令"),
        ((bold("驻点。"), Text(" 令")), "**驻点。** 令"),
        ((bold("Point:"), Text("set")), "**Point**:set"),
        ((bold("Point."), Text(" Set")), "**Point.** Set"),
        ((bold("驻点？！"), Text("令")), "**驻点**？！令"),
        ((bold("驻点："), Math("x")), "**驻点：**$x$"),
        ((bold("驻点："), Text("（令）")), "**驻点：**（令）"),
        ((bold("驻点（唯一）"), Text("令")), "**驻点（唯一）**<!-- -->令"),
        ((bold("A & B&#59;"), Text("令")), "**A & B&amp;#59**;令"),
        ((Text("求"), bold("“驻点”"), Text("。")), "求<!-- -->**“驻点”**。"),
        ((Text("求"), Strong((Math("x"), Text("点"))), Text("处")), "求 **$x$ 点**处"),
        ((Strong((Text("点"), Math("x"))), Text("处")), "**点 $x$** 处"),
        ((Strong((Text("点"), Emphasis((Text("一。"),)))), Text("处")), "**点*一***。处"),
        ((bold("a"), Emphasis((Text("b"),))), "**a**<!-- -->*b*"),
        ((Emphasis((Text("驻点："),)), Text("令")), "*驻点*：令"),
        ((Text("令"), bold("：")), "令<!-- -->**：**"),
    ],
)
def test_marks_stand_where_they_are_read(pieces: Inlines, shown: str) -> None:
    assert inlines(pieces) == shown


WORDS = ["点", "a", "：", ". ", " ", "（", "”", "&", "5", "+", "→", "*", "~", "x\u00a0"]


@pytest.mark.parametrize("kind", [Strong, Emphasis])
def test_no_mark_is_left_over(kind: type[Strong] | type[Emphasis]) -> None:
    """Whatever stands inside and beside: the emphasised words are emphasised, and no star is printed that was none."""
    name = "strong" if kind is Strong else "em"
    beside = list(product(["", *WORDS], WORDS))
    neutral = ("", "字")
    for (before, first), (after, last) in [*((one, neutral) for one in beside), *((neutral, one) for one in beside)]:
        inside = first + "字" + last
        pieces: list[Inline] = [Text("始" + before), kind((Text(inside),)), Text(after)]
        html = READER.render(inlines(tuple(pieces)))
        assert f"<{name}>" in html and f"</{name}>" in html, (pieces, html)
        assert html.count("*") == (before + inside + after).count("*"), (pieces, html)


def test_every_emphasis_of_the_built_pages_closes(tmp_path: Path) -> None:
    """The pages of problems/ as CommonMark reads them: no star is left among the words."""
    assert not build([ROOT / "problems"], formats=["md"], output=tmp_path).failures
    pages = sorted(tmp_path.rglob("*.md"))
    assert len(pages) > 20
    for page in pages:
        text = FORMULA.sub("$x$", page.read_text(encoding="utf-8"))
        words = [
            piece.content
            for block in READER.parse(text)
            for piece in block.children or ()
            if piece.type == "text"
        ]
        assert [one for one in words if "*" in one] == [], page.name
        assert text.count("**") > 1 or "worksheet" in page.name
