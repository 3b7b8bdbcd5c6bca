"""What the notes that docgen's handouts go back to have wrong, and the handouts must have right.

Each case is a slip of such notes: wrong mathematics, or an assumption that is not stated. The formulas of the theory
are the same in every language (``test_theory.py``), and so are those of the solutions (``test_compose.py``); here they
are looked up on the English pages, and words in each language where the slip is one of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from docgen.algebra.latex import latex
from docgen.calculus.derivation import Derivation
from docgen.handouts.bank import problems_folder
from docgen.handouts.compose import compose
from docgen.handouts.document import Block, Listing, Paragraph, Problem, Solution
from docgen.handouts.handout import Handout, Lesson, Passage, Sheet
from docgen.handouts.inline import plain
from docgen.handouts.language import languages, load_language
from docgen.handouts.load import load
from docgen.handouts.prepare import prepare
from docgen.handouts.theory import entries
from tests.handouts.pages import formulas

SEMINAR, COORDINATES, LAYOUTS = "seminar-03", "seminar-coordinates", "layouts"


@cache
def handout(name: str) -> Handout:
    return prepare(load(problems_folder() / f"{name}.yaml"))


@cache
def page(name: str) -> tuple[Block, ...]:
    return compose(handout(name), "en").blocks


def sheet(name: str, id: str) -> Sheet:
    return next(sheet for sheet in handout(name).sheets if sheet.id == id)


def shown(name: str, id: str) -> tuple[Problem, tuple[Block, ...]]:
    """A problem of a page and its solution."""
    blocks = page(name)
    at = next(k for k, block in enumerate(blocks) if isinstance(block, Problem) and block.id == id)
    found = blocks[at]
    assert isinstance(found, Problem)
    inside: list[Block] = []
    for block in blocks[at + 1 :]:
        if isinstance(block, Problem):
            break
        inside += block.blocks if isinstance(block, Solution) else []
    return found, tuple(inside)


def words(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(inlines, _):
                yield plain(inlines).replace("\u00a0", " ")
            case Listing():
                for item in block.items:
                    yield from words(item)
            case _:
                pass


def statement(name: str, id: str) -> str:
    return " ".join(words(shown(name, id)[0].statement))


def solution(name: str, id: str) -> list[str]:
    """Every formula of a solution."""
    return list(formulas(shown(name, id)[1]))


def told(name: str, id: str) -> str:
    return " ".join(words(shown(name, id)[1]))


def derivation(name: str, id: str, task: str) -> Derivation:
    return next(d for d in sheet(name, id).solution.derivations if d.task == task)


def theory(id: str, code: str = "en") -> str:
    return str(entries(load_language(code))[id]["text"])


def block(source: str, start: str) -> str:
    """The line or the display of a text that begins so."""
    return source[source.index(start) :].split("\n\n- ")[0].split("$$\n")[0]


# ---- definitions and canonical forms ----------------------------------------------------------------------------


def test_a_jacobian_has_as_many_rows_as_the_value_has_coordinates() -> None:
    assert r"\left(\frac{\partial f_i}{\partial x_j}\right)_{i,j=1}^{m,n} \in \mathbb{R}^{m \times n}" in theory(
        "jacobian"
    )


@pytest.mark.parametrize("code", languages())
def test_the_value_of_a_map_of_several_variables_is_a_vector(code: str) -> None:
    """Only the derivative is a matrix; the coordinates depend on all the variables together."""
    assert r"$f_i(x_1, \dots, x_n)$" in theory("canonical-forms", code)
    assert "f_1(x_1) &" not in theory("canonical-forms", code)


@pytest.mark.parametrize("code", languages())
def test_the_derivative_of_a_vector_by_a_scalar_is_a_column_of_m_rows(code: str) -> None:
    assert r"$m \times 1$" in theory("canonical-forms", code)
    assert r"n \times 1" not in theory("canonical-forms", code)


@pytest.mark.parametrize(
    ("code", "exists"),
    [
        ("en", "the differential exists all the same"),
        ("ru", "дифференциал при этом существует"),
        ("zh", "微分仍然存在"),
    ],
)
def test_a_dash_of_the_table_does_not_deny_the_differential(code: str, exists: str) -> None:
    from docgen.handouts.tables import entries as tables

    table = tables(load_language(code))["canonical-forms"]
    assert exists in table["note"]
    assert table["rows"][0][3] == r"$dF = F'(t)\,dt$", "from scalars to matrices there is a derivative"
    assert [row.count("—") for row in table["rows"]] == [0, 1, 2]


def test_the_jacobian_is_defined_before_the_chain_rule_uses_it() -> None:
    order = [id for item in handout(COORDINATES).items if isinstance(item, Lesson) for id in item.entries]
    assert order.index("jacobian") < order.index("chain-rule")
    assert order.index("gradient") < order.index("jacobian")


# ---- the problems -----------------------------------------------------------------------------------------------


def test_the_differential_of_a_product_has_a_term_for_every_factor() -> None:
    first = derivation(SEMINAR, "cubic-map", "jacobian").lines[0]
    assert latex(first.expression) == r"(dx) x^{T} x + x (dx)^{T} x + x x^{T}\,dx"


def test_a_bilinear_form_is_differentiated_by_its_matrix() -> None:
    first = derivation(SEMINAR, "bilinear-form", "gradient").lines[0]
    assert latex(first.expression) == r"\operatorname{tr}\bigl(x^{T} (dA) y\bigr)"


@pytest.mark.parametrize(
    ("name", "id", "stated"),
    [
        (SEMINAR, "matrix-sandwich", r"$a \in \mathbb{R}^{n}$"),
        (SEMINAR, "matrix-sandwich", r"$A \in \mathbb{R}^{n \times n}$"),
        (SEMINAR, "matrix-inverse", r"invertible matrix $A \in \mathbb{R}^{n \times n}$"),
        (SEMINAR, "determinant", r"invertible matrix $A \in \mathbb{R}^{n \times n}$"),
        (COORDINATES, "determinant", r"invertible matrix $A \in \mathbb{R}^{n \times n}$"),
        (SEMINAR, "logistic-loss", r"$y \in \{-1, 1\}$"),
        (SEMINAR, "logistic-loss", r"$w \in \mathbb{R}^{d}$"),
        (SEMINAR, "logistic-loss", r"$x \in \mathbb{R}^{d}$"),
        (SEMINAR, "logistic-loss", "natural logarithm"),
        (COORDINATES, "trace-of-product", r"$A \in \mathbb{R}^{n \times m}$"),
        (COORDINATES, "trace-of-product", r"$B \in \mathbb{R}^{m \times n}$"),
        (COORDINATES, "bilinear-form", r"$A \in \mathbb{R}^{n \times m}$"),
        (SEMINAR, "least-squares", "full column rank"),
        (COORDINATES, "least-squares", "full column rank"),
        (LAYOUTS, "least-squares-half", "full column rank"),
    ],
)
def test_a_statement_says_what_its_solution_needs(name: str, id: str, stated: str) -> None:
    assert stated in statement(name, id)


@pytest.mark.parametrize("name", [SEMINAR, COORDINATES])
def test_the_minors_are_said_not_to_depend_on_the_row(name: str) -> None:
    assert r"\frac{\partial M_{ik}}{\partial a_{ij}} = 0" in solution(name, "determinant")
    assert "leaves out the whole row $i$" in told(name, "determinant")


# ---- the regression ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [SEMINAR, COORDINATES])
def test_the_gradient_is_found_first_and_set_to_zero_in_a_formula_of_its_own(name: str) -> None:
    found = solution(name, "least-squares")
    answer = found.index(r"\nabla Q(w) = -2 X^{T} (y - X w)")
    assert found.index("-2 X^{T} (y - X w) = 0") > answer
    assert [one for one in found if one.endswith("= 0") and "z" not in one] == ["-2 X^{T} (y - X w) = 0"]


@pytest.mark.parametrize("code", languages())
def test_a_model_with_intercept_predicts_a_number(code: str) -> None:
    assert r"$a(x) = \langle w, x\rangle + w_0$" in theory("intercept", code)
    assert r"$Xw + w_0 \mathbf{1}$" in theory("intercept", code)


def test_the_gradient_of_a_step_is_taken_at_the_current_point() -> None:
    answer = derivation(SEMINAR, "least-squares", "gradient_step")
    assert r"w_{t} = w_{t-1} + 2 \gamma X^{T} (y - X w_{t-1})" in solution(SEMINAR, "least-squares")
    assert answer.check.passed


@pytest.mark.parametrize(
    ("code", "rank"), [("en", "at least as many rows"), ("ru", "не меньше, чем столбцов"), ("zh", "行数不少于列数")]
)
def test_full_column_rank_is_the_condition_and_the_number_of_rows_follows(code: str, rank: str) -> None:
    text = theory("full-column-rank", code)
    assert text.index(r"$\operatorname{rank} X = d$") < text.index(rank) < text.index(r"$\ell \ge d$")


@pytest.mark.parametrize(
    ("code", "features"),
    [("en", "the features, are linearly"), ("ru", "то есть признаки, линейно"), ("zh", "各特征）线性无关")],
)
def test_it_is_the_features_that_are_independent(code: str, features: str) -> None:
    assert features in theory("full-column-rank", code)


@pytest.mark.parametrize("name", [SEMINAR, COORDINATES, LAYOUTS])
def test_the_minimum_is_global_and_unique(name: str) -> None:
    id = "least-squares-half" if name == LAYOUTS else "least-squares"
    assert "strictly convex" in told(name, id)
    assert "its unique global minimiser" in told(name, id)


@pytest.mark.parametrize("code", languages())
def test_a_semidefinite_hessian_at_a_point_proves_nothing(code: str) -> None:
    assert "$t^{3}$" in theory("minimum-test", code)


@pytest.mark.parametrize(
    ("code", "positive", "semi"),
    [
        ("en", "positive definite, written", "positive semidefinite, written"),
        ("ru", "положительно определена (пишут", "неотрицательно определена (пишут"),
        ("zh", "则称它正定", "则称它半正定"),
    ],
)
def test_definite_is_strict_and_semidefinite_is_not(code: str, positive: str, semi: str) -> None:
    text = theory("definiteness", code)
    assert positive in text
    assert semi in text
    assert text.index("$z^{T} H z > 0$") < text.index(r"$z^{T} H z \ge 0$")


@pytest.mark.parametrize("name", [SEMINAR, COORDINATES])
def test_the_hessian_is_shown_to_be_positive_definite(name: str) -> None:
    assert solution(name, "least-squares").count(r"\nabla^{2} Q(w) = 2 X^{T} X \succ 0") == 1


@pytest.mark.parametrize(
    ("code", "minors"), [("en", "leading principal minors"), ("ru", "угловые миноры"), ("zh", "顺序主子式")]
)
def test_the_criterion_of_sylvester_is_about_leading_minors(code: str, minors: str) -> None:
    assert minors in theory("sylvester", code)


def test_the_symmetry_of_a_gram_matrix_is_a_step_of_its_own() -> None:
    rules = [line.rule for line in derivation(COORDINATES, "least-squares", "gradient").lines]
    assert "gram_symmetric" in rules


# ---- layouts ----------------------------------------------------------------------------------------------------


def test_the_errors_are_squared_after_the_target_is_subtracted() -> None:
    assert r"\bigl(h_{\theta}(x^{(i)}) - y^{(i)}\bigr)^{2}" in theory("likelihood")


def test_the_second_row_in_denominator_layout_ends_with_its_own_variable() -> None:
    rows = block(theory("denominator-displays"), r"$$\frac{\partial \mathbf{y}}{\partial \mathbf{x}} =").split(r"\\")
    assert rows[1].split("&")[-1].strip() == r"\frac{\partial y_m}{\partial x_2}"
    assert rows[3].split("&")[-1].split(r" \end")[0].strip() == r"\frac{\partial y_m}{\partial x_n}"


def test_the_last_row_in_numerator_layout_belongs_to_the_last_coordinate() -> None:
    text = theory("numerator-displays")
    rows = block(text, r"$$\frac{\partial \mathbf{y}}{\partial \mathbf{x}} =").split(r"\\")
    assert rows[-1].split("&")[0].strip() == r"\frac{\partial y_m}{\partial x_1}"
    assert r"\frac{\partial y_m}{\partial x} \end{pmatrix}" in block(
        text, r"$$\frac{\partial y}{\partial \mathbf{x}} ="
    )
    assert "y_n" not in text


def test_a_step_in_coordinates_has_the_old_value_and_the_sum() -> None:
    """Row i of X is spelled as the file declares it."""
    step = r"\theta_j := \theta_j - \alpha \sum_{i=1}^{\ell} \bigl((x^{(i)})^{T} \theta - y^{(i)}\bigr) x^{(i)}_j"
    assert step in solution(LAYOUTS, "least-squares-half")


@pytest.mark.parametrize(("code", "name"), [("en", "denominator"), ("ru", "знаменател"), ("zh", "分母布局")])
def test_a_column_is_the_denominator_layout(code: str, name: str) -> None:
    texts = [str(item.text.get(code)) for item in handout(LAYOUTS).items if isinstance(item, Passage)]
    before = next(text for text in texts if "expanding the brackets" in text or "скобки" in text or "括号" in text)
    assert name in before


def test_a_sum_over_samples_is_differentiated_without_leaps() -> None:
    """The number is in front of the sum before the power rule takes it away, and the coefficient stands in brackets."""
    told = " ".join(solution(LAYOUTS, "descent"))
    assert r"\frac{1}{2} \sum_{i=1}^{\ell} d\bigl((\theta^{T} x^{(i)} - y^{(i)})^{2}\bigr)" in told
    row = r"\sum_{i=1}^{\ell} (\theta^{T} x^{(i)} - y^{(i)}) (x^{(i)})^{T}"
    assert rf"{row}\,d\theta" in told
    assert rf"\underbrace{{\Bigl({row}\Bigr)}}_{{(\nabla J(\theta))^{{T}}}}\,d\theta" in told


def test_an_update_is_no_equation() -> None:
    """The sign := replaces the old value; without it the iterates have numbers."""
    steps = [one for one in solution(LAYOUTS, "least-squares-half") if one.startswith(r"\theta ")]
    assert r"\theta := \theta - \alpha X^{T} (X \theta - y)" in steps


# ---- what the theory states is true -----------------------------------------------------------------------------

PRODUCT = {"A": "n x m", "B": "m x k", "C": "k x n"}
SQUARES = {"A": "n x n", "B": "n x n"}
TRUE = [
    ("conventions", r"\langle a, b\rangle = a^{T} b", {"a": "n", "b": "n"}, {}),
    ("conventions", r"\langle A, B\rangle = \operatorname{tr}(A^{T} B)", {"A": "n x m", "B": "n x m"}, {}),
    ("product-rule", r"d(AB) = (dA)\,B + A\,dB", {"A": "n x m", "B": "m x k"}, {}),
    ("linearity", r"d(\alpha A + \beta B) = \alpha\,dA + \beta\,dB", {"A": "n x m", "B": "n x m"}, {}),
    ("transposition", r"d(A^{T}) = (dA)^{T}", {"A": "n x m"}, {}),
    ("differentiate-identity", r"d(A^{-1} A) = d I_n", {"A": "n x n"}, {"A": "invertible"}),
    ("inverse-rule", r"d(A^{-1}) = -A^{-1}\,(dA)\,A^{-1}", {"A": "n x n"}, {"A": "invertible"}),
    ("canonical-forms", r"d(A^{-1}) = -A^{-1}\,(dA)\,A^{-1}", {"A": "n x n"}, {"A": "invertible"}),
    ("determinant-rule", r"d(\det A) = \operatorname{tr}(\det(A)\,A^{-1}\,dA)", {"A": "n x n"}, {"A": "invertible"}),
    ("determinant-rule", r"d(\det A) = \operatorname{tr}(\operatorname{adj}(A)\,dA)", {"A": "n x n"}, {}),
    ("trace-rule", r"\operatorname{tr}(dA) = \operatorname{tr}(I_n\,dA)", {"A": "n x n"}, {}),
    ("trace-cyclic", r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA)", PRODUCT, {}),
    ("trace-cyclic", r"\operatorname{tr}(BCA) = \operatorname{tr}(CAB)", PRODUCT, {}),
    ("trace-linear", r"\operatorname{tr}(A + B) = \operatorname{tr} A + \operatorname{tr} B", SQUARES, {}),
    ("scalar-move", r"dx\,(x^{T} x) = (x^{T} x)\,dx", {"x": "n"}, {}),
    ("insert-identity", r"(x^{T} x)\,dx = (x^{T} x)\,I_n\,dx", {"x": "n"}, {}),
    ("gram-definite", r"z^{T} X^{T} X z = (Xz)^{T} X z", {"X": r"\ell x d", "z": "d"}, {}),
    ("gram-definite", r"(Xz)^{T} X z = \|Xz\|^{2}", {"X": r"\ell x d", "z": "d"}, {}),
    ("linear-model", r"(y - Xw)^{T} (y - Xw) = \|y - Xw\|^{2}", {"X": r"\ell x d", "y": r"\ell", "w": "d"}, {}),
    ("sigmoid", r"\sigma(-z) = 1 - \sigma(z)", {"z": "scalar"}, {}),
    ("sigmoid", r"\frac{1}{1 + \exp(-z)} = \frac{\exp(z)}{1 + \exp(z)}", {"z": "scalar"}, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "claim", "shapes", "assume"), TRUE, ids=[f"{e}-{k}" for k, (e, *_) in enumerate(TRUE)]
)
def test_what_the_theory_states_is_proved(
    tmp_path: Path, entry: str, claim: str, shapes: dict[str, str], assume: dict[str, str]
) -> None:
    assert claim in theory(entry)
    for name in ("\\alpha", "\\beta"):
        shapes = shapes | ({name: "scalar"} if name in claim else {})
    file = tmp_path / "claim.yaml"
    listed = ", ".join(f"'{name}': '{shape}'" for name, shape in shapes.items())
    assumed = ", ".join(f"{name}: {one}" for name, one in assume.items())
    file.write_text(f"contents:\n  - claim: '{claim}'\n    shapes: {{{listed}}}\n    assume: {{{assumed}}}\n")
    assert prepare(load(file)).items
