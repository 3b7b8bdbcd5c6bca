"""The base of every model of a spec, and the kinds of values that several keys share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from docgen.handouts import values as v
from docgen.handouts.values import Checked, Json, Words, wrong

STRING: Json = {"type": "string"}
_BY_SYMBOL: Json = {"type": "object", "additionalProperties": STRING}


def one_or_more(item: Json) -> Json:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


_TEXT_SCHEMA: Json = {
    "anyOf": [{"type": ["string", "number"]}, {"type": "object", "additionalProperties": STRING, "minProperties": 1}]
}
SHAPE_SCHEMA: Json = {
    "anyOf": [
        {"type": ["string", "integer"]},
        {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 2, "maxItems": 2},
    ]
}
_ASSUMPTION: Json = {"anyOf": [{"enum": list(v.ASSUMPTIONS)}, {"type": "string", "pattern": r"^in\s*\{.*\}$"}]}
ID_SCHEMA: Json = {"type": ["string", "integer"], "pattern": "^[A-Za-z0-9_][A-Za-z0-9_-]*$"}

Text = Annotated[Words, Checked(v.words, _TEXT_SCHEMA)]
Formula = Annotated[str, Checked(v.formula, {"type": ["string", "number"], "minLength": 1})]
Id = Annotated[str, Checked(v.identifier, ID_SCHEMA)]
Name = Annotated[str, Checked(v.plain_text, {"type": ["string", "number"]})]
Switch = Annotated[bool, Checked(v.switch, {"enum": [True, False, "yes", "no", "on", "off"]})]
Points = Annotated[float, Checked(v.points, {"type": "number", "minimum": 0})]
Ids = Annotated[tuple[str, ...], Checked(v.many(v.identifier, "problem"), one_or_more(ID_SCHEMA))]
Names = Annotated[tuple[str, ...], Checked(v.many(v.plain_text, "name"), one_or_more(STRING))]
Formulas = Annotated[tuple[str, ...], Checked(v.many(v.formula, "formula"), one_or_more(STRING))]
Shape = Annotated[Any, Checked(v.shape, SHAPE_SCHEMA)]
Assumed = Annotated[tuple[str, ...], Checked(v.many(v.assumption, "assumption"), one_or_more(_ASSUMPTION))]
Shapes = Annotated[
    dict[str, Any],
    Checked(
        v.table(v.shape, "symbols and shapes", "{x: n, A: n x n}"),
        {"type": "object", "additionalProperties": SHAPE_SCHEMA},
    ),
]
Assumptions = Annotated[
    dict[str, tuple[str, ...]],
    Checked(
        v.table(v.many(v.assumption, "assumption"), "symbols and assumptions", "{A: symmetric}"),
        {"type": "object", "additionalProperties": one_or_more(_ASSUMPTION)},
    ),
]
Formulae = Annotated[
    dict[str, str], Checked(v.table(v.formula, "names and formulas", r"{p: '\sigma(X w)'}"), _BY_SYMBOL)
]
Layout = Annotated[str, Checked(v.one_of("layout", v.LAYOUTS), {"enum": list(v.LAYOUTS)})]
Layouts = Annotated[
    tuple[str, ...],
    Checked(v.many(v.one_of("layout", v.LAYOUTS), "layout"), one_or_more({"enum": list(v.LAYOUTS)})),
]
Tasks = Annotated[
    tuple[str, ...], Checked(v.many(v.one_of("task", v.TASKS), "task"), one_or_more({"enum": list(v.TASKS)}))
]
Methods = Annotated[
    tuple[str, ...],
    Checked(v.many(v.one_of("method", v.METHODS), "method"), one_or_more({"enum": list(v.METHODS)})),
]
Detail = Annotated[str, Checked(v.one_of("detail", v.DETAILS), {"enum": list(v.DETAILS)})]

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

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
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
        raise wrong(f"expected a list of {what}, each after a dash, not {v.shown(data)}", f"For example: {example}")

    return BeforeValidator(check)
