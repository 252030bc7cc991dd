"""Names of exported files say nothing of the patient."""

import pytest

from tview.export import object_name, study_folder


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((4, 207, 1, 1), "se0004_im0207"),
        ((4, 207, 1, 1, 12), "se0004_im0207_f0012"),
        ((None, None, 4, 12), "sen0004_imn0012"),
        ((-1, 0, 3, 5), "sen0003_im0000"),
        ((12345, 10**9, 3, 5), "se12345_imn0005"),
    ],
)
def test_an_object_is_named_by_its_numbers_or_by_its_place_in_the_list(arguments, name) -> None:
    assert object_name(*arguments) == name


def test_a_study_folder_has_the_number_of_the_list() -> None:
    assert study_folder(2) == "st0002"
