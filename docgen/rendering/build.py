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
from typing import TYPE_CHECKING, Any, Final

from docgen.errors import DocgenError, OutputError, ProofError, SpecError, ToolError
from docgen.handouts.places import own_templates
from docgen.rendering.files import target, write
from docgen.rendering.stale import Manifest, digest, digest_of, machinery

if TYPE_CHECKING:
    from docgen.calculus.derivation import Solution
    from docgen.handouts.document import Document
    from docgen.rendering.pdf import Job

FORMATS: Final = ("md", "tex", "pdf")
#: Made only when they are asked for: a Jupyter notebook, and Markdown in which every formula stands between ``$$``.
MORE_FORMATS: Final = ("ipynb", "kramdown")
EDITIONS: Final = ("worksheet", "handout", "key")
#: Which exit code wins where several handouts fail.
PRIORITY: Final = (3, 4, 1)


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
        """0, or the code of the failures that wins in the order 3, 4, 1."""
        codes = {failure.error.exit_code for failure in self.failures}
        return next((code for code in PRIORITY if code in codes), 0)


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

    ``languages`` default to those of each file, ``formats`` and ``editions`` to all; ``only`` takes ids of problems;
    ``override`` is a folder of templates in front of those that docgen brings along. Faults of handouts are in the
    report; only an unknown format or edition, or a folder of templates that
    is not there, raises at once.
    """
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    work = _Build(
        Path(output),
        None if languages is None else tuple(dict.fromkeys(languages)),
        FORMATS if formats is None else _known("format", formats, (*FORMATS, *MORE_FORMATS)),
        _known("edition", editions, EDITIONS),
        None if only is None else tuple(dict.fromkeys(only)),
        progress or (lambda _: None),
        own_templates(override),
    )
    work.run([Path(path) for path in given])
    return work.report


def build_or_raise(*args: Any, **options: Any) -> BuildReport:
    """As :func:`build`, but the gravest failure is raised when everything else is done."""
    report = build(*args, **options)
    for failure in report.failures:
        if failure.error.exit_code == report.exit_code:
            raise failure.error
    return report


def _known(what: str, given: Sequence[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if given is None:
        return known
    for name in given:
        if name not in known:
            raise SpecError(f"there is no {what} {name!r}", hint=f"Known are {', '.join(known)}.")
    return tuple(name for name in known if name in given)


def spec_files(path: Path) -> list[Path]:
    """The spec files that a path stands for: itself, or the YAML files right in the folder, sorted."""
    if path.is_dir():
        found = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml") and p.name[0] != "." and p.is_file())
        if not found:
            raise SpecError(f"the folder {path} holds no spec file (.yaml)", hint="Make one: docgen new NAME")
        return found
    if not path.exists():
        raise SpecError(f"there is no file {path}", hint="Make a spec file: docgen new NAME")
    return [path]


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
            except (DocgenError, OSError) as error:
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
        try:
            made_of = [self._handout(spec, manifest, owners) for spec in stale]
            failed = self._pdfs([made for made in made_of if made is not None], manifest)
            for made in made_of:
                if made is not None and made.spec not in failed:
                    manifest.note(made.spec, request, version, made.inputs, made.outputs)
        finally:
            if self.report.written:
                self._save(manifest)
        if not self.report.written and any(made is not None for made in made_of):
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
        languages = [load_language(code, self.override) for code in codes]
        file.require(codes)
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
        stem = "+".join((document.name, *(self.only or ())))
        base = f"{document.language}/{stem}-{document.edition}"
        from docgen.rendering import figures

        if "md" in self.formats:
            from docgen.rendering import markdown

            texts[f"{base}.md"] = markdown.render(document, self.override).encode()
        if "kramdown" in self.formats:
            from docgen.rendering import markdown

            texts[f"{base}.kramdown.md"] = markdown.two_dollars(markdown.render(document, self.override)).encode()
        for format in dict.fromkeys({"md": "md", "kramdown": "md", "tex": "tex"}.get(one, "") for one in self.formats):
            if format:
                texts.update({f"{document.language}/{n}": d for n, d in figures.files(document, format, self.override)})
        if "ipynb" in self.formats:
            from docgen.rendering import notebook

            texts[f"{base}.ipynb"] = notebook.render(document, made.solved, self.override).encode()
        if "tex" in self.formats or "pdf" in self.formats:
            from docgen.rendering import latex

            source = latex.render(document, self.override)
            if "tex" in self.formats:
                texts[f"{base}.tex"] = source.encode()
            if "pdf" in self.formats:
                from docgen.rendering.pdf import Job
                from docgen.rendering.setting import setting

                files = setting(document.language, self.override).files
                pictures = tuple(figures.files(document, "tex", self.override))
                made.jobs.append((f"{base}.pdf", Job(f"{base}.tex", source, files, pictures)))

    def _pdfs(self, made_of: Sequence[_Made], manifest: Manifest) -> set[Path]:
        """Compile what has changed; the specs with a PDF that failed."""
        waiting: list[tuple[Path, str, Job]] = []
        for made in made_of:
            for name, job in made.jobs:
                if manifest.pdf_is_of(name, digest_of(job.material)):
                    self.report.unchanged.append(self.output / name)
                else:
                    waiting.append((made.spec, name, job))
        if not waiting:
            return set()
        from docgen.rendering.pdf import Tex

        failed: set[Path] = set()
        names = {id(job): (spec, name) for spec, name, job in waiting}
        self.total += len(waiting)
        try:
            for job, pdf in Tex().compile_all([job for _, _, job in waiting]):
                spec, name = names[id(job)]
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
            return {spec for spec, _, _ in waiting}
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
