"""From a session to an exit code: runs the application and puts the terminal back whatever happened."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from tview.errors import Exit, Finding, SettingsError, TviewError, finding
from tview.settings import Settings, settings_path
from tview.terminal import TerminalFacts, drain, make_encoder, restore_bytes
from tview.ui.actions import OPEN_ANOTHER
from tview.ui.app import TviewApp
from tview.ui.session import Session
from tview.ui.technique import check_corner
from tview.ui.tools import Tool, remapped


def run_viewer(session: Session) -> int:
    """Run until the reader quits. Returns the exit code, or OPEN_ANOTHER; the terminal is as it was.

    Raises:
        TviewError: the viewer met an error of its own.
        SettingsError: the settings give a key to something that is no tool, or a corner an attribute that is none.
    """
    check_corner(session.settings.corner, settings_path(os.environ))
    app = TviewApp(replace(session, tools=_tools_of(session.settings)))
    try:
        app.run(mouse=True)
    finally:
        encoder = make_encoder(session.path, session.terminal)
        freed = b"".join(free() for free in app.leaving)
        try:
            os.write(1, freed + restore_bytes(encoder))
            if sys.stdin is not None and sys.stdin.isatty():
                drain(0)
        except OSError:
            pass
    if app.fault:
        raise TviewError(finding("internal-error", kind=app.fault))
    if isinstance(app.return_value, Exception):
        raise app.return_value
    if app.return_value == OPEN_ANOTHER:
        return OPEN_ANOTHER
    return app.return_code if app.return_code is not None else int(Exit.FINE)


def _tools_of(settings: Settings) -> Sequence[Tool]:
    try:
        return remapped(settings.keys)
    except ValueError as error:
        problem = f"[keys] {error.args[0]!r} is no tool; docs/settings.md lists them"
        raise SettingsError(finding("settings-unreadable", path=settings_path(os.environ), problem=problem)) from None


def choose_source(settings: Settings, terminal: TerminalFacts, demo: str | None, told: Finding | None = None) -> str | None:
    """A list of what could be opened, with what went wrong with the last choice; None when the reader leaves."""
    from tview.media import Watch, list_drives
    from tview.ui.start import Groups, StartApp, places, usual_folders

    def found() -> Groups:
        return places(list_drives(), usual_folders(os.environ), demo)

    watch = Watch()
    watch.look()
    app = StartApp(found(), settings.theme, terminal, told, lambda: found() if watch.look() else None)
    chosen = app.run(mouse=True)
    os.write(1, restore_bytes())
    return chosen
