"""Catalogues of further languages: whole, with the same places in each message, and without words that must not be said."""

import gettext
import os
import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "tview" / "locale").glob("*/LC_MESSAGES/tview.mo"))
FORBIDDEN = {"de": r"\b(exakt\w*|konform\w*|diagnostisch\w*|anonym\w*|virenfrei\w*|normal\w*)\b"}


def messages(catalogue: Path) -> dict[str, str]:
    with open(catalogue, "rb") as file:
        found = gettext.GNUTranslations(file)._catalog
    return {key: value for key, value in found.items() if isinstance(key, str) and key}


def places(text: str) -> set[str]:
    return {f"{name}!{conversion}" if conversion else name for _, name, _, conversion in Formatter().parse(text) if name is not None}


def test_there_is_another_language() -> None:
    assert CATALOGUES


def test_every_message_is_translated_and_the_files_are_not_stale() -> None:
    pytest.importorskip("babel")
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make_messages.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_each_message_keeps_its_places(catalogue: Path) -> None:
    for message, translation in messages(catalogue).items():
        if "{" in message:
            assert places(translation) == places(message), message
        assert (message[:1] == " ", message[-1:] == " ") == (translation[:1] == " ", translation[-1:] == " "), message


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_nothing_is_said_that_must_not_be_said(catalogue: Path) -> None:
    forbidden = re.compile(FORBIDDEN[catalogue.parts[-3]], re.IGNORECASE)
    assert [text for text in messages(catalogue).values() if forbidden.search(text)] == []


def test_a_command_speaks_german_when_asked() -> None:
    environ = {**os.environ, "LANGUAGE": "de"}
    command = [sys.executable, "-m", "tview", "verify", ROOT / "fixtures" / "demo.iso"]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 0
    assert "BILDER" in done.stdout and "VOLLSTÄNDIG" in done.stdout
