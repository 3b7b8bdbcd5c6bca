"""The parts of a LaTeX file that PyLaTeX owns: class, packages, environments and the file itself.

PyLaTeX ends most lines with ``%``; the separators are set to plain line ends here, so that the source reads well.
"""

from __future__ import annotations

from collections.abc import Sequence

from pylatex import Command, NoEscape, Package
from pylatex import Document as PylatexDocument
from pylatex.base_classes import Arguments, Environment


class _Environment(Environment):  # type: ignore[misc]
    """An environment on lines of its own; its name is set on the object."""

    content_separator = "\n"
    escape = False


class _TexFile(PylatexDocument):  # type: ignore[misc]
    """The whole file. None of PyLaTeX's default packages is loaded: they are meant for pdfTeX."""

    content_separator = "\n"
    escape = False

    def __init__(self, options: Sequence[str], packages: Sequence[tuple[str, ...]], preamble: str, body: str) -> None:
        super().__init__(
            documentclass="article",
            document_options=list(options),
            fontenc=None,
            inputenc=None,
            lmodern=False,
            textcomp=False,
            microtype=False,
            page_numbers=True,
        )
        self.packages.clear()
        for name, *wanted in packages:
            self.packages.append(Package(name, options=[NoEscape(text) for text in wanted] or None))
        self.preamble.append(NoEscape(preamble))
        self.data.clear()
        self.append(NoEscape(body))

    def dumps(self) -> str:
        """The source: the line for editors, class, packages, preamble, body."""
        head = ["% !TeX program = xelatex", self.documentclass.dumps()]
        head += [package.dumps() for package in self.packages]
        body = [Command("begin", "document").dumps(), self.dumps_content(), Command("end", "document").dumps()]
        return "\n".join([*head, *(str(part) for part in self.preamble), "", *body]) + "\n"


def environment(name: str, arguments: Sequence[str], source: str) -> str:
    """The source of an environment; arguments and contents are LaTeX already."""
    made = _Environment(arguments=Arguments(*map(NoEscape, arguments)), data=[NoEscape(source)])
    made._latex_name = name
    return str(made.dumps())


def tex_file(options: Sequence[str], packages: Sequence[tuple[str, ...]], preamble: str, body: str) -> str:
    """The source of a LaTeX file: options of the class, packages each with its options, preamble and body."""
    return str(_TexFile(options, packages, preamble, body).dumps())
