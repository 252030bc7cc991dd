#!/usr/bin/env python3
"""Make `fixtures/demo.iso`: an invented patient on a disc such as a hospital hands out. The same bytes every time.

    python scripts/make_demo_disc.py [PATH]

Everything is computed here from formulas: numpy for the bodies, imagecodecs for compression, pydicom and pycdlib for the formats.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
from pathlib import Path

from phantom import disc, documents, imaging, radiology, scanner
from phantom.lungs import NODULE, lungs
from pydicom.dataset import Dataset

LABEL = "TVIEW_DEMO"


def ct_objects() -> list[Dataset]:
    """Scout, slices, report and letter."""
    heights = scanner.ct_heights()
    stored = scanner.run(scanner.ct_slice, list(enumerate(heights)))
    slices = [radiology.ct(i + 1, z, pixels) for i, (z, pixels) in enumerate(zip(heights, stored, strict=True))]
    nodule = min(range(len(heights)), key=lambda i: abs(heights[i] - NODULE[2]))
    planning = radiology.scout(scanner.scout(scanner.run(scanner.beam_row, scanner.scout_jobs())))
    return [planning, *slices, documents.report(slices, slices[nodule]), documents.letter()]


def radiograph_objects() -> list[Dataset]:
    return [radiology.radiograph(scanner.radiograph(scanner.run(scanner.beam_row, scanner.radiograph_jobs())))]


def ultrasound_objects() -> list[Dataset]:
    return [imaging.ultrasound()]


MAKERS = (ct_objects, radiograph_objects, ultrasound_objects, imaging.mr_series)


def file_ids(objects: list[Dataset]) -> list[tuple[str, Dataset]]:
    """DICOM/STnnnnnn/SEnnnnnn/IMnnnnnn: eight capitals and digits a part (PS3.10 8.2)."""
    studies: list[str] = []
    named = []
    for ds in objects:
        if ds.StudyInstanceUID not in studies:
            studies.append(ds.StudyInstanceUID)
        named.append((f"DICOM/ST{studies.index(ds.StudyInstanceUID) + 1:06d}/SE{ds.SeriesNumber:06d}/IM{ds.InstanceNumber:06d}", ds))
    return named


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "fixtures" / "demo.iso"
    started = time.monotonic()
    lungs()  # grown before the workers start, so that each has them
    objects = file_ids([ds for maker in MAKERS for ds in maker()])
    files = {"DICOMDIR": disc.dicomdir(objects, "demo", LABEL)}
    files |= {name: text.replace("\n", "\r\n").encode("ascii") for name, text in documents.FILES.items()}
    files |= {file_id: disc.encoded(ds) for file_id, ds in objects}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(disc.iso(files, LABEL))
    sys.stderr.write(f"{target}: {target.stat().st_size / 1e6:.2f} MB, {len(objects)} objects, {time.monotonic() - started:.0f} s\n")


if __name__ == "__main__":
    main()
