"""What stands beside the sources on the command line is read only when it is an ordinary file."""

import os

import pytest

from tview.errors import UsageError
from tview.verify import read_expected
from tview.verify.comparing import read_manifest


def test_a_pipe_is_not_waited_for(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(UsageError):
        read_expected(str(pipe))
    assert read_manifest(str(pipe)) is None
