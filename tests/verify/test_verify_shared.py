"""The shared discs and corpus folders: each page was read by eye, and its words and codes are pinned here.

Errors and warnings are pinned whole, so that a new one on an ordinary disc is a false alarm until somebody has looked at it. Notes are not.
"""

import json
import lzma
from pathlib import Path

import pytest

from tview.errors import Severity
from tview.media import open_medium
from tview.verify import Options, verify

# image: images, person, whole, promised, errors and warnings. The persons of pydicom's files, from which they were made, are several.
PINS = {
    "01_pdi_level1.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "02_pdi_joliet.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "05_udf_bridge_rr_j.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "07_level4.iso": ("complete-with-remarks", "several", 6, 6, ("dicomdir-absent-from-disc", "persons-several")),
    "08_untranslated_lowercase.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "10_oddfiles_rrj.iso": ("complete-with-remarks", "several", 6, 6, ("dicomdir-absent-from-disc", "persons-several")),
    "12_deep_D.iso": ("complete-with-remarks", "several", 2, 2, ("dicomdir-absent-from-disc", "persons-several")),
    "13_deep_rr_relocated.iso": ("complete-with-remarks", "several", 2, 2, ("dicomdir-absent-from-disc", "persons-several")),
    "15_no_dicomdir.iso": ("complete-with-remarks", "several", 31, 31, ("dicomdir-absent-from-disc", "persons-several")),
    "16_dicomdir_missing_files.iso": ("incomplete", "several", 23, 31, ("persons-several", "referenced-file-missing")),
    "18_two_patients.iso": ("incomplete", "several", 14, 31, ("persons-several", "referenced-file-missing")),
    "19_dicomdirs_in_subdirs.iso": ("complete", "one", 50, 50, ()),
    "20_multisession_cdr.iso": ("incomplete", "several", 20, 37, ("file-not-referenced", "persons-several", "referenced-file-missing")),
    "23_eltorito.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "30_truncated_half.iso": ("incomplete", "several", 17, 31, ("disc-cut-off", "file-cut-off", "persons-several")),
    "32_bad_sectors_zeroed.iso": ("incomplete", "several", 23, 31, ("object-unreadable-range", "persons-several")),
    "33_be_path_table_zero.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "35_dir_sector_zero_iso_only.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "37_pvd_zero_joliet_ok.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "38_no_terminator.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "40_bad_dates.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "42_truncated_in_last_file.iso": ("incomplete", "several", 30, 31, ("disc-cut-off", "file-cut-off", "persons-several")),
    "44_extent_beyond_end.iso": ("complete", "several", 31, 31, ("persons-several",)),
    "50_mode1_2352.bin": ("complete", "several", 31, 31, ("persons-several",)),
    "52_mode2_2336.bin": ("complete", "several", 31, 31, ("persons-several",)),
    "54_nero_tao.nrg": ("complete", "several", 31, 31, ("persons-several",)),
    "60_udf_only_hd201.img": ("complete-with-remarks", "several", 37, 37, ("file-not-referenced", "persons-several")),
    "61_udf_only_102.img": ("complete-with-remarks", "several", 37, 37, ("file-not-referenced", "persons-several")),
    "big.iso": ("complete", "one", 1360, 1360, ()),
}  # fmt: skip
CORPUS = {
    "disc/tiny-alpha": ("complete", "one", 50, 50, ()),
    "disc/nema-rle": ("incomplete", "several", 16, 20, ("persons-several", "referenced-file-missing")),
    "series/ct-ge-gaps-tilt": ("complete-with-remarks", "one", 28, 28, ()),
    "series/mr-abd-mixed": ("complete-with-remarks", "one", 11, 11, ()),
    "series/mr-j2k": ("complete-with-remarks", "one", 96, 96, ()),
    "series/mr-sag-hfs": ("complete-with-remarks", "one", 35, 35, ()),
}
PLANTED = {
    "16_dicomdir_missing_files.iso": ("referenced-file-missing", 8),
    "30_truncated_half.iso": ("file-cut-off", 14),
    "32_bad_sectors_zeroed.iso": ("object-unreadable-range", 8),
    "42_truncated_in_last_file.iso": ("file-cut-off", 1),
}
"""What was done to a disc, and how many files have to be named for it."""


def unpacked(shared: Path, name: str, tmp_path: Path) -> Path:
    plain = shared / "discs" / name
    if plain.exists():
        return plain
    packed = shared / "discs" / f"{name}.xz"
    if not packed.exists():
        pytest.skip(f"{name} is not among the shared discs")
    target = tmp_path / name
    target.write_bytes(lzma.decompress(packed.read_bytes()))
    return target


def judged(path: Path, level: str = "bytes"):
    with open_medium(str(path)) as medium:
        return verify(medium, Options(level=level))


def facts(verdict) -> tuple[object, ...]:
    loud = tuple(sorted({told.code for told in verdict.findings if told.severity is not Severity.INFO}))
    counts = verdict.images.counts
    return verdict.images.word, verdict.person.word, counts.whole, counts.promised, loud


@pytest.mark.parametrize("name", sorted(PINS))
def test_a_shared_disc(name: str, shared: Path, tmp_path: Path) -> None:
    verdict = judged(unpacked(shared, name, tmp_path))
    assert facts(verdict) == PINS[name]
    if name in PLANTED:
        code, many = PLANTED[name]
        assert sum(told.code == code and told.severity is Severity.ERROR for told in verdict.findings) == many
        lost = [path for row in verdict.exams for series in row.lost for path in series.paths]
        assert len(lost) == verdict.images.counts.promised - verdict.images.counts.whole


def test_every_shared_disc_is_pinned(shared: Path) -> None:
    assert set(json.loads((shared / "discs" / "truth.json").read_text())) <= set(PINS)


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_corpus_folder(name: str, shared: Path) -> None:
    place = shared / "corpus" / name
    if not place.is_dir():
        pytest.skip(f"{name} is not in the shared corpus")
    assert facts(judged(place)) == CORPUS[name]


def test_the_demo_disc_has_no_finding_that_somebody_would_have_to_act_on() -> None:
    demo = Path(__file__).parents[2] / "fixtures" / "demo.iso"
    assert facts(judged(demo, "pixels")) == ("complete", "one", 90, 90, ())
