"""A server of our own for ssh to this machine, on a free port and with keys of its own. Package: openssh-server."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = shutil.which("sshd") or "/usr/sbin/sshd"


def is_installed() -> bool:
    """Whether there is all that `loopback` needs."""
    return bool(os.path.exists(SERVER) and shutil.which("ssh") and shutil.which("ssh-keygen"))


@contextmanager
def loopback(folder: Path) -> Iterator[list[str]]:
    """The beginning of a command line that runs what follows on the other side of the connection, on a terminal. Keys lie in `folder`."""
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
    process = subprocess.Popen([SERVER, "-D", "-e", "-f", folder / "config"], stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield [
            "ssh", "-tt", "-F", "none", "-q", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-i", str(folder / "user"), "-p", str(port), f"{getpass.getuser()}@127.0.0.1",
        ]  # fmt: skip
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, tries: int = 100) -> None:
    for _ in range(tries):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
