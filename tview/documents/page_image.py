"""The pages of a PDF object as the frames of an image: they go through the picture path like any other."""

from dataclasses import replace

from tview.dicom import Header, ReadAt, sop_class_kind
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


def has_pages(header: Header) -> bool:
    """Whether an object is a PDF."""
    return sop_class_kind(header.sop_class_uid or "") == "pdf"


def open_pages(header: Header, read_at: ReadAt, size: int, path: str, decoder: Decoder) -> PageImage:
    """The pages of an encapsulated PDF.

    Raises:
        PixelError: it cannot be read.
    """
    try:
        content = content_of(Material(header.reader(read_at), size, path, header))
        return PageImage(header, read_at, size, decoder, PdfPages(content, path))
    except DocumentError as error:
        raise PixelError(error.finding) from error
