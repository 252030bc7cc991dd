"""Answers recorded from real terminals, and what is no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.terminal.identify import assumed_facts, facts_from
from tview.terminal.replies import Replies, is_complete, parse_replies
from tview.terminal.tmux import TmuxClient, parse_client, wrap

RECORDED = {
    "kitty 0.26.5": b"\x1b_Gi=31;OK\x1b\\\x1b[6;17;8t\x1b[4;1054;1096t\x1bP>|kitty(0.26.5)\x1b\\\x1b[?2026;2$y\x1b[?62;c",
    "xterm 379 -ti vt340": b"\x1bP>|XTerm(379)\x1b\\\x1b[?1;0;1024S\x1b[?2;0;1000;1000S\x1b[?2;0;1000;1000S\x1b[?2026;0$y"
    b"\x1b[?63;1;2;4;6;9;15;16;22;28c",
    "xterm 379": b"\x1bP>|XTerm(379)\x1b\\\x1b[?1;3S\x1b[?2;3S\x1b[?2;3S\x1b[?2026;0$y\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    "xterm 379, window reports": b"\x1b[6;17;8t\x1b[4;1054;1096t\x1bP>|XTerm(379)\x1b\\\x1b[?1;0;256S\x1b[?2;0;1096;1054S"
    b"\x1b[?2;0;4000;4000S\x1b[?2026;0$y\x1b[?63;1;2;4;6;9;15;16;22;28c",
    "konsole 22.12.3": b"\x1b_Gi=31;OK\x1b\\\x1b[6;17;8t\x1b[4;476;880t\x1bP>|Konsole 22.12.3\x1b\\\x1b[?1;0;256S\x1b[?2;0;16384;16384S"
    b"\x1b[?2;0;16384;16384S\x1b[?62;1;4c",
    "mlterm 3.9.0": b"\x1b[6;19;10t\x1b[4;1178;1370t\x1b[?1;0;1024S\x1b[?1;3;0S\x1b[?1;3;0S\x1b[?2026;0$y\x1b[?63;1;2;3;4;6;7;15;18;22;29c",
    "foot 1.13.1": b"\x1b[6;17;8t\x1b[4;1054;1096t\x1bP>|foot(1.13.1)\x1b\\\x1b[?1;0;1024S\x1b[?2;0;1096;1054S\x1b[?2;0;10000;10000S"
    b"\x1b[?2026;2$y\x1b[?62;4;22c",
    "tmux 3.3a": b"\x1bP>|tmux 3.3a\x1b\\\x1b[?1;2c",
    "Linux console": b"\x1b[?6c",
}
WINDOW = (137, 62, 1096, 1054)
UTF8 = {"LANG": "C.UTF-8"}


@pytest.mark.parametrize("data", RECORDED.values(), ids=RECORDED.keys())
def test_a_recorded_answer_is_complete_with_its_last_byte_and_not_before(data: bytes) -> None:
    assert is_complete(data)
    assert not any(is_complete(data[:end]) for end in range(len(data)))


@pytest.mark.parametrize("data", RECORDED.values(), ids=RECORDED.keys())
def test_keys_typed_meanwhile_and_cut_pieces_change_nothing(data: bytes) -> None:
    whole = parse_replies(data)
    assert parse_replies(b"j\x1b[A\x1b[B" + data + b"q\x1b[<0;3;4M") == whole
    for end in range(len(data)):
        cut = parse_replies(data[:end])
        for field in ("kitty", "cell_px", "window_px", "version", "colour_registers", "sync"):
            assert getattr(cut, field) in (None, getattr(whole, field))


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_without_an_error(data: bytes) -> None:
    parse_replies(data)
    is_complete(data)


@given(
    st.lists(st.sampled_from([*RECORDED.values(), b"\x1b[", b"\x1b_G", b"\x1bP>|", b"9" * 40, b";", b"\x00\xff"]), max_size=5).map(b"".join)
)
def test_any_mixture_of_answers_gives_facts(data: bytes) -> None:
    facts = facts_from(parse_replies(data), UTF8, WINDOW)
    assert facts.columns == 137


def test_nothing_at_all_is_no_answer() -> None:
    assert parse_replies(b"") == Replies()
    assert not facts_from(Replies(), {"TERM": "xterm-256color"}, WINDOW).answered


FACTS = {  # name, version, cell, kitty, sixel, sixel_max, sync, colours with the TERM that the terminal sets
    "kitty 0.26.5": ("xterm-kitty", "kitty", "0.26.5", (8, 17), True, False, None, True, 1 << 24),
    "xterm 379 -ti vt340": ("xterm", "xterm", "379", (8, 17), False, True, (1000, 1000), False, 1 << 24),
    "xterm 379": ("xterm", "xterm", "379", (8, 17), False, False, None, False, 1 << 24),
    "xterm 379, window reports": ("xterm-256color", "xterm", "379", (8, 17), False, True, (4000, 4000), False, 1 << 24),
    "konsole 22.12.3": ("xterm-256color", "konsole", "22.12.3", (8, 17), True, True, (16384, 16384), False, 1 << 24),
    "mlterm 3.9.0": ("mlterm", "mlterm", "", (10, 19), False, True, None, False, 16),
    "foot 1.13.1": ("foot", "foot", "1.13.1", (8, 17), False, True, (10000, 10000), True, 1 << 24),
    "Linux console": ("linux", "linux", "", (8, 17), False, False, None, False, 16),
}


@pytest.mark.parametrize("terminal", FACTS)
def test_facts_of_recorded_answers(terminal: str) -> None:
    term, *expected = FACTS[terminal]
    facts = facts_from(parse_replies(RECORDED[terminal]), {"TERM": term, **UTF8}, WINDOW)
    found = [facts.name, facts.version, facts.cell_px, facts.kitty, facts.sixel, facts.sixel_max, facts.sync, facts.colours]
    assert found == expected
    assert facts.answered


def test_the_terminals_own_cell_size_goes_before_the_kernels() -> None:
    assert facts_from(parse_replies(RECORDED["mlterm 3.9.0"]), {}, (137, 62, 137 * 7, 62 * 15)).cell_px == (10, 19)
    assert facts_from(parse_replies(b"\x1b[4;1054;1096t\x1b[?62c"), {}, (137, 62, 1370, 1178)).cell_px == (8, 17)


@pytest.mark.parametrize("window", [(80, 24, 640, 480), (80, 24, 0, 0), (80, 24, 80, 24), (80, 24, 60000, 480)])
def test_a_sham_window_size_is_not_believed(window: tuple[int, int, int, int]) -> None:
    facts = facts_from(parse_replies(b"\x1b[?62c"), {}, window)
    assert (facts.cell_width_px, facts.cell_height_px) == (None, None)
    assert facts.cell_px == (10, 20)


def test_a_window_of_no_columns_falls_back_to_the_environment() -> None:
    facts = facts_from(Replies(window_px=(800, 600)), {"COLUMNS": "100", "LINES": "junk"}, (0, 0, 0, 0))
    assert (facts.columns, facts.rows) == (100, 24)


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "ghostty"),
        ({"TERM": "foot-extra"}, "foot"),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TERM_PROGRAM_VERSION": "3.5a"}, "tmux"),
        ({"TERM": "screen.xterm-256color"}, "screen"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.5.1"}, "iterm2"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal", "TERM_PROGRAM_VERSION": "455.1"}, "apple_terminal"),
        ({"TERM": "xterm-256color", "WT_SESSION": "0"}, "windows terminal"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7006"}, "vte"),
        ({"TERM": "xterm-256color"}, ""),
    ],
)
def test_a_silent_terminal_is_named_by_its_environment(environ: dict[str, str], name: str) -> None:
    assert assumed_facts(environ).name == name


def test_what_the_terminal_says_of_itself_goes_before_inherited_variables() -> None:
    """An xterm started from a shell in kitty has kitty's variables."""
    environ = {"TERM": "xterm-256color", "KONSOLE_VERSION": "221203", "TERM_PROGRAM": "WezTerm"}
    assert facts_from(parse_replies(RECORDED["xterm 379"]), environ, WINDOW).name == "xterm"


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm"}, 16),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 << 24),
        ({"TERM": "xterm-direct"}, 1 << 24),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, 16),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal", "TERM_PROGRAM_VERSION": "455.1", "COLORTERM": "truecolor"}, 256),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 256),
    ],
)
def test_colours_from_the_environment(environ: dict[str, str], colours: int) -> None:
    facts = assumed_facts(environ)
    assert facts.colours == colours
    assert facts.no_color == ("NO_COLOR" in environ)


@pytest.mark.parametrize(
    ("environ", "unicode"),
    [
        ({"LANG": "C"}, False),
        ({}, False),
        ({"LANG": "de_CH.UTF-8"}, True),
        ({"LANG": "de_CH.UTF-8", "LC_ALL": "C"}, False),
        ({"LC_CTYPE": "C.utf8"}, True),
    ],
)
def test_block_characters_need_a_unicode_locale(environ: dict[str, str], unicode: bool) -> None:
    assert assumed_facts(environ).unicode is unicode


def test_control_characters_of_a_lying_terminal_do_not_reach_the_doctor() -> None:
    facts = facts_from(parse_replies(b"\x1bP>|evil\x07 1\x1b\\\x1bP>|x\x9b2J\x08 3.1\x1b\\\x1b[?62c"), {"TERM": "x\x1b]0;t\x07"}, WINDOW)
    for answer in facts.asked:
        assert all(character.isprintable() for character in answer.question + answer.answer + answer.meaning)


# --- tmux -------------------------------------------------------------------------------------------------------------

INSIDE = {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0", "COLORTERM": "truecolor", **UTF8}


def inside(told: str, passthrough: str = "on") -> tuple[bool, bool, bool, int]:
    client = parse_client(told, passthrough)
    facts = facts_from(parse_replies(b"\x1bP>|tmux 3.5a\x1b\\\x1b[?1;0;1024S\x1b[?1;2;4c"), INSIDE, WINDOW, client)
    assert facts.tmux
    return facts.kitty, facts.placeholders, facts.sixel, facts.colours


def test_what_tmux_shows_depends_on_the_terminal_outside() -> None:
    assert inside("xterm-kitty\tkitty(0.41.1)\tbpaste,title\t3.5a\n") == (False, True, False, 1 << 24)
    assert inside("xterm-kitty\tkitty(0.26.5)\tbpaste,title\t3.3a\n") == (False, False, False, 1 << 24)
    assert inside("xterm-kitty\tkitty(0.41.1)\tbpaste,title\t3.5a\n", "off") == (False, False, False, 1 << 24)
    assert inside("xterm-ghostty\tghostty 1.1.0\tbpaste\t3.5a\n", "all") == (False, True, False, 1 << 24)
    assert inside("foot\tfoot(1.21.0)\tsixel,title\t3.5a\n") == (False, False, True, 256)
    assert inside("xterm-256color\tXTerm(379)\tRGB,title\t3.3a\n") == (False, False, False, 1 << 24)


def test_a_tmux_that_tells_nothing_shows_no_pixels() -> None:
    """Its DA1 says sixel whatever is outside."""
    assert inside("junk") == (False, False, False, 256)


def test_tmux_is_recognised_by_its_own_word() -> None:
    """Through ssh from within tmux there is no TMUX variable."""
    assert facts_from(parse_replies(RECORDED["tmux 3.3a"]), {"TERM": "xterm-256color"}, WINDOW).tmux


def test_parsing_of_tmuxs_answer() -> None:
    assert parse_client("t\tx(1)\ta,b\t3.5a\n", "on\n") == TmuxClient("t", "x(1)", ("a", "b"), "3.5a", True)
    assert parse_client("", "") is None


def test_wrapping_doubles_every_escape() -> None:
    assert wrap(b"\x1b_Ga=d\x1b\\") == b"\x1bPtmux;\x1b\x1b_Ga=d\x1b\x1b\\\x1b\\"
