"""Every file of the outside corpus against pydicom: the same elements, bytes, offsets and items."""

import io
import warnings

import pytest

from tview.dicom import HeaderReader, read_fixed, read_header, read_scanned
from tview.errors import TviewError

# Files that pydicom itself reads no further than, or wrongly; what is right was seen by hand or with dcmdump.
THEIRS_IS_LESS = (
    "fuzz/TC0381", "fuzz/TC0389", "fuzz/TC0479", "fuzz/TC0543", "fuzz/TC0567", "fuzz/TC0575", "fuzz/TC0599", "fuzz/TC0607", "fuzz/TC0631",
    "fuzz/TC0639", "fuzz/TC0663", "fuzz/TC0671", "fuzz/TC0697", "fuzz/TC0913", "odd/GH1339", "odd/no_preamble", "colour/FreezePattern",
    "fuzz/TC0469",
)  # fmt: skip


@pytest.fixture(scope="module")
def files(corpus):
    skipped = (".png", ".csv", ".md")
    return [path for path in sorted(corpus.rglob("*")) if path.is_file() and path.suffix not in skipped]


def test_headers_equal_pydicom(files, corpus, build):
    from pydicom import config, dcmread

    warnings.simplefilter("ignore")
    config.settings.reading_validation_mode = config.IGNORE
    compared = 0
    for path in files:
        name = str(path.relative_to(corpus))
        if name.startswith(THEIRS_IS_LESS):
            continue
        data = path.read_bytes()
        theirs, header = dcmread(io.BytesIO(data), force=True), build.header(data)
        differences: list[str] = []
        compare(theirs, header.data_set, name, differences, top=True, offsets=header.inflated is None)
        assert differences == []
        has_pixels = any(tag in theirs for tag in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"))
        assert has_pixels == (header.pixel_element is not None), name
        compared += 1
    assert compared > 380


def compare(theirs, ours, where: str, differences: list[str], *, top: bool, offsets: bool) -> None:
    end = 0x7FE00000 if top else 0xFFFFFFFF
    mine = {int(tag) for tag in theirs._dict if int(tag) < end}
    if mine != {tag for tag in ours.tags() if tag < end}:
        differences.append(f"{where}: elements {sorted(mine ^ set(ours.tags()))[:4]}")
    for tag in mine & set(ours.tags()):
        raw = theirs._dict[tag]
        if isinstance(getattr(raw, "value", None), bytes) and hasattr(raw, "value_tell"):
            if ours.raw(tag) != raw.value:
                differences.append(f"{where}: value of {tag:08X}")
            if top and offsets and raw.length != 0xFFFFFFFF and ours.element(tag).offset != raw.value_tell:
                differences.append(f"{where}: offset of {tag:08X}")
        if theirs[tag].VR == "SQ":
            items = ours.items(tag)
            if len(items) != len(theirs[tag].value):
                differences.append(f"{where}: items of {tag:08X}")
            for one, other in zip(theirs[tag].value, items, strict=False):
                compare(one, other, f"{where}/{tag:08X}", differences, top=False, offsets=False)


def test_what_pydicom_cannot_read_is_read(corpus, build):
    for name in ("fuzz/TC0567_meta_0010_vr_5151.dcm", "odd/GH1339.dcm", "fuzz/TC0381_preamble_127.dcm"):
        header = build.header((corpus / name).read_bytes())
        assert len(header.data_set) >= 20
        assert header.pixel_element is not None


def test_scanning_equals_reading(files, build):
    row = HeaderReader()
    for path in files:
        data = path.read_bytes()
        read_at = build.reader(data)
        try:
            header, scanned = read_header(read_at, len(data)), read_scanned(read_at, len(data))
        except TviewError:
            continue
        if header.data_set.little_endian:
            own = {tag: raw for tag, raw in scanned.values.items() if tag in header.data_set}
            assert own == {tag: header.data_set.raw(tag) for tag in own}, path.name
        alone, known = read_fixed(read_at, len(data)), row.read(read_at, len(data), data[:16384])
        assert (alone is None) == (known is None)
        assert alone is None or alone[:5] == known[:5]
