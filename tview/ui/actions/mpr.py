"""Cuts through a stack that is a volume: axial, coronal, sagittal and oblique, thin or through a slab."""

from dataclasses import replace

from tview.pixels import View
from tview.text import message_of
from tview.ui.actions.base import Acting
from tview.ui.area import ARRANGEMENTS, SINGLE
from tview.ui.cuts import PROJECTIONS, SLABS_MM, Cuts, Cutting
from tview.ui.look import words
from tview.ui.messages import VolumeFailed, VolumeMore, VolumeReady
from tview.ui.pane import PicturePane
from tview.ui.slices import Slices
from tview.ui.volumes import VolumeThread

_ = str
_TILT_DEGREES = 5.0
_FACES = ("axial", "coronal", "sagittal")


class MprActions(Acting):
    """Multiplanar reformatting."""

    volume_thread: VolumeThread | None

    @property
    def cut_panes(self) -> list[PicturePane]:
        """The panes that show cuts."""
        return [pane for pane in self.panes if isinstance(pane.slices, Cuts)]

    def action_mpr(self) -> None:
        """Cut the stack along three planes, or go back to its images."""
        if self.cut_panes:
            self._leave_cuts()
            return
        state = self.pane.state
        if state.stack is None or not isinstance(state.slices, Slices) or not len(state.slices):
            self.tell(words(_("no stack to cut")))
            return
        self.drop_volume()
        self.volume_thread = VolumeThread(self.painter.frames, state.slices, state.stack.key, self.post_message)
        self.volume_thread.start()
        self.tell(words(_("reading where {count} images lie ..."), count=len(state.slices)), "chrome.dim")

    def drop_volume(self) -> None:
        """Stop making the volume."""
        if self.volume_thread is not None:
            self.volume_thread.cancel()
            self.volume_thread = None

    def _leave_cuts(self) -> None:
        """Back to the images of the stack, at the place that was looked at."""
        self.drop_volume()
        pane, state = self.pane, self.pane.state
        if state.study is not None and state.series is not None and state.stack is not None:
            pane.choose(state.study, state.series, state.stack, None)
        for other in self.every_pane:
            if other is not pane and isinstance(other.slices, Cuts):
                other.state.empty()
        self.show_arrangement(SINGLE)
        self.tell(words(_("the images as they are")), "chrome.dim")

    def on_volume_failed(self, message: VolumeFailed) -> None:
        """It is no volume: the reason stands in the last line, the stack stays as it is."""
        self.tell(words(_("no cuts: {why}"), why=message_of(message.told)))

    def on_volume_ready(self, message: VolumeReady) -> None:
        """Four panes: the three planes, and an oblique one to be turned."""
        state = self.pane.state
        if state.stack is None or state.stack.key != message.stack_key or not len(state.slices):
            return
        study, series, stack = state.study, state.series, state.stack
        assert study is not None and series is not None
        instance = state.slices[len(state.slices) // 2].instance
        quad = next(arrangement for arrangement in ARRANGEMENTS if arrangement.name == "quad")
        while len(self.every_pane) < quad.panes:
            self.make_pane()
        view = replace(View(), window=state.view.window, invert=state.view.invert)
        first = Cuts(message.volume, instance, Cutting("coronal"))
        oblique = first.tilted(len(first) // 2, 45.0, 0.0)[0]
        rows = [*(Cuts(message.volume, instance, Cutting(name)) for name in _FACES), oblique]
        for pane, row in zip(self.every_pane, rows, strict=False):
            pane.choose(study, series, stack, None)
            pane.state.view = view
            pane.state.cut(row, len(row) // 2)
        self.linked = frozenset()
        self.show_arrangement(quad, self.every_pane[: quad.panes])
        told = _("cuts: arrows scroll, * point, ( ) slab, % mean MIP MinIP, ' tilts the oblique one, O goes back")
        self.tell(words(told), "chrome.accent")

    def on_volume_more(self, message: VolumeMore) -> None:
        """The cuts are drawn again with what has come."""
        for pane in self.cut_panes:
            self.ask(pane, moving=not message.done)

    def recut(self, pane: PicturePane, cutting: Cutting) -> None:
        """Cut in another way at the same place."""
        row = pane.slices
        if isinstance(row, Cuts):
            pane.state.cut(row.with_cutting(cutting), pane.state.position)
            self.ask(pane)

    def _cutting(self) -> Cutting | None:
        row = self.pane.slices
        if isinstance(row, Cuts):
            return row.cutting
        self.tell(words(_("no cuts here: O makes them")))
        return None

    def action_slab(self, step: int) -> None:
        """Thicker or thinner, in all cuts."""
        cutting = self._cutting()
        if cutting is None:
            return
        places = [slab for slab in SLABS_MM if (slab > cutting.slab_mm if step > 0 else slab < cutting.slab_mm)]
        slab_mm = (places[0] if step > 0 else places[-1]) if places else cutting.slab_mm
        for pane in self.cut_panes:
            assert isinstance(pane.slices, Cuts)
            self.recut(pane, replace(pane.slices.cutting, slab_mm=slab_mm))
        self.tell(words(_("slab {slab} mm"), slab=f"{slab_mm:g}") if slab_mm else words(_("thin cuts")), "chrome.dim")

    def action_projection(self) -> None:
        """Mean, MIP or MinIP through the slab; a thin cut becomes 10 mm thick first."""
        cutting = self._cutting()
        if cutting is None:
            return
        names = list(PROJECTIONS)
        name = names[(names.index(cutting.projection) + 1) % len(names)]
        slab_mm = cutting.slab_mm or 10.0
        for pane in self.cut_panes:
            assert isinstance(pane.slices, Cuts)
            self.recut(pane, replace(pane.slices.cutting, projection=name, slab_mm=slab_mm))
        self.tell(words(_("{projection} through {slab} mm"), projection=words(PROJECTIONS[name]), slab=f"{slab_mm:g}"), "chrome.dim")

    def action_tilt(self, direction: str) -> None:
        """Turn the plane by 5 degrees; one of the three becomes oblique."""
        row = self.pane.slices
        if not isinstance(row, Cuts):
            self._cutting()
            return
        right, down = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[direction]
        turned, position = row.tilted(self.pane.state.position, right * _TILT_DEGREES, down * _TILT_DEGREES)
        self.pane.state.cut(turned, position)
        self.ask(self.pane)

    def drag_tilt(self, _pane: PicturePane, across: int, down: int) -> None:
        """The plane turns with the mouse."""
        row = self.pane.slices
        if isinstance(row, Cuts):
            turned, position = row.tilted(self.pane.state.position, float(across), 2.0 * down)
            self.pane.state.cut(turned, position)
            self.ask(self.pane)
