"""The render thread: takes the newest request of each pane, reads, decodes, renders, encodes, and sends the finished picture back.

One thread, one slot for each pane, newest wins. It starts a picture only when the terminal has room for one, so that on a slow link keys
are answered and pictures are left out, never queued. Between requests frames are decoded ahead in the direction of travel.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tview import pixels
from tview.catalog import Instance
from tview.dicom import Header, sop_class_name, tags
from tview.errors import Finding, TviewError, finding
from tview.export import recognisable
from tview.terminal import TRUE_COLOUR, Encoder, PictureStore, TerminalFacts, make_encoder
from tview.text import SafeText, advice_of, clip, message_of, safe
from tview.ui.cuts import Cut
from tview.ui.describe import describe, describe_header, frame_rate
from tview.ui.driver import PictureOutput
from tview.ui.filmstrip import STRIP, StripRequest, StripShown
from tview.ui.frames import Frames
from tview.ui.links import Places
from tview.ui.look import words
from tview.ui.pace import Pace
from tview.ui.session import Session
from tview.ui.shown import Request, Shown
from tview.ui.slices import Row, Shape
from tview.ui.slide_rows import SlidePlace
from tview.ui.technique import more_marks, technique
from tview.ui.thumbnails import Thumbnails

if TYPE_CHECKING:
    from tview.pixels import Drawing, Frame
    from tview.terminal.picture import Picture

_ = str
_BYTES_PER_PIXEL = 0.3  # of a picture nothing is known about
_RETRY_S = 0.3

FrameChanger = Callable[[Request, "Frame"], "Frame"]
"""A frame as a request wants its values seen, asked on the render thread."""

LayerProvider = Callable[[Request, "Frame"], "Sequence[Drawing]"]
"""What lies over a frame, asked on the render thread."""


class Painter(threading.Thread):
    """Owns the encoder and the frames. `ask`, `wake`, `stop` may be called from any thread.

    `first_pane` is the number of the pane that is served before the others. `layer_providers` are asked on this thread what lies over a
    frame of a request, after its own shutter and overlays and before `Request.layers`. `frame_changers` come before: what lies over a
    frame is asked of the frame as it is stored, its shutter and overlays are those of the frame as it is changed.
    """

    def __init__(self, session: Session, finished: "Callable[[Shown | StripShown], None]") -> None:
        super().__init__(daemon=True, name="tview-render")
        self.output: PictureOutput | None = None
        self._session = session
        self._finished = finished
        self._lock = threading.Condition()
        self._slots: dict[int, Request] = {}
        self._stopping = False
        self.first_pane = 0
        self.layer_providers: list[LayerProvider] = []
        self.frame_changers: list[FrameChanger] = []
        self._frames = Frames(session)
        self._latest: dict[int, Request] = {}
        self._strip: StripRequest | None = None
        self._thumbnails = Thumbnails(self._frames)
        self._encoder: Encoder = make_encoder(session.path, session.terminal)
        self._kept = _store_for(session.path, session.terminal)
        self._pace = Pace()
        self._coarse: dict[int, tuple[Request, int]] = {}

    # -- any thread

    def ask(self, request: Request) -> None:
        """Paint this next; a request of the same pane that has not been begun is forgotten."""
        with self._lock:
            self._slots[request.pane] = request
            self._lock.notify_all()

    def ask_strip(self, request: StripRequest | None) -> None:
        """Paint these thumbnails when nothing else is to be done; None for no more."""
        with self._lock:
            self._strip = request
            self._lock.notify_all()

    @property
    def store(self) -> PictureStore | None:
        """The pictures that the terminal keeps, where it keeps any."""
        return self._kept

    def places_lost(self) -> None:
        """The terminal's window has changed: where its pictures lie now is not known."""
        if self._kept is not None:
            self._kept.places_lost()
        if self.output is not None:
            self.output.window_changed()

    def wake(self) -> None:
        """There may be room for a picture again."""
        with self._lock:
            self._lock.notify_all()

    def stop(self) -> None:
        """End the thread and the worker processes."""
        with self._lock:
            self._stopping = True
            self._lock.notify_all()
        self._frames.stop()

    def resized(self, terminal: TerminalFacts) -> None:
        """The terminal or its font has changed: cells have another size."""
        with self._lock:
            self._encoder = make_encoder(self._session.path, terminal)
            freed, self._kept = self.free(), _store_for(self._session.path, terminal)
            self._pace.forget()
        if freed and self.output is not None:
            self.output.send_ahead(freed)

    def read_again(self) -> None:
        """Forget what was read and drawn: the medium is asked for it anew."""
        self._frames.forget()
        self._thumbnails.forget()
        with self._lock:
            freed, self._kept = self.free(), _store_for(self._session.path, self._session.terminal)
        if freed and self.output is not None:
            self.output.send_ahead(freed)

    def free(self) -> bytes:
        """Bytes that free every picture that the terminal keeps, which are sent anew when they are wanted again."""
        return self._kept.free() if self._kept is not None else b""

    @property
    def is_behind(self) -> bool:
        """Whether a picture asked for has not been begun."""
        with self._lock:
            return bool(self._slots)

    @property
    def drafts_pay(self) -> bool:
        """Whether the link is so slow that a smaller picture is worth sending while keys keep coming."""
        return self.output is not None and self._pace.step(self.output.link, moving=True) > 1

    @property
    def samples_per_pixel(self) -> float:
        """How many pixels of what is rendered make one on the screen: more than one in block graphics, whose characters are cut finer."""
        return float(getattr(self._encoder, "samples_per_pixel", 1.0))

    def forget(self, pane: int) -> None:
        """The pane is not shown any more."""
        with self._lock:
            self._slots.pop(pane, None)
            self._coarse.pop(pane, None)
            self._latest.pop(pane, None)

    def header_of(self, instance: Instance) -> Header:
        """The whole header of an object. Raises `TviewError`."""
        return self._frames.header_of(instance)

    @property
    def frames(self) -> Frames:
        """Objects and frames: for a thread that makes a volume of them."""
        return self._frames

    def places_of(self, row: Row) -> Places:
        """Millimetres along the normal, slice by slice, as far as they are known."""
        return self._frames.places_of(row)

    # -- the thread

    def run(self) -> None:
        """Until stopped. Numpy and the decoder start here, beside the first paint of the screen and not before it."""
        self._frames.start()
        while True:
            request = self._next()
            if request is None:
                return
            if isinstance(request, StripRequest):
                self._paint_strip(request)
                continue
            try:
                shown = self._paint(request)
            except TviewError as error:
                shown = self._failed(request, error.finding)
            except Exception as error:  # the door: a picture that cannot be drawn is said, the next one is tried
                shown = self._failed(request, finding("picture-failed", kind=type(error).__name__))
            self._finished(shown)
            self._read_ahead()

    def _next(self) -> Request | StripRequest | None:
        with self._lock:
            while not self._stopping:
                room = self.output is None or self.output.has_room()
                if self._slots and room:
                    request = self._slots.pop(min(self._slots, key=self._turn))
                    self._latest[request.pane] = request
                    self._coarse.pop(request.pane, None)
                    return request
                if room and (finer := self._finer()) is not None:
                    return finer
                if room and self._strip is not None:
                    strip, self._strip = self._strip, None
                    return strip
                self._lock.wait(0.25 if self._slots else _RETRY_S if self._coarse else None)
        return None

    def _turn(self, pane: int) -> tuple[bool, int]:
        """The pane that has the keys first."""
        return pane != self.first_pane, pane

    def _finer(self) -> Request | None:
        """A picture at rest again when the link has turned out to be faster than was thought."""
        if not self._coarse or self.output is None:
            return None
        pane = min(self._coarse, key=self._turn)
        request, step = self._coarse[pane]
        if self._pace.step(self.output.link, moving=False) >= step:
            return None
        del self._coarse[pane]
        return request

    def _paint(self, request: Request) -> Shown:
        slices = request.slices
        place = slices[request.position]
        frame = self._frame(request, place)
        stored = frame
        for changed in self.frame_changers:
            frame = changed(request, frame)
        opened = self._frames.open(place.instance)
        rows, columns = self._encoder.fit(request.columns, request.rows)
        step = self._step(request, rows * columns)
        view = request.view
        if step > 1 and view.zoom is not None:
            view = replace(view, zoom=view.zoom / step)
        if view.window is None and view.voi_lut_index is None and not frame.description.windows and not frame.description.voi_luts:
            view = replace(
                view, window=pixels.auto_window(frame)
            )  # without padding and stray values: a file without a window is readable at once
        layers = self._layers(request, frame, stored)
        rendered = pixels.render(self._on_screen(frame), view, max(1, rows // step), max(1, columns // step), layers)
        is_blocks = self._encoder.name == "blocks"
        fitting, suv = opened.image.presets(frame.index), pixels.suv_of(opened.header.data_set)
        how = self._how(step)
        facts = describe(
            opened.header,
            frame,
            rendered,
            request,
            slices,
            opened.image,
            how,
            fitting[0],
            lost=bool(opened.reader.lost),
            blocks=is_blocks,
            step=step / self.samples_per_pixel,
        )
        facts = replace(
            facts,
            technique=technique(opened.header.data_set, frame.index, self._session.settings.corner),
            marks=(*facts.marks, *more_marks(frame, opened.image.findings, suv)),
        )
        painting, cells, kept = None, None, None
        if self.output is None and is_blocks:  # no terminal: a headless run draws them as text
            cells = self._cells(rendered.picture, request.columns, request.rows)
        elif self._kept is not None:
            kept = self._kept.keep(rendered.picture, request.columns, request.rows, step > 1)
            painting = b""
            self._sent(kept.send, step, ahead=True)
        else:
            painting = self._encoder.paint(
                rendered.picture, request.cell_x, request.cell_y, request.columns, request.rows, pane=request.pane, draft=step > 1
            ).draw
            self._sent(painting, step)
        if step > 1 and not request.draft:
            with self._lock:
                self._coarse[request.pane] = request, step
        return Shown(
            request=request,
            facts=facts,
            frame=frame,
            rendered=rendered,
            painting=painting,
            kept=kept,
            cells=cells,
            over_text=self._kept is not None,
            message=(),
            findings=_unique(*opened.reader.findings, *opened.header.findings, *opened.image.findings, *facts.findings),
            presets=fitting,
            suv_factor=suv.factor or 1.0,
            suv=suv if suv.factor is not None else None,
            frame_rate=frame_rate(opened.header.data_set),
            recognisable=recognisable(opened.header.data_set),
        )

    def _paint_strip(self, request: StripRequest) -> None:
        """As many thumbnails as there is time for; the others in the next turn."""
        try:
            made = self._thumbnails.picture(request, self._encoder, lambda: self.is_behind)
        except Exception:  # the door: the strip stays black, the panes go on
            return
        done = False
        if made is not None:
            picture, done = made
            width = request.pitch * (len(request.instances) - 1) + request.columns
            painting, cells, kept = None, None, None
            if self.output is None and self._encoder.name == "blocks":
                cells = self._cells(picture, width, request.rows)
            elif self._kept is not None:
                kept, painting = self._kept.keep(picture, width, request.rows), b""
                if kept.send and self.output is not None:
                    self.output.send_ahead(kept.send)
            else:
                painting = self._encoder.paint(picture, request.cell_x, request.cell_y, width, request.rows, pane=STRIP).draw
            self._finished(StripShown(request, painting, kept, cells, self._kept is not None, done))
        with self._lock:
            if not done and self._strip is None:
                self._strip = request

    def _frame(self, request: Request, place: Shape) -> "Frame":
        if isinstance(place, Cut):
            return place.make()
        if isinstance(place, SlidePlace):
            rows, columns = self._encoder.fit(request.columns, request.rows)
            return place.make(request.view, rows, columns, self._frames.get)
        return self._frames.get(place.instance, place.frame)

    def _layers(self, request: Request, frame: "Frame", stored: "Frame") -> "list[Drawing]":
        """Everything that lies over the frame, the topmost last."""
        layers: list[Drawing] = [*pixels.shutter_layers(frame), *(pixels.overlay_layers(frame) if request.overlays else ())]
        for provider in self.layer_providers:
            layers.extend(provider(request, stored))
        return sorted([*layers, *request.layers], key=lambda layer: not getattr(layer, "lowest", False))

    def _on_screen(self, frame: "Frame") -> "Frame":
        """The frame as this way of drawing needs it: a half block is not square."""
        aspect = getattr(self._encoder, "pixel_aspect", 1.0)
        if aspect == 1.0:
            return frame
        return replace(frame, description=replace(frame.description, pixel_aspect=frame.description.pixel_aspect / aspect))

    def _step(self, request: Request, pixels: int) -> int:
        """How much smaller than its place the picture is made, for what the link carries."""
        if self.output is None:
            return 1
        self._pace.expect(int(_BYTES_PER_PIXEL * pixels))
        return self._pace.step(self.output.link, moving=request.draft)

    def _sent(self, data: bytes, step: int, ahead: bool = False) -> None:
        if data and self.output is not None:
            self._pace.learn(step, len(data))
            if ahead:
                self.output.send_ahead(data)

    def _how(self, step: int) -> tuple[SafeText, int]:
        """How the picture is drawn, in words, and how many levels of grey come out different."""
        encoder = self._encoder
        levels = encoder.draft_grey_levels if step > 1 else encoder.grey_levels
        size = words(_("full res")) if step == 1 else words(_("1/{step} res"), step=step)
        depth = f" {words(_('8-bit'))}" if levels >= 256 else ""
        glyphs = getattr(encoder, "glyphs", "")
        return SafeText(f"{size}{depth} {glyphs and glyphs + ' '}{encoder.name}"), levels

    def _cells(self, picture: "Picture", columns: int, rows: int) -> tuple[tuple[Segment, ...], ...]:
        cells = self._encoder.cells(picture, columns, rows)  # type: ignore[attr-defined]  # BlocksEncoder
        colour = _true_colour if cells.colours == TRUE_COLOUR else _numbered
        return tuple(
            tuple(Segment(run.text, Style(color=colour(run.foreground), bgcolor=colour(run.background))) for run in row)
            for row in cells.rows
        )

    def _failed(self, request: Request, told: Finding) -> Shown:
        lines = [message_of(told), advice_of(told)]
        width = max(20, request.columns - 4)
        message = tuple(SafeText(line) for text in lines if text for line in _wrapped(text, width))
        slices = request.slices
        facts = None
        try:
            header = self.header_of(slices[request.position].instance)
            facts = describe_header(header, request, slices)
            if told.code == "pixels-none":
                message = _what_it_is(header, request)
        except Exception:  # the door again: what cannot be described is still said
            facts = None
        return Shown(
            request=request,
            facts=facts,
            frame=None,
            rendered=None,
            painting=None,
            kept=None,
            cells=None,
            over_text=self._kept is not None,
            message=message,
            findings=(told,),
        )

    def _read_ahead(self) -> None:
        """Have neighbours decoded while nobody asks for anything, those of the pane with the keys first."""
        with self._lock:
            latest = [self._latest[pane] for pane in sorted(self._latest, key=self._turn)]
        self._frames.read_ahead(latest)


def _unique(*findings: Finding) -> tuple[Finding, ...]:
    kept: list[Finding] = []
    for told in findings:
        if told not in kept:
            kept.append(told)
    return tuple(kept)


def _what_it_is(header: Header, request: Request) -> tuple[SafeText, ...]:
    """An object without a picture: its class, its title, where to read it."""
    title = header.data_set.text(tags.DOCUMENT_TITLE) or header.data_set.text(tags.SERIES_DESCRIPTION) or SafeText("")
    name = safe(sop_class_name(header.sop_class_uid or ""))
    hint = words(_("No picture. D reads it; T shows its data elements."))
    return tuple(line for line in (name, title, SafeText(""), hint) if line or title)


def _store_for(path: str, terminal: TerminalFacts) -> PictureStore | None:
    return PictureStore(terminal) if path == "kitty" else None


def _true_colour(colour: int) -> Color:
    return Color.from_rgb(colour >> 16, colour >> 8 & 255, colour & 255)


def _numbered(colour: int) -> Color:
    return Color.from_ansi(colour)


def _wrapped(text: SafeText, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, clip(line, width)] if line else lines
