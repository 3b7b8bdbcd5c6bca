"""Docgen's own tables, and tables of functions whose derivatives are derived."""

from __future__ import annotations

from pathlib import Path

import pytest

import docgen
from docgen.errors import DocgenError, LanguageError, Place
from docgen.handouts import tables
from docgen.handouts.compose import compose
from docgen.handouts.document import Inlines, Math, Table, Text
from docgen.handouts.handout import Chart
from docgen.handouts.inline import plain
from docgen.handouts.language import Language, languages, load_language
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare
from docgen.handouts.texts import Texts

TABLES = ["canonical-forms", "derivatives", "shapes", "layouts"]


def cells(row: tuple[Inlines, ...]) -> list[str]:
    return [plain(cell) for cell in row]


def formulas(table: Table) -> list[list[str]]:
    """The formulas of every cell, the head and the caption included."""
    every = [table.caption, *table.head, *(cell for row in table.rows for cell in row)]
    return [[piece.latex for piece in cell if isinstance(piece, Math)] for cell in every]


def own(id: str, code: str) -> Table:
    """One of docgen's tables in a language."""
    language = load_language(code)
    made = tables.blocks(Chart(id, "1"), language, Texts(language, lambda target: Text(target)), {}, ())[0]
    assert isinstance(made, Table)
    return made


@pytest.mark.parametrize("code", languages())
def test_every_language_has_every_table(code: str) -> None:
    assert list(tables.entries(load_language(code))) == [*TABLES, tables.COMPUTED]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("id", TABLES)
def test_a_table_has_the_same_formulas_and_dashes_in_every_language(code: str, id: str) -> None:
    here, english = own(id, code), own(id, "en")
    assert formulas(here)[len(here.head) + 1 :] == formulas(english)[len(english.head) + 1 :]
    assert sorted(formulas(here)) == sorted(formulas(english))
    for row, same in zip(here.rows, english.rows, strict=True):
        assert len(row) == len(here.head)
        assert [cell == (Text("—"),) for cell in row] == [cell == (Text("—"),) for cell in same]


def test_the_canonical_forms_by_case() -> None:
    """Rows are arguments, columns values; from scalars to matrices there is a derivative, the dashes are three."""
    table = own("canonical-forms", "en")
    assert [cells(row) for row in table.rows] == [
        ["scalar", "$df = f'(t)\\,dt$", "$df = J_f\\,dt$", "$dF = F'(t)\\,dt$"],
        [r"vector in $\mathbb{R}^{n}$", r"$df = (\nabla f)^{T} dx$", "$df = J_f\\,dx$", "—"],
        [r"$n \times k$ matrix", r"$df = \operatorname{tr}\bigl((\nabla f)^{T} dA\bigr)$", "—", "—"],
    ]


#: A function of each kind, with the letters of the table of shapes.
SAMPLES = {
    "a scalar by a scalar": ("t^2", "t", {"t": "scalar"}),
    "a vector by a scalar": ("t a", "t", {"t": "scalar", "a": "m"}),
    "a matrix by a scalar": ("t A", "t", {"t": "scalar", "A": "m x n"}),
    "a scalar by a vector": ("a^T x", "x", {"a": "n", "x": "n"}),
    "a vector by a vector": ("A x", "x", {"A": "m x n", "x": "n"}),
    "a scalar by a matrix": (r"\operatorname{tr}(A X)", "X", {"A": "q x p", "X": "p x q"}),
}


@pytest.mark.parametrize("row", range(6))
@pytest.mark.parametrize(("column", "layout"), [(2, "numerator"), (3, "denominator")])
def test_the_table_of_shapes_is_what_derive_gives(row: int, column: int, layout: str) -> None:
    kind, _, *sizes = cells(own("shapes", "en").rows[row])
    if sizes[column - 2] == "—":
        assert kind == "a matrix by a scalar"
        return
    formula, variable, shapes = SAMPLES[kind]
    rows, cols = docgen.derive(formula, variable, shapes, layout=layout).answer.shape
    assert sizes[column - 2].split("$")[1:2] == ([rf"{rows} \times {cols}"] if kind != "a scalar by a scalar" else [])


SPEC = """\
contents:
  - text: 'Tables {vectors}, {scalars}.'
  - table: vectors
    variable: x
    shapes: {x: n, a: m, A: m x n}
    layout: [numerator, denominator]
    rows: [a, x, A x, {function: x^T A, shapes: {A: n x m}}]
  - table: scalars
    variable: x
    shapes: {x: n, a: scalar, A: n x n}
    layout: [numerator, denominator]
    rows: [a, x^T A x, {function: x^T A x, assume: {A: symmetric}}]
  - table: mixed
    caption: My caption
    shapes: {X: n x n, x: n}
    variable: X
    rows: ['\\operatorname{tr}(X)', {function: '\\|x\\|', variable: x}]
problems: []
"""


def shown(folder: Path, code: str = "en") -> list[Table]:
    file = folder / "spec.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return [block for block in compose(prepare(load(file)), code).blocks if isinstance(block, Table)]


def test_derivatives_in_both_layouts_are_derived(tmp_path: Path) -> None:
    """The table of vectors by vectors and of scalars by vectors, zeros with their sizes."""
    vectors, scalars, _ = shown(tmp_path)
    assert cells(vectors.head) == [
        r"Function of $x \in \mathbb{R}^{n}$",
        "Condition",
        "Numerator layout",
        "Denominator layout",
    ]
    assert [[cells(row)[k] for k in (0, 2, 3)] for row in vectors.rows] == [
        ["$a$", r"$0_{m \times n}$", r"$0_{n \times m}$"],
        ["$x$", "$I_{n}$", "$I_{n}$"],
        ["$A x$", "$A$", "$A^{T}$"],
        ["$x^{T} A$", "$A^{T}$", "$A$"],
    ]
    assert [[cells(row)[k] for k in (0, 2, 3)] for row in scalars.rows] == [
        ["$a$", r"$0_{1 \times n}$", r"$0_{n \times 1}$"],
        ["$x^{T} A x$", "$x^{T} (A + A^{T})$", "$(A + A^{T}) x$"],
        ["$x^{T} A x$", "$2 x^{T} A$", "$2 A x$"],
    ]


@pytest.mark.parametrize(
    ("code", "condition"),
    [
        ("en", r"$A \in \mathbb{R}^{n \times n}$ is a constant symmetric matrix"),
        ("ru", "$A \\in \\mathbb{R}^{n \\times n}$\u00a0— постоянная симметричная матрица"),
        ("zh", r"$\boldsymbol{A} \in \mathbb{R}^{n \times n}$ 为常对称矩阵"),
    ],
)
def test_conditions_are_printed(tmp_path: Path, code: str, condition: str) -> None:
    assert cells(shown(tmp_path, code)[1].rows[2])[1] == condition


def test_a_table_without_layouts_has_the_usual_one_and_its_variables(tmp_path: Path) -> None:
    table = shown(tmp_path)[2]
    assert cells((table.caption,)) == ["My caption"]
    assert cells(table.head) == ["Function", "Argument", "Condition", "Derivative"]
    assert [cells(row) for row in table.rows] == [
        [r"$\operatorname{tr}(X)$", r"$X \in \mathbb{R}^{n \times n}$", "", "$I_{n}$"],
        [r"$\|x\|$", r"$x \in \mathbb{R}^{n}$", r"$x \ne 0$", r"$\frac{x}{\|x\|}$"],
    ]


def test_a_row_tells_what_is_assumed_of_its_variable(tmp_path: Path) -> None:
    rows = "rows: [{function: '\\log\\det X', variable: X, shapes: {X: n x n}, assume: {X: positive_definite}}]"
    spec = f"contents:\n  - {{table: own, {rows}}}\n"
    file = tmp_path / "spec.yaml"
    file.write_text(spec, encoding="utf-8")
    table = next(block for block in compose(prepare(load(file)), "en").blocks if isinstance(block, Table))
    assert cells(table.rows[0])[1:] == ["$X$ is positive definite", "$X^{-1}$"]


@pytest.mark.parametrize("code", languages())
def test_tables_are_numbered_and_texts_refer_to_them(tmp_path: Path, code: str) -> None:
    numbers = [table.number for table in shown(tmp_path, code)]
    word = load_language(code).word("tables.number")
    assert numbers == [word.replace("#", str(k)) for k in (1, 2, 3)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("- table: vectors", "- table: layuots\n  - table: vectors"),
            "{file}:3: there is no table `layuots`\n"
            "Did you mean `layouts`? A table of your own has `rows:`, a list of functions.",
        ),
        (("    variable: x\n", ""), "{file}:6: the table names no variable\nAdd one: variable: x"),
        (
            ("rows: [a, x, A x,", "rows: [a, x, A z,"),
            "{file}:7: the symbol z is not declared\n    A z\n      ^\nDeclare its shape, as in z: n; or did you mean x?",
        ),
        (
            ("assume: {A: symmetric}", "assumes: {A: symmetric}"),
            "{file}:12: unknown key `assumes` in a row of a table\n"
            "    rows: [a, x^T A x, {{function: x^T A x, assumes: {{A: symmetric}}}}]\n"
            "                                           ^^^^^^^\nDid you mean `assume`?",
        ),
    ],
)
def test_faults_have_their_place(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(SPEC.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DocgenError) as error:
        compose(prepare(load(file)), "en")
    assert str(error.value) == message.format(file=file)


def test_a_table_that_a_language_lacks(tmp_path: Path) -> None:
    language = Language("qq", [load_language("en").folders[0], tmp_path])
    (tmp_path / "tables.toml").write_text("[shapes]\nhead = 1\n", encoding="utf-8")
    alone = Language("qq", [tmp_path])
    alone.tables = language.tables
    with pytest.raises(LanguageError) as error:
        tables.blocks(Chart("layouts", "1", place=Place("s.yaml", 3)), alone, Texts(language, Text), {}, ())
    assert str(error.value) == (
        "s.yaml:3: the language qq has no table `layouts`\n"
        "Add [layouts] with caption, head and rows to templates/qq/tables.toml."
    )
