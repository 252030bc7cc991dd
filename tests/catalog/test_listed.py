"""The first picture by the DICOMDIR alone: the one that the whole catalog would choose, or none when there is doubt."""

import shutil
from pathlib import Path

import pytest

from tview.catalog import complete_catalog, listed_first
from tview.media import open_medium

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.parametrize("source", ["demo.iso", "small/dicomdir"])
def test_it_is_the_one_the_catalog_chooses(source) -> None:
    with open_medium(str(FIXTURES / source)) as medium:
        chosen = complete_catalog([medium]).first_series.main_stack.middle
        assert listed_first(medium).path == chosen.path


def test_doubt_leaves_it_to_the_catalog(tmp_path) -> None:
    with open_medium(str(FIXTURES / "small" / "series")) as medium:
        assert listed_first(medium) is None
    folder = tmp_path / "disc"
    shutil.copytree(FIXTURES / "small" / "dicomdir", folder)
    (folder / "IMAGES" / "IM000002").unlink()
    with open_medium(str(folder)) as medium:
        assert listed_first(medium) is None
    data = bytearray((FIXTURES / "small" / "dicomdir" / "DICOMDIR").read_bytes())
    (folder / "DICOMDIR").write_bytes(data[: len(data) // 2])
    with open_medium(str(folder)) as medium:
        assert listed_first(medium) is None
