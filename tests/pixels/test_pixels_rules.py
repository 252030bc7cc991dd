"""Rules a reader relies on that have no test elsewhere: uptake by maker, sides at every turn, and the words beside a picture."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from tview.pixels import View, Window, letters, render, suv_of

HERE = Path(__file__).parents[2]
P = "1.2.840.10008.1.2"


def pet(make, item=(), **extra):
    dose = {0x00181072: ("TM", "090000"), 0x00181074: ("DS", "370000000"), 0x00181075: ("DS", "6588"), **dict(item)}
    facts = {
        0x00080060: ("CS", "PT"), 0x00080021: ("DA", "20250102"), 0x00080031: ("TM", "100000"), 0x00080022: ("DA", "20250102"),
        0x00080032: ("TM", "100100"), 0x00280051: ("CS", "ATTN\\DECY\\DECAY"), 0x00541001: ("CS", "BQML"), 0x00541102: ("CS", "START"),
        0x00101030: ("DS", "70"), 0x00540016: ("SQ", [b"".join(make.element(t, *v) for t, v in sorted(dose.items()))]),
    }  # fmt: skip
    facts |= {int(tag, 16): value for tag, value in extra.items()}
    return suv_of(make.image(np.zeros((16, 16), np.uint16).tobytes(), extra=facts).header.data_set)


HOUR, TWO_HOURS = (70000 / (370e6 * 2 ** (-seconds / 6588)) for seconds in (3600, 7200))


def test_the_whole_time_of_injection_goes_before_the_time_alone(make):
    assert pet(make, {0x00181078: ("DT", "20250102080000")}.items()).factor == pytest.approx(TWO_HOURS)


def test_ge_keeps_the_start_elsewhere_when_the_series_was_made_later(make):
    later = {"00080031": ("TM", "140000")}
    assert pet(make, **later).factor is None
    assert pet(make, **later, **{"0009100D": ("DT", "20250102100000.00")}).factor == pytest.approx(HOUR)


def test_philips_counts_have_a_factor_or_an_activity(make):
    counts = {"00541001": ("CS", "CNTS")}
    assert pet(make, **counts, **{"70531000": ("DS", "0.00042")}).factor == pytest.approx(0.00042)
    assert pet(make, **counts, **{"70531009": ("DS", "1.5")}).factor == pytest.approx(1.5 * HOUR)


@pytest.mark.parametrize(("kind", "name"), [("BW", "SUVbw"), ("LBM", "SUVlbm"), ("BSA", "SUVbsa"), ("IBW", "SUVibw")])
def test_grams_per_millilitre_say_which_suv(make, kind, name):
    suv = pet(make, **{"00541001": ("CS", "GML"), "00541006": ("CS", kind)})
    assert (suv.factor, suv.name) == (1.0, name)


@pytest.mark.parametrize(
    ("cosines", "edges"),
    [
        ((1, 0, 0, 0, 1, 0), "RLAP"),
        ((0, 1, 0, 0, 0, -1), "APHF"),
        ((1, 0, 0, 0, 0, -1), "RLHF"),
    ],
)
@pytest.mark.parametrize(("mirror", "turns"), itertools.product((False, True), range(4)))
def test_letters_follow_the_picture(make, cosines, edges, mirror, turns):
    """A letter painted into the image beside each edge is found at the edge of the picture that has that letter."""
    image = make.image(np.zeros((16, 16), np.uint16).tobytes(), extra={0x00200037: ("DS", "\\".join(map(str, cosines)))})
    marks = np.zeros((16, 16), np.uint16)
    for number, place in enumerate(((8, 0), (8, 15), (0, 8), (15, 8)), 1):  # left, right, top, bottom
        marks[place] = number
    frame = make.frame_of(marks, windows=(Window(2, 4, "LINEAR_EXACT"),))
    view = View(mirror=mirror, turns=turns, interpolation="nearest")
    picture = render(frame, view, 16, 16).picture
    found = [round(float(side.max()) / 63.75) for side in (picture[:, 0], picture[:, -1], picture[0], picture[-1])]
    at = letters(image.describe(0).geometry, view)
    assert [edges[number - 1] for number in found] == [at.left, at.right, at.top, at.bottom]


def test_fifteen_degrees_is_where_the_second_letter_begins():
    from math import cos, radians, sin

    from tview.pixels import letters_of

    assert letters_of((sin(radians(75)), sin(radians(14)), 0.0)) == "L"
    assert letters_of((cos(radians(16)), sin(radians(16)), 0.0)) == "LP"
    assert letters_of((-0.6, 0.5, -0.62)) == "FRP"


def test_a_lossy_stream_is_marked_with_a_computed_ratio(make):
    import imagecodecs

    picture = (np.indices((64, 64)).sum(axis=0) * 2).astype(np.uint8)
    stream = imagecodecs.jpeg8_encode(picture, level=90)
    lossy = make.image([stream], syntax=f"{P}.4.50", rows=64, columns=64, bits=8).lossy
    even = len(stream) + len(stream) % 2
    assert lossy is not None and lossy.shown == f"≈{4096 / even:.3g}:1"


def test_a_window_in_an_element_of_unknown_kind_is_a_window(make):
    extra = {0x00281050: ("UN", b"40\\-600"), 0x00281051: ("UN", b"400\\1500 "), 0x00281053: ("UN", b"2 ")}
    description = make.image(np.zeros((16, 16), np.uint16).tobytes(), extra=extra).describe(0)
    assert [window.shown for window in description.windows] == ["400/40", "1500/-600"] and description.slope == 2.0


def test_whatever_cannot_be_drawn_says_what_to_do_next():
    from tview.errors import FINDING_KINDS, Severity

    codes = [kind.code for kind in FINDING_KINDS]
    room = FINDING_KINDS[codes.index("pixels-none") : codes.index("frame-memory-limit") + 1]
    silent = [kind.code for kind in room if kind.severity is Severity.ERROR and not kind.advice]
    assert len(room) > 15 and not silent


# --- words beside the picture ------------------------------------------------------------------------------------------


def words_of(make, view=None, fitting=(), **facts):
    from tview.ui.describe import window_words

    frame = make.frame_of(np.add.outer(np.arange(16), np.arange(16)).astype(np.uint16), **facts)
    text, alarm, own = window_words(frame, render(frame, view or View(), 16, 16), fitting)
    return str(text), alarm, own and str(own)


def test_a_window_is_written_width_first_with_its_name(make):
    from tview.text import safe

    brain = Window(40, 80, explanation=safe("BRAIN"))
    assert words_of(make, windows=(brain,)) == ("W/L 80/40 BRAIN", False, None)
    assert words_of(make, windows=(Window(40, 400),)) == ("W/L 400/40 file", False, None)


def test_a_window_from_the_pixels_says_so_in_amber(make):
    text, alarm, _ = words_of(make)
    assert text.endswith("from pixels") and alarm


def test_what_the_file_says_stands_beside_another_window(make):
    text, _, own = words_of(make, View(window=Window(-600, 1500, origin="reader")), windows=(Window(40, 400),))
    assert text.startswith("W/L 1500/-600") and own == "400/40"


def test_units_stand_with_the_window_but_never_on_colour(make):
    from tview.text import safe

    assert "Bq/ml" in words_of(make, windows=(Window(5, 10),), unit=safe("Bq/ml"))[0]
    from tview.ui.describe import window_words

    colour = make.frame_of(np.zeros((4, 4, 3), np.uint8))
    assert window_words(colour, render(colour, View(), 4, 4), ())[0] == "colour"


@pytest.mark.parametrize(
    ("scale", "picture_px", "blocks", "expected"),
    [
        ((0.5, 0.5, ""), 1.0, False, "1 px = 0.5 mm"),
        ((0.5, 0.5, ""), 0.1, True, "1 px = 5 mm: small findings invisible"),
        ((0.2, 0.2, "at detector"), 1.0, False, "1 px = 0.2 mm at detector"),
        ((None, None, ""), 1.0, False, "size unknown"),
    ],
)
def test_what_a_picture_pixel_is(make, scale, picture_px, blocks, expected):
    from tview.pixels import PixelScale
    from tview.ui.describe import _scale

    frame = make.frame_of(np.zeros((4, 4), np.uint8), scale=PixelScale(scale[0], scale[1], scale[2]))
    assert str(_scale(frame, picture_px, blocks)) == expected


def test_a_warning_that_finds_no_room_stands_in_the_next_line():
    from tview.text import safe
    from tview.ui.facts import left_over, two_sided

    parts = [[(safe(text), style)] for text, style in (("Se 1 Im 2", "pane.strong"), ("[1 of 1]", "pane"), ("LOSSY 10:1", "pane.amber"),
             ("RAW, not meant for viewing", "pane.amber"), ("frame 1/9", "pane"), ("MIRRORED", "pane.amber"))]  # fmt: skip
    shown, _ = two_sided(parts, [[(safe("W/L 400/40 from pixels"), "pane.amber")]], 60)
    told = [str(text) for text, _ in shown]
    late = [str(part[0][0]) for part in left_over(parts, shown)]
    assert "LOSSY 10:1" in told and {"RAW, not meant for viewing", "MIRRORED"} <= {*told, *late} and "RAW, not meant for viewing" in late


def test_every_rule_of_the_table_names_tests_that_exist():
    """docs/rules.md: a rule without its test is worth nothing."""
    table = (HERE / "docs/rules.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", table)
    assert len(named) > 60
    for path, name in named:
        assert re.search(rf"def {name}\(", (HERE / path).read_text(encoding="utf-8")), (path, name)
