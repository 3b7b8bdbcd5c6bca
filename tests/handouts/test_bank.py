"""The bank of problems and the handouts made of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from docgen.errors import SpecError
from docgen.handouts import contents
from docgen.handouts.bank import Bank, default_bank, problems_folder
from docgen.handouts.load import load
from docgen.handouts.places import bank_files, handout_files

LANGUAGES = ("ru", "en", "zh")

#: The problems of the seminar with their tasks, shapes and assumptions.
SEMINAR = {
    "linear-form": ("a^T x", "x", {"a": "n", "x": "n"}, {}, ("gradient",)),
    "quadratic-form": ("x^T A x", "x", {"x": "n", "A": "n x n"}, {}, ("gradient",)),
    "quadratic-form-hessian": ("x^T A x", "x", {"x": "n", "A": "n x n"}, {}, ("hessian",)),
    "matrix-sandwich": ("a^T X A X a", "X", {"X": "n x n", "A": "n x n", "a": "n"}, {}, ("gradient",)),
    "cubic-map": ("x x^T x", "x", {"x": "n"}, {}, ("jacobian",)),
    "matrix-inverse": ("A^{-1}", "A", {"A": "n x n"}, {"A": ("invertible",)}, ("differential",)),
    "determinant": (r"\det A", "A", {"A": "n x n"}, {"A": ("invertible",)}, ("gradient",)),
    "trace": (r"\operatorname{tr} A", "A", {"A": "n x n"}, {}, ("gradient",)),
    "trace-of-product": (r"\operatorname{tr}(A B)", "A", {"A": "n x m", "B": "m x n"}, {}, ("gradient",)),
    "bilinear-form": (r"\operatorname{tr}(x^T A y)", "A", {"A": "n x m", "x": "n", "y": "m"}, {}, ("gradient",)),
    "logistic-loss": (
        r"\log(1 + \exp(-y \langle w, x \rangle))",
        "w",
        {"w": "d", "x": "d", "y": "scalar"},
        {"y": ("in {-1, 1}",)},
        ("gradient",),
    ),
    "least-squares": (
        "(y - X w)^T (y - X w)",
        "w",
        {"X": r"\ell x d", "y": r"\ell", "w": "d"},
        {"X": ("full_column_rank",)},
        ("gradient", "stationary_point", "hessian", "definiteness", "gradient_step"),
    ),
}


def test_the_seminar_asks_what_its_source_asks() -> None:
    """The eleven problems and the loss, in order, with every shape and assumption stated."""
    spec = load(problems_folder() / "seminar-03.yaml")
    assert {p.id: (p.function, p.variable, p.shapes, p.assume, p.task) for p in spec.problems} == SEMINAR
    assert [p.id for p in spec.problems] == list(SEMINAR)
    listed = [id for block in spec.contents if isinstance(block, contents.Problems) for id in block.problems]
    assert sorted(listed) == sorted(SEMINAR)
    assert (spec.keys.kind, spec.keys.number) == ("seminar", 3)
    methods = {p.id: p.method for p in spec.problems if p.method != ("differential",)}
    assert methods == {
        "linear-form": ("coordinates", "differential"),
        "matrix-inverse": ("implicit",),
        "determinant": ("coordinates",),
        "logistic-loss": ("chain",),
    }


def test_the_seminar_on_coordinates_asks_what_its_source_asks() -> None:
    """Six gradients and the loss, none of them by differentials."""
    spec = load(problems_folder() / "seminar-coordinates.yaml")
    assert {p.id: (p.method, p.task) for p in spec.problems} == {
        "linear-form": (("coordinates",), ("gradient",)),
        "quadratic-form": (("coordinates",), ("gradient",)),
        "determinant": (("coordinates",), ("gradient",)),
        "trace-of-product": (("coordinates",), ("gradient",)),
        "bilinear-form": (("coordinates",), ("gradient",)),
        "logistic-loss": (("chain",), ("gradient",)),
        "least-squares": (("expand",), ("gradient", "stationary_point", "hessian", "definiteness")),
    }


def test_the_lecture_on_layouts_asks_what_its_source_asks() -> None:
    """Both layouts, the tables of formulas in each, least squares with a half, the step of descent."""
    spec = load(problems_folder() / "layouts.yaml")
    assert {p.id: (p.layout, p.method, p.task) for p in spec.problems} == {
        "linear-map": (("denominator",), ("differential",), ("jacobian",)),
        "quadratic-form": (("numerator",), ("differential",), ("gradient",)),
        "least-squares-half": (
            ("mixed",),
            ("expand",),
            ("gradient", "stationary_point", "hessian", "definiteness", "gradient_step"),
        ),
        "descent": (("mixed",), ("differential",), ("gradient", "gradient_step", "sgd_step")),
    }
    tables = [block for block in spec.contents if isinstance(block, contents.Table)]
    assert [(table.table, [row.function for row in table.rows]) for table in tables] == [
        ("derivatives", []),
        ("shapes", []),
        ("vector-by-vector", ["a", "x", "A x", "x^T A"]),
        ("scalar-by-vector", ["a", "b^T x", "x^T A x", "x^T A x"]),
    ]


@pytest.mark.parametrize(
    "path", [*handout_files(problems_folder()), *bank_files(problems_folder())], ids=lambda p: p.stem
)
def test_every_shipped_file_is_complete(path: Path) -> None:
    """Each file loads and has every text in every language."""
    spec = load(path)
    spec.require(LANGUAGES)
    assert spec.problems


def test_every_problem_of_the_bank_can_be_found() -> None:
    """Each has a title in every language, a level and a tag, and is found by its id."""
    bank = Bank([problems_folder()])
    entries = bank.entries()
    assert bank.faults() == []
    assert {entry.id for entry in entries} >= set(SEMINAR)
    assert len(entries) >= 40
    assert len({entry.problem.function for entry in entries}) >= 40, "no problem stands in the bank twice"
    counts = Counter(tag for entry in entries for tag in entry.problem.tags)
    assert min(counts[tag] for tag in ("trace", "determinant", "norm", "hessian", "jacobian", "elementwise")) >= 5
    assert {entry.problem.level for entry in entries} == {1, 2, 3}
    for entry in entries:
        problem = entry.problem
        assert bank.find(entry.id).problem == problem
        assert problem.title is not None
        assert {code for code, _ in problem.title.texts()} == set(LANGUAGES), entry.id
        assert problem.tags, entry.id
        assert problem.level is not None, entry.id


def test_entries_by_tag_and_level() -> None:
    """Tags and levels narrow the list; the order is that of the files."""
    bank = Bank([problems_folder()])
    assert {e.id for e in bank.entries(tag="trace", level=1)} == {
        "trace",
        "trace-of-product",
        "bilinear-form",
        "trace-of-three",
        "trace-of-square",
        "trace-quadratic",
    }
    assert {e.id for e in bank.entries(tag="classification")} == {
        "logistic-loss",
        "logistic-regression",
        "softmax-regression",
    }
    assert bank.entries(tag="no such tag") == []


def problem(id: str, function: str) -> str:
    return f"problems:\n  - id: {id}\n    function: {function}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a bank of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems" / "bank").mkdir(parents=True)
    (tmp_path / "problems" / "bank" / "mine.yaml").write_text(problem("trace", "x^T x") + "    title: mine\n")
    return tmp_path


def test_a_problem_of_ones_own_comes_before_docgens(folder: Path) -> None:
    """The spec's folder comes first, then `problems` of the working folder, then the bank that comes with docgen."""
    assert default_bank().find("trace").problem.function == "x^T x"
    assert default_bank().find("determinant").problem.function == r"\det A"
    near = folder / "course"
    near.mkdir()
    (near / "own.yaml").write_text(problem("trace", "y^T y"))
    (near / "s.yaml").write_text("problems:\n  - use: trace\n    variable: y\n")
    assert load(near / "s.yaml").problem("trace").function == "y^T y"


def test_overriding_keys_of_a_bank_problem(folder: Path) -> None:
    """Every key given beside `use` takes the place of the bank's; shapes are merged symbol by symbol."""
    Path("s.yaml").write_text(
        "problems:\n  - use: bilinear-form\n    id: mine\n    shapes: {x: m, A: m x m}\n    task: differential\n"
    )
    spec = load("s.yaml")
    mine = spec.problem("mine")
    assert (mine.function, mine.task) == ("x^T A y", ("differential",))
    assert mine.shapes == {"A": "m x m", "x": "m", "y": "m"}


def test_two_bank_problems_of_one_id(folder: Path) -> None:
    """Which one is meant cannot be guessed."""
    Path("problems/bank/other.yaml").write_text(problem("trace", "y^T y"))
    with pytest.raises(SpecError) as caught:
        default_bank().find("trace")
    assert str(caught.value) == (
        "the bank has more than one problem `trace`\nRename one: problems/bank/mine.yaml, problems/bank/other.yaml"
    )


@pytest.mark.parametrize("typed", ["here", "'here'", "&name here", r'"h\x65re"', "*name", "\n      here"])
def test_an_id_is_found_however_it_is_typed(folder: Path, typed: str) -> None:
    """Files are searched for the id before they are parsed; what YAML allows is found all the same."""
    text = "course: &name here\n" if typed == "*name" else ""
    Path("problems/bank/other.yaml").write_text(text + problem(typed, "y^T y"))
    assert default_bank().find("here").problem.function == "y^T y"


def test_a_file_at_fault_does_not_hide_the_others(folder: Path) -> None:
    """The list leaves it out and tells of it apart."""
    Path("problems/bank/broken.yaml").write_text("problems: [")
    bank = Bank([Path("problems")])
    assert [entry.id for entry in bank.entries()] == ["trace"]
    assert [fault.place.file for fault in bank.faults() if fault.place] == ["problems/bank/broken.yaml"]


def test_a_problem_used_in_a_handout_is_listed_where_it_was_written(folder: Path) -> None:
    """`use` makes no second entry."""
    Path("problems/s.yaml").write_text("problems:\n  - use: trace\n  - id: other\n    function: y^T y\n")
    bank = Bank([Path("problems")])
    assert [(e.id, e.path.name) for e in bank.entries()] == [("other", "s.yaml"), ("trace", "mine.yaml")]
