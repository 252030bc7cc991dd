#!/usr/bin/env python3
"""Write docs/corpus.md: every file of the shared corpus against its reference, and the cause where the two differ.

python scripts/corpus_table.py [CORPUS] > docs/corpus.md
"""

import csv
import hashlib
import os
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from tview.dicom import read_header
from tview.errors import TviewError
from tview.pixels import Decoder, Image, View, compare_decoders, in_force, open_image, render_native, top_level_view
from tview.text import message_of

HERE = Path(__file__).parents[1]


def digest(array: np.ndarray) -> str:
    kind = "<f8" if array.dtype.kind == "f" else "<u4" if array.dtype == np.uint32 else "<i4"
    return hashlib.sha256(np.ascontiguousarray(array.astype(kind)).tobytes()).hexdigest()[:24]


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def opened(path: Path, decoder: Decoder) -> Image:
    data = path.read_bytes()

    def read_at(offset: int, length: int) -> bytes:
        return data[offset : offset + length]

    return open_image(read_header(read_at, len(data)), read_at, len(data), decoder=decoder)


def stored_of(image: Image) -> np.ndarray:
    return np.stack([image.read_frame(index).stored for index in range(image.number_of_frames)])


def judged(path: Path, reference: dict[str, str] | None, decoder: Decoder) -> tuple[str, str]:
    """What became of a file ("equal", "near", "shown", "refused") and, unless it is equal, why."""
    try:
        image = opened(path, decoder)
        stored = stored_of(image)
    except TviewError as error:
        return "refused", f"`{error.finding.code}`: {message_of(error.finding)}"
    if reference is None or not reference["stored_sha24_int32le"]:
        cause = f"no reference: {reference['cause']}" if reference is not None and reference["cause"] else "no reference"
        codes = sorted({f.code for f in (*image.findings, *image.read_frame(0).findings)})
        return "shown", "; ".join([cause, *(f"`{code}`" for code in codes)])
    if digest(stored) == reference["stored_sha24_int32le"]:
        return "equal", ""
    compared = compare_decoders(image, 0)
    codes = sorted({f"`{f.code}`" for f in (*image.findings, *image.read_frame(0).findings)})
    own = (
        f"{compared.first} and {compared.second} differ by {compared.largest:.0f} at most in frame 1"
        if compared.second
        else compared.reason
    )
    return "near", "; ".join([reference["cause"], own, *codes])


def difference(ours: np.ndarray, theirs: np.ndarray) -> int:
    return int(np.abs((ours if ours.ndim == 3 else ours[..., None]).astype(int) - theirs).max())


def renderings(corpus: Path, references: dict[str, dict[str, str]], decoder: Decoder) -> list[tuple[str, str, dict[str, int], str]]:
    """Frame, verdict of the corpus, our largest difference from each other program's picture, and why it is more than rounding."""
    from PIL import Image as Picture

    told = []
    for row in rows_of(corpus / "png/PNG.csv"):
        if not row["png"]:
            continue
        frame = opened(corpus / row["path"], decoder).read_frame(int(row["frame"]) - 1)
        own, top_level = {}, {}
        for name in row["png"].split():
            theirs = np.asarray(Picture.open(corpus / "png" / name).convert("RGB")).astype(int)
            who = name.split(".")[-2]
            own[who] = difference(render_native(frame, View()).picture, theirs)
            top_level[who] = difference(render_native(frame, top_level_view(frame)).picture, theirs)
        reference = references.get(row["path"], {})
        why = reference.get("render_cause") or reference.get("cause") or ""
        if min(own.values()) > 1 >= min(top_level.values()):
            why = "the frame has a window of its own in its functional groups, which the other program does not read"
        elif any(mark.code == "window-from-pixels" for mark in in_force(frame, View()).marks):
            why = f"{why}; drawn here from the frame's smallest to its largest value"
        told.append((f"`{row['path']}` {row['frame']}", row["verdict"], own, why))
    return told


def main() -> int:
    corpus = Path(sys.argv[1] if len(sys.argv) > 1 else Path(os.environ.get("TVIEW_SHARED", HERE.parent / "shared")) / "corpus")
    references = {row["path"]: row for row in rows_of(corpus / "REFERENCE.csv")}
    counts: Counter[tuple[str, str]] = Counter()
    told: list[tuple[str, str, str]] = []
    with Decoder() as decoder:
        for row in rows_of(corpus / "MANIFEST.csv"):
            outcome, why = judged(corpus / row["path"], references.get(row["path"]), decoder)
            counts[row["path"].split("/")[0], outcome] += 1
            if outcome != "equal" and not (outcome == "refused" and "`pixels-none`" in why):
                told.append((row["path"], outcome, why))
        drawn = renderings(corpus, references, decoder)
    folders = sorted({folder for folder, _ in counts})
    outcomes = ("equal", "near", "shown", "refused")
    print("# The corpus, file by file\n")
    print("Stored values of all frames against the reference that most of pydicom, gdcm, dcmtk and imagecodecs agree on.")
    print("Made by `python scripts/corpus_table.py`. *equal*: the same values. *near*: compressed with loss, and decoders round")
    print("differently. *shown*: there is no reference. *refused*: no picture, with the reason the reader gets.\n")
    print("| folder | " + " | ".join(outcomes) + " |\n|---|" + "---|" * len(outcomes))
    for folder in folders:
        print(f"| {folder} | " + " | ".join(str(counts[folder, outcome] or "") for outcome in outcomes) + " |")
    print("| **all** | " + " | ".join(str(sum(counts[folder, outcome] for folder in folders)) for outcome in outcomes) + " |")
    print("\n## What is not equal\n\nObjects that hold no picture (reports, plans, waveforms, directories) are left out.\n")
    print("| file | | cause |\n|---|---|---|")
    for path, outcome, why in told:
        clean = why.replace("|", "/").replace("\n", " ")
        print(f"| `{path}` | {outcome} | {clean} |")
    print("\n## Pictures\n")
    print("Default pictures at one pixel for a pixel against dcmtk's, which truncates where rounding is right: 1 level is the norm.")
    within = sum(min(levels.values()) <= 1 for _, _, levels, _ in drawn)
    print(f"{within} of {len(drawn)} are within a level of another program's picture.\n")
    print("| file, frame | verdict of the corpus | levels | cause |\n|---|---|---|---|")
    for name, verdict, levels, why in drawn:
        if max(levels.values()) > 1:
            told_levels = ", ".join(f"{who} {level}" for who, level in levels.items())
            print(f"| {name} | {verdict} | {told_levels} | {why.replace('|', '/')} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
