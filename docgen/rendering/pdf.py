"""LaTeX files to PDF: XeLaTeX run safely, repeatably and several files at a time.

A file may not run a program (``-no-shell-escape``), nor read or write outside its own folder (``openin_any=p``,
``openout_any=p``, TEXMFOUTPUT unset); no latexmkrc is read, because ``xelatex`` is called itself. It runs in a process
group of its own that is ended as a whole at the time limit or at an interrupt. Equal sources give equal PDF files:
SOURCE_DATE_EPOCH is fixed and every job has the same name.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docgen.errors import Place, ToolError
from docgen.rendering.texlog import first_error, problem_at, wants_rerun, warnings

#: The packages of Debian that hold everything a handout needs.
APT: Final = (
    "apt-get install -y --no-install-recommends texlive-xetex texlive-fonts-recommended texlive-lang-cyrillic "
    "texlive-lang-chinese fonts-lmodern fonts-cmu latexmk"
)
INSTALL: Final = (
    f"On Debian or Ubuntu: {APT}\nElsewhere: MacTeX, MiKTeX or TeX Live with XeLaTeX. "
    "Without TeX, Markdown and LaTeX can be built: -f md -f tex"
)
#: Seconds for one run of XeLaTeX; a handout of twenty pages needs about one.
TIME_LIMIT: Final = 60.0
#: The largest file TeX may write, in bytes.
LARGEST: Final = 200_000_000
#: The moment that goes into every PDF: 2026-01-01.
EPOCH: Final = "1767225600"
#: Fonts that every page needs: the names under which one of the two comes, and what LaTeX loads before CMU Serif.
_FONTS: Final = (("cmunrm.otf", "cmunrm.ttf"), ("lmroman12-regular.otf",), ("pzdr.tfm",))
#: TeX may ask for another pass at most this often.
MOST_PASSES: Final = 3
_JOB: Final = "document"


@dataclass(frozen=True, slots=True)
class Job:
    """A LaTeX file to compile: ``name`` is what messages call it, ``files`` what must be installed for it, ``figures``
    the name and contents of its figures."""

    name: str
    source: str
    files: tuple[str, ...] = ()
    figures: tuple[tuple[str, bytes], ...] = ()

    @property
    def material(self) -> bytes:
        """All that the PDF is made of."""
        return self.source.encode() + b"".join(name.encode() + data for name, data in self.figures)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A compiled file: its bytes, what a reader would stumble over, and the passes it took."""

    data: bytes
    warnings: tuple[str, ...]
    passes: int


class Tex:
    """Runs XeLaTeX on jobs, ``workers`` at a time."""

    def __init__(self, *, workers: int | None = None, time_limit: float = TIME_LIMIT) -> None:
        self.workers = workers or max(2, min(4, os.cpu_count() or 2))
        self.time_limit = time_limit
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def compile_all(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Pdf | ToolError]]:
        """Each job with its PDF or its error, in the order in which they are done.

        Where XeLaTeX itself is missing, ToolError is raised at once.
        """
        program = find_xelatex()
        with ThreadPoolExecutor(self.workers) as pool:
            waiting = {pool.submit(self._attempt, program, job): job for job in jobs}
            try:
                for future in as_completed(waiting):
                    yield waiting[future], future.result()
            except BaseException:
                self.stop()
                for future in waiting:
                    future.cancel()
                raise

    def stop(self) -> None:
        """End every run that is under way."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end(process)

    def _attempt(self, program: str, job: Job) -> Pdf | ToolError:
        try:
            check_files(job)
            return self.compile(program, job)
        except ToolError as error:
            return error

    def compile(self, program: str, job: Job) -> Pdf:
        """Compile one job, a second time only where TeX asks for it; ToolError where it fails or takes too long."""
        with tempfile.TemporaryDirectory(prefix="docgen-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            (folder / f"{_JOB}.tex").write_text(job.source, encoding="utf-8", newline="\n")
            for figure, data in job.figures:
                (folder / figure).write_bytes(data)
            passes, again = 0, True
            while again and passes < MOST_PASSES:
                passes += 1
                code = self._run(program, job, folder)
                log = _text(folder / f"{_JOB}.log")
                if code != 0 or first_error(log) is not None:
                    raise _failure(job, folder, log)
                again = wants_rerun(log)
            try:
                data = (folder / f"{_JOB}.pdf").read_bytes()
            except OSError:
                raise _failure(job, folder, log) from None
        return Pdf(data, tuple(warnings(log, job.source)), passes)

    def _run(self, program: str, job: Job, folder: Path) -> int:
        command = [program, "-no-shell-escape", "-interaction=batchmode", "-halt-on-error", f"{_JOB}.tex"]
        with open(folder / "output.txt", "wb") as output:
            try:
                with self._lock:
                    if self._stopped:
                        raise ToolError(f"{job.name}: the build was stopped")
                    process = subprocess.Popen(
                        command,
                        cwd=folder,
                        env=environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                    self._running.add(process)
            except OSError as error:
                raise ToolError(f"xelatex cannot be started: {error.strerror}", hint=INSTALL) from None
        _limit(process)
        late = threading.Event()

        def too_long() -> None:
            late.set()
            _end(process)

        # a timer, because to wait with a time limit is to look every few hundredths of a second
        timer = threading.Timer(self.time_limit, too_long)
        timer.start()
        try:
            code = process.wait()
        finally:
            timer.cancel()
            _end(process)
            with self._lock:
                self._running.discard(process)
        if late.is_set():
            raise ToolError(
                f"XeLaTeX did not finish within {self.time_limit:g} seconds and was stopped",
                hint="Look for a formula or a macro of the spec that never ends.",
                place=Place(file=job.name),
            )
        return code


def find_xelatex() -> str:
    """The path of XeLaTeX; ToolError with the way to install it where there is none."""
    program = shutil.which("xelatex")
    if program is None:
        raise ToolError("PDF needs XeLaTeX, and there is no xelatex on the PATH", hint=INSTALL)
    return program


def environment() -> dict[str, str]:
    """The environment for TeX: no access outside the folder, a fixed date, logs without broken lines."""
    kept = {key: value for key, value in os.environ.items() if key not in ("TEXMFOUTPUT", "TEXINPUTS")}
    return kept | {
        "openin_any": "p",
        "openout_any": "p",
        "SOURCE_DATE_EPOCH": EPOCH,
        "FORCE_SOURCE_DATE": "1",
        "MKTEXTFM": "0",
        "max_print_line": "10000",
        "error_line": "254",
        "half_error_line": "238",
    }


#: What kpsewhich has said of a file: whether it is installed.
_known: dict[str, bool] = {}
_known_lock = threading.Lock()


def check_files(job: Job) -> None:
    """ToolError where a package or a font that the job needs is not installed.

    Asks ``kpsewhich`` once for all names and remembers its answers. Without kpsewhich, or with MiKTeX, which fetches
    what is missing by itself, nothing is checked.
    """
    styles = [
        f"{name.strip()}.sty"
        for names in re.findall(r"^\\usepackage(?:\[[^\]]*\])?\{([^}]*)\}", job.source, re.MULTILINE)
        for name in names.split(",")
    ]
    needed = [*_FONTS, *((name,) for name in (*styles, *job.files))]
    with _known_lock:
        unknown = [name for names in needed for name in names if name not in _known]
        if unknown:
            there = installed(unknown)
            unsure = there.keys() < {*unknown} and "MiKTeX" in (_kpsewhich("--version") or "MiKTeX")
            _known.update({name: unsure or name in there for name in unknown})
    missing = [names[0] for names in needed if not any(_known[name] for name in names)]
    if missing:
        raise ToolError(f"TeX lacks {', '.join(dict.fromkeys(missing))}", hint=INSTALL, place=Place(file=job.name))


def installed(names: Iterable[str]) -> dict[str, str]:
    """The paths of the files that TeX finds, by name; none where there is no kpsewhich to ask."""
    return {Path(line).name: line for line in _kpsewhich(*names).splitlines()}


def _kpsewhich(*arguments: str) -> str:
    """What kpsewhich says; nothing where there is none, or where it does not answer."""
    program = shutil.which("kpsewhich")
    if program is None:
        return ""
    try:
        return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=30, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _limit(process: subprocess.Popen[bytes]) -> None:
    """Bound the files that the run may write, where the system can do that for a process that already runs."""
    with suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        limit: Callable[..., object] = resource.prlimit
        limit(process.pid, resource.RLIMIT_FSIZE, (LARGEST, LARGEST))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run and everything it has started; nothing where it has ended by itself."""
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _failure(job: Job, folder: Path, log: str) -> ToolError:
    """The error of a run: what TeX says first, with the line and the problem it belongs to."""
    error = first_error(log)
    if error is None:
        said = [line for line in _text(folder / "output.txt").splitlines() if line.strip()]
        return ToolError(f"XeLaTeX made no PDF: {said[-1] if said else 'it said nothing'}", place=Place(file=job.name))
    problem = problem_at(job.source, error.line)
    where = f" (problem {problem})" if problem else ""
    shown = ""
    lines = job.source.split("\n")
    if error.line is not None and 0 < error.line <= len(lines):
        shown = lines[error.line - 1].strip()[:200]
    return ToolError(
        f"XeLaTeX stopped: {error.message}{where}",
        hint=f"The line is: {shown}" if shown else "",
        place=Place(file=job.name, line=error.line),
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:20_000_000].decode("utf-8", errors="replace")
    except OSError:
        return ""
