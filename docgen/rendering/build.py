"""Spec files to handouts: what ``docgen build`` and :func:`docgen.build` do.

The output folder has one folder per language: ``output/ru/seminar-03-handout.md``, ``.tex``, ``.pdf``, and the same
with ``-worksheet`` and ``-key``; figures stand beside them, ``seminar-03-figure-1.svg`` and ``.pdf``. With
``only``, the ids go into the name (``seminar-03+quadratic-form-handout.md``), so that a part never replaces the whole.
``output/.docgen/`` remembers what was made of what.

A handout is written when all its languages and editions are there; PDF files follow one by one. What fails leaves the
files of the last build as they were, and does not stop the other handouts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docgen.errors import DocgenError, OutputError, ProofError, SpecError, ToolError
from docgen.handouts import EDITIONS
from docgen.handouts.places import own_templates, spec_files
from docgen.rendering.files import target, write
from docgen.rendering.stale import Manifest, digest, digest_of, machinery

if TYPE_CHECKING:
    from docgen.calculus.derivation import Solution
    from docgen.handouts.document import Document
    from docgen.rendering.pdf import Job

#: The formats, the last two only where they are asked for: a Jupyter notebook, and Markdown in which every formula
#: stands between ``$$``.
FORMATS: Final = ("md", "tex", "pdf", "ipynb", "kramdown")
DEFAULT_FORMATS: Final = FORMATS[:3]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a build is: ``done`` of ``total`` steps (the total grows as handouts are read), and what was done."""

    done: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A handout that could not be built, or one of its PDF files; ``spec`` is None where all are concerned."""

    spec: Path | None
    error: DocgenError


@dataclass(slots=True)
class BuildReport:
    """What a build did: files written, files that were up to date, failures, and what a reader may stumble over."""

    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or the code of the gravest failure."""
        return exit_code(failure.error for failure in self.failures)


def exit_code(errors: Iterable[DocgenError]) -> int:
    """What a command ends with after these errors: 0, or of their codes the one that wins in the order 3, 4, 1."""
    codes = {error.exit_code for error in errors}
    return next((code for code in (3, 4, 1) if code in codes), 0)


def build(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = ("problems",),
    *,
    languages: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    editions: Sequence[str] | None = None,
    output: str | os.PathLike[str] = "output",
    only: Sequence[str] | None = None,
    progress: Callable[[Step], None] | None = None,
    override: str | os.PathLike[str] | None = None,
) -> BuildReport:
    """Build the handouts of spec files, or of all spec files of a folder.

    ``languages`` default to those of each file, ``formats`` to Markdown, LaTeX and PDF, ``editions`` to all; ``only``
    takes ids of problems; ``override`` is a folder of templates in front of those that docgen brings along. Faults of
    handouts are in the report; only an unknown format or edition (SpecError), or a folder of templates that is not
    there (OutputError), raises at once.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    work = _Build(
        Path(output),
        None if languages is None else tuple(dict.fromkeys(languages)),
        _known("format", DEFAULT_FORMATS if formats is None else formats, FORMATS),
        _known("edition", EDITIONS if editions is None else editions, EDITIONS),
        None if only is None else tuple(dict.fromkeys(only)),
        progress or (lambda _: None),
        own_templates(override),
    )
    work.run([Path(path) for path in given])
    return work.report


def _known(what: str, given: Sequence[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """What was given, in the order of what is known; SpecError for anything else."""
    for name in given:
        if name not in known:
            raise SpecError(f"there is no {what} {name!r}", hint=f"Known are {', '.join(known)}.")
    return tuple(name for name in known if name in given)


@dataclass(slots=True)
class _Build:
    """One call of :func:`build`."""

    output: Path
    languages: tuple[str, ...] | None
    formats: tuple[str, ...]
    editions: tuple[str, ...]
    only: tuple[str, ...] | None
    progress: Callable[[Step], None]
    override: Path | None
    report: BuildReport = field(default_factory=BuildReport)
    done: int = 0
    total: int = 0

    def run(self, paths: Sequence[Path]) -> None:
        manifest = Manifest(self.output)
        version = machinery(self.override)
        request = {
            "languages": self.languages,
            "formats": self.formats,
            "editions": self.editions,
            "only": self.only,
        }
        stale: list[Path] = []
        for path in paths:
            try:
                specs = spec_files(path)
            except SpecError as error:
                self._fail(path, error)
                continue
            for spec in specs:
                current = manifest.current(spec, request, version)
                if current is None:
                    stale.append(spec)
                else:
                    self.report.unchanged += current
        if not stale:
            return
        self.total = len(stale)
        owners: dict[str, Path] = {}
        composed: list[_Made] = []
        try:
            for spec in stale:
                if (made := self._handout(spec, manifest, owners)) is not None:
                    composed.append(made)
            failed = self._pdfs(composed, manifest)
            for made in composed:
                if made.spec not in failed:
                    manifest.note(made.spec, request, version, made.inputs, made.outputs)
        finally:  # an interrupt too leaves what was written known
            if composed or self.report.written:
                self._save(manifest)

    def _handout(self, spec: Path, manifest: Manifest, owners: dict[str, Path]) -> _Made | None:
        """Compose a handout in all languages and editions and write Markdown and LaTeX; None where it fails."""
        try:
            made = _Made(spec, {spec: digest(spec)})
            texts: dict[str, bytes] = {}
            for document in self._documents(spec, made):
                self._render(document, made, texts)
                self._step(f"{document.language}/{document.name}-{document.edition}")
            for name in (*texts, *(name for name, _ in made.jobs)):
                if owners.setdefault(name, spec) != spec:
                    raise OutputError(
                        f"{spec} and {owners[name]} would both be built to {name}", hint="Rename one of the two files."
                    )
            places = [(target(self.output, name), name, data) for name, data in texts.items()]
            for place, name, data in places:
                self._put(place, name, data, manifest)
        except Exception as error:  # a defect in one handout must not stop the others
            if os.environ.get("DOCGEN_DEBUG") and not isinstance(error, DocgenError):
                raise
            self._fail(spec, error)
            return None
        made.outputs = [*texts, *(name for name, _ in made.jobs)]
        self._step(spec.name)
        return made

    def _documents(self, spec: Path, made: _Made) -> Iterable[Document]:
        """The documents of a spec, in every language and edition that is asked for."""
        from docgen.handouts.compose import compose
        from docgen.handouts.handout import Plate
        from docgen.handouts.language import languages as all_languages
        from docgen.handouts.language import load_language
        from docgen.handouts.load import load
        from docgen.handouts.prepare import prepare

        file = load(spec)
        made.inputs.update({path: digest(path) for path in file.sources})
        codes = self.languages or file.languages or all_languages(self.override)
        file.require(codes, all_languages(self.override))
        languages = [load_language(code, self.override) for code in codes]
        handout = prepare(file, self.only or ())
        for item in handout.items:
            if isinstance(item, Plate):
                made.inputs.update({path: digest_of(data) for path, data in item.sources.items()})
        made.solved = {sheet.id: sheet.solution for sheet in handout.sheets}
        self.total += len(languages) * len(self.editions)
        for language in languages:
            for edition in self.editions:
                yield compose(handout, language, edition, self.override)

    def _render(self, document: Document, made: _Made, texts: dict[str, bytes]) -> None:
        """Add the files of a document to ``texts``, by name, and its PDF to the jobs."""
        from docgen.rendering import figures

        folder = f"{document.language}/"
        base = folder + "+".join((document.name, *(self.only or ()))) + f"-{document.edition}"
        if "md" in self.formats or "kramdown" in self.formats:
            from docgen.rendering import markdown

            page = markdown.render(document, self.override)
            if "md" in self.formats:
                texts[f"{base}.md"] = page.encode()
            if "kramdown" in self.formats:
                texts[f"{base}.kramdown.md"] = markdown.two_dollars(page).encode()
            texts.update((folder + name, data) for name, data in figures.files(document, "md", self.override))
        if "ipynb" in self.formats:
            from docgen.rendering import notebook

            texts[f"{base}.ipynb"] = notebook.render(document, made.solved, self.override).encode()
        if "tex" in self.formats or "pdf" in self.formats:
            from docgen.rendering import latex

            source = latex.render(document, self.override)
            pictures = tuple(figures.files(document, "tex", self.override))
            if "tex" in self.formats:
                texts[f"{base}.tex"] = source.encode()
                texts.update((folder + name, data) for name, data in pictures)
            if "pdf" in self.formats:
                from docgen.rendering.pdf import Job
                from docgen.rendering.setting import setting

                files = setting(document.language, self.override).files
                made.jobs.append((f"{base}.pdf", Job(f"{base}.tex", source, files, pictures)))

    def _pdfs(self, composed: Sequence[_Made], manifest: Manifest) -> set[Path]:
        """Compile what has changed; the specs with a PDF that failed."""
        waiting: dict[Job, tuple[Path, str]] = {}
        for made in composed:
            for name, job in made.jobs:
                if manifest.pdf_is_of(name, digest_of(job.material)):
                    self.report.unchanged.append(self.output / name)
                else:
                    waiting[job] = made.spec, name
        if not waiting:
            return set()
        from docgen.rendering.pdf import Tex

        failed: set[Path] = set()
        self.total += len(waiting)
        try:
            for job, pdf in Tex().compile_all(list(waiting)):
                spec, name = waiting[job]
                try:
                    if isinstance(pdf, ToolError):
                        raise pdf
                    self._put(target(self.output, name), name, pdf.data, manifest)
                    manifest.made_pdf(name, digest_of(job.material))
                    self.report.warnings += [f"{name}: {warning}" for warning in pdf.warnings]
                except DocgenError as error:
                    failed.add(spec)
                    self._fail(spec, error)
                self._step(name)
        except ToolError as error:  # no XeLaTeX at all: said once, not for each file
            self._fail(None, error)
            return {spec for spec, _ in waiting.values()}
        return failed

    def _put(self, place: Path, name: str, data: bytes, manifest: Manifest) -> None:
        if digest(place) == digest_of(data) and not place.is_symlink():
            self.report.unchanged.append(place)
        else:
            write(place, data)
            self.report.written.append(place)
        manifest.wrote(name, data)

    def _save(self, manifest: Manifest) -> None:
        try:
            manifest.save()
        except OutputError as error:
            self._fail(None, error)

    def _step(self, text: str) -> None:
        self.done += 1
        self.progress(Step(self.done, max(self.total, self.done), text))

    def _fail(self, spec: Path | None, error: Exception) -> None:
        if not isinstance(error, DocgenError):
            defect = ProofError(
                f"docgen itself failed{f' on {spec}' if spec else ''}: {type(error).__name__}: {error}",
                hint="This is a defect of docgen; please report it with the spec. DOCGEN_DEBUG=1 shows where it is.",
            )
            defect.__cause__ = error
            error = defect
        known = {(failure.spec, failure.error.message, failure.error.hint) for failure in self.report.failures}
        if (spec, error.message, error.hint) not in known:  # a missing font is said once, not for each edition
            self.report.failures.append(Failure(spec, error))


@dataclass(slots=True)
class _Made:
    """A handout that has been composed: what was read for it, its files, and the PDF files still to be made."""

    spec: Path
    inputs: dict[Path, str | None]
    outputs: list[str] = field(default_factory=list)
    jobs: list[tuple[str, Job]] = field(default_factory=list)
    solved: dict[str, Solution] = field(default_factory=dict)
