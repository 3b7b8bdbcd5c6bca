"""What a spec file may say: the keys of a file and of a problem, as frozen pydantic models.

The models hold what was typed, with defaults; :mod:`docgen.handouts.load` reads files and resolves what is inherited.
A key left empty counts as not given. Every text is data: nothing here runs or expands it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from docgen.errors import Place
from docgen.handouts import values as v
from docgen.handouts.contents import BLOCKS, Block, FigureKeys, TableRow, check_contents
from docgen.handouts.keys import (
    STRING,
    Assumed,
    Assumptions,
    Detail,
    Formula,
    Formulae,
    Formulas,
    Id,
    Ids,
    Keys,
    Layouts,
    Methods,
    Name,
    Names,
    Points,
    Shape,
    Shapes,
    Switch,
    Tasks,
    Text,
    chosen,
    listed,
    several,
    whole,
)
from docgen.handouts.values import Checked, wrong
from docgen.reading import read_shape

_TRANSPOSED = ("T", r"\top", r"\mathrm T", r"\mathrm{T}", r"\intercal")


class Notation(Keys):
    """How formulas are written; what is left out follows the custom of the page's language."""

    called: ClassVar[str] = "the notation"
    example: ClassVar[str] = r"{transpose: T, d: upright}"
    canonical: Annotated[str, chosen("canonical form", ("trace", "inner"))] | None = Field(
        None, description="Canonical form of the differential: (∇f)ᵀdx and tr(Gᵀ dX), or ⟨∇f, dx⟩."
    )
    transpose: Annotated[str, chosen("sign of transposition", _TRANSPOSED)] | None = Field(
        None, description="What stands in the exponent of a transposed matrix."
    )
    d: Annotated[str, chosen("d", ("italic", "upright"))] | None = Field(None, description="The d of a differential.")
    bold: Switch | None = Field(None, description="Vectors and matrices in bold.")
    identity: Name | None = Field(None, description="The letter of the identity matrix, I or E.")
    derivative: Annotated[str, chosen("derivative", ("nabla", "fraction"))] | None = Field(
        None, description="∇f or ∂f/∂x."
    )
    determinant: Annotated[str, chosen("determinant", ("det", "bars"))] | None = Field(
        None, description="det A or |A|."
    )
    leq: Name | None = Field(None, description=r"The sign of ≤: \le or \leqslant.")
    decimal: Annotated[str, chosen("decimal sign", (".", ","))] | None = Field(None, description="The decimal sign.")
    repeat_sign: Switch | None = Field(None, description="Repeat the sign at a line break (Russian custom).")
    sizes: Annotated[str, chosen("rule for sizes", ("once", "always", "never"))] | None = Field(
        None, description="Sizes under the factors."
    )
    step: Name | None = Field(None, description=r"The letter of the step length, for example \eta.")
    iterate: Name | None = Field(None, description="An iterate of a descent method, for example w^{(t)}.")
    update: Annotated[str, chosen("sign of update", ("=", ":="))] | None = Field(
        None, description="The sign of a descent step."
    )
    jacobian: Name | None = Field(None, description="The letter of the Jacobian matrix, for example J.")


class Symbol(Keys):
    """What is known of a symbol in the whole file."""

    called: ClassVar[str] = "a symbol"
    example: ClassVar[str] = "{shape: n x m, says: design matrix}"
    shape: Shape = Field(None, description="Its shape: n, n x m, scalar.")
    assume: Assumed = Field((), description="What is assumed of it: symmetric, positive, …")
    rows: Name | None = Field(None, description="The name of its rows as columns (x_i), tying x_i to it.")
    entries: Name | None = Field(None, description="The name of its entries (y_i), tying y_i to it.")
    says: Text | None = Field(None, description="What it is called in words.")

    def is_meant(self, name: str, shapes: Mapping[str, Any]) -> bool:
        """Whether a problem that declares ``shapes`` means this symbol by ``name``: with another shape it is another
        symbol. DocgenError where a shape cannot be read."""
        given = shapes.get(name, self.shape)
        return self.shape is None or read_shape(given, name) is read_shape(self.shape, name)


def _symbol(data: Any) -> Any:
    """A symbol may be given by its shape alone."""
    return {"shape": data} if isinstance(data, str | int | list) else data


class Special(Keys):
    """A special case of a result: an assumption more, or a symbol set to a formula."""

    called: ClassVar[str] = "a special case"
    example: ClassVar[str] = "{when: {A: symmetric}}"
    when: Assumptions = Field({}, description="Further assumptions: {A: symmetric}.")
    set: Formulae = Field({}, description="Symbols and what they are set to: {A: I}.")
    title: Text | None = Field(None, description="The head of the special case.")

    @model_validator(mode="after")
    def _says_something(self) -> Special:
        if not self.when and not self.set:
            raise wrong("the special case says neither `when` nor `set`", "For example: {when: {A: symmetric}}")
        return self


class Grading(Keys):
    """A line of the grading notes."""

    called: ClassVar[str] = "a grading note"
    example: ClassVar[str] = "{points: 1, text: the gradient}"
    points: Points = Field(0.0, description="Points for this part of the solution.")
    text: Text | None = Field(None, description="What they are given for.")


@dataclass(frozen=True)
class Common:
    """What a file says for all its problems beside shapes, assumptions and named parts. ``places`` is where it does, by
    key."""

    symbols: Mapping[str, Symbol] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def over(self, base: Common) -> Common:
        """This, with what ``base`` says beside it."""
        return Common(
            {**base.symbols, **self.symbols},
            {**base.functions, **self.functions},
            {**base.macros, **self.macros},
            {**base.places, **self.places},
        )


class Problem(Keys):
    """A problem, or a part of one, as typed. ``model_fields_set`` tells the keys that were given."""

    called: ClassVar[str] = "a problem"
    example: ClassVar[str] = "{id: linear, function: a^T x, variable: x}"

    id: Id = Field("", description="Its name: letters, digits, hyphens, underscores.")
    title: Text | None = Field(None, description="A title, printed after its number.")
    use: Id | None = Field(None, description="A problem of the bank; the other keys override its keys.")
    name: Name = Field("f", description="The name of the function, for example Q.")
    function: Formula | None = Field(None, description=r"The function, in LaTeX or plain spelling: x^T A x.")
    variable: Name | None = Field(None, description="The variable.")
    variables: Names = Field((), description="Several variables: one derivative for each.")
    shapes: Shapes = Field({}, description="The shapes of the symbols: {x: n, A: n x n}.")
    assume: Assumptions = Field({}, description="Assumptions on symbols: {A: symmetric}.")
    where: Formulae = Field({}, description="Named parts, kept by name in lines and answers.")
    task: Tasks = Field(("derivative",), description="What to find; a list is one chained solution.")
    method: Methods = Field(("differential",), description="How; a list gives several solutions.")
    layout: Layouts = Field(("mixed",), description="The layout of derivatives.")
    detail: Detail = Field("normal", description="How small the steps are.")
    constrained: Switch = Field(False, description="Gradient within the symmetric matrices.")
    elementwise: Switch = Field(False, description="exp, log, … of a square matrix act entry by entry.")
    of: Id | None = Field(None, description="The part that this part goes on from.")
    statement: Text | None = Field(None, description="The statement, with {declare} and {function}.")
    form: Annotated[str, chosen("form", ("find", "show"))] = Field(
        "find", description="find the result, or show it: then it stands in the statement."
    )
    hint: Text | None = Field(None, description="A hint.")
    remark: Text | None = Field(None, description="A remark after the solution.")
    points: Points | None = Field(None, description="Points.")
    bonus: Switch = Field(False, description="The points are extra.")
    grading: Annotated[tuple[Grading, ...], listed("grading notes", Grading.example)] = Field(
        (), description="Grading notes, printed in the key only."
    )
    level: Annotated[int, whole(1, 5)] | None = Field(None, description="Difficulty from 1 to 5.")
    tags: Names = Field((), description="Topics, for docgen list.")
    space: Annotated[
        str, Checked(v.space, {"type": "string", "pattern": r"^(none|box|page|auto|\d+(\.\d+)?\s*cm)$"})
    ] = Field("auto", description="Room to work in on a worksheet.")
    reuse: Ids = Field((), description="Problems whose results the solution may cite.")
    equals: Formulas = Field((), description="A second form of the function; proved.")
    answer: Formula | None = Field(None, description="The result in the author's form; proved and printed so.")
    special: Annotated[tuple[Special, ...], listed("special cases", Special.example)] = Field(
        (), description="Special cases of the result; proved."
    )
    claim: Formulas = Field((), description="Formulas stated in a text; proved.")
    parts: Annotated[tuple[Problem, ...], listed("parts", "{id: a, function: a^T x}")] = Field(
        (), description="Sub-problems, which inherit the keys of the problem."
    )

    _common: Common = PrivateAttr(default_factory=Common)

    @property
    def common(self) -> Common:
        """What the file says for all its problems."""
        return self._common

    def within(self, common: Common) -> Problem:
        """The same problem in a file that says ``common``."""
        found = self.model_copy()
        found._common = common.over(self._common)
        return found

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Problem:
        if self.variable is not None and self.variables:
            raise wrong("both `variable` and `variables` are given", "Keep one of the two.", ["variables"], key=True)
        return self


class Reference(Keys):
    """An entry of the references."""

    called: ClassVar[str] = "a reference"
    example: ClassVar[str] = "{id: cookbook, text: 'Petersen, Pedersen. The Matrix Cookbook, 2012'}"
    id: Id = Field("", description="Its name, for {id} in texts.")
    text: Text | None = Field(None, description="The entry.")


class File(Keys):
    """A spec file as typed."""

    called: ClassVar[str] = "a spec file"
    example: ClassVar[str] = "problems: [{id: linear, function: a^T x, variable: x}]"

    title: Text | None = Field(None, description="The title; by default made of the file's name.")
    course: Text | None = Field(None, description="The course, above the title.")
    number: Annotated[int, whole(0, 999)] | None = Field(
        None, description="The number of the seminar, lecture or homework."
    )
    kind: Annotated[str, chosen("kind", v.KINDS)] | None = Field(
        None, description="The heading's word: seminar, lecture, homework, exam."
    )
    date: Annotated[dt.date, Checked(v.day, {"type": "string", "format": "date"})] | None = Field(
        None, description="The date, year-month-day; none by default."
    )
    author: Text | None = Field(None, description="The author.")
    due: Annotated[dt.date | dt.datetime, Checked(v.moment, STRING)] | None = Field(
        None, description="When it is due: 2026-09-28 or 2026-09-28 23:59."
    )
    language: Annotated[tuple[str, ...], several(Checked(v.language, STRING), "language")] = Field(
        (), description="One language or a list; all by default."
    )
    paper: Annotated[str, chosen("paper", ("a4", "letter"))] = Field("a4", description="The paper.")
    layout: Layouts = Field(("mixed",), description="The layout of derivatives for the whole file.")
    notation: Notation = Field(
        default_factory=lambda: Notation.model_validate({}), description="How formulas are written."
    )
    detail: Detail = Field("normal", description="How small the steps are, for the whole file.")
    symbols: Annotated[
        dict[str, Annotated[Symbol, BeforeValidator(_symbol)]],
        BeforeValidator(v.table(lambda item: item, "symbols", "{X: {shape: n x m, says: design matrix}}")),
    ] = Field({}, description="Symbols of the whole file: shape, assumptions, words.")
    assume: Assumptions = Field({}, description="Assumptions for the whole file.")
    functions: Formulae = Field({}, description=r"Names for formulas: {'h_\theta(x)': '\sigma(\theta^T x)'}.")
    where: Formulae = Field({}, description="Named parts, kept by name in lines and answers.")
    macros: Formulae = Field({}, description=r"The author's own LaTeX macros: {RR: '\mathbb{R}'}.")
    contents: Annotated[tuple[Block, ...], BeforeValidator(check_contents), listed("blocks", "{section: Theory}")] = (
        Field((), description="What stands in the handout, in order; by default all problems.")
    )
    references: Annotated[tuple[Reference, ...], listed("references", Reference.example)] = Field(
        (), description="The list of references."
    )
    problems: Annotated[tuple[Problem, ...], listed("problems", "{id: linear, function: a^T x, variable: x}")] = Field(
        (), description="The problems."
    )


def all_keys() -> frozenset[str]:
    """Every key that a spec may use anywhere."""
    models: tuple[type[Keys], ...] = (
        File,
        Problem,
        Symbol,
        Special,
        Grading,
        Reference,
        Notation,
        FigureKeys,
        TableRow,
        *BLOCKS.values(),
    )
    return frozenset(key for model in models for key in model.model_fields)
