"""Where to start: drives with what is in them, mounted discs, images in the usual folders, the demo disc; chosen from a list."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen

from tview.errors import Finding
from tview.media import Drive, DriveState
from tview.terminal import TRUE_COLOUR, TerminalFacts
from tview.text import SafeText, advice_of, message_of, safe
from tview.ui.app import COLOUR_SYSTEMS
from tview.ui.driver import make_driver
from tview.ui.look import LOOKS, words
from tview.ui.popup import Line, Popup, column

_ = str
_ENDINGS = (".iso", ".img", ".zip", ".nrg", ".bin", ".cue", ".mdf", ".udf", ".7z", ".tar", ".tgz", ".tar.gz")
_MOST_ENTRIES = 2000
_LOOK_S = 2.0

STATES: Mapping[DriveState, str] = {
    DriveState.READY: _("a disc is in it"),
    DriveState.NO_DISC: _("no disc"),
    DriveState.TRAY_OPEN: _("the tray is open"),
    DriveState.NOT_READY: _("the disc is spinning up"),
    DriveState.BLANK: _("the disc is blank or was never finished"),
    DriveState.AUDIO: _("an audio disc"),
    DriveState.NO_PERMISSION: _("no permission to read it; choosing it says which group to join"),
    DriveState.BUSY: _("in use by another program"),
    DriveState.UNKNOWN: _("it does not say what is in it"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Something that can be opened: its path, and what it is in words."""

    path: str
    what: SafeText


def places(drives: Iterable[Drive], folders: Iterable[str], demo: str | None) -> list[tuple[SafeText, list[Place]]]:
    """The groups of the list, empty ones left out. Folders are looked into one level deep, their files only by name."""
    drives = list(drives)
    groups = [
        (words(_("Drives")), [Place(d.path, safe(f"{d.name}  {words(STATES[d.state])}")) for d in drives if d.is_drive]),
        (words(_("Discs and sticks")), [Place(d.path, safe(d.name)) for d in drives if not d.is_drive]),
        (words(_("Images, archives and folders")), [place for folder in dict.fromkeys(folders) for place in _inside(folder)]),
        (words(_("Try it")), [Place(demo, words(_("the demo disc: an invented patient")))] if demo else []),
    ]
    return [(title, found) for title, found in groups if found]


Groups = Sequence[tuple[SafeText, list[Place]]]
"""What can be opened, under its headings."""


def usual_folders(environ: Mapping[str, str]) -> list[str]:
    """Where people keep what they were sent: here, the home folder, its Downloads and Desktop."""
    home = environ.get("HOME", "")
    return [os.getcwd(), *(os.path.join(home, name) for name in ("", "Downloads", "Desktop", "Documents") if home)]


def _inside(folder: str) -> Iterator[Place]:
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for _number, entry in zip(range(_MOST_ENTRIES), found, strict=False)), key=lambda entry: entry.name)
        names = {entry.name.upper() for entry in entries}
        if "DICOMDIR" in names:
            yield Place(folder, words(_("a folder with a DICOMDIR")))
        for entry in entries:
            if entry.name.lower().endswith(_ENDINGS) and entry.is_file():
                yield Place(entry.path, safe(f"{entry.stat().st_size / 1e6:.1f} MB"))
            elif entry.is_dir(follow_symlinks=False) and os.path.lexists(os.path.join(entry.path, "DICOMDIR")):
                yield Place(entry.path, words(_("a folder with a DICOMDIR")))
    except OSError:
        return


class _Start(Screen[str], inherit_bindings=False):
    AUTO_FOCUS = None

    def __init__(self, groups: Sequence[tuple[SafeText, list[Place]]], theme: str, told: Finding | None) -> None:
        super().__init__()
        self._groups, self._told = groups, told
        self._sheet = Popup(LOOKS[theme])
        self.again: Callable[[], Groups | None] | None = None

    def compose(self) -> ComposeResult:
        yield self._sheet

    def on_mount(self) -> None:
        self._open()
        if self.again is not None:
            self.set_interval(_LOOK_S, self._look)

    def _look(self) -> None:
        """Whether a disc was put in or taken out; a drive may take its time to answer, so on a thread."""
        self.run_worker(self._look_beside, thread=True, exclusive=True, exit_on_error=False)

    def _look_beside(self) -> None:
        found = self.again() if self.again is not None else None
        if found is not None:
            self.app.call_from_thread(self._renew, found)

    def _renew(self, groups: "Groups") -> None:
        self._groups = groups
        self._sheet.renew_list(self._lines())

    def _open(self) -> None:
        self._sheet.open_list(words(_("tview · what do you want to look at?")), self._lines(), self._sheet_shut, width=120)

    def _lines(self) -> list[Line]:
        lines: list[Line] = []
        if self._told is not None:
            lines += [
                Line(((message_of(self._told), "panel.amber"),)),
                Line(((advice_of(self._told), "panel.dim"),)),
                Line(((SafeText(""), "panel"),)),
            ]
        for title, found in self._groups:
            lines.append(Line(((title, "panel.accent"),)))
            for place in found:
                path = safe(place.path)
                left = ((SafeText("  "), "panel"), (column(path, 46), "panel.strong"), (SafeText("  "), "panel"), (place.what, "panel.dim"))
                lines.append(Line(left, search=f"{path} {place.what}", chosen=partial(self.app.exit, place.path)))
        if not lines:
            lines.append(Line(((words(_("Nothing found here. Give something to open: tview SOURCE")), "panel"),), search="nothing"))
        return lines

    def _sheet_shut(self) -> None:
        self.app.call_later(self._closed_sheet)

    def _closed_sheet(self) -> None:
        if self.app.return_value is None:
            self.app.exit(None)

    def on_resize(self, _event: events.Resize) -> None:
        self._sheet.place_again()


class StartApp(App[str | None], inherit_bindings=False):
    """Runs the list; its result is the path chosen, None when the reader left."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = "Screen { background: #000000; layers: base overlay; overflow: hidden; }"

    def __init__(
        self,
        groups: Sequence[tuple[SafeText, list[Place]]],
        theme: str,
        terminal: TerminalFacts | None,
        told: Finding | None = None,
        changed: "Callable[[], Groups | None] | None" = None,
    ) -> None:
        """`changed` is asked every two seconds, on a thread, for what the list shows since discs have come or gone; None when none have."""
        super().__init__(driver_class=make_driver(terminal.sync if terminal else False))
        self.console._color_system = COLOUR_SYSTEMS[terminal.colours if terminal else TRUE_COLOUR]
        self._screen_made = _Start(groups, theme, told)
        self._screen_made.again = changed

    def get_default_screen(self) -> Screen[Any]:
        """The list is the only screen."""
        return self._screen_made
