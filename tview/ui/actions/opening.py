"""What the viewer opens with: what was asked for on the command line, else the series a reader would open first; and that command."""

import shlex
from dataclasses import replace

from tview import pixels
from tview.catalog import found_in, one_of
from tview.text import safe
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.slices import Slices

_ = str


class OpeningActions(Acting):
    """The first image, and how to come back to one."""

    wanted_window: str | None
    """A window asked for on the command line that waits for the picture."""

    def open_first(self) -> None:
        """The middle image of the series a reader would open first, or what was asked for as soon as the list is sure of it."""
        if self.catalog is None:
            return
        wanted = self.session.wanted
        if wanted is not None and not wanted.is_empty:
            if self.catalog.complete or wanted.path or any("." in (part or "") for part in (wanted.series, wanted.instance)):
                self._open_wanted()
            if self.pane.state.series is not None or not self.catalog.complete:
                return
        series = self.catalog.first_series
        if series is not None:
            self.open_series(series)
            if wanted is not None and not wanted.is_empty:
                self.tell(words(_("nothing here matches {wanted}"), wanted=wanted.words))

    def _open_wanted(self) -> None:
        wanted = self.session.wanted
        assert self.catalog is not None and wanted is not None
        found = [one for one in found_in(self.catalog, wanted) if one.instance.state != "missing"]
        images = [one for one in found if one.series.is_image] or found
        if not images:
            return
        only = one_of(images)
        stack, row = only.stack, Slices(only.stack)
        inside = [one for one in images if one.stack is stack]
        frame = (wanted.frame or 1) - 1
        if wanted.frame and len(inside) > 1 and all((one.instance.frames or 1) == 1 for one in inside):
            position: int | None = min(frame, len(row) - 1)  # a stack of single images: the place in it
        elif wanted.frame or wanted.instance or wanted.path:
            position = row.position_of(only.instance, frame)
        else:
            position = None
        self.open_series(only.series, stack=stack, position=position)
        if wanted.frame and position is None:
            self.tell(words(_("frame {frame} is not here"), frame=wanted.frame), "chrome.red")

    def settled(self, pane: PicturePane) -> None:
        """The window asked for is taken once there is a frame to take it on."""
        super().settled(pane)
        shown = pane.shown
        if self.wanted_window is None or shown is None or shown.frame is None:
            return
        asked, self.wanted_window = self.wanted_window, None
        found = pixels.asked_view(asked, shown.frame, shown.presets, shown.suv_factor)
        if isinstance(found, str):
            self.tell(words(_("window {asked}: {why}"), asked=asked, why=found))
        else:
            self.change_view(replace(pane.state.view, window=found.window, voi_lut_index=None, invert=found.invert))

    def action_copy_command(self) -> None:
        """The command that opens what is seen here, for a colleague: said, and given to the terminal's clipboard."""
        command = self.command()
        if command is None:
            self.tell(words(_("no picture")))
            return
        self.app.copy_to_clipboard(command)
        self.tell(words(_("copied: {command}"), command=command), "chrome.accent")

    def command(self) -> str | None:
        """``tview SOURCE --study 1 --series 4 --instance 120 --window 1500/-600``, numbers as `ls` prints them."""
        state, shown = self.pane.state, self.pane.shown
        if state.study is None or state.series is None or not len(state.slices) or self.catalog is None:
            return None
        place = state.slices[state.position]
        patient = next((one for one in self.catalog.patients if any(study.key == state.study.key for study in one.studies)), None)
        parts = ["tview", *(shlex.quote(safe(medium.source)) for medium in self.session.media)]
        if patient is not None and len(self.catalog.patients) > 1:
            parts += ["--patient", str(patient.number_in_list)]
        if patient is not None and len(patient.studies) > 1:
            parts += ["--study", str(state.study.number_in_list)]
        parts += ["--series", str(state.series.number_in_list), "--instance", str(place.instance.number_in_list)]
        if (place.instance.frames or 1) > 1:
            parts += ["--frame", str(place.frame + 1)]
        if shown is not None and shown.rendered is not None and shown.rendered.window is not None and state.view.window is not None:
            window = shown.rendered.window
            parts += ["--window", f"{window.width:g}/{window.center:g}"]
        return " ".join(parts)
