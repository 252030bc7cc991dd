"""``tview verify``: is it whole, whose is it, is it by the book; one page, one exit code."""

import shutil
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from tview.cli.common import (
    password_of,
    print_lines,
    print_record,
    say,
    say_finding,
    settings_of,
    unicode_output,
    usage,
    worst,
)
from tview.cli.verify_files import check_files, file_arguments, write_files
from tview.errors import Exit, MediumError, Severity
from tview.settings import Settings
from tview.text import clip, safe, translate

if TYPE_CHECKING:
    from tview.verify import Options, Progress, Verdict

_LEVELS = ("listing", "headers", "bytes", "pixels")
_PROFILES = ("pdi", "std-gen-cd", "std-gen-dvd", "std-gen-usb")
_FAIL_ON = ("error", "warning", "info", "never")
_NO_DISC = frozenset(("not-a-medical-disc", "proprietary", "locked", "unreadable"))


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    text = translate("a folder, a file, a DICOMDIR, an optical drive or a disc image")
    parser.add_argument("source", metavar="SOURCE", nargs="*", help=text)
    parser.add_argument("--level", choices=_LEVELS, help=translate("how deep; bytes is usual, for folders and files headers"))
    parser.add_argument("--profile", choices=_PROFILES, help=translate("hold the format against this: notes become errors"))
    parser.add_argument("--json", action="store_true", help=translate("as JSON (schema tview/verify/1); with several SOURCEs one a line"))
    parser.add_argument("--notes", action="store_true", help=translate("unfold the notes"))
    parser.add_argument("--show-all-persons", action="store_true", help=translate("name the other persons too, if there are several"))
    parser.add_argument("--second-decoder", action="store_true", help=translate("at the level pixels: decode lossless frames twice"))
    parser.add_argument("--expect", metavar="WHAT", help=translate("studies=N,series=N,images=N,objects=N, or a manifest file"))
    parser.add_argument(
        "--resume", metavar="FILE", help=translate("keep the place in FILE, and go on from there (offsets and digests only)")
    )
    parser.add_argument(
        "--fail-on", choices=_FAIL_ON, default="error", help=translate("end with 1 when something at least as bad was found")
    )
    file_arguments(parser)
    watch = parser.add_argument_group(translate("a pile of discs"))
    watch.add_argument("--watch", metavar="DRIVE", help=translate("judge every disc that is put in, and eject it; Ctrl-C ends"))
    watch.add_argument("--log", metavar="FILE", help=translate("add a line for each disc to this file (no names)"))
    watch.add_argument("--log-person", action="store_true", help=translate("name the person in the log"))
    watch.add_argument("--bell", action="store_true", help=translate("ring when a disc is done: twice when something is wrong"))
    watch.add_argument("--no-eject", action="store_true", help=translate("leave the tray closed"))
    watch.add_argument("--discs", type=int, metavar="N", help=translate("end after so many"))
    group = parser.add_argument_group(translate("the request slip"))
    group.add_argument("--patient", metavar="NAME", help=translate("the name that is expected"))
    group.add_argument("--born", metavar="DATE", help=translate("the birth date that is expected"))
    group.add_argument("--id", metavar="ID", help=translate("the patient ID that is expected"))
    group.add_argument("--accession", metavar="N", help=translate("the accession number that is expected"))


def run(options: Namespace) -> Exit:
    """Judge every source. Exit 1 for a loss, several persons, the wrong one or a finding as bad as --fail-on; 3 for what holds nothing."""
    settings = settings_of(options)
    if options.resume and len(options.source) > 1:
        raise usage(translate("--resume goes with one SOURCE"))
    if options.second_decoder and options.level != "pixels":
        raise usage(translate("--second-decoder goes with --level pixels"))
    wanted = options_of(options)
    if options.watch is not None:
        from tview.cli.watching import watch, watch_over

        watch_over(options)
        check_files(options)
        with interruptible() as stopped:
            return watch(options, lambda drive: judged(drive, wanted, options, settings, stopped), stopped)
    if not options.source:
        raise usage(translate("verify takes a SOURCE, or --watch DRIVE"))
    check_files(options)
    verdicts, codes = [], []
    with interruptible(under_way=False) as stopped:
        for source in options.source:
            verdict = judged(source, wanted, options, settings, stopped)
            verdicts.append(verdict)
            codes.append(exit_of(verdict, options.fail_on))
            if options.letter != "-":
                show(verdict, options)
            if stopped():
                break
    write_files(verdicts, options)
    if len(verdicts) > 1 and not options.json and options.letter != "-":
        from tview.verify import table_lines

        print_lines([safe(""), *table_lines(verdicts, ascii_only=not unicode_output())])
    if stopped():
        if not options.resume:
            say(translate("stopped: with --resume FILE the next run goes on from here"))
        return Exit.INTERRUPTED
    return worst(codes)


def options_of(options: Namespace) -> "Options":
    """What the options ask of a run."""
    from tview.verify import Options, Slip, read_expected

    return Options(
        level=options.level,
        profile=options.profile,
        slip=Slip(options.patient, options.born, options.id, options.accession),
        expected=read_expected(options.expect) if options.expect else None,
        second_decoder=options.second_decoder,
        state_file=options.resume,
    )


def judged(source: str, wanted: "Options", options: Namespace, settings: Settings, stopped: "Stop") -> "Verdict":
    """The verdict on one source; on one that cannot be opened too."""
    from tview.dicom import DEFAULT, TRUSTED
    from tview.media import open_medium
    from tview.verify import judge_unopened, verify

    try:
        medium = open_medium(source, password=password_of(options))
    except MediumError as error:
        say_finding(error.finding)
        return judge_unopened(source, error, wanted)
    line, before = ProgressLine(), stopped.under_way

    def show_progress(progress: "Progress") -> None:
        stopped.under_way = True
        line.show(progress)

    try:
        limits = TRUSTED if settings.limits == "trusted" else DEFAULT
        return verify(medium, wanted, progress=show_progress, stopped=stopped, limits=limits)
    finally:
        stopped.under_way = before
        line.clear()
        medium.close()


def show(verdict: "Verdict", options: Namespace) -> None:
    """Print one verdict: the page, the record, or one line of several."""
    from tview.verify import page_lines, summary_line, verdict_record, withheld

    shown = verdict if options.show_all_persons else withheld(verdict)
    several = len(options.source) > 1
    if options.json:
        print_record(verdict_record(shown), indent=None if several else 1)
        return
    ascii_only = not unicode_output()
    if several:
        print_lines([summary_line(shown, ascii_only)])
        return
    width, colour = screen()
    print_lines(page_lines(shown, width=width, ascii_only=ascii_only, colour=colour, notes=options.notes))


def exit_of(verdict: "Verdict", fail_on: str) -> Exit:
    """The exit code that a verdict stands for."""
    if verdict.images.word in _NO_DISC:
        return Exit.UNREADABLE
    if fail_on == "never":
        return Exit.FINE
    limit = Severity(fail_on).rank
    found = any(told.severity.rank <= limit for told in verdict.findings)
    return Exit.FINDINGS if verdict.fails or found else Exit.FINE


def screen() -> tuple[int, bool]:
    """Cells of a line, and whether marks are coloured."""
    import os

    if not sys.stdout.isatty():
        return 120, False
    try:
        width = os.get_terminal_size(1).columns
    except OSError:
        width = 80
    return min(width or 80, 160), "NO_COLOR" not in os.environ and os.environ.get("TERM", "dumb") != "dumb"


class Stop:
    """Says whether Ctrl-C was pressed. While nothing is `under_way` that would have something to show, it ends the program at once."""

    def __init__(self, under_way: bool) -> None:
        self.under_way, self._pressed = under_way, 0

    def __call__(self) -> bool:
        return self._pressed > 0

    def press(self, number: int, frame: FrameType | None) -> None:
        """What the signal does: the first time it stops what is under way, a second time it ends the program."""
        self._pressed += 1
        if self._pressed > 1 or not self.under_way:
            raise KeyboardInterrupt


@contextmanager
def interruptible(under_way: bool = True) -> Iterator[Stop]:
    """A test that says whether Ctrl-C was pressed: the first time it stops the run, a second time it ends the program at once."""
    stop = Stop(under_way)
    before = signal.signal(signal.SIGINT, stop.press)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class ProgressLine:
    """One line on stderr when it is a terminal: done and total, rate, time left, the file being read."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began, self._told = clock, clock(), 0.0
        self._shows = sys.stderr is not None and sys.stderr.isatty()
        self._width = shutil.get_terminal_size().columns - 1

    def show(self, progress: "Progress") -> None:
        """Four times a second at most."""
        now = self._clock()
        if not self._shows or now - self._told < 0.25:
            return
        self._told = now
        print(f"\r{self.line(progress, now)}\x1b[K", end="", file=sys.stderr, flush=True)

    def line(self, progress: "Progress", now: float) -> str:
        """Its words."""
        seconds = max(0.001, now - self._began)
        rate = progress.done / seconds
        left = int((progress.total - progress.done) / rate) if rate else 0
        words = (
            f"{progress.done / 1e6:.0f} / {progress.total / 1e6:.0f} MB  {rate / 1e6:.1f} MB/s  "
            f"{left // 60}:{left % 60:02d} {translate('left')}  {progress.files} / {progress.files_total}  "
        )
        return clip(words + safe(progress.path), self._width)

    def clear(self) -> None:
        """Take the line away."""
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
