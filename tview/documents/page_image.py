"""The pages of a PDF object as the frames of an image: they go through the picture path like any other."""

from dataclasses import replace

from tview.dicom import DEFAULT, DataSet, Header, ReadAt, sop_class_kind
from tview.dicom.buffer import Buffer
from tview.dicom.walk import Budget
from tview.dicom.walk import Layout as Walked
from tview.documents.encapsulated import content_of
from tview.documents.kinds import Material
from tview.documents.pdf_pages import PdfPages
from tview.errors import DocumentError, PixelError, finding
from tview.pixels import Decoder, Frame, Image
from tview.pixels.layout import Layout

_BOX = 2400  # of a page: 205 dots per inch of an A4 page, and letters of 6 points are 17 pixels high


class PageImage(Image):
    """One frame a page, in colour. `close` ends the process that draws them; it ends by itself with the program."""

    def __init__(self, header: Header, read_at: ReadAt, size: int, decoder: Decoder, pages: PdfPages) -> None:
        layout = Layout(_BOX, _BOX, 3, "RGB", 0, 8, 8, 7, 0, pages.count)
        super().__init__(header, read_at, layout, None, decoder, None, 0, size)
        self.number_of_frames = pages.count
        self._pages = pages

    def read_frame(self, index: int) -> Frame:
        """The page at `index`, from 0. Raises `PixelError`."""
        if not 0 <= index < self.number_of_frames:
            raise PixelError(finding("frame-missing", frame=index + 1, present=self.number_of_frames))
        try:
            stored = self._pages.picture(index + 1, _BOX, _BOX)
        except DocumentError as error:
            raise PixelError(error.finding) from error
        rows, columns = int(stored.shape[0]), int(stored.shape[1])
        description = self.describe(0)
        description = replace(description, layout=replace(self.layout, rows=rows, columns=columns))
        return Frame(index, stored, rows, description)

    def close(self) -> None:
        """End the process."""
        self._pages.close()


def open_file_pages(read_at: ReadAt, size: int, path: str, file_kind: str, decoder: Decoder) -> PageImage:
    """The pages of a PDF or the pictures of a picture file that lies on the medium as such, with a header that says nothing.

    Raises:
        PixelError: it cannot be read.
    """
    header = nothing_said(path.rpartition("/")[2])
    try:
        content = content_of(Material(read_at, size, path, None, file_kind))
        return PageImage(header, read_at, size, decoder, PdfPages(content, path, file_kind))
    except DocumentError as error:
        raise PixelError(error.finding) from error


def nothing_said(name: str = "") -> Header:
    """The header of a file that is no DICOM object: no patient, no exam; the name of the file stands for the series' description."""
    text = name.encode("utf-8", "replace")[:64]
    data = (
        b"\x08\0\x05\0CS\x0a\0ISO_IR 192\x08\0\x3e\x10LO"
        + (len(text) + len(text) % 2).to_bytes(2, "little")
        + text
        + b" " * (len(text) % 2)
    )
    buffer = Buffer(lambda offset, length: data[offset : offset + length], len(data), DEFAULT)
    data_set = DataSet(buffer, 0, len(data), Walked(True, True), Budget(DEFAULT.elements, DEFAULT.depth), None)
    return Header(data_set, None, "", None, None, (), "walk", b"", len(data))


def has_pages(header: Header) -> bool:
    """Whether an object is a PDF, or a waveform that is drawn on pages."""
    return sop_class_kind(header.sop_class_uid or "") in ("pdf", "waveform")


def open_pages(header: Header, read_at: ReadAt, size: int, path: str, decoder: Decoder) -> Image:
    """The pages of an encapsulated PDF, or of a waveform.

    Raises:
        PixelError: it cannot be read.
    """
    if sop_class_kind(header.sop_class_uid or "") == "waveform":
        from tview.documents.trace_image import open_traces

        return open_traces(header, read_at, size, path, decoder)
    try:
        content = content_of(Material(header.reader(read_at), size, path, header))
        return PageImage(header, read_at, size, decoder, PdfPages(content, path))
    except DocumentError as error:
        raise PixelError(error.finding) from error
