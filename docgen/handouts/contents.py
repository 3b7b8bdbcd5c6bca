"""The blocks of a handout's contents, as frozen pydantic models; the first key of a block says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from docgen.handouts import EDITIONS
from docgen.handouts import values as v
from docgen.handouts.keys import (
    AN_ID,
    STRING,
    Assumptions,
    Formula,
    Id,
    Keys,
    Layouts,
    Name,
    Names,
    Shapes,
    Text,
    by_symbol,
    chosen,
    several,
    whole,
)
from docgen.handouts.values import Checked, Json, wrong

_SHOWN = by_symbol(chosen("choice", v.SHOWN), "editions", "{handout: statements}")


def _editions(data: Any) -> dict[str, str]:
    checked: dict[str, str] = _SHOWN.check(data)
    for name in checked:
        if name not in EDITIONS:
            raise wrong(f"unknown edition `{name}`", v.nearest(name, EDITIONS), [name], key=True)
    return checked


class Section(Keys):
    """A heading. ``editions`` says what of its problems an edition shows."""

    called: ClassVar[str] = "a section"
    section: Text = Field(description="The heading.")
    editions: Annotated[
        dict[str, str], Checked(_editions, _SHOWN.schema | {"propertyNames": {"enum": list(EDITIONS)}})
    ] = Field({}, description="What an edition shows here: {handout: statements}.")


class Paragraphs(Keys):
    """The author's own text."""

    called: ClassVar[str] = "a text"
    text: Text = Field(description="Markdown with $…$ and {id}.")


class Theory(Keys):
    """Definitions and rules from docgen's own theory."""

    called: ClassVar[str] = "a theory block"
    theory: Names = Field(description="Their names: [differential, gradient].")


class TableRow(Keys):
    """A row of a table: a function, and what is different for it from the rest of the table."""

    called: ClassVar[str] = "a row of a table"
    example: ClassVar[str] = "{function: x^T A x, assume: {A: symmetric}}"
    function: Formula = Field(description="The function.")
    variable: Name | None = Field(None, description="The variable, where it is another than that of the table.")
    shapes: Shapes = Field({}, description="Shapes, over those of the table.")
    assume: Assumptions = Field({}, description="Assumptions, over those of the table.")


def _rows(data: Any) -> Any:
    """A row may be given by its function alone, and a single row without a list."""
    rows = data if isinstance(data, list | tuple) else [data]
    return tuple({"function": row} if isinstance(row, str | int | float) else row for row in rows)


class Table(Keys):
    """A table: one of docgen's, or one made of the rows given."""

    called: ClassVar[str] = "a table"
    table: Id = Field(description="Its name.")
    rows: Annotated[tuple[TableRow, ...], BeforeValidator(_rows)] = Field(
        (), description="Functions to differentiate, one a row; docgen finds the derivatives."
    )
    variable: Name | None = Field(None, description="The variable of the rows.")
    shapes: Shapes = Field({}, description="Shapes of the symbols in the rows.")
    assume: Assumptions = Field({}, description="Assumptions on the symbols in the rows.")
    layout: Layouts = Field((), description="The layouts shown.")
    caption: Text | None = Field(None, description="The caption.")


class Rules(Keys):
    """A table of rules."""

    called: ClassVar[str] = "a table of rules"
    rules: Names = Field(description="used, all, or names of rules.")
    caption: Text | None = Field(None, description="The caption.")


class Problems(Keys):
    """Problems, in this order."""

    called: ClassVar[str] = "a block of problems"
    problems: Annotated[tuple[str, ...], several(AN_ID, "problem", whole_word="all")] = Field(
        description="Their ids, or all."
    )


class Claim(Keys):
    """A formula that docgen proves before it prints it."""

    called: ClassVar[str] = "a claim"
    claim: Formula = Field(description="The formula: left = right.")
    shapes: Shapes = Field({}, description="Shapes of its symbols.")
    assume: Assumptions = Field({}, description="Assumptions on its symbols.")
    text: Text | None = Field(None, description="Words before the formula.")


_POSITIVE: Json = {"type": "number", "exclusiveMinimum": 0}
_WIDTH: Json = {"type": "string", "pattern": r"^\d+(\.\d+)?\s*cm$"}
_PAIR: Json = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}


class FigureKeys(Keys):
    """A figure: drawn by docgen, or the author's own file."""

    called: ClassVar[str] = "a figure"
    example: ClassVar[str] = "{kind: contour, of: mse}"
    id: Id | None = Field(None, description="Its name, for {id} in texts.")
    kind: Annotated[str, chosen("figure", ("contour",))] | None = Field(None, description="What to draw.")
    of: Id | None = Field(None, description="The problem whose function is drawn; by default the last one before it.")
    problem: Id | None = Field(None, description="The same as `of`.")
    function: Formula | None = Field(None, description="A function of its own to draw.")
    name: Name = Field("f", description="The name of that function.")
    variable: Name | None = Field(None, description="Its variable, a vector with two entries.")
    variables: Names = Field((), description="Its variables, two scalars.")
    shapes: Shapes = Field({}, description="The shapes of its symbols.")
    assume: Assumptions = Field({}, description="Assumptions on its symbols.")
    steps: Annotated[int, whole(0, 200)] = Field(10, description="How many steps of gradient descent are drawn.")
    rate: Annotated[float, Checked(v.positive("step length"), _POSITIVE)] | None = Field(
        None, description="The step length; by default one that goes down at every step."
    )
    start: Annotated[tuple[float, float], Checked(v.pair, _PAIR)] | None = Field(
        None, description="Where gradient descent starts: [-1, 2]."
    )
    seed: Annotated[int, whole(0, 999_999)] = Field(0, description="Which random data is drawn.")
    file: Annotated[str, Checked(v.file_name, STRING)] | None = Field(
        None, description="The author's own figure, in the spec's folder."
    )
    width: Annotated[float, Checked(v.centimetres, _WIDTH)] | None = Field(
        None, description="The width of the author's own figure: 8cm."
    )
    caption: Text | None = Field(None, description="The caption.")

    @property
    def subject(self) -> str | None:
        """The id of the problem whose function is drawn."""
        return self.of or self.problem

    @model_validator(mode="after")
    def _one_thing(self) -> FigureKeys:
        """It is drawn or it is a file; what belongs to the other is refused."""
        given = self.model_fields_set
        if (self.kind is None) == (self.file is None):
            raise wrong(
                "a figure has either `kind` or `file`", "For example: {kind: contour, of: mse} or {file: plot.pdf}"
            )
        if self.file is not None:
            extra = [key for key in _DRAWN if key in given]
        elif self.function is not None:
            extra = [key for key in ("of", "problem", "width") if key in given]
        else:
            extra = [key for key in (*_OF_FUNCTION, "width") if key in given]
        if extra:
            beside = "`file`" if self.file else "`function`" if self.function and extra[0] != "width" else "`kind`"
            hint = "It belongs to `function`." if extra[0] in _OF_FUNCTION and not self.file else "Leave it out."
            raise wrong(f"`{extra[0]}` says nothing beside {beside}", hint, [extra[0]], key=True)
        if self.function is not None and self.variable is None and not self.variables:
            raise wrong("the function has no variable", "Add one: variable: w", ["function"])
        return self


#: Keys of a function that a figure brings itself, and keys of what docgen draws.
_OF_FUNCTION = ("name", "variable", "variables", "shapes", "assume")
_DRAWN = ("of", "problem", "function", *_OF_FUNCTION, "steps", "rate", "start", "seed")


class Figure(Keys):
    """A figure in the contents."""

    called: ClassVar[str] = "a figure"
    figure: FigureKeys = Field(description="What it shows.")


class PageBreak(Keys):
    """A new page."""

    called: ClassVar[str] = "a page break"
    page_break: Annotated[bool, Checked(v.switch, {"type": ["boolean", "null"]})] = Field(
        True, description="true, or nothing"
    )


BLOCKS: dict[str, type[Keys]] = {
    "section": Section,
    "theory": Theory,
    "table": Table,
    "rules": Rules,
    "problems": Problems,
    "claim": Claim,
    "figure": Figure,
    "page_break": PageBreak,
    "text": Paragraphs,
}


def _block_key(data: Any) -> str | None:
    """The key that says what a block is."""
    if isinstance(data, Keys):
        return next((key for key, kind in BLOCKS.items() if isinstance(data, kind)), None)
    return next((key for key in BLOCKS if isinstance(data, Mapping) and key in data), None)


def check_contents(data: Any) -> Any:
    """Each block has a key that says what it is; a page break may stand alone."""
    items: list[Any] = []
    for index, item in enumerate(data):
        block = {"page_break": True} if item == "page_break" else item
        if isinstance(block, Mapping) and "page_break" in block and block["page_break"] is None:
            block = {**block, "page_break": True}
        key = _block_key(block)
        if key is None:
            names = ", ".join(BLOCKS)
            if isinstance(block, Mapping) and block:
                first = str(next(iter(block)))
                raise wrong(
                    f"unknown block `{first}` in the contents", v.nearest(first, tuple(BLOCKS)), [index, first], True
                )
            raise wrong(f"expected a block, not {v.shown(block)}", f"A block begins with one of: {names}.", [index])
        if isinstance(block, Mapping) and block[key] is None:
            raise wrong(f"`{key}` is empty", at=[index, key], key=True)
        items.append(block)
    return tuple(items)


Block = Annotated[
    Annotated[Section, Tag("section")]
    | Annotated[Paragraphs, Tag("text")]
    | Annotated[Theory, Tag("theory")]
    | Annotated[Table, Tag("table")]
    | Annotated[Rules, Tag("rules")]
    | Annotated[Problems, Tag("problems")]
    | Annotated[Claim, Tag("claim")]
    | Annotated[Figure, Tag("figure")]
    | Annotated[PageBreak, Tag("page_break")],
    Discriminator(_block_key),
]
