"""What `verify` writes beside its page: HTML, a JUnit report, the letter to the sender."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tview.cli.common import print_lines, say, usage
from tview.errors import ExportError, Severity, finding
from tview.text import safe, translate

if TYPE_CHECKING:
    from tview.verify import Verdict


def file_arguments(parser: ArgumentParser) -> None:
    """--html, --junit, --letter."""
    group = parser.add_argument_group(translate("files (new ones; nothing is written over)"))
    group.add_argument("--html", metavar="FILE", help=translate("the same as one page to print, without scripts"))
    group.add_argument("--junit", metavar="FILE", help=translate("the checks as a JUnit report"))
    group.add_argument("--letter", metavar="FILE", help=translate("the request to the sender; - for stdout, in place of the page"))
    group.add_argument("--letter-name", action="store_true", help=translate("with the name of the patient in the letter"))


def check_files(options: Namespace) -> None:
    """Before the disc is read: whether the files can be made. Raises `UsageError`, `ExportError`."""
    if options.letter == "-" and options.json:
        raise usage(translate("--letter - and --json cannot both go to stdout"))
    new = [path for path in (options.html, options.junit, None if options.letter == "-" else options.letter) if path is not None]
    for path in (*new, options.resume, options.log):
        if path is not None:
            check_place(path, [*options.source, *([options.watch] if options.watch else [])])
    for path in new:
        if os.path.lexists(path):
            raise ExportError(finding("output-exists", path=path))


def check_place(path: str, sources: Sequence[str]) -> None:
    """Whether a file of ours may lie there: not on a source, and not through a link. Raises `ExportError`."""
    from tview.export import refuse_on_medium

    if os.path.islink(path):
        raise ExportError(finding("output-failed", path=path, problem=translate("it is a link")))
    refuse_on_medium(path, sources)


def write_files(verdicts: Sequence["Verdict"], options: Namespace) -> None:
    """Write what was asked for. Raises `ExportError` when a file is there already, or cannot be written."""
    from tview.verify import withheld

    if not (options.html or options.junit or options.letter):
        return
    shown = [verdict if options.show_all_persons else withheld(verdict) for verdict in verdicts]
    if options.html:
        from tview.verify.html import html_page

        _write(options.html, html_page(shown))
    if options.junit:
        from tview.verify.junit import junit_report

        _write(options.junit, junit_report(shown, None if options.fail_on == "never" else Severity(options.fail_on)))
    if options.letter:
        from tview.verify.letter import letter_lines

        hidden = [withheld(verdict) for verdict in verdicts]
        lines = [line for verdict in hidden for line in (*letter_lines(verdict, named=options.letter_name), safe(""))]
        if options.letter == "-":
            print_lines(lines)
        else:
            _write(options.letter, "".join(f"{line}\n" for line in lines))


def _write(path: str, text: str) -> None:
    from tview.export import write_new

    if not write_new(path, text.encode("utf-8", "replace")):
        raise ExportError(finding("output-exists", path=path))
    say(translate("written: {path}").format(path=path))
