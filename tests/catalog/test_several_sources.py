"""Several sources as one catalog: which disc each series is on, copies, and files that only look like copies."""

import shutil
from pathlib import Path

import pytest

from tview.catalog import catalog_record, complete_catalog, digests_of, listing_lines
from tview.errors import finding
from tview.media import open_medium


@pytest.fixture
def two(disc, image) -> tuple[Path, Path]:
    """One exam on two discs: series 4 on both, series 5 on the second only."""
    first = disc(*(image(n) for n in range(1, 5)), folder="one")
    second = disc(
        *(image(n) for n in range(3, 7)), *(image(n, SeriesInstanceUID="1.2.3.9", SeriesNumber=5) for n in (11, 12)), folder="two"
    )
    return first, second


@pytest.fixture
def opened():
    media = []

    def open_them(*sources: Path):
        media.extend(open_medium(str(source)) for source in sources)
        return media

    yield open_them
    for medium in media:
        medium.close()


def test_each_series_says_which_disc_it_is_on(two, opened):
    media = opened(*two)
    catalog = complete_catalog(media)
    assert [(series.series_number, series.source_numbers, series.image_count) for series in catalog.series] == [
        (4, (0, 1), 6),
        (5, (1,), 2),
    ]
    lines = [str(line) for line in listing_lines(catalog, media)]
    assert lines[0].startswith("[1] ") and lines[1].startswith("[2] ")
    assert [line.rpartition("  ")[2] for line in lines if "  Se " in line] == ["[1+2]", "[2]"]
    long = [str(line) for line in listing_lines(catalog, media, long=True)]
    assert sum("also at [2] " in line for line in long) == 2
    record = catalog_record(catalog, media)
    places = [
        (instance["source_number"], [place["source_number"] for place in instance["also_at"]])
        for instance in record["patients"][0]["studies"][0]["series"][0]["stacks"][0]["instances"]
    ]
    assert places == [(0, []), (0, []), (0, [1]), (0, [1]), (1, []), (1, [])]


def test_one_source_has_no_number(disc, image, opened):
    media = opened(disc(image(1)))
    lines = [str(line) for line in listing_lines(complete_catalog(media), media, long=True)]
    assert not any("[1" in line for line in lines)


def test_a_source_that_could_not_be_opened_is_a_finding_and_the_others_are_listed(two, opened):
    media = opened(*two)
    told = finding("source-missing", path="disc3.iso")
    catalog = complete_catalog(media, failed=[told])
    assert (catalog.findings[0].code, catalog.findings[0].source_number) == ("source-missing", 2)
    assert catalog.counts.instances == 8
    record = catalog_record(catalog, media, failed=[("disc3.iso", told)])
    assert record["sources"][2] == {"number": 2, "source": "disc3.iso", "medium": None, "file_set": None}
    assert "[3] disc3.iso  (not opened)" in [str(line) for line in listing_lines(catalog, media, failed=["disc3.iso"])]


@pytest.mark.parametrize("place", (0, 100_000, 200_000, 399_999))
def test_equal_headers_with_other_pixels_are_no_copies(place: int, disc, image, read):
    """Two burns of one image, the second with pixels changed: at the samples' places it is seen without reading all."""
    size = 450
    pixels = bytearray(size * size * 2)
    first = disc(image(1, Rows=size, Columns=size, PixelData=bytes(pixels)), folder="one")
    pixels[place : place + 60_000] = b"\1" * len(pixels[place : place + 60_000])
    second = disc(image(1, Rows=size, Columns=size, PixelData=bytes(pixels)), folder="two")
    catalog = read(first, second)
    (series,) = catalog.series
    assert [instance.also_at for instance in series.instances] == [(), ()]
    assert "sop-instance-uid-reused" in [told.code for told in catalog.findings]


def test_one_byte_between_the_samples_is_seen_when_all_is_read(disc, image, opened):
    size = 450
    first = disc(image(1, Rows=size, Columns=size, PixelData=bytes(size * size * 2)), folder="one")
    second = first.with_name("two")
    shutil.copytree(first, second)
    data = bytearray((second / "IM0001").read_bytes())
    data[30_000] ^= 1
    (second / "IM0001").write_bytes(data)
    media = opened(first, second)
    catalog = complete_catalog(media)
    (instance,) = catalog.series[0].instances
    assert len(instance.also_at) == 1
    record = catalog_record(catalog, media, digests_of(media, catalog, "sha1"))
    assert [told["code"] for told in record["findings"] if told["code"] == "hashes-differ"] == ["hashes-differ"]


def test_a_laser_is_sent_back_to_few_files_only(disc, image, opened, monkeypatch):
    images = [image(n) for n in range(1, 101)]
    media = opened(disc(*images, folder="one"), disc(*images, folder="two"))
    monkeypatch.setattr(media[1], "optical", True)
    asked = []
    whole = type(media[1]).read
    monkeypatch.setattr(type(media[1]), "read", lambda self, entry, *rest: asked.append((self, entry.path)) or whole(self, entry, *rest))
    catalog = complete_catalog(media)
    assert len([one for one in asked if one[0] is media[1]]) == 100 + 64
    assert catalog.counts.instances == 100
