"""The folder that ``docgen new --templates`` writes: where to begin with sentences and skeletons of one's own.

As it is, it changes nothing: the sentences are commented out, and the blocks print what docgen's own print.
"""

from __future__ import annotations

from pathlib import Path

#: The sentence that is shown in every language.
SENTENCE = "statement.find"

_PHRASES = """\
# Your sentences, in front of docgen's own. All names and sentences are in
#     {base}
# Whole sentences are replaced; << … >> are the values put into them. language.toml (words and settings), rules.toml
# (the sentences of the rules), latex.toml (packages and fonts), theory.toml and tables.toml work alike.

# [{table}]
# {key} = {text}
"""

_TEX = r"""<# The definitions before \begin{document}: docgen's own, with a block changed. Its blocks are in
    BASE
<< super() >> prints docgen's own text of a block. For a frame around the answer in another style, say, put in its place

    \newcommand{\answer}[2]{\par\noindent\textbf{#1}\quad\fbox{$\displaystyle #2$}\par}
#>
<% extends "docgen/preamble.tex" %>
<% block answer %>
<< super() >>
<%- endblock %>
"""

_MD = """<# The boxed answer in Markdown: docgen's own, with a block changed. The other skeletons are in
    BASE
#>
<% extends "docgen/answer.md" %>
<% block head %>
<< super() >>
<%- endblock %>
"""


def files(folder: Path) -> dict[Path, str]:
    """The files of the folder with what they hold."""
    from docgen.handouts.language import languages
    from docgen.handouts.places import templates_folder

    base = templates_folder()
    texts = {folder / code / "phrases.toml": _phrases(code) for code in languages()}
    for name, text in (("tex/preamble.tex", _TEX), ("md/answer.md", _MD)):
        texts[folder / "formats" / name] = text.replace("BASE", (base / "formats" / name).parent.as_posix())
    return texts


def _phrases(code: str) -> str:
    """The file of a language, with its own sentence as the example."""
    import json

    from docgen.handouts import toml_file
    from docgen.handouts.language import load_language
    from docgen.handouts.places import templates_folder

    found = toml_file.find(load_language(code).phrases, SENTENCE)
    texts = [found] if isinstance(found, str) else found
    shown = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)  # a TOML string is written like JSON's
    table, _, key = SENTENCE.rpartition(".")
    base = (templates_folder() / code / "phrases.toml").as_posix()
    return _PHRASES.format(base=base, table=table, key=key, text=shown if isinstance(found, str) else f"[{shown}]")
