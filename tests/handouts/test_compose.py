"""Statements, worked solutions and whole handouts, in three languages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from docgen.errors import Place, SpecError
from docgen.handouts.compose import compose
from docgen.handouts.document import (
    Answer,
    Display,
    Document,
    Fields,
    Heading,
    Math,
    Paragraph,
    Problem,
    Reference,
    Space,
    Table,
    Text,
)
from docgen.handouts.document import Solution as Worked
from docgen.handouts.handout import Handout, Passage, ProblemList, RuleTable, Section
from docgen.handouts.inline import plain
from docgen.handouts.language import load_language
from docgen.handouts.memory import Memory
from docgen.handouts.narrate import narrate
from docgen.handouts.statement import statement
from docgen.handouts.wording import notation_of
from tests.handouts.pages import everywhere, formulas, handout, solution
from tests.handouts.solved import BUILDERS

CODES = ("en", "ru", "zh")
NAMES = tuple(BUILDERS)
READINGS = ("read_gradient", "read_matrix_gradient", "read_jacobian", "read_hessian")


#: A notation of no nation: what a language changes is put back.
COMMON = {"transpose": "T", "d": "italic", "bold": False, "leq": r"\le", "decimal": ".", "repeat_sign": False}


def page(code: str, *names: str, edition: str = "handout") -> Document:
    return compose(handout(*names), code, edition)


def common(code: str, *names: str, edition: str = "handout") -> Document:
    return compose(replace(handout(*names), notation=COMMON), code, edition)


def words(document: Document) -> str:
    """All paragraphs of a page."""
    out: list[str] = []

    def visit(blocks: object) -> None:
        for block in blocks:  # type: ignore[attr-defined]
            match block:
                case Paragraph(inlines, _):
                    out.append(plain(inlines))
                case Problem(_, _, _, inside, _) | Worked(_, inside):
                    visit(inside)
                case _:
                    pass

    visit(document.blocks)
    return "\n".join(out)


def said(code: str, name: str) -> str:
    """The statement of a problem as text."""
    language = load_language(code)
    solved = solution(name)
    blocks = statement(solved, language, notation_of(language, solved.function), name)
    return " ".join(plain(b.inlines) for b in blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        (
            "en",
            "quadratic-form",
            r"Consider the function $f(x) = x^{T} A x$ of the vector $x \in \mathbb{R}^{n}$, where"
            r" $A \in \mathbb{R}^{n \times n}$ is a constant matrix. Compute the gradient $\nabla f(x)$.",
        ),
        (
            "en",
            "symmetric-form",
            r"Consider the function $f(x) = x^{T} A x$ of the vector $x \in \mathbb{R}^{n}$, where"
            r" $A \in \mathbb{R}^{n \times n}$ is a constant symmetric matrix."
            r" Find the gradient $\nabla f(x)$ and the Hessian $\nabla^{2} f(x)$.",
        ),
        (
            "ru",
            "matrix-inverse",
            r"Рассмотрим матричную функцию $f(A) = A^{-1}$ от обратимой матрицы $A \in \mathbb{R}^{n \times n}$."
            r" Вычислите дифференциал $df$.",
        ),
        (
            "ru",
            "bilinear-form",
            r"Дана функция $f(A) = x^{T} A y$ от матрицы $A \in \mathbb{R}^{n \times m}$, где $x \in \mathbb{R}^{n}$"
            r" и $y \in \mathbb{R}^{m}$ — постоянные векторы. Вычислите градиент $\nabla f(A)$.",
        ),
        (
            "zh",
            "quadratic-form",
            r"设 $f(\boldsymbol{x}) = \boldsymbol{x}^{\mathrm{T}} \boldsymbol{A} \boldsymbol{x}$，"
            r"其中向量 $\boldsymbol{x} \in \mathbb{R}^{n}$ 为自变量，"
            r"$\boldsymbol{A} \in \mathbb{R}^{n \times n}$ 为常矩阵。试求梯度 $\nabla f(\boldsymbol{x})$。",
        ),
        (
            "zh",
            "cubic-map",
            r"考虑向量 $\boldsymbol{x} \in \mathbb{R}^{n}$ 的向量值函数"
            r" $f(\boldsymbol{x}) = \boldsymbol{x} \boldsymbol{x}^{\mathrm{T}} \boldsymbol{x}$。"
            r"求雅可比矩阵 $\boldsymbol{J}_{f}(\boldsymbol{x})$。",
        ),
    ],
)
def test_statements(code: str, name: str, expected: str) -> None:
    assert said(code, name).replace("\u00a0", " ") == expected


def test_everything_assumed_is_printed() -> None:
    """INVENTORY 12: ranges of labels, the natural logarithm, a norm away from zero."""
    logistic = said("en", "logistic-loss")
    assert r"$y \in \{-1, 1\}$" in logistic
    assert r"Here $\log$ is the natural logarithm." in logistic
    assert r"Assume that $x \ne 0$." in said("en", "norm")
    assert "invertible" in said("en", "determinant")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", NAMES)
def test_the_statement_ends_with_the_goal_of_the_answer(code: str, name: str) -> None:
    language = load_language(code)
    solved = solution(name)
    notation = notation_of(language, solved.function)
    told = narrate(solved, language, notation, name)
    answers = [b.latex.split(" = ")[0] for b in told if isinstance(b, Answer)]
    asked = re.findall(r"\$([^$]*)\$", said(code, name))[-len(answers) :]
    assert asked == answers


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", NAMES)
def test_the_shape_of_a_solution(code: str, name: str) -> None:
    """One box a derivation, displays that end like sentences, no line with both a sentence and a label, and the brace
    under the coefficient once for each canonical form."""
    language = load_language(code)
    solved = solution(name)
    told = narrate(solved, language, notation_of(language, solved.function), name)
    assert isinstance(told[0], Paragraph)
    assert sum(isinstance(b, Answer) for b in told) == len(solved.derivations)
    for before, block in pairwise(told):
        if isinstance(block, Display):
            assert block.rows[-1].punctuation == language.word("display.stop")
            assert block.rows[0].left and all(row.relation == "=" for row in block.rows)
            assert isinstance(before, Paragraph), "a display needs a sentence before it"
        if isinstance(block, Paragraph):
            assert block.inlines
    braces = [row for b in told if isinstance(b, Display) for row in b.rows if r"\underbrace" in row.right[0]]
    read = [line for d in solved.derivations for line in d.lines if line.rule in READINGS]
    assert len(braces) == len(read)


def test_a_solution_in_full() -> None:
    language = load_language("en")
    solved = solution("quadratic-form")
    told = narrate(solved, language, notation_of(language, solved.function), "quadratic-form")
    shown = []
    for block in told:
        match block:
            case Paragraph(inlines, _):
                shown.append(plain(inlines))
            case Display(rows):
                shown += [f"  {r.left} = {''.join(r.right)}{r.punctuation} [{plain(r.reason)}]" for r in rows]
            case Answer(head, latex, _):
                shown.append(f"{head} {latex}")
            case _:
                raise AssertionError(block)
    assert shown == [
        "A function from vectors to scalars has a gradient, and it can be read off as soon as the differential takes"
        r" the form $df = (\nabla f(x))^{T}\,dx$. The sizes of the factors are as follows:",
        r"  f(x) = \underset{[1 \times n]}{x^{T}} \underset{[n \times n]}{A} \underset{[n \times 1]}{x}. []",
        "By the product rule, every occurrence of\u00a0$x$ contributes one term, and the other factors keep their"
        " places:",
        r"  df = (dx)^{T} A x + x^{T} A\,dx. []",
        "Note that $(dx)^{T} A x$ is a scalar and hence equal to its transpose:",
        r"  df = x^{T} A^{T}\,dx + x^{T} A\,dx []",
        r"   = \underbrace{x^{T} (A + A^{T})}_{(\nabla f(x))^{T}}\,dx. [common factor]",
        r"This is the canonical form $df = (\nabla f(x))^{T}\,dx$, in which the row in front of"
        "\u00a0$dx$ is the transposed gradient. It remains to transpose the row.",
        r"Answer: \nabla f(x) = (A + A^{T}) x",
        r"Dimension check: $[n \times n][n \times 1] = [n \times 1]$, the same as for" + "\u00a0$x$.",
    ]


def test_a_rule_is_explained_once_on_a_page_and_named_after() -> None:
    """The first solution is cut where a decisive rule is new, the second has its chain in one piece."""
    language = load_language("en")
    solved = solution("quadratic-form")
    memory = Memory()
    notation = notation_of(language, solved.function)
    told = [narrate(solved, language, notation, "one", memory) for _ in range(2)]
    chains = [[[plain(r.reason) for r in b.rows] for b in blocks if isinstance(b, Display)] for blocks in told]
    assert chains == [
        [[""], [""], ["", "common factor"]],  # the sizes, the product rule, the scalar transposed
        [["product rule", "transpose of a scalar", "common factor"]],
    ]


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_comes_twice_in_a_row(code: str) -> None:
    names = ("trace", "trace-of-product", "bilinear-form", "matrix-sandwich", "determinant")
    openings = []
    for block in page(code, *names).blocks:
        if isinstance(block, Worked):
            first = block.blocks[0]
            assert isinstance(first, Paragraph)
            openings.append([p.text for p in first.inlines if isinstance(p, Text)][:2])
    assert all(before != after for before, after in pairwise(openings))


def test_sizes_under_the_factors() -> None:
    """Once for each kind of function, or always, or never."""
    names = ("linear-form", "quadratic-form", "trace-of-product", "bilinear-form")
    for sizes, expected in (("once", 2), ("always", 4), ("never", 0)):
        blocks = compose(replace(handout(*names), notation={"sizes": sizes}), "en").blocks
        shown = [b for b in _walk(blocks) if isinstance(b, Display) and r"\underset" in b.rows[0].right[0]]
        assert len(shown) == expected


@pytest.mark.parametrize("edition", ["worksheet", "handout", "key"])
def test_the_three_languages_hold_the_same_mathematics(edition: str) -> None:
    """The same displays and boxes in the same order; the same inline formulas, in whatever order the grammar wants."""
    pages = {code: common(code, *NAMES, edition=edition) for code in CODES}
    found = {code: Counter(formulas(document.blocks)) for code, document in pages.items()}
    displays = {code: [f for f in formulas(document.blocks) if " = " in f] for code, document in pages.items()}
    for code in ("ru", "zh"):
        assert set(found[code]) == set(found["en"])
        answers = [[b.latex for b in _walk(pages[c].blocks) if isinstance(b, Answer)] for c in ("en", code)]
        assert answers[0] == answers[1]
        rows = [
            [(r.left, r.right) for b in _walk(pages[c].blocks) if isinstance(b, Display) for r in b.rows]
            for c in ("en", code)
        ]
        assert rows[0] == rows[1]
        assert Counter(displays[code]).keys() == Counter(displays["en"]).keys()


def _walk(blocks: object) -> list[object]:
    out: list[object] = []
    for block in blocks:  # type: ignore[attr-defined]
        out.append(block)
        if isinstance(block, Problem):
            out += _walk(block.statement)
        elif isinstance(block, Worked):
            out += _walk(block.blocks)
    return out


def test_numbers_are_the_same_in_every_edition() -> None:
    for code in CODES:
        heads = [
            [b.head for b in page(code, *NAMES, edition=edition).blocks if isinstance(b, Problem)]
            for edition in ("worksheet", "handout", "key")
        ]
        assert heads[0] == heads[1] == heads[2]
        assert all(f"3.{k}" in head for k, head in enumerate(heads[0], 1))


def test_what_each_edition_shows() -> None:
    worksheet, worked, key = (page("en", "linear-form", edition=e) for e in ("worksheet", "handout", "key"))
    assert [type(b) for b in worksheet.blocks] == [Fields, Problem, Space]
    assert [type(b) for b in worked.blocks] == [Problem, Worked]
    assert [type(b) for b in key.blocks] == [Problem, Answer]
    assert worksheet.blocks[0] == Fields(("Name", "Group"))
    assert key.blocks[1] == Answer("Answer:", r"\nabla f(x) = a")
    assert (worksheet.banner, worked.banner, key.banner) == ("Worksheet", "", "Answer key. For instructors only")


def test_the_answer_in_the_key_is_that_of_the_box() -> None:
    for code in CODES:
        boxes = [
            [b.latex for b in _walk(page(code, *NAMES, edition=e).blocks) if isinstance(b, Answer)]
            for e in ("handout", "key")
        ]
        assert boxes[0] == boxes[1]


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        ("none", ()),
        ("page", (Space("page"),)),
        ("5cm", (Space("lines", 5.0),)),
        ("auto", (Space("lines", 4.2),)),
        ("box", (Space("box", 4.2),)),
    ],
)
def test_room_to_work(space: str, expected: tuple[Space, ...]) -> None:
    base = handout("linear-form")
    (item,) = base.items
    assert isinstance(item, ProblemList)
    sheets = (replace(item.sheets[0], space=space),)
    made = compose(replace(base, items=(ProblemList(sheets),)), "en", "worksheet")
    assert made.blocks[2:] == expected
    assert len(item.sheets[0].solution.derivations[0].lines) == 3, "room grows with the lines of the solution"


@pytest.mark.parametrize(
    ("code", "title", "head"),
    [
        ("en", "Seminar\u00a03. Title", "Seminar\u00a03"),
        ("ru", "Семинар\u00a03. Title", "Семинар\u00a03"),
        ("zh", "第\u00a03\u00a0次习题课　Title", "第\u00a03\u00a0次习题课"),
    ],
)
def test_title(code: str, title: str, head: str) -> None:
    document = page(code, "trace")
    assert (document.title, document.head) == (title, head)


def _with(base: Handout, *items: object) -> Handout:
    return replace(base, items=(*items, *base.items))  # type: ignore[arg-type]


def test_contents_in_order() -> None:
    base = handout("trace")
    made = _with(
        base,
        Section(everywhere("Method")),
        Passage(everywhere("See problem {trace} and {rules-1}.")),
        RuleTable("rules-1", "1", ("d_trace", "product")),
        Section(everywhere("Problems")),
    )
    blocks = compose(made, "en").blocks
    assert blocks[0] == Heading((Text("Method"),), 1, "1")
    assert blocks[1] == Paragraph(
        (Text("See problem "), Reference("trace", "3.1"), Text(" and "), Reference("rules-1", "1"), Text("."))
    )
    table = blocks[2]
    assert isinstance(table, Table)
    assert (plain(table.caption), table.number) == ("Rules used in the solutions", "Table\u00a01")
    assert table.rows == (  # the product rule is used by no solution here
        ((Text("Differential of a trace"),), (Math(r"d\operatorname{tr} X = \operatorname{tr}(dX)"),)),
    )
    assert blocks[3] == Heading((Text("Problems"),), 1, "2")
    sheet = compose(made, "en", "worksheet").blocks
    assert [b for b in sheet if isinstance(b, Heading)] == [Heading((Text("Problems"),), 1, "")]


def test_a_section_may_hide_its_solutions() -> None:
    made = _with(handout("trace"), Section(everywhere("Homework"), {"handout": "statements"}))
    assert [type(b) for b in compose(made, "en").blocks] == [Heading, Problem]


def test_an_own_statement_with_slots() -> None:
    base = handout("quadratic-form")
    (item,) = base.items
    assert isinstance(item, ProblemList)
    own = everywhere("Let {declare}. Differentiate {function} twice.")
    made = replace(base, items=(ProblemList((replace(item.sheets[0], statement=own),)),))
    problem = compose(made, "en").blocks[0]
    assert isinstance(problem, Problem)
    (paragraph,) = problem.statement
    assert isinstance(paragraph, Paragraph)
    assert plain(paragraph.inlines) == (
        r"Let $x \in \mathbb{R}^{n}$ and $A \in \mathbb{R}^{n \times n}$. Differentiate $f(x) = x^{T} A x$ twice."
    )


def test_points_hint_remark_and_grading() -> None:
    base = handout("trace")
    (item,) = base.items
    assert isinstance(item, ProblemList)
    sheet = replace(
        item.sheets[0],
        points=2.0,
        bonus=True,
        hint=everywhere("Think."),
        remark=everywhere("Well done."),
        grading=((1.5, everywhere("the gradient")), (0.5, None)),
    )
    made = replace(base, items=(ProblemList((sheet,)),))
    problem = compose(made, "ru").blocks[0]
    assert isinstance(problem, Problem)
    assert plain(problem.note) == "2\u00a0балла, дополнительно"
    assert Paragraph((Text("Well done."),), "Remark.") in compose(made, "en").blocks
    assert Paragraph((Text("Think."),), "Hint.") in compose(made, "en", "worksheet").blocks
    assert "the gradient — 1.5\\xa0points" in repr(compose(made, "en", "key").blocks)
    assert "Grading." not in repr(compose(made, "en", "handout").blocks)


def test_a_text_missing_in_a_language() -> None:
    made = _with(handout("trace"), Passage({"en": "Words."}, Place("spec.yaml", 4)))
    assert compose(made, "en").blocks
    with pytest.raises(SpecError) as error:
        compose(made, "ru")
    assert str(error.value) == (
        "spec.yaml:4: a text is missing in the language ru\nAdd it: {ru: …}, or build other languages only."
    )


def test_unknown_edition() -> None:
    with pytest.raises(SpecError) as error:
        compose(handout("trace"), "en", "poster")
    assert str(error.value) == "there is no edition 'poster'\nThe editions are: worksheet, handout, key."


def test_a_reference_to_a_problem_that_is_not_shown() -> None:
    made = _with(handout("trace"), Passage(everywhere("See {linear-form}.")))
    with pytest.raises(SpecError) as error:
        compose(made, "en")
    assert str(error.value) == (
        "{linear-form} refers to a problem that the contents do not show\nList it in `contents`."
    )


def test_composing_twice_gives_the_same() -> None:
    for code in CODES:
        assert page(code, *NAMES) == page(code, *NAMES)


def test_another_problem_before_changes_no_alternates_of_a_statement() -> None:
    alone = [b.statement for b in page("en", "trace").blocks if isinstance(b, Problem)]
    after = [b.statement for b in page("en", "linear-form", "trace").blocks if isinstance(b, Problem)]
    assert alone[0] == after[1]
