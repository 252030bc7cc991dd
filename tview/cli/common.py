"""What several commands share: settings from the options, sources, the choice of an object, text on stdout."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tview.errors import Exit, ExportError, Finding, MediumError, Severity, UsageError, finding
from tview.settings import Settings, load_settings
from tview.text import SafeText, advice_of, message_of, safe, translate

if TYPE_CHECKING:
    from tview.media import Medium, Password


def settings_of(options: Namespace) -> Settings:
    """The settings file, with the options over it."""
    settings = load_settings(options.config, os.environ)
    if options.graphics:
        settings = replace(settings, graphics=options.graphics)
    if options.blocks:
        settings = replace(settings, blocks=options.blocks)
    if options.limits:
        settings = replace(settings, limits=options.limits)
    return settings


def source_arguments(parser: ArgumentParser, several: bool = True) -> None:
    """SOURCE, once or more."""
    text = translate("a folder, a file, a DICOMDIR, an optical drive or a disc image")
    parser.add_argument("source", metavar="SOURCE", nargs="+" if several else 1, help=text)


def choice_arguments(parser: ArgumentParser) -> None:
    """How an object is chosen."""
    group = parser.add_argument_group(translate("choosing objects (a number as ls prints it, or the beginning of a UID)"))
    for name in ("patient", "study", "series", "instance"):
        group.add_argument(f"--{name}", metavar="N|UID")
    group.add_argument("--path", metavar="P", help=translate("the path on the medium"))


def frame_argument(parser: ArgumentParser) -> None:
    """--frame N."""
    parser.add_argument("--frame", type=positive, metavar="N", help=translate("the frame, from 1"))


def positive(text: str) -> int:
    """An argparse type: a whole number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


class Opened(list["Medium"]):
    """The media of those SOURCEs that could be opened, in their order; `failed` says what was wrong with the others."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[MediumError] = []
        self.failed_sources: list[str] = []

    @property
    def code(self) -> Exit:
        """The worst exit code of the others."""
        return worst(error.exit_code for error in self.failed)


@contextmanager
def opened(options: Namespace) -> Iterator[Opened]:
    """The media of the SOURCEs, closed at the end. One that cannot be opened is said on stderr, and the others are used.

    Raises:
        MediumError: none could be opened.
    """
    from tview.media import open_medium

    media = Opened()
    password = password_of(options)
    try:
        for source in options.source:
            try:
                media.append(open_medium(source, password=password))
            except MediumError as error:
                media.failed.append(error)
                media.failed_sources.append(source)
        for failure in media.failed if media else media.failed[:-1]:
            say_finding(failure.finding)
        if not media:
            raise media.failed[-1]
        yield media
    finally:
        for medium in media:
            medium.close()


def password_of(options: Namespace) -> "Password":
    """What opens encrypted archives: the first line of --password-file, else what is typed when there is a terminal to ask at."""
    if options.password_file is not None:
        return _first_line(options.password_file)
    return ask_password if wants_terminal(0, 2) else None


def ask_password(source: str) -> bytes | None:
    """The password of this source as it is typed, unseen; None when nothing is."""
    from getpass import getpass

    try:
        typed = getpass(translate("Password of {source}: ").format(source=safe(source)))
    except EOFError:
        return None
    return typed.encode("utf-8", "surrogateescape") or None


def _first_line(path: str) -> bytes:
    try:
        if path == "-":
            line = sys.stdin.buffer.readline(_MAX_PASSWORD + 2)
        else:
            with open(path, "rb") as file:
                line = file.readline(_MAX_PASSWORD + 2)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or translate("it cannot be read")
        raise UsageError(finding("password-unreadable", path=path, problem=problem)) from error
    password = line.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
    if not password or len(password) > _MAX_PASSWORD:
        raise UsageError(finding("password-unreadable", path=path, problem=translate("it is empty" if not password else "it is too long")))
    return password


_MAX_PASSWORD = 1000


def print_lines(lines: Iterable[SafeText]) -> None:
    """Rows of gated text on stdout. Raises `ExportError` when they cannot be written."""
    print_text("".join(f"{line}\n" for line in lines))


def print_record(record: Mapping[str, object], indent: int | None = None) -> None:
    """JSON on stdout, in ASCII. Raises `ExportError` when it cannot be written."""
    import json  # 1.4 ms that a picture need not wait for

    print_text(json.dumps(record, ensure_ascii=True, indent=indent) + "\n")


def print_text(text: str) -> None:
    """Text of the program's own on stdout. Raises `ExportError` when it cannot be written."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_stdout()
        raise ExportError(finding("output-failed", path="stdout", problem=error.strerror or type(error).__name__)) from error


def drop_stdout() -> None:
    """Let what is still in the buffer of stdout go nowhere: it cannot be written, and would be complained about at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def say(line: str) -> None:
    """A row on stderr, through the gate; when there is no stderr nobody hears it."""
    if line and sys.stderr is not None:
        try:
            print(f"tview: {safe(line)}", file=sys.stderr)
        except (OSError, ValueError):
            pass


def say_finding(told: Finding) -> None:
    """What happened and what to do, on stderr."""
    say(message_of(told))
    say(advice_of(told))


def unicode_output() -> bool:
    """Whether stdout takes more than ASCII."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in ("utf8", "utf16", "utf32")


def wants_terminal(*descriptors: int) -> bool:
    """Whether all of them are terminals."""
    return all(os.isatty(descriptor) for descriptor in descriptors)


FAIL_ON = (*(severity.value for severity in Severity), "never")


def fail_on_argument(parser: ArgumentParser) -> None:
    """--fail-on SEVERITY."""
    text = translate("end with 1 when something at least as bad was found (error when absent)")
    parser.add_argument("--fail-on", choices=FAIL_ON, default="error", help=text)


def exit_for(findings: Iterable[Finding], fail_on: str) -> Exit:
    """Exit 1 when one of the findings is as bad as that."""
    if fail_on == "never":
        return Exit.FINE
    limit = Severity(fail_on).rank
    return Exit.FINDINGS if any(told.severity.rank <= limit for told in findings) else Exit.FINE


def usage(problem: str) -> UsageError:
    """Wrong usage, in words."""
    return UsageError(finding("usage", problem=problem))


def worst(codes: Iterable[Exit]) -> Exit:
    """Of several results the worst."""
    return max(codes, default=Exit.FINE)
