#!/usr/bin/env python3
"""What tview and other readers make of a folder of test discs, as the table of docs/media.md.

usage: scripts/disc_table.py DISCS [--write]

DISCS has images (.xz too), truth.json (image -> {"sha1": [...]}: the SHA-1 of every file that stands on it) and README.md with a table
"image | what it is" and one of what other readers made of each. tview is run now, and pycdlib, 7z and xorriso where they are installed;
what a reader that is not here makes of an image is taken from the README.
"""

import collections
import hashlib
import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "media.md"
BEGIN, END = "<!-- table: discs (scripts/disc_table.py) -->", "<!-- end -->"
Counter = collections.Counter


def main() -> int:
    """Measure, and print or write."""
    folder = Path(sys.argv[1])
    truth = json.loads((folder / "truth.json").read_text())
    words, others = _readme(folder / "README.md")
    rows = [_row(folder, name, Counter(facts["sha1"]), words, others.get(name, {})) for name, facts in sorted(truth.items())]
    head = ["image", "what it is", "files", *READERS, *FROM_README.values()]
    table = "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))
    if "--write" in sys.argv:
        text = DOCS.read_text()
        start, stop = text.index(BEGIN) + len(BEGIN), text.index(END, text.index(BEGIN))
        DOCS.write_text(f"{text[:start]}\n{table}\n{text[stop:]}")
    else:
        print(table)
    return 0


def _row(folder: Path, name: str, truth: "Counter[str]", words: dict[str, str], others: dict[str, str]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="tview-discs-") as place:
        image = folder / name
        if not image.exists():
            image = Path(place) / name
            image.write_bytes(lzma.decompress((folder / f"{name}.xz").read_bytes()))
        for beside in folder.glob(f"{Path(name).stem}.*"):
            if beside.suffix in (".map", ".cue") and image.parent != folder:
                shutil.copy(beside, image.parent)
        cells = [read(image, truth) for read in READERS.values()]
    total = sum(truth.values())
    return [name[:2], words.get(name[:2], ""), str(total), *cells, *(_told(others.get(column, "-"), total) for column in FROM_README)]


def _told(cell: str, total: int) -> str:
    """As the README has it: "ok", "22/40 e1", "FAIL"."""
    if cell in ("ok", "-"):
        return "all" if cell == "ok" else "–"
    found = re.match(r"(\d+)/", cell)
    count = int(found[1]) if found else 0
    return "all" if count == total else str(count) if count else "none"


def _readme(path: Path) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    words: dict[str, str] = {}
    others: dict[str, dict[str, str]] = {}
    columns: list[str] = []
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells and cells[0] == "disc":
            columns = cells
        elif len(cells) == 2 and cells[0].isdigit():
            words[cells[0]] = cells[1]
        elif len(cells) == len(columns) > 2:
            others[cells[0]] = dict(zip(columns, cells, strict=True))
    return words, others


# --- readers --------------------------------------------------------------------------------------------------


def _score(found: "Counter[str]", truth: "Counter[str]", told: int = 0) -> str:
    count = sum((found & truth).values())
    note = f", {told} told" if told and count < sum(truth.values()) else ""
    return ("all" if count == sum(truth.values()) else str(count) if count else "none") + note


def _by_tview(image: Path, truth: "Counter[str]") -> str:
    command = [sys.executable, "-I", "-m", "tview", "ls", str(image), "--json", "--hash", "sha1"]
    record = json.loads(subprocess.run(command, capture_output=True, text=True).stdout or "{}")
    found, harmed = {}, set()
    for one in _nodes(record):
        if "digest" in one and "path" in one:
            found[one["path"]] = one["digest"]
            if "bytes_read" in one or one.get("state") == "damaged":
                harmed.add(one["path"])
    return _score(Counter(found.values()), truth, len(harmed))


def _nodes(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(value)


def _unpacked(*command: str) -> Callable[[Path, "Counter[str]"], str]:
    def read(image: Path, truth: "Counter[str]") -> str:
        if shutil.which(command[0]) is None:
            return "–"
        with tempfile.TemporaryDirectory(prefix="tview-discs-") as place:
            filled = [part.replace("IMAGE", str(image)).replace("PLACE", place) for part in command]
            subprocess.run(filled, capture_output=True, timeout=120)
            subprocess.run(["chmod", "-R", "u+rwX", place], check=False)
            files = [path for path in Path(place).rglob("*") if path.is_file() and not path.is_symlink()]
            return _score(Counter(hashlib.sha1(path.read_bytes()).hexdigest() for path in files), truth)

    return read


def _by_pycdlib(image: Path, truth: "Counter[str]") -> str:
    """By the best of its trees."""
    try:
        import pycdlib
    except ImportError:
        return "–"
    best: Counter[str] = Counter()
    for tree in ("iso_path", "joliet_path", "rr_path", "udf_path"):
        disc, found = pycdlib.PyCdlib(), Counter()
        with suppress(Exception):  # whatever it raises, what it gave before counts
            disc.open(str(image))
            for folder, _, names in disc.walk(**{tree: "/"}):
                for name in names:
                    out = _Sum()
                    with suppress(Exception):
                        disc.get_file_from_iso_fp(out, **{tree: f"{folder.rstrip('/')}/{name}"})
                    found[out.hexdigest()] += 1
        best = max(best, found, key=lambda seen: sum((seen & truth).values()))
    return _score(best, truth)


class _Sum:
    def __init__(self) -> None:
        self._sum = hashlib.sha1()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        return len(data)

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


READERS: dict[str, Callable[[Path, "Counter[str]"], str]] = {
    "tview": _by_tview,
    "pycdlib": _by_pycdlib,
    "7-Zip": _unpacked("7z", "x", "-y", "-oPLACE", "IMAGE"),
    "xorriso": _unpacked("xorriso", "-osirrox", "on", "-indev", "IMAGE", "-extract", "/", "PLACE"),
}
FROM_README = {"libarchive": "libarchive", "isoinfo": "isoinfo", "fuseiso": "fuseiso", "k:auto": "kernel 6.1"}

if __name__ == "__main__":
    sys.exit(main())
