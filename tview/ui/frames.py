"""Frames for the render thread: objects opened and kept open, frames decoded and kept, neighbours decoded ahead."""

import threading
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from tview import documents, pixels
from tview.catalog import Instance
from tview.dicom import DEFAULT, TRUSTED, Header, read_header
from tview.errors import PixelError, TviewError, finding
from tview.media import EntryReader, entry_reader
from tview.ui.links import Places, row_places
from tview.ui.session import Session
from tview.ui.shown import Request
from tview.ui.slices import Row, Slice

if TYPE_CHECKING:
    from tview.pixels import Frame, Image

_OPEN_IMAGES = 256
_AHEAD = 14


class FrameKey(NamedTuple):
    """What a frame is kept under."""

    source_number: int
    path: str
    frame: int


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """An object that stays open between its pictures: its header, its image, what it is read with."""

    header: Header
    image: "Image"
    reader: EntryReader


class Frames:
    """Owned by the render thread; `header_of` may be called from any."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._limits = TRUSTED if session.settings.limits == "trusted" else DEFAULT
        self._lock = threading.Lock()
        self._opened: dict[tuple[int, str], Opened] = {}
        self._decoder: pixels.Decoder | None = None
        self._store: pixels.FrameStore | None = None
        self._travel: dict[int, tuple[int, int]] = {}
        self._files: dict[tuple[int, str], str] = {}

    def start(self) -> None:
        """Numpy and the decoder start here, beside the first paint of the screen and not before it."""
        self._decoder = pixels.Decoder()
        self._decoder.start()
        self._store = pixels.FrameStore(self._load)

    def stop(self) -> None:
        """End the worker processes."""
        if self._store is not None and self._decoder is not None:
            self._store.close()
            self._decoder.close()

    def know_file(self, source_number: int, path: str, kind: str) -> None:
        """A file at this place is no DICOM object but a PDF or a picture file, and is shown all the same. Any thread."""
        with self._lock:
            self._files[source_number, path] = kind

    def header_of(self, instance: Instance) -> Header:
        """The whole header of an object. Raises `TviewError`."""
        with self._lock:
            known = self._opened.get((instance.source_number, instance.path))
        return known.header if known else self._read(instance.source_number, instance.path)[0]

    def open(self, instance: Instance) -> Opened:
        """The object, opened now or before. Raises `TviewError`."""
        return self._open(instance.source_number, instance.path)

    def places_of(self, row: Row) -> Places:
        """Millimetres along the normal, slice by slice: of objects with several frames by their functional groups, once they are open."""
        if not len(row):
            return ()
        first, last = row[0], row[len(row) - 1]
        known = row_places(row)
        if first.instance != last.instance or len(row) == 1:
            return known
        with self._lock:
            opened = self._opened.get((first.instance.source_number, first.instance.path))
        if opened is None or not isinstance(first, Slice):
            return known
        return [opened.image.describe(row[position].frame).geometry.position_mm for position in range(len(row))]

    def forget(self) -> None:
        """Everything that was read and decoded; it is read anew when it is asked for. Any thread."""
        with self._lock:
            self._opened.clear()
        if self._store is not None:
            self._store.clear()

    def get(self, instance: Instance, frame: int) -> "Frame":
        """A frame, decoded now or before. Raises `TviewError`."""
        assert self._store is not None
        return self._store.get(FrameKey(instance.source_number, instance.path, frame))

    def peek(self, instance: Instance, frame: int) -> "Frame | None":
        """A frame if it is at hand."""
        assert self._store is not None
        return self._store.peek(FrameKey(instance.source_number, instance.path, frame))

    def load(self, instance: Instance, frame: int) -> "Frame":
        """A frame that is not kept: for a volume, which keeps its values itself. Raises `TviewError`."""
        return self.peek(instance, frame) or self._load(FrameKey(instance.source_number, instance.path, frame))

    def read_ahead(self, requests: Sequence[Request]) -> None:
        """Have the neighbours of what these panes show decoded, in the direction of travel of each, the first pane's first."""
        wanted = [key for keys in zip_longest(*(self._neighbours(request) for request in requests)) for key in keys if key is not None]
        first = requests[0].slices[requests[0].position] if requests and len(requests[0].slices) else None
        if isinstance(first, Slice) and self._store is not None:
            here = FrameKey(first.instance.source_number, first.instance.path, first.frame)
            self._store.look_at([here, *wanted[:_AHEAD]], 0, 1)

    def _neighbours(self, request: Request) -> Iterator[Hashable]:
        """Twelve on in the direction of travel, two behind."""
        position, slices = request.position, request.slices
        last, travel = self._travel.get(request.pane, (position, 1))
        if position != last:
            travel = 1 if position > last else -1
        self._travel[request.pane] = (position, travel)
        for step in (*range(1, _AHEAD - 1), -1, -2):
            there = position + step * travel
            if 0 <= there < len(slices) and isinstance(shape := slices[there], Slice):
                yield FrameKey(shape.instance.source_number, shape.instance.path, shape.frame)

    def _read(self, source_number: int, path: str) -> tuple[Header, EntryReader]:
        reader = entry_reader(self._session.media[source_number], path)
        if reader is None:
            raise PixelError(finding("referenced-file-missing", path=path))
        if (source_number, path) in self._files:
            return documents.nothing_said(path.rpartition("/")[2]), reader
        try:
            return read_header(reader, reader.size, path=path, limits=self._limits), reader
        except TviewError as error:  # bytes that could not be read are a better reason than what was made of their zeros
            raise PixelError(reader.reason(error.finding)) from error

    def _open(self, source_number: int, path: str) -> Opened:
        place = (source_number, path)
        with self._lock:
            known = self._opened.get(place)
        if known is None:
            header, reader = self._read(*place)
            assert self._decoder is not None
            try:
                image = self._image(header, reader, self._files.get(place, ""))
            except PixelError as error:
                raise PixelError(reader.reason(error.finding)) from error
            known = Opened(header, image, reader)
            with self._lock:
                while len(self._opened) >= _OPEN_IMAGES:
                    self._opened.pop(next(iter(self._opened)))
                self._opened[place] = known
        return known

    def _image(self, header: Header, reader: EntryReader, file_kind: str) -> "Image":
        assert self._decoder is not None
        if file_kind:
            return documents.open_file_pages(reader, reader.size, reader.entry.path, file_kind, self._decoder)
        if header.pixel_element is None and documents.has_pages(header):
            return documents.open_pages(header, reader, reader.size, reader.entry.path, self._decoder)
        return pixels.open_image(header, reader, reader.size, decoder=self._decoder)

    def _load(self, key: Hashable) -> "Frame":
        """For the frame store, on the render thread or on the store's own."""
        assert isinstance(key, FrameKey)
        opened = self._open(key.source_number, key.path)
        try:
            return opened.image.read_frame(key.frame)
        except TviewError as error:
            raise PixelError(opened.reader.reason(error.finding)) from error
