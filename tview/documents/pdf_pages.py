"""The pages of a PDF, read in a process of their own: as text and as pictures."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from tview.errors import DocumentError, finding
from tview.text import SafeText, safe, safe_lines

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_START_LIMIT_S = 15.0
_PAGE_LIMIT_S = 8.0
_LARGEST = 512 << 20
_MOST_PAGES = 10_000
_CODES = {"missing": "document-reader-missing", "encrypted": "document-encrypted"}


class PdfPages:
    """Owns the process. Any thread may call; one page is worked on at a time. A page that kills or hangs the process costs that page."""

    def __init__(self, data: bytes, path: str, kind: str = "pdf", time_limit_s: float = _PAGE_LIMIT_S) -> None:
        """Start it and count the pages; `kind` is "pdf", anything else a picture file.

        Raises:
            DocumentError: it is no PDF that can be read, wants a password, is too large, or there is no pypdfium2.
        """
        if len(data) > _LARGEST:
            raise DocumentError(finding("document-too-large", path=path, megabytes=len(data) >> 20, limit=_LARGEST >> 20))
        self._data, self._path, self._kind, self._limit_s = data, path, kind, time_limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        answer = self._start()
        self.count = min(int(answer["pages"]), _MOST_PAGES)
        self.title: SafeText = safe(str(answer["title"]))

    def text(self, number: int) -> SafeText:
        """The text of a page, counted from 1; empty where the page is a picture. Raises `DocumentError`."""
        _answer, content = self._ask({"do": "text", "page": number - 1}, number)
        return safe_lines(content.decode("utf-8", "replace").strip("\r\n\0 "))

    def picture(self, number: int, rows: int, columns: int) -> "npt.NDArray[np.uint8]":
        """A page, counted from 1, as (rows, columns, 3) RGB that fits into the box. Raises `DocumentError`."""
        import numpy as np

        answer, content = self._ask({"do": "picture", "page": number - 1, "rows": rows, "columns": columns}, number)
        shape = (int(answer["rows"]), int(answer["columns"]), 3)
        if shape[0] * shape[1] * 3 != len(content):
            raise self._failed("its size is not the one it says", number)
        return np.frombuffer(content, np.uint8).reshape(shape)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> "PdfPages":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> dict[str, Any]:
        command = [sys.executable, "-I", "-m", "tview.documents.pdf_worker"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TEXTUAL"))}
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env=environment
            )
            deadline = time.monotonic() + _START_LIMIT_S
            self._send({"length": len(self._data), "kind": self._kind}, self._data, deadline)
            answer, _content = self._receive(deadline)
        except (OSError, TimeoutError, ValueError) as error:
            self._end()
            raise self._failed("it ends the program that reads it", 0) from error
        if "error" in answer:
            self._end()
            code = _CODES.get(str(answer["error"]), "document-unreadable")
            raise DocumentError(finding(code, path=self._path, problem=safe(str(answer.get("detail", "")), 200)))
        return answer

    def _ask(self, request: dict[str, Any], number: int) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                deadline = time.monotonic() + self._limit_s
                self._send(request, b"", deadline)
                answer, content = self._receive(deadline)
            except TimeoutError as error:
                self._end()
                told = finding("document-time-limit", path=self._path, page=number, seconds=self._limit_s)
                raise DocumentError(told) from error
            except (OSError, ValueError) as error:
                self._end()
                raise self._failed("it ends the program that reads it", number) from error
        if "error" in answer:
            raise self._failed(str(answer.get("detail", "")), number)
        return answer, content

    def _failed(self, problem: str, number: int) -> DocumentError:
        page = f"page {number}: " if number else ""
        return DocumentError(finding("document-unreadable", path=self._path, problem=safe(page + problem, 200)))

    def _send(self, message: dict[str, Any], content: bytes, deadline: float) -> None:
        assert self._process is not None and self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        left = memoryview(json.dumps(message).encode() + b"\n" + content)
        while left:
            _wait([], [descriptor], deadline)
            left = left[os.write(descriptor, left[: 1 << 16]) :]

    def _receive(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        assert self._process is not None and self._process.stdout is not None
        descriptor, got = self._process.stdout.fileno(), bytearray()
        while (end := got.find(b"\n")) < 0:
            got += _some(descriptor, deadline)
        answer: dict[str, Any] = json.loads(got[:end])
        content = got[end + 1 :]
        while len(content) < int(answer["length"]):
            content += _some(descriptor, deadline)
        return answer, bytes(content)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except OSError:
                        pass


def _some(descriptor: int, deadline: float) -> bytes:
    _wait([descriptor], [], deadline)
    piece = os.read(descriptor, 1 << 20)
    if not piece:
        raise ConnectionResetError("the reader ended")
    return piece


def _wait(readable: list[int], writable: list[int], deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not any(select.select(readable, writable, [], left)[:2]):
        raise TimeoutError
