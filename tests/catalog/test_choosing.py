"""From numbers, beginnings of UIDs and paths to objects."""

import pytest

from tview.catalog import Choice, choose, choose_all, complete_catalog
from tview.errors import CatalogError, ChoiceError
from tview.media import open_medium


@pytest.fixture
def media(disc, image):
    images = [image(n) for n in range(1, 8)]
    images += [image(n, SeriesInstanceUID="1.2.3.5", SeriesNumber=5) for n in (21, 22, 23)]
    images += [image(n, StudyInstanceUID="1.9.9", SeriesInstanceUID="1.9.9.1", StudyDate="20200101", PatientID="43") for n in (31, 32)]
    place = disc(*images)
    (place / "README").write_text("hello")
    medium = open_medium(str(place))
    yield [medium]
    medium.close()


def chosen(media, **choice) -> list[int]:
    return [found.instance.instance_number for found in choose_all(media, Choice(**choice))]


def test_without_a_choice_every_image(media):
    assert chosen(media) == [*range(1, 8), 21, 22, 23, 31, 32]


def test_without_a_choice_the_middle_of_the_first_series(media):
    found = choose(media, Choice())
    assert (found.series.series_number, found.instance.instance_number, found.frame) == (4, 4, None)


@pytest.mark.parametrize(
    ("choice", "numbers"),
    (
        ({"series": "2"}, [21, 22, 23]), ({"series": "1.2.3.5"}, [21, 22, 23]), ({"series": "1.2.3.5", "instance": "2"}, [22]),
        ({"patient": "2"}, [31, 32]), ({"patient": "43"}, [31, 32]), ({"study": "1.9"}, [31, 32]),
        ({"study": "2", "series": "3"}, [31, 32]),
        ({"series": "1", "instance": "7"}, [7]), ({"path": "IM0009"}, [22]), ({"path": "im0009"}, [22]),
    ),
)  # fmt: skip
def test_choices(choice, numbers, media):
    assert chosen(media, **choice) == numbers


def test_a_frame_is_an_index(media):
    assert choose(media, Choice(series="2", frame=3)).frame == 2


@pytest.mark.parametrize(
    "choice",
    (
        {"series": "99"},
        {"series": "1.7"},
        {"path": "NOWHERE"},
        {"path": "README"},
        {"path": "../IM0001"},
        {"instance": "0"},
        {"study": "x"},
    ),
)
def test_what_matches_nothing(choice, media):
    with pytest.raises(ChoiceError) as nothing:
        choose(media, Choice(**choice))
    name, value = next(iter(choice.items()))
    assert nothing.value.finding.values["wanted"] == f"--{name} {value}"


def test_nothing_medical_is_another_error(tmp_path):
    (tmp_path / "README").write_text("hello")
    medium = open_medium(str(tmp_path))
    with pytest.raises(CatalogError):
        choose([medium], Choice())
    medium.close()


def test_a_path_reads_one_file_only(media, monkeypatch):
    read = []
    whole = type(media[0]).read
    monkeypatch.setattr(type(media[0]), "read", lambda self, entry, *rest: read.append(entry.path) or whole(self, entry, *rest))
    assert choose(media, Choice(path="IM0009")).instance.instance_number == 22
    assert set(read) == {"IM0009"}


def test_paths_as_the_list_shows_them(disc, image, write):
    folder = disc(image(1))
    write(image(2), folder / "N\x1bAME")
    medium = open_medium(str(folder))
    assert choose([medium], Choice(path="N␛AME")).instance.instance_number == 2
    medium.close()


@pytest.mark.parametrize(("choice", "numbers"), (({"series": "2", "path": "IM0009"}, [22]), ({"patient": "2", "path": "IM0012"}, [32])))
def test_a_path_with_numbers_of_the_whole_list(choice, numbers, media):
    assert chosen(media, **choice) == numbers


def test_a_path_in_another_series_matches_nothing(media):
    with pytest.raises(ChoiceError) as nothing:
        choose(media, Choice(series="1", path="IM0009"))
    assert nothing.value.finding.code == "no-match"


def test_a_path_of_another_file_says_what_that_is(media):
    with pytest.raises(ChoiceError) as nothing:
        choose(media, Choice(path="README"))
    told = nothing.value.finding
    assert (told.code, told.path, told.values["kind"]) == ("path-no-object", "README", "text")


@pytest.fixture
def file_set(disc, image, with_dicomdir, tmp_path):
    folder = with_dicomdir(disc(*(image(n) for n in range(1, 6))), tmp_path / "set")
    medium = open_medium(str(folder))
    yield folder, medium
    medium.close()


def test_the_path_of_the_dicomdir_is_never_an_image(file_set):
    _folder, medium = file_set
    with pytest.raises(ChoiceError) as nothing:
        choose([medium], Choice(path="DICOMDIR"))
    assert (nothing.value.finding.code, nothing.value.finding.values["kind"]) == ("path-no-object", "dicomdir")


def test_paths_of_lost_objects_are_chosen_as_listed(file_set):
    """What `ls` prints as damaged or missing can be asked for, to be told why."""
    folder, medium = file_set
    first, second = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")[:2]
    first.write_bytes(bytes(900))
    second.unlink()
    medium = open_medium(str(folder))
    damaged = choose([medium], Choice(path=str(first.relative_to(folder))))
    missing = choose([medium], Choice(path=str(second.relative_to(folder))))
    assert (damaged.instance.state, missing.instance.state) == ("damaged", "missing")
    with pytest.raises(ChoiceError) as nothing:
        choose_all([medium], Choice(path=str(second.relative_to(folder))))
    assert nothing.value.finding.code == "referenced-file-missing"
    medium.close()


def test_damaged_images_are_not_the_first_choice(disc, image):
    folder = disc(*(image(n) for n in range(1, 8)), *(image(n, SeriesInstanceUID="1.2.3.5", SeriesNumber=5) for n in (21, 22)))
    for number in range(1, 8):
        path = folder / f"IM{number:04d}"
        path.write_bytes(path.read_bytes()[: -1 if number > 3 else None])
    medium = open_medium(str(folder))
    catalog = complete_catalog([medium])
    assert catalog.first_series.series_number == 5
    assert catalog.series[0].main_stack.middle.instance_number == 2
    assert choose([medium], Choice(series="1")).instance.instance_number == 2
    medium.close()


@pytest.mark.parametrize(
    ("content", "kind"), ((bytes(3000), "zeros"), (bytes(range(7, 256)) * 99, "data"), (b"hello, world\n" * 9, "text"))
)
def test_a_file_that_is_neither_disc_nor_image_says_so(content, kind, tmp_path):
    (tmp_path / "x.iso").write_bytes(content)
    medium = open_medium(str(tmp_path / "x.iso"))
    with pytest.raises(CatalogError) as nothing:
        choose([medium], Choice())
    medium.close()
    assert (nothing.value.finding.code, nothing.value.finding.values["kind"]) == ("nothing-in-file", kind)


def test_an_image_that_broke_off_says_so(shared, tmp_path):
    source = shared / "discs" / "02_pdi_joliet.iso"
    (tmp_path / "cut.iso").write_bytes(source.read_bytes()[:40_000])
    medium = open_medium(str(tmp_path / "cut.iso"))
    with pytest.raises(CatalogError) as nothing:
        choose([medium], Choice())
    medium.close()
    told = nothing.value.finding
    assert (told.code, told.values["have"]) == ("nothing-in-cut-image", 40_000)
    assert told.values["want"] == pytest.approx(source.stat().st_size, abs=400_000)  # genisoimage pads its images
