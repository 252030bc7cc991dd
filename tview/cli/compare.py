"""``tview compare``: two copies of a disc, or a disc and a folder, by SOP Instance UID and content."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from tview.cli.common import exit_for, fail_on_argument, password_of, print_lines, print_record, say, settings_of, unicode_output, worst
from tview.cli.verify import ProgressLine, interruptible, screen
from tview.errors import Exit
from tview.text import clip, safe, translate

if TYPE_CHECKING:
    from tview.verify import Progress
    from tview.verify.comparing import Compared, Doing


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument("a", metavar="A", help=translate("a folder, a file, an optical drive, a disc image or an archive"))
    parser.add_argument("b", metavar="B", help=translate("another one, or a list of SHA-256 sums such as tview copy writes"))
    parser.add_argument("--json", action="store_true", help=translate("as JSON (schema tview/compare/1)"))
    parser.add_argument("--long", action="store_true", help=translate("every object and element that differs"))
    parser.add_argument("--show-all-persons", action="store_true", help=translate("what B says of the person where A says something else"))
    fail_on_argument(parser)


def run(options: Namespace) -> Exit:
    """Compare them. Exit 1 when they differ (by --fail-on), 3 when one cannot be opened or neither holds an object."""
    with interruptible() as stopped:
        compared = _compared(options, stopped)
        _show(compared, options)
        if stopped():
            say(translate("stopped: this is what was compared until then"))
            return Exit.INTERRUPTED
    codes = [exit_for(compared.findings, options.fail_on)]
    if not sum(compared.counts.values()):
        say(translate("there is no DICOM object on either of them"))
        codes.append(Exit.UNREADABLE)
    return worst(codes)


def _compared(options: Namespace, stopped: Callable[[], bool]) -> "Compared":
    from tview.dicom import DEFAULT, TRUSTED
    from tview.media import open_medium
    from tview.verify.comparing import Comparing, read_manifest

    settings = settings_of(options)
    password = password_of(options)
    line = CompareLine()
    comparing = Comparing(line.tell, stopped, TRUSTED if settings.limits == "trusted" else DEFAULT)
    try:
        sums = read_manifest(options.b)
        with open_medium(options.a, password=password) as a:
            if sums is not None:
                return comparing.run_sums(a, sums, options.b)
            with open_medium(options.b, password=password) as b:
                return comparing.run(a, b)
    finally:
        line.clear()


def _show(compared: "Compared", options: Namespace) -> None:
    from tview.verify.comparing import comparison_lines, comparison_record, without_other_persons

    compared = compared if options.show_all_persons else without_other_persons(compared)
    if options.json:
        print_record(comparison_record(compared), indent=1)
        return
    width, colour = screen()
    print_lines(comparison_lines(compared, width=width, ascii_only=not unicode_output(), colour=colour, long=options.long))


class CompareLine(ProgressLine):
    """The progress line of a comparison: one line on stderr when it is a terminal."""

    def tell(self, doing: "Doing") -> None:
        """Four times a second at most."""
        from tview.verify import Progress  # read when the first is told

        self.show(Progress(doing.done, doing.total, 0, 0, doing.path))

    def line(self, progress: "Progress", now: float) -> str:
        """Its words; while the lists of files are read, what is being listed."""
        if not progress.total:
            return clip(translate("listing {source}").format(source=safe(progress.path)), 79)
        return super().line(progress, now)
