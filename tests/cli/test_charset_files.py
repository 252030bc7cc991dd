"""The character set files that pydicom ships show their names on screen, in JSON and in HTML.

Expected names: PS3.5 annexes H to K, and the FileInfo.txt beside the files.
"""

import html
import json
from pathlib import Path

import pytest
from pydicom.data import get_charset_files

NAMES = {
    "chrArab": ("قباني, لنزار", "قباني^لنزار"),
    "chrFren": ("Buc, Jérôme", "Buc^Jérôme"),
    "chrFrenMulti": ("Buc, Jérôme", "Buc^Jérôme"),
    "chrGerm": ("Äneas, Rüdiger", "Äneas^Rüdiger"),
    "chrGreek": ("Διονυσιος", "Διονυσιος"),
    "chrH31": ("Yamada, Tarou (山田 太郎)", "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    "chrH32": ("ﾔﾏﾀﾞ, ﾀﾛｳ (山田 太郎)", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"),
    "chrHbrw": ("שרון, דבורה", "שרון^דבורה"),
    "chrI2": ("Hong, Gildong (洪 吉洞)", "Hong^Gildong=洪^吉洞=홍^길동"),
    "chrJapMulti": ("やまだ, たろう", "やまだ^たろう"),
    "chrJapMultiExplicitIR6": ("やまだ, たろう", "やまだ^たろう"),
    "chrKoreanMulti": ("김희중", "김희중"),
    "chrRuss": ("Люкceмбypг", "Люкceмбypг"),
    "chrX1": ("Wang, XiaoDong (王 小東)", "Wang^XiaoDong=王^小東"),
    "chrX2": ("Wang, XiaoDong (王 小东)", "Wang^XiaoDong=王^小东"),
}
FILES = {Path(path).stem: path for path in get_charset_files("*.dcm")}


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_on_screen(tview, name) -> None:
    done = tview("ls", FILES[name])
    assert NAMES[name][0] in done.stdout and "[read as" not in done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_in_json(tview_json, name) -> None:
    (patient,) = tview_json("ls", FILES[name], "--json")["patients"]
    assert patient["patient_name"].rstrip("=") == NAMES[name][1]
    (document,) = tview_json("report", FILES[name], "--path", Path(FILES[name]).name, "--json")["documents"]
    assert NAMES[name][0] in next(fact["text"] for fact in document["facts"] if fact["label"] == "Patient")


def test_a_sequence_may_have_a_character_set_of_its_own(tview) -> None:
    shown = tview("tags", FILES["chrSQEncoding"]).stdout
    assert "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう" in shown
    assert "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう" in tview("tags", FILES["chrSQEncoding1"]).stdout


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_in_html(tview, tmp_path, name) -> None:
    done = tview("verify", FILES[name], "--html", tmp_path / "page.html")
    assert done.returncode in (0, 1), json.dumps(done.stderr)
    assert NAMES[name][0] in html.unescape((tmp_path / "page.html").read_text("utf-8"))


def test_a_guessed_name_carries_a_mark(tview, tmp_path, small) -> None:
    raw = (small / "latin1.dcm").read_bytes()
    name = "Müßig^Renée".encode("latin-1")
    assert name in raw
    (tmp_path / "guess.dcm").write_bytes(raw.replace(name, "Müßg^Reé".encode().ljust(len(name))))
    assert "Müßg, Reé [read as utf-8]" in tview("ls", tmp_path).stdout
