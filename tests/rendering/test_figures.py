"""The files of figures: drawn alike each time, in each format what it can show, beside the pages and remembered."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from docgen.errors import SpecError, ToolError
from docgen.handouts.document import Document, Figure, Math, Text
from docgen.handouts.pictures import Contour, Included, Landscape
from docgen.rendering import drawing, figures, latex, markdown
from docgen.rendering.build import build
from docgen.rendering.pdf import installed
from docgen.rendering.stale import clean
from tests.handouts.test_figures import PNG, SVG
from tests.rendering.tex import needs_poppler, needs_tex

GRID = tuple(k / 10 for k in range(-20, 21))
SCENE = Landscape(
    GRID,
    GRID,
    tuple(tuple(x * x + 3 * y * y for x in GRID) for y in GRID),
    (0.5, 1.0, 4.0),
    (0.0, 0.0),
    ((-1.5, 1.0), (-0.5, -0.2), (-0.1, 0.05)),
    0.3,
)
PICTURE = Contour(SCENE, ("w_{1}", "w_{2}"), r"\boldsymbol{w}_{0}", "w^{*}", "level lines", "descent", "minimum", ".")
FONTS = ("cmunrm.otf", "cmunrm.ttf")


def figure(picture: Contour | Included, caption: str = "A loss & its lines") -> Figure:
    return Figure("loss", "Figure 1", "spec-figure-1", picture, (Text(caption), Math("x^2")))


def own(*suffixes: str, width: float | None = None) -> Included:
    data = {".png": PNG, ".svg": SVG, ".pdf": b"%PDF-1.4", ".jpg": b"\xff\xd8\xff"}
    return Included(tuple((suffix, data[suffix]) for suffix in suffixes), f"loss{suffixes[0]}", width)


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
def test_a_drawing_is_the_same_each_time(suffix: str) -> None:
    first = drawing.draw(PICTURE, suffix, FONTS)
    assert drawing.draw(PICTURE, suffix, FONTS) == first
    assert drawing.draw(replace(PICTURE, minimum="least"), suffix, FONTS) != first
    for word in (b"Date", b"Matplotlib v", b"matplotlib.org", b"Producer", b"Creator"):
        assert word not in first


def test_a_drawing_takes_nothing_from_a_users_settings() -> None:
    import matplotlib

    first = drawing.draw(PICTURE, ".svg", FONTS)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):
        assert drawing.draw(PICTURE, ".svg", FONTS) == first
        assert matplotlib.rcParams["font.size"] == 30


def test_a_drawing_is_black_and_white_and_needs_no_font() -> None:
    svg = drawing.draw(PICTURE, ".svg", FONTS).decode()
    colours = set(re.findall(r"(?:fill|stroke): #([0-9a-f]{6})", svg))
    assert colours and all(len({c[0:2], c[2:4], c[4:6]}) == 1 for c in colours), colours
    assert "<text" not in svg and "<image" not in svg and "<script" not in svg
    assert b"/FontFile" not in drawing.draw(PICTURE, ".pdf", FONTS)


@pytest.mark.parametrize(
    "words",
    [("линии уровня", "градиентный спуск", "точка минимума"), ("等高线", "梯度下降", "最小值点")],
)
@needs_tex
def test_the_letters_of_a_language_are_drawn(words: tuple[str, str, str]) -> None:
    levels, steps, minimum = words
    fonts = ("FandolSong-Regular.otf",) if levels == "等高线" else FONTS
    picture = replace(PICTURE, levels=levels, steps=steps, minimum=minimum, decimal=",")
    assert drawing.draw(picture, ".svg", fonts) != drawing.draw(PICTURE, ".svg", FONTS)
    font = drawing._font(levels, fonts)
    assert font in installed([Path(font).name]).values()


def test_a_picture_is_as_wide_as_its_legend() -> None:
    def width(picture: Contour) -> float:
        found = re.search(rb'width="([0-9.]+)pt"', drawing.draw(picture, ".svg", FONTS))
        assert found
        return float(found[1])

    assert width(PICTURE) == pytest.approx(72 * drawing.WIDTH)
    assert width(replace(PICTURE, minimum="the only minimum of all its values")) > 72 * drawing.WIDTH


def test_without_tex_another_font_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    drawing._font.cache_clear()
    assert drawing._font("линии", FONTS).endswith("DejaVuSerif.ttf")
    drawing._font.cache_clear()


def test_a_font_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_has", lambda path, letters: False)
    drawing._font.cache_clear()
    with pytest.raises(ToolError) as caught:
        drawing.draw(replace(PICTURE, levels="等高线", steps="", minimum=""), ".svg", ("FandolSong-Regular.otf",))
    assert str(caught.value) == (
        "the font FandolSong-Regular.otf is missing, and no other font has the letters of “等高线”\n"
        "Figures need a font with these letters; it comes with TeX: apt-get install texlive-lang-chinese"
    )


@pytest.mark.parametrize(
    ("picture", "md", "tex"),
    [
        (PICTURE, ".svg", ".pdf"),
        (own(".png"), ".png", ".png"),
        (own(".jpg"), ".jpg", ".jpg"),
        (own(".pdf"), ".pdf", ".pdf"),
        (own(".pdf", ".svg"), ".svg", ".pdf"),
        (own(".svg", ".png"), ".svg", ".png"),
    ],
)
def test_each_format_shows_what_it_can(picture: Contour | Included, md: str, tex: str) -> None:
    assert figures.suffix(figure(picture), "md") == md
    assert figures.suffix(figure(picture), "tex") == tex


def test_latex_cannot_show_svg() -> None:
    with pytest.raises(SpecError) as caught:
        latex.fragment((figure(own(".svg")),), "en")
    assert str(caught.value) == (
        "a LaTeX page cannot show loss.svg\nPut loss.pdf beside it, or build other formats only."
    )


@pytest.mark.parametrize(
    ("picture", "shown"),
    [
        (PICTURE, "![A loss & its linesx^2](spec-figure-1.svg)"),
        (own(".png", width=6), '<img src="spec-figure-1.png" alt="A loss &amp; its linesx^2" width="227">'),
        (own(".pdf"), "[spec-figure-1.pdf](spec-figure-1.pdf)"),
    ],
)
def test_a_figure_in_markdown(picture: Contour | Included, shown: str) -> None:
    page = markdown.fragment((figure(picture),), "en").split("\n\n")
    assert page[0] == '<a id="loss"></a>'
    assert page[1] == shown
    assert page[2] == "**Figure 1.** A loss & its lines $x^2$"


def test_a_figure_in_latex() -> None:
    document = Document("spec", "en", "handout", "T", (figure(PICTURE), figure(own(".png", width=6.5))))
    source = latex.render(document)
    assert "\n\\usepackage{graphicx}" in source
    assert (
        "\\begin{figure}[!htbp]\n\\centering\\hypertarget{loss}{}\\figurefile{spec-figure-1.pdf}\\\\*[6pt]\n"
        "{\\small Figure 1. A loss \\& its lines$x^2$}\n\\end{figure}"
    ) in source
    assert "\\figurefile[6.5cm]{spec-figure-1.png}" in source
    without = latex.render(Document("spec", "en", "handout", "T", ()))
    assert "graphicx" not in without and "figurefile" not in without


SPEC = """\
title: {en: Lines, ru: Линии, zh: 等高线}
contents:
  - problems: all
  - figure: {kind: contour, steps: 3}
  - figure: {file: own.png, width: 2cm}
problems:
  - {id: form, function: x^T A x, variable: x, shapes: {x: n, A: n x n}, assume: {A: positive_definite}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec with a figure of docgen's and one of the author's."""
    folder = tmp_path / "specs"
    folder.mkdir()
    (folder / "own.png").write_bytes(_png())
    path = folder / "lines.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return path


def _png(shade: int = 255) -> bytes:
    """A picture of two by two pixels of one shade."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes((0, shade, shade)) * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def files(folder: Path) -> dict[str, bytes]:
    found = sorted(p for p in folder.rglob("*") if p.is_file() and ".docgen" not in p.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_figures_stand_beside_the_pages_and_are_remembered(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = build(spec, languages=["en"], formats=["md", "tex"], editions=["handout", "key"], output=out)
    assert report.failures == []
    made = files(out)
    assert sorted(made) == [
        "en/lines-figure-1.pdf",
        "en/lines-figure-1.svg",
        "en/lines-figure-2.png",
        "en/lines-handout.md",
        "en/lines-handout.tex",
        "en/lines-key.md",
        "en/lines-key.tex",
    ]
    assert made["en/lines-figure-2.png"] == _png()
    again = build(spec, languages=["en"], formats=["md", "tex"], editions=["handout", "key"], output=out)
    assert (again.written, len(again.unchanged)) == ([], 7)
    (spec.parent / "own.png").write_bytes(_png(9))
    changed = build(spec, languages=["en"], formats=["md", "tex"], editions=["handout", "key"], output=out)
    assert [path.name for path in changed.written] == ["lines-figure-2.png"]
    removed, kept = clean(out)
    assert (len(removed), kept) == (7, [])


def test_a_notebook_holds_its_figures(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["ipynb"], editions=["handout"], output=out)
    assert sorted(files(out)) == ["en/lines-handout.ipynb"]
    cells = json.loads(files(out)["en/lines-handout.ipynb"])["cells"]
    held = {name: list(data) for cell in cells for name, data in cell.get("attachments", {}).items()}
    assert held == {"lines-figure-1.svg": ["image/svg+xml"], "lines-figure-2.png": ["image/png"]}
    text = "".join("".join(cell["source"]) for cell in cells)
    assert "](attachment:lines-figure-1.svg)" in text and 'src="attachment:lines-figure-2.png"' in text


def test_a_figure_that_fails_leaves_what_was_there(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build(spec, languages=["en"], formats=["md"], output=out)
    before = files(out)
    (spec.parent / "own.png").write_bytes(b"spoilt")
    report = build(spec, languages=["en"], formats=["md"], output=out)
    assert [str(failure.error) for failure in report.failures] == [
        f"{spec}:5: the file own.png is no PNG picture\nSave the figure anew."
    ]
    assert files(out) == before


@needs_tex
@needs_poppler
def test_figures_in_pdf(spec: Path, tmp_path: Path) -> None:
    """They are compiled into the pages of three languages without a flaw, the same twice, and anew where one changes."""
    out, two = tmp_path / "out", tmp_path / "two"
    for folder in (out, two):
        report = build(spec, formats=["pdf"], editions=["handout"], output=folder)
        assert (report.failures, report.warnings) == ([], [])
    assert files(out) == files(two) and len(files(out)) == 3
    for language, number in (("en", "Figure 2"), ("ru", "Рис. 2"), ("zh", "图2")):
        pdf = out / language / "lines-handout.pdf"
        text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
        assert number in text.replace("\u00a0", " ").replace("图 ", "图")
    (spec.parent / "own.png").write_bytes(_png(9))
    report = build(spec, languages=["en"], formats=["pdf"], editions=["handout"], output=out)
    assert (report.failures, report.written) == ([], [out / "en" / "lines-handout.pdf"])
