"""Notation as a setting: the same mathematics in every spelling, and the spelling asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from docgen.algebra.latex import latex
from docgen.algebra.node import workspace
from docgen.algebra.notation import PLAIN, Notation
from docgen.handouts import goals
from docgen.handouts.compose import compose
from docgen.handouts.document import Answer, Block, Display, Paragraph, Problem, Table
from docgen.handouts.document import Solution as Worked
from docgen.handouts.handout import Passage, ProblemList, RuleTable
from docgen.handouts.inline import plain
from docgen.handouts.spelling import Spelling
from docgen.reading import declare, read
from tests.handouts.pages import everywhere, formulas, handout, solution
from tests.handouts.solved import BUILDERS

CHINESE = Notation(transpose=r"\mathrm{T}", d="upright", bold=True, leq=r"\leqslant")
NOTATIONS = {
    "top": Notation(transpose=r"\top"),
    "intercal": Notation(transpose=r"\intercal"),
    "chinese": CHINESE,
    "bars": Notation(determinant="bars"),
    "identity": Notation(identity="E"),
    "inner": Notation(canonical="inner"),
    "fraction": Notation(derivative="fraction", jacobian="D"),
    "all": replace(CHINESE, canonical="inner", derivative="fraction", determinant="bars"),
}


@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=NOTATIONS)
@pytest.mark.parametrize("name", BUILDERS)
def test_an_answer_reads_back_the_same_under_every_notation(name: str, notation: Notation) -> None:
    solved = solution(name)
    function = solved.function
    shapes = {symbol.data.name: str(symbol.shape).removeprefix("a ") for symbol in function.symbols}
    for derivation in solved.derivations:
        written = latex(derivation.answer, notation).replace("E_", "I_")
        written = written.replace(r"\mathrm{d}", "d")
        if derivation.task == "differential":
            written, shapes = _renamed(written), shapes | {"D": shapes[function.variable.data.name]}
        with workspace():
            declared = declare({name: _typed(function, name) for name in shapes})
            found = read(written, function.variable.data.name, declared).formula
        expected = latex(derivation.answer, PLAIN)
        assert latex(found, PLAIN) == (_renamed(expected) if derivation.task == "differential" else expected)


def _renamed(text: str) -> str:
    """The increment as a symbol of its own: formulas that are typed have no differentials."""
    return text.replace(r"(d\boldsymbol{A})", "D").replace("(dA)", "D")


def _typed(function: object, name: str) -> str:
    symbols = {s.data.name: s.shape for s in function.symbols}  # type: ignore[attr-defined]
    shape = symbols.get(name) or next(iter(symbols.values()))
    return "scalar" if shape.kind == "scalar" else f"{shape.rows} x {shape.cols}"


@pytest.mark.parametrize(
    ("name", "notation", "form", "answer"),
    [
        ("quadratic-form", PLAIN, r"df = (\nabla f(x))^{T}\,dx", r"\nabla f(x) = (A + A^{T}) x"),
        (
            "quadratic-form",
            Notation(canonical="inner"),
            r"df = \langle \nabla f(x), dx\rangle",
            r"\nabla f(x) = (A + A^{T}) x",
        ),
        (
            "quadratic-form",
            CHINESE,
            r"\mathrm{d}f = (\nabla f(\boldsymbol{x}))^{\mathrm{T}}\,\mathrm{d}\boldsymbol{x}",
            r"\nabla f(\boldsymbol{x}) = (\boldsymbol{A} + \boldsymbol{A}^{\mathrm{T}}) \boldsymbol{x}",
        ),
        (
            "quadratic-form",
            Notation(derivative="fraction"),
            r"df = \Bigl(\frac{\partial f}{\partial x}\Bigr)^{T}\,dx",
            r"\frac{\partial f}{\partial x} = (A + A^{T}) x",
        ),
        (
            "quadratic-form-hessian",
            Notation(derivative="fraction"),
            r"d\Bigl(\frac{\partial f}{\partial x}\Bigr) = \frac{\partial^{2} f}{\partial x\,\partial x^{T}}\,dx",
            r"\frac{\partial^{2} f}{\partial x\,\partial x^{T}} = A + A^{T}",
        ),
        (
            "determinant",
            Notation(determinant="bars"),
            r"df = \operatorname{tr}((\nabla f(A))^{T}\,dA)",
            r"\nabla f(A) = \lvert A \rvert A^{-T}",
        ),
        (
            "determinant",
            Notation(canonical="inner"),
            r"df = \langle \nabla f(A), dA\rangle",
            r"\nabla f(A) = \det(A) A^{-T}",
        ),
        (
            "cubic-map",
            Notation(jacobian="D", identity="E"),
            r"df = D_{f}(x)\,dx",
            r"D_{f}(x) = (x^{T} x) E_{n} + 2 x x^{T}",
        ),
    ],
)
def test_the_canonical_form_and_the_answer(name: str, notation: Notation, form: str, answer: str) -> None:
    solved = solution(name)
    derivation = solved.derivations[0]
    assert goals.form(derivation, solved.function, notation) == form
    assert goals.answer(derivation, solved.function, notation) == answer


TYPED = [
    (r"df = (\nabla f)^T dx", CHINESE, r"\mathrm{d}f = (\nabla f)^{\mathrm{T}} \mathrm{d}\boldsymbol{x}"),
    (r"df = (\nabla f)^{T} dx", Notation(canonical="inner"), r"df = \langle \nabla f, dx\rangle"),
    (
        r"df = \operatorname{tr}\bigl((\nabla f)^{T} dA\bigr)",
        Notation(canonical="inner"),
        r"df = \langle \nabla f, dA\rangle",
    ),
    (r"df = \langle \nabla f, dx\rangle", PLAIN, r"df = (\nabla f)^{T} dx"),
    (
        r"df = (\nabla f)^{T} dx",
        Notation(derivative="fraction"),
        r"df = \Bigl(\frac{\partial f}{\partial x}\Bigr)^{T} dx",
    ),
    (r"A^{-\top} + (x^\top y)^{\mathrm T}", PLAIN, "A^{-T} + (x^{T} y)^{T}"),
    (r"A^{-T} x^T", Notation(transpose=r"\intercal"), r"A^{-\intercal} x^{\intercal}"),
    (
        r"f(x + dx) = f(x) + f'(x)\,dx",
        CHINESE,
        r"f(x + \mathrm{d}x) = f(x) + f'(x)\,\mathrm{d}x",
    ),
    (r"X \in \mathbb{R}^{\ell \times d}", CHINESE, r"\boldsymbol{X} \in \mathbb{R}^{\ell \times d}"),
    (r"\ell < d", CHINESE, r"\ell < d"),
    (r"d\varphi(u) = \varphi'(u)\,du", CHINESE, r"\mathrm{d}\varphi(u) = \varphi'(u)\,\mathrm{d}u"),
    (
        r"d\|u\| = u^{T} du",
        CHINESE,
        r"\mathrm{d}\|\boldsymbol{u}\| = \boldsymbol{u}^{\mathrm{T}} \mathrm{d}\boldsymbol{u}",
    ),
    (r"\frac{d}{dt} a_{ij} x_n", CHINESE, r"\frac{\mathrm{d}}{\mathrm{d}t} a_{ij} x_n"),
    (r"s^{T} = s", CHINESE, r"s^{\mathrm{T}} = s"),
    (r"J_f = I_n", CHINESE, r"\boldsymbol{J}_f = \boldsymbol{I}_n"),
    (r"I_n + J_f", Notation(identity="E", jacobian="D"), r"E_n + D_f"),
    (r"d(\det X) = \det(X) \operatorname{tr} X", Notation(determinant="bars"), None),
    (r"a \le b \geq 0.5", Notation(leq=r"\leqslant", decimal=","), r"a \leqslant b \geqslant 0{,}5"),
    (r"\text{d}x, \operatorname{diag}(x)", Notation(d="upright"), r"\text{d}x, \operatorname{diag}(x)"),
]


@pytest.mark.parametrize(("typed", "notation", "expected"), TYPED)
def test_formulas_typed_in_texts(typed: str, notation: Notation, expected: str | None) -> None:
    found = Spelling(notation).formula(typed)
    assert found == (expected or r"d(\lvert X \rvert) = \lvert X \rvert \operatorname{tr} X")


@pytest.mark.parametrize(("typed", "notation", "expected"), TYPED)
def test_spelling_twice_changes_nothing_more(typed: str, notation: Notation, expected: str | None) -> None:
    once = Spelling(notation).formula(typed)
    assert Spelling(notation).formula(once) == once


def test_known_symbols_decide_what_is_bold() -> None:
    typed = r"X w - y + b"
    assert Spelling(CHINESE, {"y": False, "b": True}).formula(typed) == (
        r"\boldsymbol{X} \boldsymbol{w} - y + \boldsymbol{b}"
    )


def test_a_text_tells_what_its_letters_are() -> None:
    spelling = Spelling(CHINESE)
    spelling.text(r"Let $u \in \mathbb{R}^{n}$ and $t \in \mathbb{R}$; then $tu$.")
    assert spelling.formula("tu") == r"t\boldsymbol{u}"
    spelling.text("Nothing is said.")
    assert spelling.formula("tu") == "tu"


def _all(blocks: object) -> list[Block]:
    found: list[Block] = []
    for block in blocks:  # type: ignore[attr-defined]
        found.append(block)
        if isinstance(block, Problem):
            found += _all(block.statement)
        elif isinstance(block, Worked):
            found += _all(block.blocks)
    return found


@pytest.mark.parametrize("code", ["en", "ru", "zh"])
@pytest.mark.parametrize(
    "chosen", [{"canonical": "inner"}, {"derivative": "fraction"}, {"transpose": r"\top", "bold": True}]
)
def test_a_page_changes_in_its_formulas_only(code: str, chosen: dict[str, object]) -> None:
    """As many problems, displays and answers under every notation, and no formula in the spelling of another."""
    names = ("quadratic-form", "determinant", "least-squares")
    base = handout(*names)
    text = Passage(everywhere(r"Here $df = (\nabla f)^T dx$ and $A^T$."))
    base = replace(base, items=(text, RuleTable("rules-1", "1", ("product", "read_gradient")), *base.items))
    usual, page = (compose(replace(base, notation=n), code).blocks for n in ({}, chosen))
    kinds = [[type(b) for b in _all(blocks) if isinstance(b, Answer | Problem | Table)] for blocks in (usual, page)]
    assert kinds[0] == kinds[1]
    assert [len(b.rows) for b in _all(usual) if isinstance(b, Table)] == [
        len(b.rows) for b in _all(page) if isinstance(b, Table)
    ]
    shown = list(formulas(page))
    if "transpose" in chosen:
        assert not [one for one in shown if "^{T}" in one or r"^{\mathrm{T}}" in one]
    if chosen.get("derivative") == "fraction":
        assert not [one for one in shown if r"\nabla" in one]
    if chosen.get("canonical") == "inner":
        assert [one for one in shown if r"\langle" in one]
        assert not [one for one in shown if r"\nabla" in one and r"^{T}" in one.split("=")[0]]


def test_the_inner_form_needs_no_transposition() -> None:
    blocks = compose(replace(handout("quadratic-form"), notation={"canonical": "inner"}), "en").blocks
    worked = next(b for b in blocks if isinstance(b, Worked))
    last = [b for b in worked.blocks if isinstance(b, Display)][-1].rows[-1]
    assert last.right == (r"\bigl\langle \underbrace{(A + A^{T}) x}_{\nabla f(x)}, dx\bigr\rangle",)
    assert plain(last.reason) == "inner product"
    said = " ".join(plain(b.inlines) for b in worked.blocks if isinstance(b, Paragraph))
    assert "transposed gradient" not in said


def test_repeated_signs_and_decimal_signs() -> None:
    from docgen.rendering.setting import setting_of

    base = handout("trace")
    cases: list[tuple[str, dict[str, object], bool]] = [
        ("ru", {}, True),
        ("ru", {"repeat_sign": False}, False),
        ("en", {}, False),
        ("en", {"repeat_sign": True}, True),
    ]
    for code, notation, repeated in cases:
        assert setting_of(compose(replace(base, notation=notation), code)).repeat_sign is repeated
    points: list[tuple[dict[str, object], str]] = [({}, "1,5"), ({"decimal": "."}, "1.5")]
    for notation, expected in points:
        items = (ProblemList((replace(base.sheets[0], points=1.5),)),)
        made = compose(replace(base, items=items, notation=notation), "ru")
        problem = next(b for b in made.blocks if isinstance(b, Problem))
        assert plain(problem.note).startswith(expected)


def test_a_text_tells_the_variable_beside_the_differential_of_the_function() -> None:
    spelling = Spelling(Notation(derivative="fraction"))
    spelling.text(r"From $df = a^T dx$ we read $\nabla f = a$.")
    assert spelling.formula(r"\nabla f = a") == r"\frac{\partial f}{\partial x} = a"
