"""From a session to an exit code: runs the application and puts the terminal back whatever happened."""

import os
import sys

from tview.errors import Exit, TviewError, finding
from tview.terminal import drain, make_encoder, restore_bytes
from tview.ui.app import TviewApp
from tview.ui.session import Session


def run_viewer(session: Session) -> int:
    """Run until the reader quits. Returns the exit code; the terminal is as it was.

    Raises:
        TviewError: the viewer met an error of its own.
    """
    app = TviewApp(session)
    try:
        app.run(mouse=True)
    finally:
        encoder = make_encoder(session.path, session.terminal)
        try:
            os.write(1, restore_bytes(encoder))
            if sys.stdin is not None and sys.stdin.isatty():
                drain(0)
        except OSError:
            pass
    if app.fault:
        raise TviewError(finding("internal-error", kind=app.fault))
    return app.return_code if app.return_code is not None else int(Exit.FINE)
