"""Docgen's own theory: every entry in every language, with the same formulas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docgen.errors import LanguageError, Place, SpecError
from docgen.handouts import theory
from docgen.handouts.compose import compose
from docgen.handouts.document import Display, Paragraph, Strong, Text
from docgen.handouts.language import Language, languages, load_language
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare
from docgen.handouts.texts import Texts

#: Everything that an instructor may ask for; an entry is taken away on purpose only.
ENTRIES = """
conventions derivative differential representation gradient matrix-gradient jacobian hessian shape-principle inverse
cofactors sigmoid definiteness canonical-forms trace-example product-rule linearity transposition constants inverse-rule
determinant-rule trace-rule trace-cyclic trace-linear chain-rule gradient-linearity scalar-transpose scalar-trace
trace-gradient frobenius scalar-move insert-identity zero-term differentiate-identity named-part differentials-method
coordinates-method pairings layouts numerator-displays denominator-displays linear-model likelihood normal-equations
intercept full-column-rank gram-definite minimum-test sylvester not-unique gradient-descent
""".split()

DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
INLINE = re.compile(r"(?<!\$)\$(?!\$)([^$]+)\$")


def text(code: str, id: str) -> str:
    """The text of an entry as it is written."""
    return str(theory.entries(load_language(code))[id]["text"])


def displays(source: str) -> list[str]:
    """The displays of a text, without the mark at their end, which is a matter of the language."""
    return [" ".join(found.split()).rstrip(".,，") for found in DISPLAYED.findall(source)]


def texts(code: str) -> Texts:
    def refer(target: str) -> Text:
        raise AssertionError(f"theory refers to {target}, which a handout may not have")

    return Texts(load_language(code), refer)


@pytest.mark.parametrize("code", languages())
def test_every_language_has_every_entry(code: str) -> None:
    assert list(theory.entries(load_language(code))) == ENTRIES


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("id", ENTRIES)
def test_an_entry_has_the_same_formulas_in_every_language(code: str, id: str) -> None:
    """Displays in the same order; formulas in the line in any order, as the word order has it."""
    own, english = text(code, id), text("en", id)
    assert displays(own) == displays(english)
    assert set(INLINE.findall(DISPLAYED.sub("", own))) == set(INLINE.findall(DISPLAYED.sub("", english)))


@pytest.mark.parametrize("code", languages())
def test_every_entry_becomes_blocks_with_its_title_at_the_head(code: str) -> None:
    for id in ENTRIES:
        first = theory.blocks([id], load_language(code), texts(code))[0]
        assert isinstance(first, Paragraph), id
        title = theory.entries(load_language(code))[id]["title"]
        assert first.inlines[0] == Strong((Text(title),)), id
        assert title.endswith("." if code != "zh" else title[-1]), id


@pytest.mark.parametrize("code", languages())
def test_no_paragraph_starts_with_a_formula_and_every_text_ends_its_sentence(code: str) -> None:
    for id in ENTRIES:
        assert code != "zh" or ".$$" not in text(code, id), "a full stop goes after no Chinese display"
        for paragraph in re.split(r"\n\s*\n", text(code, id).strip()):
            assert not re.match(r"\$[^$]", paragraph), (id, paragraph)
        assert text(code, id).rstrip().endswith((".", ".$$") if code != "zh" else ("。", "$$")), id


def test_the_typography_of_the_languages() -> None:
    careless = re.compile(r"\b(ее|еще|найдем|приведем|возьмем|определен|трехмерн\w*|берем|дает)\b", re.IGNORECASE)
    for id in ENTRIES:
        russian = INLINE.sub("x", DISPLAYED.sub("", text("ru", id)))
        assert not careless.search(russian), id
        assert " - " not in russian and '"' not in russian, id
        chinese = INLINE.sub("x", DISPLAYED.sub("", text("zh", id)))
        assert not re.search(r"[\u4e00-\u9fff] ?[,;:?!]", chinese), id
        assert not re.search(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", chinese), id


SPEC = """\
contents:
  - section: Theory
  - theory: {names}
problems: []
"""


def spec(folder: Path, names: str) -> Path:
    file = folder / "spec.yaml"
    file.write_text(SPEC.format(names=names), encoding="utf-8")
    return file


def test_a_block_of_the_contents_prints_its_entries_in_order(tmp_path: Path) -> None:
    """Underscores are hyphens; the worksheet and the key have no theory."""
    made = prepare(load(spec(tmp_path, "[gradient, matrix_gradient]")))
    shown = compose(made, "en").blocks
    heads = [b.inlines[0] for b in shown if isinstance(b, Paragraph) and isinstance(b.inlines[0], Strong)]
    assert heads == [Strong((Text("Gradient."),)), Strong((Text("Gradient with respect to a matrix."),))]
    assert sum(isinstance(block, Display) for block in shown) == 2
    for edition in ("worksheet", "key"):
        assert not [b for b in compose(made, "en", edition).blocks if isinstance(b, Paragraph)]


def test_all_is_everything(tmp_path: Path) -> None:
    shown = compose(prepare(load(spec(tmp_path, "all"))), "ru").blocks
    heads = [b for b in shown if isinstance(b, Paragraph) and isinstance(b.inlines[0], Strong)]
    assert len(heads) == len(ENTRIES)


def test_an_unknown_entry(tmp_path: Path) -> None:
    file = spec(tmp_path, "[gradient, jacobain]")
    with pytest.raises(SpecError) as error:
        compose(prepare(load(file)), "en")
    assert str(error.value) == f"{file}:3: there is no theory entry `jacobain`\nDid you mean `jacobian`?"
    file = spec(tmp_path, "zzz")
    with pytest.raises(SpecError) as error:
        compose(prepare(load(file)), "en")
    assert str(error.value) == f"{file}:3: there is no theory entry `zzz`\nThere are: {', '.join(ENTRIES)}."


def test_an_entry_that_a_language_lacks(tmp_path: Path) -> None:
    folder = tmp_path / "qq"
    folder.mkdir()
    (folder / "theory.toml").write_text("[gradient]\ntitle = 'G.'\ntext = 'A gradient.'\n", encoding="utf-8")
    with pytest.raises(LanguageError) as error:
        theory.blocks(["hessian"], Language("qq", [folder]), texts("en"), Place(file="s.yaml", line=3))
    assert str(error.value) == (
        "s.yaml:3: the language qq has no theory entry `hessian`\n"
        "Add [hessian] with title and text to templates/qq/theory.toml."
    )


def test_an_entry_is_added_without_any_python(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "theory.toml").write_text("[mine]\ntitle = 'Mine.'\ntext = 'My own words.'\n", encoding="utf-8")
    made = prepare(load(spec(tmp_path, "mine")))
    shown = compose(made, "en", templates=tmp_path).blocks
    assert shown[-1] == Paragraph((Strong((Text("Mine."),)), Text(" "), Text("My own words.")))
