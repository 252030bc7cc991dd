"""PDF: the same words as pdftotext, pages as pictures, and hostile ones in a process that can be killed."""

import io
import random
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tview.documents import PagePicture, open_document
from tview.documents.pdf_pages import PdfPages
from tview.errors import DocumentError
from tview.media import open_medium

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from pdf_phantom import pdf

BLACK = b"0 g 0 0 100 100 re f"  # the left half of the page
WORDS = b"BT /F1 12 Tf 10 50 Td (Hello from page two) Tj ET"


def test_a_page_is_a_picture_that_fits_the_box() -> None:
    with PdfPages(pdf(BLACK, WORDS), "x.pdf") as pages:
        picture = pages.picture(1, 300, 400)
    assert pages.count == 2 and picture.shape == (200, 400, 3) and picture.dtype == np.uint8
    assert (picture[:, :195] == 0).all() and (picture[:, 205:] == 255).all()


def test_colours_are_in_the_order_red_green_blue() -> None:
    with PdfPages(pdf(b"1 0 0 rg 0 0 200 100 re f"), "x.pdf") as pages:
        assert pages.picture(1, 100, 100)[25, 50].tolist() == [255, 0, 0]


def test_a_page_is_text() -> None:
    with PdfPages(pdf(BLACK, WORDS), "x.pdf") as pages:
        assert pages.text(1) == "" and pages.text(2) == "Hello from page two"


def test_the_letter_of_the_demo_disc_has_the_words_of_pdftotext(demo_disc, tmp_path) -> None:
    with open_medium(str(demo_disc)) as medium:
        path = next(entry.path for entry in medium.entries() if "SE000004" in entry.path)
        document = open_document(medium, path)
        whole = medium.read(medium.entry(path), 0, None).data
    (page,) = (block for block in document.blocks if isinstance(block, PagePicture))
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    (tmp_path / "letter.pdf").write_bytes(whole[whole.index(b"%PDF") :])
    theirs = subprocess.run(["pdftotext", tmp_path / "letter.pdf", "-"], capture_output=True, text=True, timeout=60).stdout
    assert page.text.split() == theirs.split()


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.4\n", b"no pdf at all", pdf(BLACK)[:200], random.Random(5).randbytes(5000)],
    ids=["empty", "head", "text", "cut", "noise"],
)
def test_what_is_no_pdf_is_said(data) -> None:
    with pytest.raises(DocumentError) as caught:
        PdfPages(data, "x.pdf")
    assert caught.value.finding.code == "document-unreadable"


def test_a_killed_process_costs_one_page() -> None:
    with PdfPages(pdf(BLACK, WORDS), "x.pdf") as pages:
        assert pages._process is not None
        pages._process.kill()
        pages._process.wait()
        assert pages.text(2) == "Hello from page two"


def test_a_page_that_takes_too_long_is_said_and_the_next_is_read() -> None:
    with PdfPages(pdf(BLACK, WORDS), "x.pdf") as pages:
        pages._limit_s = 0.0
        with pytest.raises(DocumentError) as caught:
            pages.picture(1, 100, 100)
        assert caught.value.finding.code == "document-time-limit"
        pages._limit_s = 8.0
        assert pages.text(2) == "Hello from page two"


def test_no_process_is_left() -> None:
    pages = PdfPages(pdf(BLACK), "x.pdf")
    process = pages._process
    assert process is not None
    pages.close()
    assert process.poll() is not None


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF", "BMP"])
def test_picture_files_are_pages(form) -> None:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), (255, 0, 0)).save(made, form)
    with PdfPages(made.getvalue(), "x", form.lower()) as pages:
        picture = pages.picture(1, 100, 100)
    assert pages.count == 1 and picture.shape == (20, 30, 3)
    assert abs(picture[10, 10].astype(int) - [255, 0, 0]).max() <= 2


def test_a_large_picture_is_made_smaller_and_a_deep_one_spread() -> None:
    made = io.BytesIO()
    Image.fromarray(np.tile(np.linspace(0, 60000, 400, dtype=np.uint16), (200, 1))).save(made, "PNG")
    with PdfPages(made.getvalue(), "x.png", "png") as pages:
        picture = pages.picture(1, 100, 100)
    assert picture.shape == (50, 100, 3) and picture[25, 0, 0] < 5 and picture[25, 99, 0] > 250


def test_a_picture_bomb_is_refused() -> None:
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\x0dIHDR" + (60000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    with pytest.raises(DocumentError):
        PdfPages(head + zlib.crc32(head[12:]).to_bytes(4, "big") + bytes(100), "x.png", "png")
