"""Figures: what a spec may ask for, the data that is drawn, the files that are taken in, the words on the page."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from docgen.errors import DocgenError
from docgen.handouts.compose import compose
from docgen.handouts.document import Document, Figure, Paragraph, Reference
from docgen.handouts.handout import Handout, Plate
from docgen.handouts.inline import plain
from docgen.handouts.load import load
from docgen.handouts.pictures import Contour, Included, Landscape
from docgen.handouts.prepare import prepare

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (4).to_bytes(4, "big") + (3).to_bytes(4, "big")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M 0 0"/></svg>'

PROBLEMS = r"""
problems:
  - id: least-squares
    name: Q
    function: \|y - Xw\|^2
    variable: w
    shapes: {X: m x n, w: n, y: m}
  - id: linear
    function: a^T x
    variable: x
"""


def spec(folder: Path, *figures: str, problems: str = PROBLEMS, head: str = "title: T\n") -> Path:
    """A spec with these figures after all its problems."""
    lines = [head, "contents:", "  - problems: all", *(f"  - figure: {figure}" for figure in figures), problems]
    path = folder / "spec.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def plates(handout: Handout) -> list[Plate]:
    return [item for item in handout.items if isinstance(item, Plate)]


def scene(folder: Path, figure: str, problems: str = PROBLEMS) -> Landscape:
    """What the only figure of a spec shows."""
    (found,) = plates(prepare(load(spec(folder, figure, problems=problems))))
    assert isinstance(found.shows, Landscape)
    return found.shows


def figures(document: Document) -> list[Figure]:
    return [block for block in document.blocks if isinstance(block, Figure)]


# ---- what is drawn ------------------------------------------------------------------------------------------------


def test_the_minimum_and_the_steps_are_those_of_the_function(tmp_path: Path) -> None:
    """(x - a)ᵀ D (x - a) + 1, everything by number: the minimum is where it is, each step is x - γ ∇f(x)."""
    figure = "{kind: contour, function: 3*(u - 1)^2 + (v + 2)^2 + 1, variables: [u, v], start: [2, 0], rate: 0.1, steps: 4}"
    shown = scene(tmp_path, figure)
    assert shown.minimum == pytest.approx((1, -2), abs=1e-6)
    assert shown.rate == 0.1 and len(shown.path) == 5
    expected = [(1 + 0.4**k, -2 + 2 * 0.8**k) for k in range(5)]
    for found, point in zip(shown.path, expected, strict=True):
        assert found == pytest.approx(point, abs=1e-5)
    x, y = shown.xs[10], shown.ys[70]
    assert shown.rows[70][10] == pytest.approx(3 * (x - 1) ** 2 + (y + 2) ** 2 + 1)
    assert shown.xs[0] < 1 < shown.xs[-1] and shown.ys[0] < -2 < shown.ys[-1]
    assert list(shown.levels) == sorted(shown.levels) and shown.levels[0] > 1


@pytest.mark.parametrize(
    "figure",
    [
        "{kind: contour}",
        "{kind: contour, of: least-squares}",
        "{kind: contour, problem: least-squares}",
        r"{kind: contour, function: '\sum_{i=1}^{m} \log(1 + \exp(-y_i \langle w, x_i\rangle))', variable: w, "
        "shapes: {w: d, x_i: d, y_i: scalar}, assume: {y_i: 'in {-1, 1}'}}",
        r"{kind: contour, function: '\|x - a\|_1', variable: x}",
        "{kind: contour, function: x^T A x + b^T x, variable: x}",
        r"{kind: contour, function: '\frac{1}{2} x^T A x', variable: x, assume: {A: [symmetric, positive_definite]}}",
        r"{kind: contour, function: '\|y - Xw\|^2 + \lambda\|w\|^2', variable: w, assume: {\lambda: positive}}",
        "{kind: contour, function: (1 - a)^2 + 5*(b - a^2)^2, variables: [a, b]}",
        "{kind: contour, function: 'x^T x', variable: x, shapes: {x: 2}}",
        "{kind: contour, function: 'x x^T', variable: x, shapes: {x: 1 x n}}",
    ],
)
def test_the_steps_go_down_to_the_minimum(tmp_path: Path, figure: str) -> None:
    shown = scene(tmp_path, figure)
    heights = [value for row in shown.rows for value in row if value < math.inf]
    least = min(heights)
    assert all(level > least - 1e-9 for level in shown.levels)
    near = math.dist(shown.path[-1], shown.minimum)
    assert near < math.dist(shown.path[0], shown.minimum)
    assert all(shown.xs[0] < x < shown.xs[-1] and shown.ys[0] < y < shown.ys[-1] for x, y in shown.path)


def test_the_data_is_drawn_with_a_seed(tmp_path: Path) -> None:
    first = scene(tmp_path, "{kind: contour}")
    assert scene(tmp_path, "{kind: contour}") == first
    assert scene(tmp_path, "{kind: contour, seed: 7}").minimum != first.minimum


def test_rows_tied_to_a_matrix_are_its_rows(tmp_path: Path) -> None:
    r"""\|y - Xw\|^2 - Σ(y_i - x_iᵀw)² is nothing, so what is left is the rest."""
    head = "title: T\nsymbols: {X: {shape: m x n, rows: x_i}, y: {shape: m, entries: y_i}, w: n}\n"
    formula = r"\|y - Xw\|^2 - \sum_{i=1}^{m} (y_i - x_i^T w)^2 + (w - c)^T (w - c)"
    figure = f"{{kind: contour, function: '{formula}', variable: w, shapes: {{c: n}}}}"
    (found,) = plates(prepare(load(spec(tmp_path, figure, head=head, problems=""))))
    assert isinstance(found.shows, Landscape)
    rise = found.shows.rows[0][0]
    corner = (found.shows.xs[0], found.shows.ys[0])
    assert rise == pytest.approx(math.dist(corner, found.shows.minimum) ** 2, rel=1e-4)


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (
            "{kind: contour, of: linear}",
            "docgen found no minimum of f to draw, for 40 random choices of its constants\n"
            "A contour figure shows a function with one minimum; assume what makes it so (A: positive_definite).",
        ),
        (
            r"{kind: contour, function: '\log(x^T x)', variable: x}",
            "docgen found no minimum of f to draw, for 40 random choices of its constants\n"
            "A contour figure shows a function with one minimum; assume what makes it so (A: positive_definite).",
        ),
        (
            "{kind: contour, function: x^T x, variable: x, rate: 5}",
            "with the step length 5 gradient descent runs away from the minimum\n"
            "Take a smaller `rate`, for example 0.5.",
        ),
        (
            "{kind: contour, function: x^T x, variable: x, shapes: {x: 3}}",
            "a figure has two axes, and x has 3 entries\n"
            "Leave the number of entries open (a letter), or make it 2.",
        ),
        (
            "{kind: contour, function: A x, variable: x}",
            "f is no number, so it has no level curves\nDraw a function with scalar values.",
        ),
        (
            r"{kind: contour, function: '\operatorname{tr}(X^T X)', variable: X}",
            "the level curves of f cannot be drawn: it does not depend on two numbers\n"
            "The variable must be a vector, or `variables` two scalars.",
        ),
    ],
)
def test_what_cannot_be_drawn(tmp_path: Path, figure: str, message: str) -> None:
    path = spec(tmp_path, figure)
    with pytest.raises(DocgenError) as caught:
        prepare(load(path))
    assert str(caught.value) == f"{path}:5: {message}"


def test_a_handout_without_a_function_to_draw(tmp_path: Path) -> None:
    problems = "problems:\n  - {id: linear, function: a^T x, variable: x}\n"
    path = spec(tmp_path, "{kind: contour}", problems=problems)
    with pytest.raises(DocgenError) as caught:
        prepare(load(path))
    assert str(caught.value) == (
        f"{path}:5: no problem here has a function of two variables with a minimum\n"
        "Name one, of: ID, or give a function: {kind: contour, function: x^T x, variable: x}"
    )


@pytest.mark.parametrize(
    ("figure", "message", "word", "hint"),
    [
        (
            "{kind: contour, file: x.png}",
            "a figure has either `kind` or `file`",
            "{",
            "For example: {kind: contour, of: mse} or {file: plot.pdf}",
        ),
        ("{file: x.png, steps: 3}", "`steps` says nothing beside `file`", "steps", "Leave it out."),
        (
            "{kind: contour, variable: x}",
            "`variable` says nothing beside `kind`",
            "variable",
            "It belongs to `function`.",
        ),
        (
            "{kind: contour, rate: '0,5'}",
            "`rate`: expected a number, not `0,5`",
            "'0,5'",
            "Write a decimal point.",
        ),
        ("{kind: contour, rate: -1}", "`rate`: expected a step length above 0, not `-1`", "-1", ""),
        (
            "{kind: contour, start: 3}",
            "`start`: expected two numbers, for example [-1, 2], not `3`",
            "3",
            "",
        ),
        (
            "{file: x.png, width: wide}",
            "`width`: expected a width in centimetres, for example 8cm, not `wide`",
            "wide",
            "",
        ),
        ("{kind: contour, id: linear}", "the id `linear` is used twice", "linear", "Rename one."),
        (
            "{kind: contour, of: lineal}",
            "there is no problem `lineal` in this file",
            "lineal",
            "Did you mean `linear`?",
        ),
        (
            "{kind: contour, function: x^T x}",
            "the function has no variable",
            "x^T x",
            "Add one: variable: w",
        ),
    ],
)
def test_keys_at_fault(tmp_path: Path, figure: str, message: str, word: str, hint: str) -> None:
    path = spec(tmp_path, figure)
    with pytest.raises(DocgenError) as caught:
        load(path)
    line = f"    - figure: {figure}"
    caret = " " * line.index(word) + "^" * len(word)
    assert str(caught.value) == "\n".join(filter(None, (f"{path}:5: {message}", line, caret, hint)))


# ---- files --------------------------------------------------------------------------------------------------------


def test_a_file_and_its_other_formats(tmp_path: Path) -> None:
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "loss.png").write_bytes(PNG)
    (tmp_path / "plots" / "loss.svg").write_bytes(SVG)
    (found,) = plates(prepare(load(spec(tmp_path, "{file: plots/loss.png, width: 6.5cm}"))))
    assert isinstance(found.shows, Included)
    assert found.shows.files == ((".png", PNG), (".svg", SVG)) and found.shows.width == 6.5
    assert sorted(path.name for path in found.sources) == ["loss.png", "loss.svg"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.png", None, "there is no file x.png in the spec's folder\nIt is looked for in {folder}."),
        ("x.txt", b"", "docgen cannot show the file x.txt\nA figure is one of: .pdf, .svg, .png, .jpg, .jpeg."),
        ("x.pdf", PNG, "the file x.pdf is no PDF picture\nSave the figure anew."),
        ("x.jpeg", PNG, "the file x.jpeg is no JPG picture\nSave the figure anew."),
        ("x.svg", b"<html>", "the file x.svg is no SVG picture\nSave the figure anew."),
        (
            "x.png",
            PNG[:16] + (99999).to_bytes(4, "big") * 2,
            "the file x.png has 99999 x 99999 pixels, which is too many\nSave the figure anew.",
        ),
        (
            "x.png",
            PNG + bytes(20_000_000),
            "the file x.png has 20.0 MB; a figure has at most 20 MB\nMake it smaller.",
        ),
    ],
)
def test_a_file_at_fault(tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    path = spec(tmp_path, f"{{file: {name}}}")
    with pytest.raises(DocgenError) as caught:
        prepare(load(path))
    assert str(caught.value) == f"{path}:5: {message.replace('{folder}', str(tmp_path))}"


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<path onload="x()"/>',
        b'<a href="javascript:x()"/>',
        b'<image href="file:///etc/passwd"/>',
        b'<image xlink:href="https://example.org/x.png"/>',
        b"<foreignObject/>",
        b'<style>@import "x.css";</style>',
        b"<style>path {fill: url(https://example.org/x)}</style>",
    ],
)
def test_a_picture_that_acts_or_loads_is_refused(tmp_path: Path, inside: bytes) -> None:
    (tmp_path / "x.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>")
    path = spec(tmp_path, "{file: x.svg}")
    with pytest.raises(DocgenError) as caught:
        prepare(load(path))
    assert str(caught.value) == (
        f"{path}:5: the file x.svg does more than show a picture: it holds a script or a link\nSave the figure anew."
    )


@pytest.mark.parametrize(
    "inside",
    [
        b'<use href="#a"/>',
        b'<use xlink:href="#a"/>',
        b'<g clip-path="url(#a)"/>',
        b"<style>path {fill: url( '#a' )} text {font: url(data:font/woff;base64,AA)}</style>",
        b'<image href="data:image/png;base64,AA"/>',
    ],
)
def test_a_picture_may_refer_to_its_own_parts(tmp_path: Path, inside: bytes) -> None:
    (tmp_path / "x.svg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg">' + inside + b"</svg>")
    assert plates(prepare(load(spec(tmp_path, "{file: x.svg}"))))


def test_a_link_may_not_lead_out(tmp_path: Path) -> None:
    outside, inside = tmp_path / "secret.png", tmp_path / "specs"
    inside.mkdir()
    outside.write_bytes(PNG)
    (inside / "x.png").symlink_to(outside)
    (inside / "folder").symlink_to(tmp_path)
    for name in ("x.png", "folder/secret.png"):
        path = spec(inside, f"{{file: {name}}}")
        with pytest.raises(DocgenError) as caught:
            prepare(load(path))
        assert str(caught.value) == (
            f"{path}:5: the file {name} leads out of the spec's folder\nPut the file itself into the spec's folder."
        )
    (inside / "true.png").write_bytes(PNG)
    (inside / "x.png").unlink()
    (inside / "x.png").symlink_to("true.png")
    assert plates(prepare(load(spec(inside, "{file: x.png}"))))


@pytest.mark.parametrize("name", ["../x.png", "/etc/x.png", "~/x.png", "a/../../x.png", "C:/x.png"])
def test_a_path_may_not_lead_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocgenError, match="is outside the spec's folder"):
        load(spec(tmp_path, f"{{file: '{name}'}}"))


# ---- on a page ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "number", "words", "decimal", "caption"),
    [
        (
            "en",
            "Figure\u00a01",
            ("level curves", "gradient descent", "minimum"),
            ".",
            "Level curves of $Q(w)$ for randomly drawn $y$ and $X$, the minimum, and 3\u00a0steps of gradient descent with "
            "learning rate $\\gamma = 0.01$ from the point $(-1, 1.5)$",
        ),
        (
            "ru",
            "Рис.\u00a01",
            ("линии уровня", "градиентный спуск", "точка минимума"),
            ",",
            "Линии уровня функции $Q(w)$ при случайных $y$ и\u00a0$X$, её точка минимума и\u00a03\u00a0шага "
            "градиентного спуска с\u00a0длиной шага $\\gamma = 0{,}01$ из\u00a0точки $(-1; 1{,}5)$",
        ),
        (
            "zh",
            "图\u00a01",
            ("等高线", "梯度下降", "最小值点"),
            ".",
            "函数 $Q(\\boldsymbol{w})$ 的等高线（$\\boldsymbol{y}$ 和 $\\boldsymbol{X}$ 随机生成）、最小值点，以及从点 "
            "$(-1, 1.5)$ 出发、学习率 $\\gamma = 0.01$ 的 3\u00a0步梯度下降",
        ),
    ],
)
def test_the_words_of_a_figure(
    tmp_path: Path, language: str, number: str, words: tuple[str, ...], decimal: str, caption: str
) -> None:
    handout = prepare(load(spec(tmp_path, "{kind: contour, steps: 3, rate: 0.01, start: [-1, 1.5]}")))
    (found,) = figures(compose(handout, language))
    assert isinstance(found.picture, Contour)
    assert (found.number, found.stem, found.id) == (number, "spec-figure-1", "figure-1")
    assert (found.picture.levels, found.picture.steps, found.picture.minimum) == words
    assert found.picture.decimal == decimal
    assert plain(found.caption) == caption
    assert found.picture.axes == ("w_{1}", "w_{2}")


@pytest.mark.parametrize(
    ("notation", "start", "letter"),
    [
        ("{}", "w_{0}", r"\gamma"),
        ("{iterate: 'w^{(t)}', step: '\\eta'}", "w^{(0)}", r"\eta"),
        ("{update: ':=', step: '\\alpha'}", "", r"\alpha"),
    ],
)
def test_a_figure_follows_the_notation(tmp_path: Path, notation: str, start: str, letter: str) -> None:
    head = f"title: T\nnotation: {notation}\n"
    (found,) = figures(compose(prepare(load(spec(tmp_path, "{kind: contour}", head=head))), "en"))
    assert isinstance(found.picture, Contour)
    assert (found.picture.start, found.picture.end) == (start, "w^{*}")
    assert f"${letter} = " in plain(found.caption)


def test_figures_are_numbered_and_cited(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(PNG)
    head = "title: T\n"
    path = spec(tmp_path, "{file: x.png, caption: One}", "{kind: contour, id: lines, caption: Lines of $Q$}", head=head)
    path.write_text(path.read_text().replace("  - problems: all", "  - text: See Figure {lines}.\n  - problems: all"))
    handout = prepare(load(path))
    document = compose(handout, "en")
    assert [(one.number, plain(one.caption)) for one in figures(document)] == [
        ("Figure\u00a01", "One"),
        ("Figure\u00a02", "Lines of $Q$"),
    ]
    first = document.blocks[0]
    assert isinstance(first, Paragraph) and Reference("lines", "2") in first.inlines
    for edition in ("worksheet", "key"):
        assert figures(compose(handout, "en", edition)) == []
    assert plates(prepare(load(path), ["linear"])) == []
