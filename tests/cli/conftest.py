"""The command as people start it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tview():
    """`tview("ls", ...)` gives the finished process; stdout and stderr are text unless `text=False`."""

    def run(*arguments, text=True, env=None, **options):
        environ = {**os.environ, "LANG": "C.UTF-8", **(env or {})}
        options.setdefault("stdin", subprocess.DEVNULL)
        command = [sys.executable, "-I", "-m", "tview", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=text, env=environ, timeout=120, **options)

    return run


@pytest.fixture(scope="session")
def tview_json(tview):
    def run(*arguments):
        return json.loads(tview(*arguments).stdout)

    return run


@pytest.fixture(scope="session")
def demo():
    return ROOT / "fixtures" / "demo.iso"


@pytest.fixture(scope="session")
def small():
    return ROOT / "fixtures" / "small"
