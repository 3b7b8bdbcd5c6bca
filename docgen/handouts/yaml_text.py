"""YAML text as plain data, each value with the place where it was typed, and with limits.

Spec files come from strangers, so this module builds the data itself from the parser's events: it knows lists, mappings
and scalars and nothing else (no tags, no objects), bounds the depth and the number of values that aliases unfold to,
refuses duplicate keys, and sees how a string was quoted. Scalars stay text; what a key expects decides what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docgen.errors import Place, SpecError

#: A path into a spec: ``("problems", 0, "shapes", "x")``.
KeyPath = tuple[str | int, ...]

MAX_DEPTH = 24
MAX_VALUES = 50_000

_NULLS = frozenset(("", "~", "null", "Null", "NULL"))

#: What YAML makes of a backslash and a letter in double quotes, where LaTeX means a command.
_ESCAPES = {
    "a": "a bell",
    "b": "a backspace",
    "e": "an escape",
    "f": "a form feed",
    "n": "a line break",
    "r": "a carriage return",
    "t": "a tab",
    "v": "a vertical tab",
}
#: \theta in double quotes: a backslash that none before it escapes, the letter that YAML reads, the rest.
_CONTROL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\([abefrtv])([A-Za-z]*)")
#: -id: in place of - id:.
_NO_SPACE = re.compile(r"\s*-([a-z]\w*):(?:\s|$)")
#: \nabla in double quotes, and the other commands on n; any other \n may be meant as a line break.
_LATEX_NEWLINE = re.compile(r"(?<!\\)(?:\\\\)*\\(n)(abla|earrow|eg|eq|eqq|e|i|mid|orm|otin|ot|u|warrow)(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: ``line`` and columns count from 0."""

    line: int
    start: int
    end: int


@dataclass(slots=True)
class Source:
    """A file as it was typed: its name, its lines, the data in it and the places of every key and value."""

    file: str
    lines: list[str]
    data: Any = None
    keys: dict[KeyPath, Span] = field(default_factory=dict)
    values: dict[KeyPath, Span] = field(default_factory=dict)

    def line_of(self, path: KeyPath) -> int | None:
        """The line (from 1) of the key at ``path``, or of the list item; None where the file has no such path."""
        span = self.keys.get(path) or self.values.get(path)
        return None if span is None else span.line + 1

    def place(self, path: KeyPath, *, key: bool = False) -> Place:
        """The place of a value (or of its key) with its line; that of the nearest enclosing value if it is missing."""
        while path and path not in self.values:
            path = path[:-1]
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        span = first.get(path) or second.get(path)
        return Place(file=self.file) if span is None else self.at(span)

    def at_top(self) -> Place:
        """The file as a whole."""
        return Place(file=self.file, line=1)

    def at(self, span: Span) -> Place:
        """The place of a span, without the indentation of its line."""
        line = self.lines[span.line] if span.line < len(self.lines) else ""
        indent = len(line) - len(line.lstrip())
        start = max(0, span.start - indent)
        return Place(
            file=self.file,
            line=span.line + 1,
            formula=line.strip() or None,
            start=start,
            end=max(start + 1, min(span.end, len(line.rstrip())) - indent),
        )


@dataclass(slots=True)
class _Node:
    """A parsed value: text (None: nothing was typed), a list of nodes, or a list of pairs key and node."""

    span: Span
    text: str | None = None
    items: list[_Node] | None = None
    pairs: list[tuple[_Node, _Node]] | None = None
    size: int = 1


def parse(text: str, file: str, known_keys: Iterable[str] = ()) -> Source:
    """The data of a YAML text and its places; :class:`SpecError` with line and way out where it is not plain YAML.

    ``known_keys`` are words that count as keys where a full-width colon follows them.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    source = Source(file, text.splitlines())
    colon = re.compile(rf"^\s*(?:-\s+)*({'|'.join(sorted(map(re.escape, known_keys))) or '(?!)'})\s*：")
    reader = YAML(typ="safe", pure=True)
    try:
        builder = _Builder(source, text, colon, iter(reader.parse(text)))
        root = builder.document()
    except ReaderError as error:
        before = text[: error.position]
        span = Span(before.count("\n"), len(before) - before.rfind("\n") - 1, 0)
        raise SpecError(
            f"the file contains the control character U+{ord(text[error.position]):04X}",
            hint="Delete the character; it is invisible in most editors.",
            place=source.at(span),
        ) from None
    except MarkedYAMLError as error:
        raise _explained(error, source, colon) from None
    except YAMLError as error:
        raise SpecError(f"this is not YAML: {error}", place=Place(file=file)) from None
    if root is not None:
        source.values[()] = root.span
        source.data = _unfolded(root, (), source)
    return source


class _Builder:
    """Builds nodes from the parser's events."""

    def __init__(self, source: Source, text: str, colon: re.Pattern[str], events: Iterator[Any]) -> None:
        self.source = source
        self.text = text
        self.colon = colon
        self.events = events
        self.anchors: dict[str, _Node] = {}
        self.count = 0

    def document(self) -> _Node | None:
        """The one document of the stream, or None where the stream is empty."""
        root = None
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent" and root is not None:
                raise self.error(
                    "a second document begins here", event, "A spec file is one document: remove the `---`."
                )
            if kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
                root = self.node(event, 0)
        return root

    def node(self, event: Any, depth: int) -> _Node:
        """The node that starts with ``event``."""
        kind = type(event).__name__
        if depth > MAX_DEPTH:
            raise self.error(
                f"more than {MAX_DEPTH} levels of lists and mappings",
                event,
                "A spec has at most six; a formula that begins with [ or { must stand in single quotes.",
            )
        if getattr(event, "tag", None) and kind != "AliasEvent":
            raise self.error(
                f"the tag `{event.tag}` is not allowed",
                event,
                "A spec is plain text, lists and mappings; a value that begins with ! must stand in single quotes.",
            )
        if kind == "AliasEvent":
            found = self.anchors.get(event.anchor)
            if found is None:
                raise self.error(
                    f"`*{event.anchor}` refers to an anchor that is not defined above",
                    event,
                    "A value that begins with * must stand in single quotes.",
                )
            self.grow(found.size, event)
            return _Node(self.span(event), found.text, found.items, found.pairs, found.size)
        self.grow(1, event)
        node = _Node(self.span(event))
        if kind == "ScalarEvent":
            node.text = self.scalar(event)
        elif kind == "SequenceStartEvent":
            node.items = self.sequence(depth)
            node.size += sum(item.size for item in node.items)
        else:
            node.pairs = self.mapping(depth)
            node.size += sum(value.size for _, value in node.pairs)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def sequence(self, depth: int) -> list[_Node]:
        """The items up to the end of the list."""
        items = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self.node(event, depth + 1))
        return items

    def mapping(self, depth: int) -> list[tuple[_Node, _Node]]:
        """The pairs up to the end of the mapping, each key once."""
        pairs: list[tuple[_Node, _Node]] = []
        seen: dict[str, int] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self.node(event, depth + 1)
            if key.items is not None or key.pairs is not None:
                raise self.error(
                    "a key must be a word",
                    event,
                    r"A key with brackets or braces must stand in single quotes: '\mathbf{w}': n",
                )
            name = key.text = key.text if key.text is not None else str(event.value)
            if "：" in name:
                raise _full_width(name.split("：")[0].strip(), self.source.at(key.span))
            if name in seen:
                raise self.error(
                    f"the key `{name}` is given twice",
                    event,
                    f"It stands in line {seen[name] + 1} already; keep one of the two.",
                )
            seen[name] = key.span.line
            pairs.append((key, self.node(next(self.events), depth + 1)))
        return pairs

    def scalar(self, event: Any) -> str | None:
        """The text of a scalar, None where nothing was typed; checks what quoting did to it."""
        value = str(event.value)
        typed = self.text[event.start_mark.index : event.end_mark.index]
        if event.style == '"':
            slip = _CONTROL_ESCAPE.search(typed) or _LATEX_NEWLINE.search(typed)
            if slip:
                letter, rest = slip.groups()
                raise self.error(
                    rf"`\{letter}{rest}` in double quotes: YAML reads `\{letter}` as {_ESCAPES[letter]}",
                    event,
                    rf"Use single quotes, where a backslash is a backslash: '\{letter}{rest}'",
                )
        elif not event.style:
            first = event.start_mark.line
            for offset, line in enumerate(typed.splitlines()):
                if slip := self.colon.match(line):
                    where = Span(first + offset, 0, len(self.source.lines[first + offset]))
                    raise _full_width(slip[1], self.source.at(where))
            if value in _NULLS:
                return None
        return value

    def span(self, event: Any) -> Span:
        """Where the event stands: its first line only."""
        start, end = event.start_mark, event.end_mark
        line = self.source.lines[start.line] if start.line < len(self.source.lines) else ""
        return Span(start.line, start.column, end.column if end.line == start.line else len(line))

    def grow(self, by: int, event: Any) -> None:
        """Count values; what aliases unfold to counts in full."""
        self.count += by
        if self.count > MAX_VALUES:
            raise self.error(
                f"the file holds more than {MAX_VALUES} values once its aliases are unfolded",
                event,
                "Split the file, or write the values out instead of repeating them with `*`.",
            )

    def error(self, message: str, event: Any, hint: str) -> SpecError:
        return SpecError(message, hint=hint, place=self.source.at(self.span(event)))


def _unfolded(node: _Node, path: KeyPath, source: Source) -> Any:
    """The node as plain data; enters the places of all that is in it. ``<<`` merges mappings as in YAML 1.1."""
    if node.items is not None:
        for index, item in enumerate(node.items):
            source.values[(*path, index)] = item.span
        return [_unfolded(item, (*path, index), source) for index, item in enumerate(node.items)]
    if node.pairs is None:
        return node.text
    data: dict[str, Any] = {}
    own = [pair for pair in node.pairs if pair[0].text != "<<"]
    for key, value in _merged(node, source) + own:
        name = str(key.text)
        below = (*path, name)
        source.keys[below] = key.span
        source.values[below] = value.span
        data[name] = _unfolded(value, below, source)
    return data


def _merged(node: _Node, source: Source) -> list[tuple[_Node, _Node]]:
    """The pairs that ``<<`` brings in; earlier mappings of its list win."""
    pairs: list[tuple[_Node, _Node]] = []
    for key, value in node.pairs or ():
        if key.text != "<<":
            continue
        bases = value.items if value.items is not None else [value]
        for base in reversed(bases):
            if base.pairs is None:
                raise SpecError("`<<` needs a mapping", hint="For example: <<: *common", place=source.at(value.span))
            pairs += _merged(base, source) + [pair for pair in base.pairs if pair[0].text != "<<"]
    return pairs


def _full_width(key: str, place: Place) -> SpecError:
    return SpecError(
        f"a full-width colon `：` after `{key}`",
        hint=f"Type an ordinary colon and a space: {key}: …",
        place=place,
    )


_OWN_SIGN = "this character is one that YAML keeps for itself"
#: What a message of the YAML parser means to somebody who types a spec, and the way out.
_HINTS = (
    (
        "unknown escape character",
        "a backslash in double quotes",
        "Use single quotes, where a backslash is a backslash: '\\lambda'",
    ),
    ("cannot start any token", _OWN_SIGN, "A value that begins with it must stand in single quotes."),
    ("expected the node content", _OWN_SIGN, "A value that begins with it must stand in single quotes."),
    (
        "mapping values are not allowed here",
        "this colon cannot stand here",
        "A value that contains a colon followed by a space must stand in quotes; or the line is indented too far.",
    ),
    ("could not find expected ':'", "a colon is missing", "A key is followed by a colon and a space: variable: x"),
    (
        "expected <block end>",
        "this line begins in another column than those above",
        "Lines of one mapping or list begin in the same column; compare with the line above.",
    ),
    (
        "but got '{'",
        "a brace inside a value in brackets",
        "In brackets, a value that has braces itself must stand in single quotes: '\\frac{1}{2} x'",
    ),
    (
        "expected ',' or",
        "a comma or the closing bracket is missing",
        "Entries in brackets are separated by commas, and the bracket must be closed on the way.",
    ),
    ("while scanning a quoted scalar", "these quotes are never closed", "Type the closing quote."),
    (
        "expected chomping or indentation",
        "a value begins with | or >",
        "A value that begins with | or > must stand in single quotes.",
    ),
)


def _explained(error: Any, source: Source, colon: re.Pattern[str]) -> SpecError:
    """A parser error as a message with line and way out."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SpecError(f"this is not YAML: {error.problem}", place=Place(file=source.file))
    first = min(error.context_mark.line, mark.line) if error.context_mark is not None else mark.line
    for number in range(max(0, first - 1), min(mark.line + 1, len(source.lines))):
        line = source.lines[number]
        if slip := colon.match(line):
            return _full_width(slip[1], source.at(Span(number, slip.start(1), len(line))))
        if joined := _NO_SPACE.match(line):
            return SpecError(
                "no space after the dash",
                hint=f"An item of a list begins with a dash and a space: - {joined[1]}: …",
                place=source.at(Span(number, joined.start(1) - 1, joined.end(1))),
            )
    if mark.line >= len(source.lines) and error.context_mark is not None:
        mark = error.context_mark  # Something was opened there and the file ended.
    line = source.lines[mark.line] if mark.line < len(source.lines) else ""
    problem = " ".join(str(error.problem or error.context or "").split())
    if "\t" in line[: len(line) - len(line.lstrip())] or "'\\t'" in problem:
        message, hint = "a tab in the indentation", "Indent with spaces."
    elif "，" in line:
        message, hint = "a full-width comma `，` between entries", "Type an ordinary comma and a space."
    elif re.search(r"\bin \{", line):
        message, hint = "a set of values without quotes", "Put it in quotes: 'in {-1, 1}'"
    else:
        context = f"{problem} {error.context or ''}"
        unknown = (problem, "Compare the line with `docgen new`.")
        said, hint = next((told for sign, *told in _HINTS if sign in context), unknown)
        message = f"this is not YAML: {said}"
    return SpecError(message, hint=hint, place=source.at(Span(mark.line, mark.column, mark.column + 1)))
