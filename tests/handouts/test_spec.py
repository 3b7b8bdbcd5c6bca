"""The keys of a spec: what each takes, what is said where it is something else, and the JSON Schema."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from docgen.errors import SpecError
from docgen.handouts.contents import BLOCKS
from docgen.handouts.load import load
from docgen.handouts.schema import json_schema
from docgen.handouts.spec import File, Problem, all_keys

GOOD = "problems:\n  - id: a\n    function: x^T x\n    variable: x\n"

SEMINAR = r"""
course: {ru: Машинное обучение, en: Machine Learning}
kind: homework
number: 3
title: Matrix calculus
date: 2026-09-21
due: 2026-09-28 23:59
author: A. Author
language: en
paper: letter
notation: {canonical: inner, transpose: T, d: upright, leq: '\leqslant', repeat_sign: true, step: '\eta', update: ':='}
macros: {RR: '\mathbb{R}'}
functions: {'h_\theta(x)': '\sigma(\theta^T x)'}
where: {p: '\operatorname{softmax}(W x)'}
symbols:
  X: {shape: '\ell x d', rows: x_i, says: {ru: матрица, en: design matrix}}
  '\lambda': {shape: scalar, assume: positive}
references:
  - {id: cookbook, text: 'Petersen, Pedersen. The Matrix Cookbook, 2012'}
contents:
  - section: Theory
    editions: {handout: statements}
  - text: 'See {cookbook} and {least}.'
  - theory: [differential, gradient]
  - table: canonical-forms
  - table: mine
    rows: ['a^T x', 'x^T A x']
    layout: [numerator, denominator]
  - rules: used
  - claim: 'd(\det X) = \det(X) \operatorname{tr}(X^{-1} dX)'
    shapes: {X: n x n}
    assume: {X: invertible}
  - figure: {kind: contour, problem: least}
  - page_break
  - page_break:
  - problems: [least]
problems:
  - id: least
    title: Least squares
    function: '\|y - X w\|^2'
    equals: '(y - X w)^T (y - X w)'
    answer: '2 X^T (X w - y)'
    special: [{when: {X: orthogonal}}, {set: {X: I}, title: Corollary}]
    name: Q
    variables: [w, X]
    shapes: {X: [n, d], y: n, w: d}
    assume: {X: [full_column_rank], y: 'in {-1, 1}'}
    task: [gradient, hessian]
    method: [differential, expand]
    layout: [mixed, numerator]
    form: show
    detail: brief
    points: 1.5
    bonus: yes
    level: 3
    tags: [regression]
    space: 5.5 cm
    grading: [{points: 1, text: gradient}]
"""


def test_every_key_of_a_file(tmp_path: Path) -> None:
    """A file with all kinds of keys is read as it was meant."""
    path = tmp_path / "all.yaml"
    path.write_text(SEMINAR, encoding="utf-8")
    spec = load(path)
    keys, (problem,) = spec.keys, spec.problems
    assert (keys.kind, keys.number, keys.paper, keys.language) == ("homework", 3, "letter", ("en",))
    assert (keys.date, keys.due) == (dt.date(2026, 9, 21), dt.datetime(2026, 9, 28, 23, 59))
    assert (keys.notation.canonical, keys.notation.repeat_sign, keys.notation.bold) == ("inner", True, None)
    assert [type(block) for block in spec.contents] == [
        BLOCKS[name]
        for name in ("section text theory table table rules claim figure page_break page_break problems".split())
    ]
    assert spec.contents[0].editions == {"handout": "statements"}
    assert (problem.variables, problem.variable) == (("w", "X"), None)
    assert problem.shapes["X"] == ["n", "d"]
    assert problem.assume == {
        r"\lambda": ("positive",),
        "X": ("full_column_rank",),
        "y": ("in {-1, 1}",),
    }
    assert (problem.points, problem.bonus, problem.level, problem.space) == (1.5, True, 3, "5.5cm")
    assert problem.special[1].set == {"X": "I"}
    assert problem.equals == ("(y - X w)^T (y - X w)",)


WRONG = {
    "    tsak: hessian": "unknown key `tsak` in a problem\n    tsak: hessian\n    ^^^^\nDid you mean `task`?",
    "    wrt: x": "unknown key `wrt` in a problem\n    wrt: x\n    ^^^\nDid you mean `variable`?",
    "    zzzz: 1": (
        "unknown key `zzzz` in a problem\n    zzzz: 1\n    ^^^^\n`docgen schema` prints all that is known."
    ),
    "    answer:": "`answer` is empty\n    answer:\n    ^^^^^^\nFor example: answer: 2 A x",
    "    answer: ''": "`answer`: the formula is empty\n    answer: ''\n            ^^\nType one, for example: x^T A x",
    "    answer: [x]": (
        "`answer`: expected a formula, for example x^T A x, not a list\n    answer: [x]\n            ^\n"
        "A formula that begins with [ or { must stand in single quotes: '{x}^T A x'"
    ),
    "    shapes: n": (
        "`shapes`: expected a mapping of symbols and shapes, for example {x: n, A: n x n}, not `n`\n"
        "    shapes: n\n            ^"
    ),
    "    shapes: {x: [n, 1, 1]}": (
        "`x`: expected a shape, for example n, n x m, scalar or [n, m]; a list gives rows and columns\n"
        "    shapes: {x: [n, 1, 1]}\n                ^"
    ),
    "    assume: {A: symetric}": (
        "unknown assumption `symetric`\n    assume: {A: symetric}\n                ^^^^^^^^\nDid you mean `symmetric`?"
    ),
    "    assume: {y: in -1 1}": (
        "the set of values `in -1 1` cannot be read\n    assume: {y: in -1 1}\n                ^^^^^^^\n"
        "Type it in quotes: 'in {-1, 1}'"
    ),
    "    task: [gradient, hesian]": (
        "unknown task `hesian`\n    task: [gradient, hesian]\n                     ^^^^^^\nDid you mean `hessian`?"
    ),
    "    task: [hessian, hessian]": (
        "the task `hessian` is listed twice\n    task: [hessian, hessian]\n                    ^^^^^^^\n"
        "Remove one of the two."
    ),
    "    task: []": "`task`: expected at least one task, not an empty list\n    task: []\n          ^",
    "    method: diff": (
        "unknown method `diff`\n    method: diff\n            ^^^^\n"
        "Known: differential, coordinates, chain, expand, implicit."
    ),
    "    layout: denom": "unknown layout `denom`\n    layout: denom\n            ^^^^^\nDid you mean `denominator`?",
    "    points: 1,5": (
        "`points`: expected a number of points, not `1,5`\n    points: 1,5\n            ^^^\nType a decimal point: 1.5"
    ),
    "    points: many": (
        "`points`: expected a number of points, for example 1.5, not `many`\n    points: many\n            ^^^^"
    ),
    "    level: 9": ("`level`: expected a whole number from 1 to 5, not `9`\n    level: 9\n           ^"),
    "    bonus: perhaps": "`bonus`: expected true or false, not `perhaps`\n    bonus: perhaps\n           ^^^^^^^",
    "    space: 5,5cm": (
        "`space`: expected none, box, page, auto or a height such as 5cm, not `5,5cm`\n"
        "    space: 5,5cm\n           ^^^^^"
    ),
    "    title: [A, B]": (
        "`title`: expected a text, not a list\n    title: [A, B]\n           ^\n"
        "One text for all languages, or one for each: {ru: …, en: …, zh: …}"
    ),
    "    title: {Russian: А}": (
        "expected the code of a language, for example ru, en or zh, not `Russian`\n    title: {Russian: А}\n"
        "            ^^^^^^^\nA text is one for all languages, or a mapping such as {ru: …, en: …, zh: …}."
    ),
    "    title: {ru: ''}": (
        "`ru`: expected a text in the language ru, not nothing\n    title: {ru: ''}\n                ^^"
    ),
    "    special: {when: {A: symmetric}}": (
        "`special`: expected a list of special cases, each after a dash, not a mapping\n"
        "    special: {when: {A: symmetric}}\n             ^\nFor example: - {when: {A: symmetric}}"
    ),
    "    task: hessian, gradient": (
        "unknown task `hessian, gradient`\n    task: hessian, gradient\n          ^^^^^^^^^^^^^^^^^\n"
        "Several stand in a list: [hessian, gradient]"
    ),
    "    special: [{title: x}]": (
        "the special case says neither `when` nor `set`\n    special: [{title: x}]\n              ^\n"
        "For example: {when: {A: symmetric}}"
    ),
    "    variables: [x, y]": (
        "both `variable` and `variables` are given\n    variables: [x, y]\n    ^^^^^^^^^\nKeep one of the two."
    ),
    "  - b": (
        "`problems`: expected a problem, for example {id: linear, function: a^T x, variable: x}, not `b`\n"
        "    - b\n      ^"
    ),
    "  - id: ../b": (
        "the id `../b` is not allowed\n    - id: ../b\n          ^^^^\n"
        "An id has Latin letters, digits, hyphens and underscores only, at most 64, and does not begin with a hyphen; "
        "for example quadratic-form."
    ),
    "date: 21.09.2026": (
        "`date`: expected a date as year-month-day, for example 2026-09-21, not `21.09.2026`\n"
        "    date: 21.09.2026\n          ^^^^^^^^^^"
    ),
    "due: soon": (
        "`due`: expected a date, for example 2026-09-28 or 2026-09-28 23:59, not `soon`\n    due: soon\n         ^^^^"
    ),
    "kind: seminary": "unknown kind `seminary`\n    kind: seminary\n          ^^^^^^^^\nDid you mean `seminar`?",
    "contnts: []": "unknown key `contnts` in a spec file\n    contnts: []\n    ^^^^^^^\nDid you mean `contents`?",
    "contents: {text: A}": (
        "`contents`: expected a list of blocks, each after a dash, not a mapping\n    contents: {text: A}\n"
        "              ^\nFor example: - {section: Theory}"
    ),
    "contents: [{sectoin: A}]": (
        "unknown block `sectoin` in the contents\n    contents: [{sectoin: A}]\n                ^^^^^^^\n"
        "Did you mean `section`?"
    ),
    "contents: [text]": (
        "`contents`: expected a block, not `text`\n    contents: [text]\n               ^^^^\n"
        "A block begins with one of: section, theory, table, rules, problems, claim, figure, page_break, text."
    ),
    "contents: [{section: }]": "`section` is empty\n    contents: [{section: }]\n                ^^^^^^^",
    "contents: [{section: A, editions: {handuot: statements}}]": (
        "unknown edition `handuot`\n    contents: [{section: A, editions: {handuot: statements}}]\n"
        "                                       ^^^^^^^\nDid you mean `handout`?"
    ),
    "contents: [{figure: {file: ../../x.pdf}}]": (
        "the file `../../x.pdf` is outside the spec's folder\n    contents: [{figure: {file: ../../x.pdf}}]\n"
        "                               ^^^^^^^^^^^\nGive a path inside it: figures/loss.pdf"
    ),
    "symbols: {A: {shap: n}}": (
        "unknown key `shap` in a symbol\n    symbols: {A: {shap: n}}\n                  ^^^^\nDid you mean `shape`?"
    ),
    "notation: {transpose: t}": (
        "unknown sign of transposition `t`\n    notation: {transpose: t}\n"
        "                          ^\nDid you mean `T`?"
    ),
    "language: russian": (
        "`language`: expected the code of a language, for example ru, en or zh, not `russian`\n"
        "    language: russian\n              ^^^^^^^"
    ),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_key_or_value(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was expected, an example where it helps, and the line with the place marked."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(GOOD + line + "\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load("s.yaml")
    assert str(caught.value) == "s.yaml:5: " + WRONG[line]


def test_formulas_from_python_are_checked_too() -> None:
    """A control character in a formula is told even where no YAML was read."""
    with pytest.raises(ValueError, match=r"the formula contains the control character U\+0009"):
        Problem.model_validate({"id": "a", "function": "\theta"})


def test_models_are_frozen() -> None:
    """What was typed stays as it was typed."""
    problem = Problem.model_validate({"id": "a", "function": "x"})
    with pytest.raises(ValueError, match="frozen"):
        problem.function = "y"  # type: ignore[misc]


def test_an_empty_key_counts_as_not_given() -> None:
    """A key left blank, as in a scaffold, has its default."""
    problem = Problem.model_validate({"id": "a", "function": "x", "hint": None, "task": None})
    assert problem.task == ("derivative",)
    assert problem.model_fields_set == {"id", "function"}


def test_the_schema_describes_every_key() -> None:
    """Each key of each model has a description, and the schema is one of draft 2020-12."""
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    models = [schema, *schema["$defs"].values()]
    named: set[str] = set()
    for model in models:
        assert model["additionalProperties"] is False, model["title"]
        for key, value in model["properties"].items():
            named.add(key)
            assert value.get("description"), f"{model['title']}.{key}"
    assert named == all_keys()
    assert set(schema["properties"]) == set(File.model_fields)


def test_the_schema_accepts_what_loads() -> None:
    """An editor that knows the schema has nothing to say about a good file, and something about a bad one."""
    validator = jsonschema.Draft202012Validator(json_schema())
    good: Any = YAML(typ="safe", pure=True).load(SEMINAR)
    good["date"], good["due"] = str(good["date"]), str(good["due"])
    good["symbols"]["w"] = "d"
    assert [error.message for error in validator.iter_errors(good)] == []
    good["problems"][0]["tsak"] = "hessian"
    assert not validator.is_valid(good)
