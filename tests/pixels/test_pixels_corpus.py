"""Real files and hostile ones that are no part of the project: stored values, pictures, and that nothing escapes as an exception."""

import csv
import hashlib
import subprocess
import sys
import time

import numpy as np
import pytest

from tview.errors import TviewError
from tview.pixels import View, render, render_native, top_level_view

LOSSY = {f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55, 81, 91, 203)}
LIMIT_S = 2.0


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def digest(array):
    kind = "<f8" if array.dtype.kind == "f" else "<u4" if array.dtype == np.uint32 else "<i4"
    return hashlib.sha256(np.ascontiguousarray(array.astype(kind)).tobytes()).hexdigest()[:24]


def test_stored_values_are_those_of_the_other_decoders(shared, open_path):
    corpus = shared / "corpus"
    syntax = {row["path"]: row["transfer_syntax"] for row in rows_of(corpus / "MANIFEST.csv")}
    wrong, equal = [], 0
    for row in rows_of(corpus / "REFERENCE.csv"):
        if not row["stored_sha24_int32le"] or row["stored_values"] != "agree" or syntax.get(row["path"]) in LOSSY:
            continue
        image = open_path(corpus / row["path"])
        stored = np.stack([image.read_frame(index).stored for index in range(image.number_of_frames)])
        if digest(stored) == row["stored_sha24_int32le"]:
            equal += 1
        else:
            wrong.append(row["path"])
    assert not wrong and equal > 200


def test_pictures_are_those_of_dcmtk(shared, open_path):
    from PIL import Image

    wrong, within = [], 0
    for row in rows_of(shared / "corpus/png/PNG.csv"):
        if row["verdict"] in ("DISPUTED", "dcmtk only", "pydicom only") or not row["png"]:
            continue
        frame = open_path(shared / "corpus" / row["path"]).read_frame(int(row["frame"]) - 1)
        picture = render_native(frame, top_level_view(frame)).picture.astype(int)  # dcmtk knows no functional groups
        theirs = np.asarray(Image.open(shared / "corpus/png" / row["png"]).convert("RGB")).astype(int)
        ours = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
        limit = 1 if row["verdict"] == "agree" and row["maxdiff"] in ("0", "1") else 7
        if ours.shape == theirs.shape and np.abs(ours - theirs).max() <= limit:
            within += 1
        else:
            wrong.append(row["path"])
    assert not wrong and within > 50


def test_every_real_file_is_drawn_or_refused(shared, open_path):
    for row in rows_of(shared / "corpus/MANIFEST.csv"):
        try:
            image = open_path(shared / "corpus" / row["path"])
            render(image.read_frame(0), View(), 200, 300)
        except TviewError:
            continue


@pytest.fixture(scope="module")
def hostile(shared, tmp_path_factory):
    place = tmp_path_factory.mktemp("hostile")
    command = [sys.executable, str(shared / "tools/hostile/make_corpus.py"), str(place)]
    subprocess.run([*command, "--only", "pix_"], check=True, capture_output=True)
    subprocess.run([*command, "--only", "safe_"], check=True, capture_output=True)
    subprocess.run([*command, "--only", "ds_truncated"], check=True, capture_output=True)
    return place


def outcome(open_path, path):
    """What became of a file: its finding codes, or the one it was refused with; and how long that took."""
    before, codes = time.monotonic(), []
    try:
        image = open_path(path)
        rendered = render(image.read_frame(0), View(), 200, 300)
        codes = [finding.code for finding in (*image.findings, *rendered.marks)]
    except TviewError as error:
        codes = [f"refused: {error.finding.code}"]
    assert time.monotonic() - before < LIMIT_S
    return codes


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("pix_huge_dims/X", "refused: pixel-data-missing"),
        ("pix_frames_2g/X", "frames-missing"),
        ("pix_bits/A", "refused: pixel-layout-unsupported"),
        ("pix_bits/B", "refused: pixel-layout-unsupported"),
        ("pix_bits/C", "refused: pixel-layout-unsupported"),
        ("pix_bits/D", "refused: pixel-layout-unsupported"),
        ("pix_bits/E", "refused: pixel-layout-unsupported"),
        ("pix_j2k_bomb/X", "refused: stream-header-mismatch"),
        ("pix_jpeg_bomb/X", "refused: stream-header-mismatch"),
        ("pix_jls_hang/X", "refused: stream-header-mismatch"),
        *((f"pix_rle_panic/{name}", "refused: frame-undecodable") for name in "ABCDEFG"),
        ("pix_encaps/A", "offset-table-wrong"),
        ("pix_encaps/B", "refused: pixel-data-missing"),
        ("pix_encaps/D", "stream-cut"),
        ("ds_truncated/X", "pixels-cut"),
    ],
)
def test_hostile_pixels_end_as_findings(hostile, open_path, case, code):
    if not (hostile / case).exists():
        pytest.skip(f"{case} is not in this edition")
    assert code in outcome(open_path, hostile / case)


def test_every_hostile_file_ends_in_time(hostile, open_path):
    for path in sorted(hostile.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            outcome(open_path, path)


def test_hanging_streams_end_in_time(shared, make, decoder):
    """Each under a header that agrees with it, and under one that does not."""
    from tview.pixels.streams import look_at

    for path in sorted((shared / "tools/hostile/hanging").glob("*.bin")):
        data, stream = path.read_bytes(), look_at(path.read_bytes())
        size = (stream.rows or 64, stream.columns or 64, stream.components or 1) if stream else (64, 64, 1)
        for rows, columns, samples in (size, (64, 64, 1)):
            before = time.monotonic()
            for syntax in ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.5"):
                try:
                    photometric = "RGB" if samples == 3 else "MONOCHROME2"
                    image = make.image([data], syntax=syntax, rows=rows, columns=columns, samples=samples, photometric=photometric)
                    image.read_frame(0)
                except TviewError:
                    pass
            assert time.monotonic() - before < 3 * LIMIT_S, path.name


def test_safe_orient_has_the_letters_of_the_table(hostile, open_path):
    from tview.pixels import letters

    table = {"AX": "RLAP", "AXFLIP": "LRAP", "SAG": "APHF", "COR": "RLHF", "NONE": ""}
    for name, expected in table.items():
        at = letters(open_path(hostile / "safe_orient" / name).describe(0).geometry)
        assert at.left + at.right + at.top + at.bottom == expected
