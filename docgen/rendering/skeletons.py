"""The skeletons of the formats: ``templates/formats/<format>/``, each a Jinja2 template made of blocks.

A folder of own templates may have a file of the same name. It stands for docgen's, or takes it up and changes a block:

    <% extends "docgen/answer.md" %>
    <% block head %>*<< head >>*<% endblock %>

``docgen/NAME`` is always docgen's own. Templates run in a sandbox, and a value that is not there is an error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import LanguageError, Place
from docgen.handouts.language import DELIMITERS
from docgen.handouts.places import stamp, templates_folder

if TYPE_CHECKING:
    from jinja2 import Environment

#: What docgen's own skeletons are called in ``extends`` and ``include``.
OWN: Final = "docgen/"


class Skeletons:
    """The skeletons of a format, those of the folder ``override`` in front."""

    def __init__(self, format: str, override: Path | None = None) -> None:
        self.format, self.override = format, override
        self._environment: Environment | None = None

    def fill(self, name: str, **values: Any) -> str:
        """The skeleton with its values, without empty lines at its ends and more than one between two lines.

        LanguageError with file and line where a template is at fault.
        """
        from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError

        if self._environment is None:
            self._environment = _environment(self.format, self.override, stamp(self.override))
        try:
            return _tidy(self._environment.get_template(name).render(values))
        except LanguageError:
            raise
        except TemplateSyntaxError as error:
            place = Place(error.filename or error.name, error.lineno)
            raise LanguageError(f"the template cannot be read: {error.message}", place=place) from None
        except TemplateNotFound as error:
            place = self._place(error) or Place(self._file(name))
            raise LanguageError(
                f"there is no template {error.name}",
                hint=f"docgen's own are {', '.join(self.names())}, each with {OWN} in front.",
                place=place,
            ) from None
        except UndefinedError as error:
            raise LanguageError(
                f"the template asks for a value that is not there: {error.message}",
                hint=f"Its values are: {', '.join(sorted(values))}.",
                place=self._place(error),
            ) from None
        except Exception as error:  # a template computes what it likes; whatever goes wrong is its fault
            said = error.message if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
            raise LanguageError(f"the template cannot be filled: {said}", place=self._place(error)) from None

    def names(self) -> list[str]:
        """The names of docgen's own skeletons of the format."""
        own = _folder(templates_folder(), self.format).iterdir()
        return sorted(path.name for path in own if path.suffix != ".toml")

    def _file(self, name: str) -> str:
        return str(_folder(self.override or templates_folder(), self.format) / name)

    def _place(self, error: BaseException) -> Place | None:
        """The innermost line of a template that an error came from; Jinja2 puts them into the traceback."""
        folders = tuple(str(_folder(root, self.format)) for root in (templates_folder(), self.override) if root)
        frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
        return next((Place(file, line) for file, line in reversed(frames) if file.startswith(folders)), None)


def _folder(root: Path, format: str) -> Path:
    return root / "formats" / format


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


@lru_cache(maxsize=16)
def _environment(format: str, override: Path | None, _stamp: str) -> Environment:
    """The Jinja2 environment of a format; with the stamp as a key, a folder that has changed gets a new one."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    own = _folder(templates_folder(), format)
    front = _folder(override, format) if override else None

    def load(name: str) -> tuple[str, str, None] | None:
        folders = [own] if name.startswith(OWN) else [front, own]
        for folder in folders:
            file = name.removeprefix(OWN)
            if folder is None or "/" in file or "\\" in file or file in ("", ".", ".."):
                continue
            path = folder / file
            try:
                return path.read_text(encoding="utf-8"), str(path), None
            except FileNotFoundError:
                continue
            except OSError as error:
                raise LanguageError(f"the template cannot be read: {error.strerror}", place=Place(str(path))) from None
            except UnicodeDecodeError:
                raise LanguageError("the template is not UTF-8 text", place=Place(str(path))) from None
        return None

    return ImmutableSandboxedEnvironment(
        **DELIMITERS,
        trim_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,
        loader=FunctionLoader(load),
    )
