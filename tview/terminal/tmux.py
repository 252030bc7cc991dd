"""The terminal around tmux, as tmux tells it. tmux answers most questions for itself, so it has to be asked by its own command."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

_FORMAT = "#{client_termname}\t#{client_termtype}\t#{client_termfeatures}\t#{version}"
_LIMIT_S = 1.0
_TRIES, _MOST_TRIES, _TRY_AGAIN_S = 3, 12, 0.08
_WITH_PIXELS = ("xterm-kitty", "xterm-ghostty", "foot")  # they tell their names for certain, though late


@dataclass(frozen=True, slots=True)
class TmuxClient:
    """The client that shows this session: its TERM, what it calls itself ("kitty(0.41.1)"), tmux's list of its features.

    `passthrough` is whether tmux hands on what is wrapped for the outer terminal (allow-passthrough).
    """

    term: str
    type: str
    features: tuple[str, ...]
    version: str
    passthrough: bool


def ask_tmux(environ: Mapping[str, str]) -> TmuxClient | None:
    """Ask the tmux of the TMUX variable; None when there is none or it does not answer within a second."""
    if not environ.get("TMUX"):
        return None
    passthrough = _run(environ, "show", "-pAv", "allow-passthrough")
    client = None
    for number in range(_MOST_TRIES):  # in a session that has just begun tmux has not heard yet what its terminal is
        told = _run(environ, "display", "-p", _FORMAT)
        client = None if told is None else parse_client(told, passthrough or "")
        if client is None or client.type or (number >= _TRIES and client.term not in _WITH_PIXELS):
            break
        time.sleep(_TRY_AGAIN_S)
    return client


def parse_client(told: str, passthrough: str) -> TmuxClient | None:
    """Take tmux's two answers apart; None when the first is not what was asked for."""
    fields = told.rstrip("\n").split("\t")
    if len(fields) != 4:
        return None
    term, kind, features, version = fields
    return TmuxClient(term, kind, tuple(part for part in features.split(",") if part), version, passthrough.strip() in ("on", "all"))


def wrap(data: bytes) -> bytes:
    """Wrap a control sequence so that tmux hands it to the terminal around it: DCS tmux; with every ESC doubled."""
    return b"\x1bPtmux;" + data.replace(b"\x1b", b"\x1b\x1b") + b"\x1b\\"


def _run(environ: Mapping[str, str], *arguments: str) -> str | None:
    import subprocess  # 9 ms, and only inside tmux

    try:
        done = subprocess.run(
            ["tmux", *arguments],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
