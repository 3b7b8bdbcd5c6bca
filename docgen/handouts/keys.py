"""The base of every model of a spec, and the kinds of values that several keys share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from docgen.calculus.choices import DETAILS, LAYOUTS, METHODS, TASKS
from docgen.handouts import values as v
from docgen.handouts.values import Checked, Json, Words, wrong
from docgen.reading.declarations import ASSUMPTIONS

STRING: Json = {"type": "string"}
SHAPE_SCHEMA: Json = {
    "anyOf": [
        {"type": ["string", "integer"]},
        {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 2, "maxItems": 2},
    ]
}


def chosen(what: str, names: Iterable[str]) -> Checked:
    """One of some names."""
    known = tuple(names)
    return Checked(v.one_of(what, known), {"enum": list(known)})


def whole(least: int, most: int) -> Checked:
    """A whole number from ``least`` to ``most``."""
    return Checked(v.whole(least, most), {"type": "integer", "minimum": least, "maximum": most})


def several(item: Checked, what: str, *, whole_word: str = "") -> Checked:
    """One such item or a list of them; ``whole_word`` is as in :func:`docgen.handouts.values.many`."""
    array = {"type": "array", "items": item.schema, "minItems": 1}
    return Checked(v.many(item.check, what, whole_word=whole_word), {"anyOf": [item.schema, array]})


def by_symbol(item: Checked, what: str, example: str) -> Checked:
    """A mapping from symbols to such items."""
    return Checked(v.table(item.check, what, example), {"type": "object", "additionalProperties": item.schema})


AN_ID = Checked(v.identifier, {"type": ["string", "integer"], "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"})
_SHAPE = Checked(v.shape, SHAPE_SCHEMA)
_ASSUMED = several(
    Checked(v.assumption, {"anyOf": [{"enum": list(ASSUMPTIONS)}, {"type": "string", "pattern": r"^in\s*\{.*\}$"}]}),
    "assumption",
)
_TEXT_SCHEMA: Json = {
    "anyOf": [{"type": ["string", "number"]}, {"type": "object", "additionalProperties": STRING, "minProperties": 1}]
}

Text = Annotated[Words, Checked(v.words, _TEXT_SCHEMA)]
Formula = Annotated[str, Checked(v.formula, {"type": ["string", "number"], "minLength": 1})]
Id = Annotated[str, AN_ID]
Name = Annotated[str, Checked(v.plain_text, {"type": ["string", "number"]})]
Switch = Annotated[bool, Checked(v.switch, {"enum": [True, False, "yes", "no", "on", "off"]})]
Points = Annotated[float, Checked(v.points, {"type": "number", "minimum": 0})]
Ids = Annotated[tuple[str, ...], several(AN_ID, "problem")]
Names = Annotated[tuple[str, ...], several(Checked(v.plain_text, STRING), "name")]
Formulas = Annotated[tuple[str, ...], several(Checked(v.formula, STRING), "formula")]
Shape = Annotated[Any, _SHAPE]
Assumed = Annotated[tuple[str, ...], _ASSUMED]
Shapes = Annotated[dict[str, Any], by_symbol(_SHAPE, "symbols and shapes", "{x: n, A: n x n}")]
Assumptions = Annotated[dict[str, tuple[str, ...]], by_symbol(_ASSUMED, "symbols and assumptions", "{A: symmetric}")]
Formulae = Annotated[dict[str, str], by_symbol(Checked(v.formula, STRING), "names and formulas", r"{p: '\sigma(X w)'}")]
Layouts = Annotated[tuple[str, ...], several(chosen("layout", LAYOUTS), "layout")]
Tasks = Annotated[tuple[str, ...], several(chosen("task", TASKS), "task")]
Methods = Annotated[tuple[str, ...], several(chosen("method", METHODS), "method")]
Detail = Annotated[str, chosen("detail", DETAILS)]

#: Names people type for a key that is called otherwise here.
_OTHER_NAMES = {
    "wrt": "variable",
    "var": "variable",
    "formula": "function",
    "expression": "function",
    "sizes": "shapes",
    "dimensions": "shapes",
    "exercises": "problems",
    "lang": "language",
    "solution": "answer",
    "assumptions": "assume",
}


class Keys(BaseModel):
    """A mapping whose keys are all known. ``called`` and ``example`` serve messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)
    called: ClassVar[str] = "a mapping"
    example: ClassVar[str] = ""
    #: Keys that must not be left empty, each with an example.
    filled: ClassVar[Mapping[str, str]] = {
        "id": "quadratic-form",
        "function": "x^T A x",
        "equals": "x^T A x",
        "answer": "2 A x",
        "claim": r"d(A^{-1}) = -A^{-1} dA A^{-1}",
    }

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data if isinstance(data, cls) else cls._refuse(data)
        for key in data:
            if key not in cls.model_fields:
                name = str(key)
                near = _OTHER_NAMES.get(name.lower(), "")
                known = list(cls.model_fields)
                if data[key] is None and not name.isidentifier():  # what came after a comma
                    hint = "In brackets, a value that has a comma itself must stand in single quotes."
                else:
                    hint = f"Did you mean `{near}`?" if near in known else v.nearest(name, known)
                raise wrong(f"unknown key `{name}` in {cls.called}", hint, [key], key=True)
            if data[key] is None and key in cls.filled:
                raise wrong(f"`{key}` is empty", f"For example: {key}: {cls.filled[key]}", [key], key=True)
        return {key: value for key, value in data.items() if value is not None}

    @classmethod
    def _refuse(cls, data: Any) -> Any:
        raise wrong(f"expected {cls.called}, for example {cls.example}, not {v.shown(data)}")


def listed(what: str, example: str) -> BeforeValidator:
    """Says what is wrong where a list is expected and something else is given."""

    def check(data: Any) -> Any:
        if isinstance(data, list | tuple):
            return tuple(data)
        raise wrong(f"expected a list of {what}, each after a dash, not {v.shown(data)}", f"For example: - {example}")

    return BeforeValidator(check)
