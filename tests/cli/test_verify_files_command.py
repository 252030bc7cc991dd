"""What `tview verify` writes, and `--watch`, as people start them."""

import os
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest


def test_html_junit_and_letter_are_written_beside_the_page(tview, small, tmp_path) -> None:
    files = {name: tmp_path / name for name in ("page.html", "report.xml", "letter.txt")}
    done = tview(
        "verify", small / "missing-file.iso", "--html", files["page.html"], "--junit", files["report.xml"], "--letter", files["letter.txt"]
    )
    assert done.returncode == 1 and "INCOMPLETE" in done.stdout
    assert "INCOMPLETE" in files["page.html"].read_text() and "not a medical device" in files["page.html"].read_text()
    assert ElementTree.parse(files["report.xml"]).getroot().tag == "testsuites"
    assert "Study Instance UID" in files["letter.txt"].read_text()
    assert all(os.stat(path).st_mode & 0o777 == 0o600 for path in files.values())


def test_nothing_is_written_over(tview, small, tmp_path) -> None:
    there = tmp_path / "page.html"
    there.write_text("mine")
    done = tview("verify", small / "series", "--html", there)
    assert done.returncode == 5 and there.read_text() == "mine" and done.stdout == ""


@pytest.mark.parametrize("option", ["--html", "--junit", "--letter", "--resume"])
def test_nothing_is_written_onto_the_medium(option, tview, small, tmp_path) -> None:
    disc, link = tmp_path / "disc", tmp_path / "link"
    shutil.copytree(small / "series", disc)
    link.symlink_to(disc)
    before = sorted(disc.rglob("*"))
    for target in (disc / "x", disc / "sub" / ".." / "x", link / "x"):
        done = tview("verify", disc, option, target)
        assert done.returncode == 5 and "inside the source" in done.stderr and done.stdout == ""
    first = next(path for path in before if path.is_file())
    assert tview("verify", first, option, first).returncode == 5
    assert sorted(disc.rglob("*")) == before
    outside = tmp_path / "outside"
    assert tview("verify", disc, option, outside).returncode == 0
    assert outside.exists() is (option != "--resume")  # a run that came to its end leaves no state


@pytest.mark.parametrize("option", ["--html", "--junit", "--letter", "--resume"])
def test_links_are_not_followed(option, tview, small, tmp_path) -> None:
    theirs, link = tmp_path / "theirs", tmp_path / "link"
    for there in (True, False):
        if there:
            theirs.write_text("theirs")
        else:
            theirs.unlink()
        link.unlink(missing_ok=True)
        link.symlink_to(theirs)
        assert tview("verify", small / "series", option, link).returncode == 5
        assert (theirs.read_text() == "theirs") if there else not theirs.exists()


def test_the_log_of_a_pile_follows_no_link_and_writes_to_no_drive(tmp_path) -> None:
    from tview.cli.watching import Log
    from tview.errors import ExportError

    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(tmp_path / "theirs")
    os.mkfifo(pipe)
    for path in (link, pipe):
        with pytest.raises(ExportError):
            Log(str(path))
    assert not (tmp_path / "theirs").exists()


def test_a_letter_to_stdout_takes_the_place_of_the_page(tview, small) -> None:
    done = tview("verify", small / "missing-file.iso", "--letter", "-")
    assert done.stdout.startswith("To: ") and "IMAGES  " not in done.stdout
    assert tview("verify", small / "series", "--letter", "-", "--json").returncode == 2


def test_several_sources_are_one_page(tview, small, tmp_path) -> None:
    page = tmp_path / "all.html"
    tview("verify", small / "series", small / "missing-file.iso", "--html", page)
    assert page.read_text().count("<section>") == 2


def test_other_persons_are_withheld_in_files(tview, tview_json, small, tmp_path) -> None:
    everyone = tview_json("verify", small / "two-patients", "--json", "--show-all-persons")["person"]["persons"]
    names = [person["patient_name"] for person in everyone]
    tview("verify", small / "two-patients", "--html", tmp_path / "one.html")
    tview("verify", small / "two-patients", "--html", tmp_path / "all.html", "--show-all-persons")
    one, both = (tmp_path / "one.html").read_text(), (tmp_path / "all.html").read_text()
    assert names[0] in one and not any(name in one for name in names[1:])
    assert all(name in both for name in names)


@pytest.mark.parametrize(
    "arguments", [["--watch", "/nowhere", "x"], [], ["--watch", "/nowhere", "--html", "x"], ["--watch", "/nowhere", "--discs", "0"]]
)
def test_options_that_do_not_go_together(tview, arguments) -> None:
    done = tview("verify", *arguments)
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_drive_that_is_not_there(tview) -> None:
    done = tview("verify", "--watch", "/nowhere/sr0")
    assert done.returncode == 3 and "no such" in done.stderr


def test_an_interruption_ends_the_watch(demo) -> None:
    """A file in place of the drive: it does not say what is in it, and opens no tray, so it is one disc that nobody takes out."""
    command = [sys.executable, "-I", "-m", "tview", "verify", "--watch", str(demo)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    rows = [process.stdout.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=20)
    assert process.returncode == 0 and out == "" and "Traceback" not in said and "tray does not open" in said
    assert rows[0].split()[:3] == ["No", "TIME", "LABEL"] and "TVIEW_DEMO" in rows[1]
