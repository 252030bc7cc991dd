"""Encrypted archives on the command line: a password from a file, from stdin, or typed."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def locked(tmp_path_factory, small) -> Path:
    if shutil.which("zip") is None:
        pytest.skip("zip is not installed")
    target = tmp_path_factory.mktemp("locked") / "exam.zip"
    subprocess.run(["zip", "-q", "-r", "-P", "open sesame", str(target), "."], cwd=small / "series", check=True)
    return target


def test_without_a_password_it_says_what_to_do(tview, locked) -> None:
    done = tview("ls", locked)
    assert done.returncode == 3 and "--password-file" in done.stderr and not done.stdout


@pytest.mark.parametrize("line", ["open sesame\n", "open sesame\r\nmore\n", "\ufeffopen sesame"])
def test_a_file_gives_the_password(tview, locked, tmp_path, line) -> None:
    (tmp_path / "secret").write_bytes(line.encode())
    done = tview("ls", locked, "--json", "--password-file", tmp_path / "secret")
    assert done.returncode == 0, done.stderr
    assert "sesame" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [("wrong\n", 3, "does not open"), ("\n", 2, "password file"), (None, 2, "password file"), ("x" * 2000, 2, "long")],
)
def test_a_wrong_password_or_file_is_a_sentence(tview, locked, tmp_path, content, code, said) -> None:
    if content is not None:
        (tmp_path / "secret").write_text(content)
    done = tview("ls", locked, "--password-file", tmp_path / "secret")
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr


def test_stdin_gives_the_password(tview, locked) -> None:
    read, write = os.pipe()
    os.write(write, b"open sesame\n")
    os.close(write)
    try:
        assert tview("ls", locked, "--password-file", "-", stdin=read).returncode == 0
    finally:
        os.close(read)


@pytest.mark.parametrize(("typed", "code"), [([b"no\n", b"open sesame\n"], 0), ([b"a\n", b"b\n", b"c\n"], 3), ([b"\n"], 3)])
def test_a_person_is_asked_and_sees_nothing_of_it(locked, typed, code) -> None:
    child, fd = pty.fork()
    if not child:
        os.execv(sys.executable, [sys.executable, "-I", "-m", "tview", "ls", str(locked)])
    seen = b""
    for number, line in enumerate(typed, 1):
        while seen.count(b"Password of") < number:
            seen += os.read(fd, 4096)
        os.write(fd, line)
    try:
        while more := os.read(fd, 4096):
            seen += more
    except OSError:
        pass
    os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == code
    assert b"sesame" not in seen
