"""From numbers, beginnings of UIDs and paths to objects."""

import pytest

from tview.catalog import Choice, choose, choose_all
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
