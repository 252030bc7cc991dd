"""Every shared disc image gives every content that stands on it."""

import collections
import hashlib
import json
import lzma
import os
from pathlib import Path

import pytest

from tview.media import open_medium

_DISCS = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared")) / "discs"
_TRUTH = json.loads((_DISCS / "truth.json").read_text()) if (_DISCS / "truth.json").exists() else {}
CANNOT = {"30": 18, "32": 8, "42": 1}  # files of these images that no reader can have whole


@pytest.mark.parametrize("name", sorted(_TRUTH) or ["none"])
def test_disc_gives_every_content(name: str, shared_discs: Path, tmp_path: Path) -> None:
    image = shared_discs / name
    if not image.exists():
        image = tmp_path / name
        image.write_bytes(lzma.decompress((shared_discs / (name + ".xz")).read_bytes()))
    with open_medium(str(image)) as medium:
        found = collections.Counter(hashlib.sha1(medium.read(entry).data).hexdigest() for entry in medium.entries())
        lost = sum((collections.Counter(_TRUTH[name]["sha1"]) - found).values())
        assert lost == CANNOT.get(name[:2], 0)
        damaged = [entry for entry in medium.entries() if not entry.whole or medium.read(entry).unreadable]
        assert len(damaged) == CANNOT.get(name[:2], 0), "each loss is told, and nothing else is called lost"
        orders = [entry.order for entry in medium.entries()]
        assert orders == sorted(orders)


@pytest.mark.parametrize("sheet", ["50_mode1_2352.cue"])
def test_sheet_opens_its_image(sheet: str, shared_discs: Path) -> None:
    with open_medium(str(shared_discs / sheet)) as medium:
        assert len(medium.entries()) == 40
