"""The Textual application: one screen, our driver, signals, and what a crash may say."""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from rich.color import ColorSystem
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from tview.errors import Exit
from tview.terminal import TRUE_COLOUR
from tview.ui.driver import Gone, PictureDriver, PictureOutput, make_driver
from tview.ui.session import Session
from tview.ui.stage import Change, hand_over

COLOUR_SYSTEMS = {16: ColorSystem.STANDARD, 256: ColorSystem.EIGHT_BIT, TRUE_COLOUR: ColorSystem.TRUECOLOR}


class TviewApp(App[int | Exception], inherit_bindings=False):
    """Runs a `Session`. `return_code` is the exit code: 70 after an internal error, 128 + n after signal n."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False  # a selection can be copied, and it holds names
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = "Screen { background: #000000; layers: base overlay; overflow: hidden; }"

    def __init__(self, session: Session) -> None:
        super().__init__(driver_class=make_driver(session.terminal.sync, session.is_on_other_screen))
        self.session = session
        self.fault = ""
        self.leaving: list[Callable[[], bytes]] = []
        """What to ask for bytes that free what the terminal keeps, once the screen is gone."""
        # What was found out about the terminal, not TERM: ssh carries no COLORTERM, and 256 colours turn dark panels black.
        self.console._color_system = COLOUR_SYSTEMS[session.terminal.colours]

    def get_default_screen(self) -> Screen[Any]:
        """The only screen there is; everything else lies over it as a sheet."""
        from tview.ui.screen import MainScreen

        return MainScreen(self.session)

    @property
    def output(self) -> PictureOutput | None:
        """Where pictures go; None in a headless run."""
        return self._driver.output if isinstance(self._driver, PictureDriver) else None

    def on_mount(self) -> None:
        """Signals end the program with the terminal restored."""
        if not gc.isenabled():
            self.call_after_refresh(_collect_again)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with suppress(ValueError, RuntimeError, NotImplementedError):  # not the main thread: a test
                loop.add_signal_handler(number, self.exit, 128 + number, 128 + number)

    def on_gone(self, _message: Gone) -> None:
        """The terminal was closed: as if it had hung up."""
        self.exit(128 + signal.SIGHUP, 128 + signal.SIGHUP)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Each repaint of the text and the pictures that belong to it go out in one piece."""
        output, belonging = self.output, getattr(screen, "belonging", None)
        if output is None or belonging is None or renderable is None or self._batch_count:
            super()._display(screen, renderable)
        else:
            output.begin()
            change = Change()
            try:
                super()._display(screen, renderable)
                change = belonging(renderable)
            finally:
                hand_over(output, change)
        repainted: Callable[[], None] | None = getattr(screen, "repainted", None)
        if repainted is not None and renderable is not None:
            repainted()

    def _fatal_error(self) -> None:
        """A crash says the kind of the error and where it is, never the values that were at hand: they may be a patient's."""
        error, trace = sys.exc_info()[1], sys.exc_info()[2]
        place = ""
        while trace is not None:
            name = trace.tb_frame.f_globals.get("__name__", "")
            if name.startswith("tview"):
                place = f" in {name}:{trace.tb_lineno}"
            trace = trace.tb_next
        self.fault = f"{type(error or self._exception).__name__}{place}"
        self._return_code = Exit.INTERNAL
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """The input thread's way to report an error of its own."""
        self.fault = self.fault or "input"
        self._return_code = Exit.INTERNAL
        self._close_messages_no_wait()


def _collect_again() -> None:
    """Garbage is looked for again, among what comes from now on: modules and classes stay as long as the program does."""
    gc.freeze()
    gc.enable()
