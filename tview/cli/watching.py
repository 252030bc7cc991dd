"""``tview verify --watch DRIVE``: a pile of discs, one after another: a row on the screen and a line in the log for each."""

import os
import stat
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tview.cli.common import print_lines, print_record, say, say_finding, settings_of, unicode_output, worst
from tview.errors import Exit, ExportError, MediumError, finding
from tview.text import SafeText, cell_width, clip, safe, translate

if TYPE_CHECKING:
    from tview.media.drives import Calls, DriveState
    from tview.verify import Verdict

_ = str
_COLUMNS = (
    (_("No"), 3), (_("TIME"), 8), (_("LABEL"), 16), (_("IMAGES"), 22), (_("WHOLE"), 11), (_("PERSON"), 15), (_("E"), 3), (_("W"), 3),
    (_("s"), 4), (_("EXIT"), 4),
)  # fmt: skip
_WAITING = {
    "no-disc": _("disc {number}: put it in"),
    "tray-open": _("disc {number}: put it in"),
    "not-ready": _("disc {number}: the drive is starting"),
    "busy": _("another program is using the drive"),
}


class Row(NamedTuple):
    """One disc, without what names a person."""

    number: int
    clock: str
    label: SafeText
    images: str
    whole: str
    person: str
    errors: int
    warnings: int
    seconds: int
    code: int

    @property
    def cells(self) -> tuple[str, ...]:
        """As text, in the order of the columns."""
        return tuple(str(value) for value in self)


def watch(
    options: Namespace,
    judge: "Callable[[str], Verdict]",
    stopped: Callable[[], bool],
    *,
    calls: "Calls | None" = None,
    sleep: Callable[[float], object] = time.sleep,
    now: Callable[[], time.struct_time] = time.localtime,
) -> Exit:
    """Judge every disc that is put in, until it is stopped or `options.discs` are done. The worst exit code of all of them."""
    from tview.media.drives import KERNEL
    from tview.verify.watching import discs

    settings_of(options)
    calls = calls or KERNEL
    watched = Watched(options)
    log = Log(options.log)
    codes = [Exit.FINE]
    try:
        for state in discs(options.watch, calls=calls, stopped=stopped, tell=watched.tell, sleep=sleep):
            watched.clear()
            verdict = judge(options.watch)
            if stopped() and not verdict.finished:
                return Exit.INTERRUPTED
            row, code = watched.row(verdict, state, now())
            codes.append(code)
            watched.show(row, verdict)
            log.add(row, verdict if options.log_person else None, now())
            _let_go(options, calls)
            if options.discs and watched.count >= options.discs:
                break
    finally:
        watched.clear()
        log.close()
    return worst(codes)


def _let_go(options: Namespace, calls: "Calls") -> None:
    from tview.media import eject

    if options.no_eject:
        return
    try:
        eject(options.watch, calls)
    except MediumError as error:
        say_finding(error.finding)


class Watched:
    """The table on the terminal: its head once, a row for each disc, and a line that says what is waited for."""

    def __init__(self, options: Namespace) -> None:
        self._options, self.count = options, 0
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def tell(self, state: "DriveState") -> None:
        """What is waited for, on stderr when it is a terminal."""
        if self._shows:
            text = translate(_WAITING.get(state.value, _("disc {number}: take the last one out"))).format(number=self.count + 1)
            print(f"\r{safe(text)}   {translate('(Ctrl-C ends)')}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take that line away."""
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def row(self, verdict: "Verdict", state: "DriveState", now: time.struct_time) -> tuple[Row, Exit]:
        """The row of a disc, and its exit code."""
        from tview.cli.verify import exit_of

        self.count += 1
        code = exit_of(verdict, self._options.fail_on)
        counts, severities = verdict.images.counts, [told.severity.value for told in verdict.findings]
        images = state.value if state.value in ("blank", "audio") else verdict.images.word
        row = Row(
            self.count, time.strftime("%H:%M:%S", now), verdict.media.label or safe("-"), images, f"{counts.whole}/{counts.promised}",
            verdict.person.word, severities.count("error"), severities.count("warning"), round(verdict.elapsed_s), int(code),
        )  # fmt: skip
        return row, code

    def show(self, row: Row, verdict: "Verdict") -> None:
        """Print the row, or the record; ring when asked to."""
        from tview.verify import verdict_record, withheld

        if self._options.json:
            print_record(verdict_record(verdict if self._options.show_all_persons else withheld(verdict)))
        else:
            if row.number == 1:
                print_lines([_line(tuple(translate(title) for title, _width in _COLUMNS))])
            print_lines([_line(row.cells)])
        if self._options.bell and self._shows:
            print("\a" if not row.code else "\a\a", end="", file=sys.stderr, flush=True)


def _line(cells: tuple[str, ...]) -> SafeText:
    padded = []
    for cell, (_title, width) in zip(cells, _COLUMNS, strict=True):
        shown = safe(cell) if unicode_output() else safe(cell.encode("ascii", "backslashreplace").decode())
        shown = safe(clip(shown, width))
        padded.append(shown + " " * (width - cell_width(shown)))
    return safe(" ".join(padded).rstrip())


class Log:
    """The log: a line for each disc, tab between fields; the first line names them. Readable by its owner only, added to if it is there."""

    def __init__(self, path: str | None) -> None:
        self._fd, self._path = -1, path or ""
        if path is not None:
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0)
                self._fd = os.open(path, flags, 0o600)
                if not stat.S_ISREG(os.fstat(self._fd).st_mode):
                    raise OSError(None, translate("it is no ordinary file"))
                if os.fstat(self._fd).st_size == 0:
                    self._write("time\tdisc\tlabel\timages\twhole\tperson\terrors\twarnings\tseconds\texit\n")
            except OSError as error:
                raise self._failed(error) from error

    def add(self, row: Row, verdict: "Verdict | None", now: time.struct_time) -> None:
        """One line. With a `verdict` the person is named behind it. Raises `ExportError`."""
        fields = [time.strftime("%Y-%m-%dT%H:%M:%S%z", now), str(row.number), *row.cells[2:]]
        if verdict is not None and verdict.person.persons:
            from tview.verify import person_text, withheld

            fields.append(person_text(withheld(verdict).person.persons[0]))
        if self._fd >= 0:
            try:
                self._write("\t".join(safe(field) for field in fields) + "\n")
            except OSError as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Let go of the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _write(self, line: str) -> None:
        data = line.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._fd, data) :]

    def _failed(self, error: OSError) -> ExportError:
        return ExportError(finding("output-failed", path=self._path, problem=error.strerror or type(error).__name__))


def watch_over(options: Namespace) -> None:
    """Whether the options go together. Raises `UsageError`."""
    from tview.cli.common import usage

    if options.source:
        raise usage(translate("--watch takes its discs from the drive, and no SOURCE"))
    if options.html or options.junit or options.letter or options.resume:
        raise usage(translate("--watch does not go with --html, --junit, --letter or --resume: verify the one disc again for these"))
    if options.discs is not None and options.discs < 1:
        raise usage(translate("--discs takes a number from 1"))
    say(translate("watching {drive}").format(drive=options.watch))
