"""``tview SOURCE``: the full-screen viewer.

The order is that of a person's patience: first bytes on the screen, then the questions to the terminal, while Textual is imported and the
medium opened beside them; what goes wrong before the screen stands is a plain sentence on the normal screen.
"""

import os
import signal
import sys
import termios
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace

from tview.cli import ENTER, LEAVE
from tview.cli.common import choice_arguments, password_of, positive, settings_of, wants_terminal
from tview.errors import Exit, Finding, MediumError, TerminalError, finding
from tview.settings import Settings
from tview.text import safe, translate

_SKELETON = "\x1b[7m\x1b[2K tview  {name}\x1b[0m"
_PATIENCE_S = 0.4
_OPEN_ANOTHER = -1  # tview.ui.OPEN_ANOTHER, without importing it here


def arguments(parser: ArgumentParser) -> None:
    """Its own arguments."""
    text = translate("a folder, a file, a DICOMDIR, an optical drive or a disc image")
    parser.add_argument("source", metavar="SOURCE", nargs="*", help=text)
    viewing_arguments(parser)


def viewing_arguments(parser: ArgumentParser) -> None:
    """What is shown first, and in which words."""
    choice_arguments(parser)
    parser.add_argument("--frame", type=positive, metavar="N", help=translate("the frame, from 1; the place in a series of single images"))
    window = translate("width/level as readers write it (400/40), a preset's name, or auto")
    parser.add_argument("--plain", action="store_true", help=translate("plain words, and only what most people need"))
    parser.add_argument("--window", metavar="W/L|PRESET|auto", help=window)


def run(options: Namespace) -> int:
    """Open the sources and the screen."""
    settings = settings_of(options)
    if options.plain:
        settings = replace(settings, plain=True)
    if options.source:
        code = _look(options, settings)
        if code != _OPEN_ANOTHER:
            return code
    return _without_source(options, settings)


def _look(options: Namespace, settings: Settings) -> int:
    if not wants_terminal(0, 1):
        raise TerminalError(finding("no-terminal"))
    if os.environ.get("TERM", "") in ("dumb", ""):
        raise TerminalError(finding("terminal-dumb", term=os.environ.get("TERM", "") or "?"))
    from tview.media import Medium, Password, open_medium
    from tview.terminal import choose, probe, with_glyphs

    names = [safe(os.path.basename(source.rstrip("/")) or source) for source in options.source]
    skeleton = _SKELETON.format(name=" + ".join(names)).encode("utf-8", "replace")
    password = typed = password_of(options)
    media: list[Medium] = []

    failed: list[Finding] = []
    waiting = list(options.source)

    def open_rest(password: Password) -> None:
        """One of several that cannot be opened is a finding beside the others."""
        while waiting:
            try:
                media.append(open_medium(waiting[0], password=password))
            except MediumError as error:
                is_asked_for = error.finding.code == "archive-password-needed" and password is None and callable(typed)
                if is_asked_for or (len(waiting) == 1 and not media):
                    raise
                failed.append(error.finding)
                del names[len(media)]
            del waiting[0]

    _guard()
    os.write(1, skeleton if getattr(options, "on_other_screen", False) else ENTER + skeleton)
    options.on_other_screen = False  # a second source begins on the normal screen
    try:
        importing = _Beside(_import_ui)
        # A person is asked only once the terminal has been, and on the normal screen.
        opening = _Beside(lambda: open_rest(None if callable(password) else password))
        terminal = with_glyphs(probe(0, 1, os.environ, settings.probe_timeout_s), settings.blocks)
        importing.result()
        from tview.cli.objects import choice_of
        from tview.ui import Session, run_viewer

        path = choose(terminal, settings.graphics)
        session = Session(
            media,
            names,
            settings,
            terminal,
            path.path,
            path.reason,
            ascii_only=not terminal.unicode,
            is_on_other_screen=True,
            opened=opening.result,
            failed=failed,
            wanted=choice_of(options),
            window=options.window,
        )
        try:
            if opening.ends_within(_PATIENCE_S):  # a mistake is said at once; a slow drive is waited for on the screen, where q works
                opening.result()
            code = run_viewer(session)
        except MediumError as error:
            if error.finding.code != "archive-password-needed" or not callable(password):
                raise
            os.write(1, LEAVE)
            open_rest(password)
            os.write(1, ENTER + skeleton)
            code = run_viewer(replace(session, opened=None))
    except BaseException:
        os.write(1, LEAVE)
        raise
    finally:
        for medium in media:
            medium.close()
    return code


def _guard() -> None:
    """Until the viewer has handlers of its own, and for signals that it has none for: the terminal is put back before the end."""
    from tview.terminal import restore_bytes

    modes = termios.tcgetattr(0)

    def ended(number: int, _frame: object) -> None:
        os.write(1, restore_bytes())
        termios.tcsetattr(0, termios.TCSANOW, modes)
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, ended)


def _import_ui() -> None:
    import tview.ui  # noqa: F401 - imported beside the questions to the terminal


class _Beside:
    """A call on a daemon thread; `result` waits for it and raises what it raised."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as error:
            self._error = error

    def ends_within(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def result(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error


def _without_source(options: Namespace, settings: Settings) -> int:
    """Let the reader choose among what is there; without a terminal say what could be given."""
    if not wants_terminal(0, 1) or os.environ.get("TERM", "") in ("dumb", ""):
        from tview.media import list_drives

        print(translate("Give something to open: tview SOURCE. A folder, a DICOMDIR, an .iso image or a drive."), file=sys.stderr)
        for drive in list_drives():
            print(safe(f"  tview {drive.path}    {drive.name}  {drive.state}"), file=sys.stderr)
        return Exit.USAGE
    from tview.terminal import probe
    from tview.ui import choose_source

    terminal = probe(0, 1, os.environ, settings.probe_timeout_s)
    told = None
    while (chosen := choose_source(settings, terminal, _demo(), told)) is not None:
        options.source, told = [chosen], None
        try:
            code = _look(options, settings)
            if code != _OPEN_ANOTHER:
                return code
        except MediumError as error:
            told = error.finding
    return Exit.FINE


def _demo() -> str | None:
    from tview.cli.demo import demo_disc

    try:
        return str(demo_disc())
    except MediumError:
        return None
