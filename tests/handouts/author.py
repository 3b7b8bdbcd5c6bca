"""What the tests of the instructor's language share: a spec file as text, solved or told on a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.errors import DocgenError
from docgen.handouts.compose import compose
from docgen.handouts.handout import Handout
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare
from docgen.rendering.markdown import render


def prepared(folder: Path, text: str) -> Handout:
    """The handout of a spec file with this text."""
    file = folder / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    return prepare(load(file))


def page(folder: Path, text: str, edition: str = "handout", language: str = "en") -> str:
    """The handout as Markdown."""
    return render(compose(prepared(folder, text), language, edition))


def refused(folder: Path, text: str) -> str:
    """The whole message with which a spec file is refused, the file called spec.yaml."""
    with pytest.raises(DocgenError) as error:
        prepared(folder, text)
    return str(error.value).replace(str(folder / "spec.yaml"), "spec.yaml")
