"""Spec files from disk: what a bad one is told, word for word, and what a good one becomes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docgen.errors import Place, SpecError
from docgen.handouts.load import MAX_BYTES, load

GOOD = "problems:\n  - id: a\n    function: x^T x\n    variable: x\n"


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in messages are as the user typed them, so every test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def told(text: str) -> str:
    """What is said of a file with this text."""
    Path("s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load("s.yaml")
    return str(caught.value)


NOT_YAML = {
    "a full-width colon in a block": (
        "problems:\n  - id: a\n    function：x^T x\n    variable: x\n",
        """s.yaml:3: a full-width colon `：` after `function`
    function：x^T x
    ^^^^^^^^^^^^^^^
Type an ordinary colon and a space: function: …""",
    ),
    "a full-width colon alone": (
        "title：A\n",
        """s.yaml:1: a full-width colon `：` after `title`
    title：A
    ^^^^^^^^
Type an ordinary colon and a space: title: …""",
    ),
    "a full-width colon in braces": (
        GOOD + "    shapes: {x：n}\n",
        """s.yaml:5: a full-width colon `：` after `x`
    shapes: {x：n}
             ^^^^
Type an ordinary colon and a space: x: …""",
    ),
    "a full-width colon that YAML takes for the rest of a text": (
        GOOD + "    title: A\n      variable：x\n",
        """s.yaml:6: a full-width colon `：` after `variable`
    variable：x
    ^^^^^^^^^^^
Type an ordinary colon and a space: variable: …""",
    ),
    "a full-width comma": (
        GOOD + "    shapes: {x: n，A: n x n}\n",
        """s.yaml:5: a full-width comma `，` between entries
    shapes: {x: n，A: n x n}
                    ^
Type an ordinary comma and a space.""",
    ),
    "a tab made of a theta": (
        'problems:\n  - id: a\n    function: "\\theta^T x"\n',
        r"""s.yaml:3: `\theta` in double quotes: YAML reads `\t` as a tab
    function: "\theta^T x"
              ^^^^^^^^^^^^
Use single quotes, where a backslash is a backslash: '\theta'""",
    ),
    "a line break made of a nabla": (
        GOOD + '    remark: "here $\\nabla f$"\n',
        r"""s.yaml:5: `\nabla` in double quotes: YAML reads `\n` as a line break
    remark: "here $\nabla f$"
            ^^^^^^^^^^^^^^^^^
Use single quotes, where a backslash is a backslash: '\nabla'""",
    ),
    "an escape that YAML does not know": (
        'problems:\n  - id: a\n    function: "\\lambda x"\n',
        r"""s.yaml:3: this is not YAML: a backslash in double quotes
    function: "\lambda x"
                ^
Use single quotes, where a backslash is a backslash: '\lambda'""",
    ),
    "bars": (
        "problems:\n  - id: a\n    function: |x|^2\n",
        """s.yaml:3: this is not YAML: a value begins with | or >
    function: |x|^2
               ^
A value that begins with | or > must stand in single quotes.""",
    ),
    "a set without quotes": (
        GOOD + "    assume: {y: in {-1, 1}}\n",
        """s.yaml:5: a set of values without quotes
    assume: {y: in {-1, 1}}
                   ^
Put it in quotes: 'in {-1, 1}'""",
    ),
    "a colon in a title": (
        GOOD + "    title: Task: the first\n",
        """s.yaml:5: this is not YAML: this colon cannot stand here
    title: Task: the first
               ^
A value that contains a colon followed by a space must stand in quotes; or the line is indented too far.""",
    ),
    "a comma for a value": (
        "notation:\n  decimal: ,\n",
        """s.yaml:2: this is not YAML: this character is one that YAML keeps for itself
    decimal: ,
             ^
A value that begins with it must stand in single quotes.""",
    ),
    "a bracket left open": (
        GOOD + "    shapes: {x: [n, 1\n",
        """s.yaml:5: this is not YAML: a comma or the closing bracket is missing
    shapes: {x: [n, 1
                ^
Entries in brackets are separated by commas, and the bracket must be closed on the way.""",
    ),
    "braces in brackets": (
        "problems:\n  - {id: a, function: \\operatorname{tr}(A X), variable: X}\n",
        r"""s.yaml:2: this is not YAML: a brace inside a value in brackets
    - {id: a, function: \operatorname{tr}(A X), variable: X}
                                     ^
In brackets, a value that has braces itself must stand in single quotes: '\frac{1}{2} x'""",
    ),
    "a dash without a space": (
        "problems:\n  -id: a\n    function: x\n",
        """s.yaml:2: no space after the dash
    -id: a
    ^^^
An item of a list begins with a dash and a space: - id: …""",
    ),
    "a tab before a key": (
        "problems:\n\t- id: a\n",
        """s.yaml:2: a tab in the indentation
    - id: a
    ^
Indent with spaces.""",
    ),
    "a key out of line": (
        "problems:\n  - id: a\n   function: x\n",
        """s.yaml:3: this is not YAML: this line begins in another column than those above
    function: x
    ^
Lines of one mapping or list begin in the same column; compare with the line above.""",
    ),
    "a key twice": (
        GOOD + "    function: y\n",
        """s.yaml:5: the key `function` is given twice
    function: y
    ^^^^^^^^
It stands in line 3 already; keep one of the two.""",
    ),
    "a tag": (
        "problems: !!python/object/apply:os.system [ls]\n",
        """s.yaml:1: the tag `tag:yaml.org,2002:python/object/apply:os.system` is not allowed
    problems: !!python/object/apply:os.system [ls]
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
A spec is plain text, lists and mappings; a value that begins with ! must stand in single quotes.""",
    ),
    "an alias of nothing": (
        "problems:\n  - id: a\n    function: *x\n",
        """s.yaml:3: `*x` refers to an anchor that is not defined above
    function: *x
              ^^
A value that begins with * must stand in single quotes.""",
    ),
    "a second document": (
        GOOD + "---\ntitle: B\n",
        """s.yaml:5: a second document begins here
    ---
    ^^^
A spec file is one document: remove the `---`.""",
    ),
    "a control character": (
        "title: a\x01b\n",
        """s.yaml:1: the file contains the control character U+0001
    title: a b
            ^
Delete the character; it is invisible in most editors.""",
    ),
    "an alias bomb": (
        "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(f"{c}: &{c} [{', '.join(['*' + chr(ord(c) - 1)] * 9)}]\n" for c in "bcdefghij"),
        """s.yaml:5: the file holds more than 50000 values once its aliases are unfolded
    e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
                               ^^
Split the file, or write the values out instead of repeating them with `*`.""",
    ),
    "brackets without end": (
        "a: " + "[" * 30,
        """s.yaml:1: more than 24 levels of lists and mappings
    a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
                               ^
A spec has at most six; a formula that begins with [ or { must stand in single quotes.""",
    ),
    "nothing": ("", "s.yaml:1: the file is empty\n`docgen new NAME` writes a spec to begin with."),
    "comments only": ("# soon\n", "s.yaml:1: the file is empty\n`docgen new NAME` writes a spec to begin with."),
}


@pytest.mark.parametrize("name", NOT_YAML)
def test_text_that_is_not_plain_yaml(name: str) -> None:
    """Each slip in the YAML is told with its line and what to type instead."""
    text, message = NOT_YAML[name]
    assert told(text) == message


UNRESOLVED = {
    "an id twice": (
        GOOD + "  - id: a\n    function: y\n",
        """s.yaml:5: the id `a` is used twice
    - id: a
          ^
It stands in line 2 already; rename one.""",
    ),
    "no id": (
        "problems:\n  - function: x\n",
        """s.yaml:2: the problem has no id
    - function: x
      ^
Give it one: id: quadratic-form""",
    ),
    "no function": (
        "problems:\n  - id: a\n    variable: x\n",
        """s.yaml:2: problem `a` has no function
    - id: a
      ^
Add one: function: x^T A x""",
    ),
    "no problems": (
        "title: A\n",
        """s.yaml:1: the file holds neither problems nor contents
A complete file:
problems:
  - id: quadratic-form
    function: x^T A x
    variable: x""",
    ),
    "a problem that the bank does not have": (
        "problems:\n  - use: quadratic-from\n",
        """s.yaml:2: the bank has no problem `quadratic-from`
    - use: quadratic-from
           ^^^^^^^^^^^^^^
Did you mean `quadratic-form`?""",
    ),
    "a problem that the bank has nothing like": (
        "problems:\n  - use: zzz\n",
        """s.yaml:2: the bank has no problem `zzz`
    - use: zzz
           ^^^
`docgen list` shows the bank.""",
    ),
    "a part of nothing": (
        "problems:\n  - id: a\n    parts:\n      - {function: x}\n      - {of: c, task: hessian}\n",
        """s.yaml:5: `of: c`: there is no such part above
    - {of: c, task: hessian}
           ^
Parts above: a.""",
    ),
    "two parts of one name": (
        "problems:\n  - id: a\n    function: x\n    parts:\n      - {id: b}\n      - {task: hessian}\n",
        """s.yaml:6: two parts of `a` have the id `b`
    - {task: hessian}
      ^
Rename one.""",
    ),
    "a part without a function": (
        "problems:\n  - id: a\n    parts:\n      - {function: x}\n      - {task: hessian}\n",
        """s.yaml:5: part `b` of `a` has no function
    - {task: hessian}
      ^
Add one: function: x^T A x""",
    ),
    "parts within parts": (
        "problems:\n  - id: a\n    function: x\n    parts:\n      - parts: [{function: x}]\n",
        """s.yaml:5: a part cannot have `parts`
    - parts: [{function: x}]
      ^^^^^
Put it on the problem.""",
    ),
    "a reference to nothing": (
        GOOD + "    hint: 'See {b}, where $x_{i}$ and `{c}` are no references.'\n",
        """s.yaml:5: {b} refers to no problem, table or rule
    hint: 'See {b}, where $x_{i}$ and `{c}` are no references.'
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
A formula in a text stands between dollar signs: $x_{i}$""",
    ),
    "a slot of a statement nearly right": (
        GOOD + "    statement: Differentiate {functon}.\n",
        """s.yaml:5: {functon} refers to no problem, table or rule
    statement: Differentiate {functon}.
               ^^^^^^^^^^^^^^^^^^^^^^^^
Did you mean {function}?""",
    ),
    "a comma in brackets": (
        "problems:\n  - {id: a, function: \\langle a, x\\rangle, variable: x}\n",
        r"""s.yaml:2: unknown key `x\rangle` in a problem
    - {id: a, function: \langle a, x\rangle, variable: x}
                                   ^^^^^^^^
In brackets, a value that has a comma itself must stand in single quotes.""",
    ),
    "an assumption on nothing": (
        GOOD + "    parts: [{assume: {X: positive}}]\n",
        """s.yaml:5: something is assumed of X, which stands nowhere in `a`
    parts: [{assume: {X: positive}}]
                      ^
Did you mean x?""",
    ),
    "a reference of the name of a problem": (
        "references:\n  - {id: a, text: A book}\n" + GOOD,
        """s.yaml:2: the id `a` is used twice
    - {id: a, text: A book}
           ^
Rename one.""",
    ),
    "a table of the name of a problem": (
        "contents:\n  - {table: a, rows: [x], variable: x}\n  - problems: all\n" + GOOD,
        """s.yaml:2: the id `a` is used twice
    - {table: a, rows: [x], variable: x}
              ^
Rename one.""",
    ),
    "a reference nearly right, in one language": (
        "problems:\n  - id: least-squares\n    function: x\n    remark:\n      en: As in {least-square}.\n",
        """s.yaml:5: {least-square} refers to no problem, table or rule
    en: As in {least-square}.
        ^^^^^^^^^^^^^^^^^^^^^
Did you mean {least-squares}?""",
    ),
    "contents with an unknown problem": (
        "contents:\n  - problems: [a, b]\n" + GOOD,
        """s.yaml:2: there is no problem `b` in this file
    - problems: [a, b]
                    ^
Add it under `problems:`, or take it from the bank: - use: b""",
    ),
    "contents with a problem twice": (
        "contents:\n  - problems: a\n  - problems: all\n" + GOOD,
        """s.yaml:3: the problem `a` stands in the contents twice
    - problems: all
                ^^^
A problem has one number, so it stands once; refer to it in texts by {a}.""",
    ),
    "a result cited from nowhere": (
        GOOD + "    reuse: [b]\n",
        """s.yaml:5: there is no problem `b` in this file
    reuse: [b]
            ^
Add it under `problems:`, or take it from the bank: - use: b""",
    ),
    "a text missing in a language of the file": (
        "language: [ru, en]\n" + GOOD + "    title: {ru: Норма}\n",
        """s.yaml:6: `title` has no text in the language en (it has ru)
    title: {ru: Норма}
    ^^^^^
Add it, or build only the languages that are there: language: ru""",
    ),
}


@pytest.mark.parametrize("name", UNRESOLVED)
def test_what_does_not_fit_together(name: str) -> None:
    """Each slip between keys is told with its line and the way out."""
    text, message = UNRESOLVED[name]
    assert told(text) == message


def test_several_faults_are_told_at_once() -> None:
    """The first fault comes first, the others below it, each with its place."""
    text = GOOD + "    points: 1,5\n  - id: b\n    function: x\n    task: gradiant\n"
    assert (
        told(text)
        == """s.yaml:5: `points`: expected a number of points, not `1,5`
    points: 1,5
            ^^^
Type a decimal point: 1.5
s.yaml:8: unknown task `gradiant`
    task: gradiant
          ^^^^^^^^
Did you mean `gradient`?"""
    )


def test_a_large_file_is_refused_before_it_is_parsed() -> None:
    """Ten megabytes are not read."""
    assert (
        told("#" * 10_000_000) == "s.yaml: the file has 10.0 MB; a spec has at most 1 MB\nSplit it into several files."
    )
    assert MAX_BYTES == 1_000_000


def test_files_that_cannot_be_read() -> None:
    """A folder, a missing file, a device, bytes that are no text."""
    Path("d").mkdir()
    Path("s.yaml").write_bytes("problems:\n  - id: я\n".encode("cp1251"))
    for path, message in {
        "d": "d: this is a folder, not a spec file\nName a file: d/seminar.yaml",
        "none.yaml": "none.yaml: there is no such file\n`docgen new NAME` writes a spec.",
        os.devnull: f"{os.devnull}: this is not an ordinary file\nName a spec file.",
        "s.yaml": "s.yaml:2: the file is not UTF-8 text\n"
        "Save it in the encoding UTF-8 (in many editors: Save as, Encoding).",
    }.items():
        with pytest.raises(SpecError) as caught:
            load(path)
        assert str(caught.value) == message


def test_a_file_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's reason is passed on."""
    Path("s.yaml").write_text(GOOD)

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SpecError) as caught:
        load("s.yaml")
    assert str(caught.value) == "s.yaml: the file cannot be read: Permission denied\nCheck its permissions."


def test_the_smallest_file() -> None:
    """Four keys are a complete file; the rest has defaults."""
    Path("my_first seminar.yaml").write_text(
        "problems:\n  - id: quadratic-form\n    function: x^T A x\n    variable: x\n    shapes: {x: n, A: n x n}\n"
    )
    spec = load("my_first seminar.yaml")
    assert spec.name == "my_first-seminar"
    assert spec.title.get("en") == "My first seminar"
    assert spec.languages == ()
    assert spec.sources == (Path("my_first seminar.yaml"),)
    (problem,) = spec.problems
    assert (problem.function, problem.variable, problem.name) == ("x^T A x", "x", "f")
    assert problem.shapes == {"x": "n", "A": "n x n"}
    assert (problem.task, problem.method, problem.layout) == (("derivative",), ("differential",), ("mixed",))
    assert [block.model_dump() for block in spec.contents] == [{"problems": ("all",)}]


def test_a_byte_order_mark_and_windows_lines_are_harmless() -> None:
    """Files saved on Windows load like others."""
    Path("s.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load("s.yaml").problem("a").function == "x^T x"


def test_keys_of_the_file_reach_its_problems() -> None:
    """Symbols, assumptions, named parts and defaults of the file hold in a problem unless it says otherwise."""
    Path("s.yaml").write_text(
        r"""layout: numerator
detail: full
symbols:
  X: {shape: '\ell x d', rows: x_i, says: data}
  w: d
  '\lambda': {shape: scalar, assume: positive}
assume: {X: full_column_rank}
where: {r: y - X w}
problems:
  - {id: a, function: r^T r, variable: w}
  - {id: b, function: a^T w, variable: w, shapes: {w: n, a: [n, 1]}, layout: mixed, assume: {X: [symmetric, diagonal]}}
"""
    )
    spec = load("s.yaml")
    a, b = spec.problems
    assert a.shapes == {"X": r"\ell x d", "w": "d", r"\lambda": "scalar"}
    assert a.assume == {r"\lambda": ("positive",), "X": ("full_column_rank",)}
    assert (a.layout, a.detail, a.where) == (("numerator",), "full", {"r": "y - X w"})
    assert b.shapes == {"X": r"\ell x d", "w": "n", r"\lambda": "scalar", "a": ["n", 1]}
    assert b.layout == ("mixed",)
    assert b.assume["X"] == ("symmetric", "diagonal")
    assert spec.keys.symbols["X"].rows == "x_i"


def test_parts_inherit_and_go_on() -> None:
    """A part takes the problem's formula, or that of the part it goes on from; unnamed parts are a, b, c."""
    Path("s.yaml").write_text(
        """problems:
  - id: ridge
    name: Q
    variable: w
    shapes: {w: d}
    points: 5
    parts:
      - {function: w^2, shapes: {w: scalar}, task: gradient, points: 1}
      - {id: matrix, function: w^T w, task: gradient}
      - {of: matrix, task: hessian}
"""
    )
    spec = load("s.yaml")
    a, matrix, c = spec.problem("ridge").parts
    assert [p.id for p in (a, matrix, c)] == ["a", "matrix", "c"]
    assert (a.name, a.shapes, a.points) == ("Q", {"w": "scalar"}, 1.0)
    assert (matrix.shapes, matrix.points) == ({"w": "d"}, None)
    assert (c.function, c.variable, c.task) == ("w^T w", "w", ("hessian",))
    assert spec.place_of("ridge", "task", part="c").line == 10
    assert spec.place_of("ridge", "function", part="c").line == 9
    assert spec.place_of("ridge", "variable", part="c").line == 4


def test_places() -> None:
    """A problem's keys are found by line, in the file or in the bank; one that was not typed is the problem itself."""
    Path("bank").mkdir()
    Path("bank/b.yaml").write_text("problems:\n  - id: norm\n    function: x^T x\n    shapes: {x: n}\n")
    Path("s.yaml").write_text(
        "contents:\n  - text: A\n  - problems: all\nproblems:\n  - use: norm\n    shapes: {x: m}\n"
    )
    spec = load("s.yaml")
    assert spec.problem("norm").shapes == {"x": "m"}
    assert spec.place_of("norm", "function") == Place(file="bank/b.yaml", line=3)
    assert spec.place_of("norm", "shapes", "x") == Place(file="s.yaml", line=6)
    assert spec.place_of("norm", "hint") == Place(file="s.yaml", line=5)
    assert spec.place("contents", 1, "problems") == Place(file="s.yaml", line=3)
    assert spec.place("title") == Place(file="s.yaml", line=1)
    assert spec.sources == (Path("s.yaml"), Path("bank/b.yaml"))


def test_texts_are_asked_for_in_the_languages_that_are_built() -> None:
    """A file that names no language is complete for the languages of its texts only."""
    Path("s.yaml").write_text(GOOD + "    hint: {ru: Да, en: 'Yes'}\n    remark: $x$\n")
    spec = load("s.yaml")
    spec.require(["ru", "en"])
    with pytest.raises(SpecError) as caught:
        spec.require(["ru", "en", "zh"])
    assert (
        str(caught.value)
        == """s.yaml:5: `hint` has no text in the language zh (it has ru, en)
    hint: {ru: Да, en: 'Yes'}
    ^^^^
Add it, or build only the languages that are there: language: [ru, en]"""
    )


def test_a_text_in_no_language_that_there_is() -> None:
    """To build only the languages of the text is no way out where docgen has none of them."""
    Path("s.yaml").write_text(GOOD + "    hint: {de: Ja}\n")
    with pytest.raises(SpecError) as caught:
        load("s.yaml").require(["en"], ["en", "ru", "zh"])
    assert str(caught.value).endswith("(it has de)\n    hint: {de: Ja}\n    ^^^^\nAdd it: {en: …}")


def test_a_language_that_there_is_not() -> None:
    Path("s.yaml").write_text("language: de\n" + GOOD)
    with pytest.raises(SpecError) as caught:
        load("s.yaml").require(["de"], ["en", "ru", "zh"])
    assert str(caught.value) == "s.yaml:1: there is no language `de`\n    language: de\n              ^^\nKnown: en, ru, zh."


def test_merge_keys_and_aliases_are_plain_repetition() -> None:
    """YAML's own means of saying a thing once work."""
    Path("s.yaml").write_text("problems:\n  - &p {id: a, function: x, shapes: &s {x: n}}\n  - {<<: *p, id: b}\n")
    a, b = load("s.yaml").problems
    assert (b.id, b.function, b.shapes) == ("b", "x", a.shapes)


def test_text_is_data() -> None:
    """Nothing in a text is run or expanded."""
    text = r"<< 7 * 7 >> <% include x %> \input{/etc/passwd} $(ls) {{ 7 * 7 }} %(x)s {0}"
    Path("s.yaml").write_text(GOOD + f"    remark: '{text.removesuffix(' {0}')}'\n")
    remark = load("s.yaml").problem("a").remark
    assert remark is not None
    assert remark.get("en") == text.removesuffix(" {0}")
    assert told(GOOD + f"    remark: '{text}'\n").startswith("s.yaml:5: {0} refers to no problem, table or rule")
