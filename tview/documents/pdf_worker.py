"""The process that reads PDF and picture files: native code meets hostile bytes here, and may be killed at any time.

Started by `tview.documents.pdf_pages` as ``python -I -m tview.documents.pdf_worker``. Requests come as JSON rows on stdin, answers go as
JSON rows with bytes behind them to stdout. It writes no core and no file, runs no script of a document (pdfium has no V8 here), and knows
no network.
"""

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

_MEMORY = 1536 << 20
_MEMORY_PER_BYTE = 8
_LARGEST_SIDE = 8192
_MOST_TEXT = 1 << 20


def main(requests: BinaryIO, answers: BinaryIO) -> int:
    """Serve until the parent goes away. Gives 0."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))
    order = json.loads(requests.readline())
    data = requests.read(order["length"])
    try:
        opener = _opener(order["kind"])
    except ImportError:
        _answer(answers, {"error": "missing"})
        return 0
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY + _MEMORY_PER_BYTE * len(data),) * 2)
    try:
        document = opener(data)
        _answer(answers, {"pages": len(document), "title": _title(document)})
    except BaseException as error:
        _answer(answers, {"error": "encrypted" if "password" in str(error).lower() else "failed", "detail": str(error)[:200]})
        return 0
    for row in requests:
        try:
            answer, content = _do(document, json.loads(row))
        except BaseException as error:  # whatever native code throws ends one page
            answer, content = {"error": "failed", "detail": f"{type(error).__name__}: {error}"[:200]}, b""
        _answer(answers, answer, content)
    return 0


def _answer(answers: BinaryIO, answer: dict[str, Any], content: bytes = b"") -> None:
    answers.write(json.dumps({**answer, "length": len(content)}).encode() + b"\n")
    answers.write(content)
    answers.flush()


def _opener(kind: str) -> Callable[[bytes], Any]:
    """What opens this kind of file, its library imported."""
    if kind != "pdf":
        from tview.documents.picture_pages import PicturePages

        return PicturePages
    import pypdfium2

    def opened(data: bytes) -> Any:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
        return document

    return opened


def _title(document: Any) -> str:
    if not hasattr(document, "get_metadata_dict"):
        return ""
    return str(document.get_metadata_dict().get("Title") or "")[:400]


def _do(document: Any, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    page = document[request["page"]]
    if request["do"] == "picture" and hasattr(page, "rgb"):
        answer, content = page.rgb(min(request["rows"], _LARGEST_SIDE), min(request["columns"], _LARGEST_SIDE))
        return answer, content
    try:
        if request["do"] == "text":
            text = page.get_textpage().get_text_bounded()[:_MOST_TEXT]
            return {}, text.encode("utf-8", "replace")
        return _render(page, request["rows"], request["columns"])
    finally:
        page.close()


def _render(page: Any, rows: int, columns: int) -> tuple[dict[str, Any], bytes]:
    """The page as RGB rows, as large as fits into the box with its own shape."""
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise ValueError("a page without a size")
    scale = min(min(rows, _LARGEST_SIDE) / height, min(columns, _LARGEST_SIDE) / width)
    bitmap = page.render(scale=scale, rev_byteorder=True, force_bitmap_format=_RGB)
    pixels = memoryview(bitmap.buffer).cast("B")
    used = bitmap.width * 3
    packed = b"".join(bytes(pixels[row * bitmap.stride : row * bitmap.stride + used]) for row in range(bitmap.height))
    return {"rows": bitmap.height, "columns": bitmap.width}, packed


_RGB = 2  # FPDFBitmap_BGR, whose bytes rev_byteorder turns round

if __name__ == "__main__":
    try:
        sys.exit(main(sys.stdin.buffer, os.fdopen(os.dup(1), "wb")))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)
