"""A small page word for word: whoever changes a sentence, a formula or the layout of a page sees the change here.

``make golden`` writes the files anew; the difference is then for a reader to judge.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from docgen.handouts import EDITIONS
from docgen.handouts.compose import compose
from docgen.handouts.handout import Handout
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare
from docgen.rendering.markdown import render

FOLDER = Path(__file__).parent / "golden"
CODES = ("en", "ru", "zh")
PAGES = [(code, edition) for code in CODES for edition in EDITIONS]


@cache
def _handout() -> Handout:
    return prepare(load(FOLDER / "page.yaml"))


def page(code: str, edition: str) -> str:
    """The page as it is made now."""
    return render(compose(_handout(), code, edition))


def file(code: str, edition: str) -> Path:
    return FOLDER / f"{code}.{edition}.md"


@pytest.mark.parametrize(("code", "edition"), PAGES)
def test_the_page_is_the_golden_one(code: str, edition: str) -> None:
    assert page(code, edition) == file(code, edition).read_text(encoding="utf-8"), "see the change; then `make golden`"


def renew() -> None:
    """Write every golden page."""
    for code, edition in PAGES:
        file(code, edition).write_text(page(code, edition), encoding="utf-8")


if __name__ == "__main__":
    renew()
