"""What several rooms' tests share."""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

os.environ["LANGUAGE"] = "en"  # what tests read is English, whatever the developer speaks


def _load(name: str) -> ModuleType:
    """A helper module beside this file; test folders are no packages."""
    spec = importlib.util.spec_from_file_location(f"tview_tests_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def realterm() -> ModuleType:
    """The module tests/realterm.py."""
    return _load("realterm")


@pytest.fixture
def real_terminal(realterm: ModuleType) -> Iterator[Callable[..., Any]]:
    """Starts real terminals: `real_terminal(kind, command, **options of RealTerminal)`; they are closed after the test.

    Skips the test when the terminal or the X server is not installed. Mark tests that use it `realterm`.
    """
    with ExitStack() as stack:

        def start(kind: str, command: list[str], **options: Any) -> Any:
            if missing := realterm.missing_for(kind, options.get("tmux", False)):
                pytest.skip(missing)
            return stack.enter_context(realterm.RealTerminal(kind, command, **options))

        yield start


@pytest.fixture(scope="session")
def loopback() -> ModuleType:
    """The module tests/loopback.py."""
    return _load("loopback")


@pytest.fixture(scope="session")
def slow_terminal() -> Any:
    """The class `SlowTerminal` of tests/slow_terminal.py."""
    return _load("slow_terminal").SlowTerminal


@pytest.fixture(scope="session")
def model_terminal() -> Any:
    """The class `ModelTerminal` of tests/model_terminal.py."""
    return _load("model_terminal").ModelTerminal
