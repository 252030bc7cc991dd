"""Over a real ssh connection: no DISPLAY, no COLORTERM, no LANG, a HOME that cannot be written."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"


@pytest.fixture(scope="module")
def ssh(tmp_path_factory):
    """The beginning of a command line that runs what follows on the other side of a loopback connection, on a terminal."""
    server = shutil.which("sshd") or "/usr/sbin/sshd"
    if not (os.path.exists(server) and shutil.which("ssh") and shutil.which("ssh-keygen")):
        pytest.skip("openssh-server is not installed")
    folder = tmp_path_factory.mktemp("ssh")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "user.pub", folder / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nAuthorizedKeysFile {folder / 'authorized'}\n"
        "StrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\nAcceptEnv none\nPrintMotd no\nPrintLastLog no\n"
    )
    if os.geteuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    process = subprocess.Popen([server, "-D", "-e", "-f", folder / "config"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield [
            "ssh", "-t", "-F", "none", "-q", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-i", str(folder / "user"), "-p", str(port), f"{getpass.getuser()}@127.0.0.1",
        ]  # fmt: skip
    finally:
        process.terminate()
        process.wait()


@pytest.mark.realterm
@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_the_demo_disc_shows_and_scrolls_over_ssh(real_terminal, ssh, kind) -> None:
    remote = f"env -u DISPLAY -u COLORTERM -u LANG -u LC_ALL HOME=/proc {sys.executable} -I -m tview {DEMO}"
    terminal = real_terminal(kind, [*ssh, remote], columns=132, rows=43)
    first = terminal.wait_picture()
    picture = first[200:600, 400:1000].astype(int)
    assert picture.std() > 40 and picture.max() == 255
    terminal.press("Down", "Down", "Down")
    scrolled = terminal.wait_idle(20)[200:600, 400:1000].astype(int)
    assert np.abs(scrolled - picture).mean() > 1
    terminal.press("q")
    assert terminal.wait_ended() == 0
