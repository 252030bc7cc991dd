"""What lies over the images of a viewer: found, read when it is wanted, switched on and off. Kept while the program runs."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tview import documents, pixels
from tview.catalog import Catalog, Instance
from tview.documents import Over, Overlaying, Place
from tview.errors import Finding, TviewError
from tview.ui.frames import Frames
from tview.ui.shown import Request
from tview.ui.slices import Shape, Slice

if TYPE_CHECKING:
    from tview.pixels import Drawing, Frame, Geometry, PresentationState, Presented

OPACITIES = (0.15, 0.3, 0.45, 0.6, 0.8, 1.0)


@dataclass(slots=True)
class Switched:
    """What of one object is drawn, and how opaque its fills are."""

    overlaying: Overlaying
    shown: frozenset[str]
    opacity: float = 0.3


@dataclass(slots=True)
class Shelf:
    """Filled on a worker's thread, switched on the screen's, read on the render thread: values are replaced, never changed in place."""

    overs: tuple[Over, ...] = ()
    known_for: Catalog | None = None
    switched: dict[str, Switched] = field(default_factory=dict)
    states: "dict[str, PresentationState | Finding]" = field(default_factory=dict)
    applied: dict[int, str] = field(default_factory=dict)
    """By the pane's number the presentation state that its picture is drawn with."""
    undrawable: frozenset[str] = frozenset()
    """What was switched on and could not be drawn."""
    frames: Frames | None = None
    _above: dict[tuple[str, str, int], tuple[Instance, int] | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, catalog: Catalog, frames: Frames) -> None:
        """Read the headers of everything that lies over images; on a thread of its own."""
        self.frames, found = frames, []
        for instance in documents.over_instances(catalog):
            try:
                over = documents.over_of(frames.header_of(instance), instance)
            except TviewError:
                continue
            if over is not None:
                found.append(over)
        self.overs = tuple(found)

    def over(self, place: Place) -> list[Over]:
        """What may lie over a place, key images not counted."""
        return [over for over in self.overs if over.kind != "key-images" and over.may_lie_over(place)]

    def selections(self, place: Place) -> list[Over]:
        """The selections of key images that name this frame."""
        return [over for over in self.overs if over.kind == "key-images" and over.names(place.sop_instance_uid, place.frame_number)]

    def load(self, over: Over, frames: Frames, catalog: Catalog | None) -> Overlaying:
        """Read and decode it, or give what was read before. Raises `TviewError`."""
        with self._lock:
            known = self.switched.get(over.uid)
            if known is not None:
                return known.overlaying
            header = frames.header_of(over.instance)
            image = frames.open(over.instance).image if over.kind not in documents.WITHOUT_FRAMES else None
            made = documents.load_over(header, image, over.instance.path, lambda: self._prescribed(over, frames, catalog))
            self.switched = {**self.switched, over.uid: Switched(made, frozenset())}
            return made

    def _prescribed(self, over: Over, frames: Frames, catalog: Catalog | None) -> object:
        plan = _instance(catalog, over.plan) if over.plan and catalog is not None else None
        try:
            return documents.prescription_of(frames.header_of(plan)) if plan is not None else None
        except TviewError:
            return None

    def state(self, over: Over, frames: Frames) -> "PresentationState | Finding":
        """The presentation state, or why it cannot be used."""
        known = self.states.get(over.uid)
        if known is None:
            try:
                known = pixels.read_presentation_state(frames.header_of(over.instance).data_set)
            except TviewError as error:
                known = error.finding
            self.states = {**self.states, over.uid: known}
        return known

    def switch(self, uid: str, shown: frozenset[str], opacity: float | None = None) -> None:
        """Draw these parts."""
        known = self.switched.get(uid)
        if known is not None:
            made = Switched(known.overlaying, shown, known.opacity if opacity is None else opacity)
            self.switched = {**self.switched, uid: made}

    # -- the render thread

    def presented(self, request: Request, frame: "Frame") -> "Frame":
        """The frame as the presentation state of the pane wants its values seen."""
        made = self._made(request, frame)
        return replace(made.frame, overlays=()) if made is not None else frame

    def layers(self, request: Request, frame: "Frame") -> "Sequence[Drawing]":
        """Everything that is switched on and lies over the frame; then what the presentation state draws."""
        drawn: list[Drawing] = []
        place = place_of(request.slices[request.position], frame)
        for over in self.overs:
            known = self.switched.get(over.uid)
            if known is not None and known.shown and over.may_lie_over(place):
                try:
                    drawn += known.overlaying.layers(place, known.shown, known.opacity)
                except Exception:  # the door: the image is shown without it, and the pane says so
                    self.undrawable = self.undrawable | {over.uid}
        return drawn

    def state_layers(self, request: Request, frame: "Frame") -> "Sequence[Drawing]":
        """Shutters, overlays and annotations of the pane's presentation state; `frame` with its own overlays."""
        made = self._made(request, frame)
        return made.layers if made is not None else ()

    def _made(self, request: Request, frame: "Frame") -> "Presented | None":
        """What the pane's state makes of a frame; None without one, and where what it blends is not there."""
        state, uid = self.states.get(self.applied.get(request.pane, "")), _uid(request.slices[request.position])
        over = next((over for over in self.overs if over.uid == self.applied.get(request.pane)), None)
        if not isinstance(state, pixels.PresentationState) or over is None or not over.names(uid, frame.index + 1):
            return None
        if state.kind != "blending":
            return pixels.apply_presentation_state(state, frame, uid or "", request.rows, request.columns)
        above = self._superimposed(over.uid, state, uid or "", frame)
        return pixels.apply_blending_state(state, frame, above, request.view) if above is not None else None

    def _superimposed(self, state_uid: str, state: "PresentationState", uid: str, under: "Frame") -> "Frame | None":
        """Of the images that a blending state puts above, the one that lies on this frame."""
        key = (state_uid, uid, under.index)
        if key not in self._above:
            self._above[key] = self._lying_on(state, under)
        place = self._above[key]
        return self.frames.get(*place) if place is not None and self.frames is not None else None

    def _lying_on(self, state: "PresentationState", under: "Frame") -> tuple[Instance, int] | None:
        wanted = {reference.sop_instance_uid for one in state.blending if one.position == "SUPERIMPOSED" for reference in one.references}
        found: list[tuple[float, Instance, int]] = []
        for series in self.known_for.series if self.known_for is not None and self.frames is not None else ():
            for instance in series.instances:
                if instance.sop_instance_uid in wanted and instance.state != "missing":
                    assert self.frames is not None
                    image = self.frames.open(instance).image
                    for index in range(image.number_of_frames):
                        distance = _between(under.description.geometry, image.describe(index).geometry, (image.rows, image.columns))
                        if distance is not None:
                            found.append((distance, instance, index))
        return min(found, key=lambda one: one[0])[1:] if found else None


def _between(under: "Geometry", above: "Geometry", size: tuple[int, int]) -> float | None:
    """Millimetres between two planes that lie on one another; None where they do not."""
    if pixels.box_between(under, above, size) is None or under.position_mm is None or above.position_mm is None:
        return None
    return abs(under.position_mm - above.position_mm)


def place_of(shape: Shape, frame: "Frame") -> Place:
    """Where a picture lies. Cuts are no image: what names images does not lie over them."""
    return Place(_uid(shape), frame.index + 1, frame.description.geometry, frame.rows, frame.columns)


def _uid(shape: Shape) -> str | None:
    return shape.instance.sop_instance_uid if isinstance(shape, Slice) else None


def _instance(catalog: Catalog, uid: str | None) -> Instance | None:
    return next((one for series in catalog.series for one in series.instances if one.sop_instance_uid == uid), None)


__all__ = ["OPACITIES", "Shelf", "Switched", "place_of"]
