"""Real terminal emulators, without a screen: each on an X server of its own, with keys, mouse and screenshots.

    with RealTerminal("kitty", ["tview", "disc.iso"], columns=132, rows=43) as terminal:
        terminal.wait_idle()
        terminal.press("Down")
        picture = terminal.wait_idle()

Debian packages: xvfb xdotool xterm kitty mlterm konsole weston foot tmux libgl1-mesa-dri libgl1 libegl1 fonts-dejavu-core.
Only processes started here are ended, by their own process groups.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

import numpy as np

Screenshot = np.ndarray  # uint8 (rows, columns, 3)

_FONT = "DejaVu Sans Mono"
_INHERITED = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "OPENBLAS_NUM_THREADS", "TVIEW_SHARED", "LD_LIBRARY_PATH")
_HOLDER = 'status=$0; "$@"; echo $? >"$status"; exec sleep 3600'


def _xterm(terminal: "RealTerminal") -> list[str]:
    """With sixel as large as the window, and reports of its pixel size."""
    resources = ("XTerm*maxGraphicSize: 4000x4000", "XTerm*allowWindowOps: true", "XTerm*numColorRegisters: 256")
    switches = [switch for resource in resources for switch in ("-xrm", resource)]
    return [*_xterm_plain(terminal)[:-1], "-ti", "vt340", "-tn", "xterm-256color", *switches, "-e"]


def _xterm_plain(terminal: "RealTerminal") -> list[str]:
    """As someone starts it who has changed nothing but the font."""
    size = f"{terminal.columns}x{terminal.rows}+0+0"
    return [
        "xterm",
        "-fa",
        _FONT,
        "-fs",
        str(terminal.font_size),
        "-b",
        "0",
        "-bw",
        "0",
        "-bg",
        "black",
        "-fg",
        "white",
        "-geometry",
        size,
        "-e",
    ]


def _kitty(terminal: "RealTerminal") -> list[str]:
    options = {
        "initial_window_width": f"{terminal.columns}c",
        "initial_window_height": f"{terminal.rows}c",
        "remember_window_size": "no",
        "window_padding_width": "0",
        "placement_strategy": "top-left",
        "font_family": _FONT,
        "font_size": str(terminal.font_size),
        "cursor_blink_interval": "0",
        "enable_audio_bell": "no",
        "update_check_interval": "0",
        "confirm_os_window_close": "0",
    }
    return ["kitty", "--config", "NONE", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]


def _mlterm(terminal: "RealTerminal") -> list[str]:
    size = f"{terminal.columns}x{terminal.rows}"
    return ["mlterm", "--sbmod=none", "-g", size, "-w", str(round(terminal.font_size * 1.6)), "-b", "black", "-f", "white", "-e"]


def _konsole(terminal: "RealTerminal") -> list[str]:
    sizes = [
        "ShowTerminalSizeHint=false",
        f"TerminalColumns={terminal.columns}",
        f"TerminalRows={terminal.rows}",
        f"Font={_FONT},{terminal.font_size}",
        "ScrollBarPosition=2",
    ]
    return ["konsole", "--nofork", "--hide-menubar", "--hide-tabbar", *(part for size in sizes for part in ("-p", size)), "-e"]


def _foot(terminal: "RealTerminal") -> list[str]:
    return ["foot", "-o", f"font={_FONT}:size={terminal.font_size}", "-o", "pad=0x0"]


_STARTERS: dict[str, Callable[["RealTerminal"], list[str]]] = {
    "xterm": _xterm,
    "xterm-plain": _xterm_plain,
    "kitty": _kitty,
    "mlterm": _mlterm,
    "konsole": _konsole,
    "foot": _foot,
}
KINDS = tuple(_STARTERS)


def missing_for(kind: str, tmux: bool = False) -> str | None:
    """What this kind of terminal needs and is not installed, in words for a skipped test; None when all is there."""
    programs = ["Xvfb", "xdotool", kind.split("-")[0], *(["tmux"] if tmux else []), *(["weston"] if kind == "foot" else [])]
    absent = [program for program in programs if shutil.which(program) is None]
    return f"not installed: {', '.join(absent)}" if absent else None


def find(screen: Screenshot, picture: np.ndarray, tolerance: int = 0) -> tuple[int, int] | None:
    """Where the picture is on the screen, (row, column); None when it is nowhere."""
    wanted = np.broadcast_to(picture[..., None], (*picture.shape, 3)) if picture.ndim == 2 else picture
    rows, columns = wanted.shape[:2]
    inner = screen[: screen.shape[0] - rows + 1, : screen.shape[1] - columns + 1].astype(np.int16)
    marks = [(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 3), (rows // 3, columns // 2)]
    possible = np.ones(inner.shape[:2], bool)
    for row, column in marks:
        shifted = screen[row : row + inner.shape[0], column : column + inner.shape[1]].astype(np.int16)
        possible &= (np.abs(shifted - wanted[row, column].astype(np.int16)) <= tolerance).all(axis=-1)
    for row, column in np.argwhere(possible)[:5000]:
        if np.abs(screen[row, column : column + columns].astype(np.int16) - wanted[0]).max() > tolerance:
            continue
        if np.abs(screen[row : row + rows, column : column + columns].astype(np.int16) - wanted).max() <= tolerance:
            return int(row), int(column)
    return None


class RealTerminal:
    """One emulator running one command. Sizes are in cells, places in pixels of the screen from the upper left, where the window is.

    The window stays when the command has ended; `exit_status` tells how it did. With `tmux` the command runs in a tmux of its own
    (passthrough on, no status line, `tmux_options` as further lines of its configuration). With `chroot` the terminal and
    the command are those of another root, in which this checkout stands at its own path.
    """

    def __init__(
        self,
        kind: str,
        command: Sequence[str],
        *,
        columns: int = 100,
        rows: int = 40,
        font_size: int = 10,
        screen: tuple[int, int] = (1600, 1200),
        environ: dict[str, str] | None = None,
        arguments: Sequence[str] = (),
        tmux: bool = False,
        tmux_options: Sequence[str] = (),
        cwd: str | None = None,
        chroot: str | None = None,
    ) -> None:
        self.kind, self.columns, self.rows, self.font_size, self.screen = kind, columns, rows, font_size, screen
        self._command, self._arguments, self._cwd = list(command), list(arguments), cwd
        self._tmux, self._tmux_options = tmux, tmux_options
        self._chroot = chroot
        self._shared = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) if chroot else None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._closing = contextlib.ExitStack()
        self._home = self._closing.enter_context(
            tempfile.TemporaryDirectory(prefix="realterm-", dir=self._shared, ignore_cleanup_errors=True)
        )
        self._environ = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        self._environ |= {"LC_ALL": "C.UTF-8", "HOME": self._home, "XDG_RUNTIME_DIR": self._home, "XDG_CONFIG_HOME": f"{self._home}/config"}
        self._environ |= {"LIBGL_ALWAYS_SOFTWARE": "1", "QT_QPA_PLATFORM": "xcb", "SHELL": "/bin/sh", **(environ or {})}

    def __enter__(self) -> "RealTerminal":
        try:
            self._start_screen()
            self._start_terminal()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End everything that was started here."""
        if self._tmux:
            subprocess.run(["tmux", "-L", self._socket, "kill-server"], env=self._environ, stderr=subprocess.DEVNULL, check=False)
        while self._processes:
            process = self._processes.pop()
            for stop in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, stop)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(3)
                    break
        self._closing.close()

    # --- what a user does ---------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys by their X names: "Down", "q", "ctrl+c"."""
        for key in keys:
            self._xdotool("key", "--clearmodifiers", key)

    def type(self, text: str) -> None:
        """Type text."""
        self._xdotool("type", "--delay", "15", text)

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self._xdotool("mousemove", str(x), str(y))

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        """Click; buttons 4 and 5 are the wheel, up and down."""
        self.move(x, y)
        self._xdotool("click", "--repeat", str(times), "--delay", "15", str(button))

    def drag(self, start: tuple[int, int], end: tuple[int, int], *, button: int = 1, steps: int = 12, step_s: float = 0.03) -> None:
        """Press the button at one place, move in steps, let go at the other."""
        self.move(*start)
        self._xdotool("mousedown", str(button))
        for step in range(1, steps + 1):
            self.move(*(a + (b - a) * step // steps for a, b in zip(start, end, strict=True)))
            time.sleep(step_s)
        self._xdotool("mouseup", str(button))

    def resize(self, width: int, height: int) -> None:
        """Give the window another size in pixels."""
        self._xdotool("windowsize", self._window, str(width), str(height))

    # --- what a user sees ---------------------------------------------------------------------------------------

    def screenshot(self) -> Screenshot:
        """The whole screen, straight from the X server's memory."""
        with open(f"{self._home}/Xvfb_screen0", "rb") as file:
            data = file.read()
        header = np.frombuffer(data, ">u4", 25)  # XWD, X11/XWDFile.h
        width, height, bytes_per_line = int(header[4]), int(header[5]), int(header[12])
        start = int(header[0]) + 12 * int(header[19])
        lines = np.frombuffer(data, np.uint8, height * bytes_per_line, start).reshape(height, bytes_per_line)
        pixels = lines[:, : 4 * width].reshape(height, width, 4)
        return pixels[..., 2::-1].copy() if header[7] == 0 else pixels[..., 1:].copy()

    def wait_idle(self, timeout_s: float = 20.0, quiet_s: float = 0.5) -> Screenshot:
        """A screenshot once nothing has changed for `quiet_s` and more than one colour is there; at the time-out the last one."""
        last, since, end = self.screenshot(), time.monotonic(), time.monotonic() + timeout_s
        while time.monotonic() < end:
            time.sleep(0.08)
            now = self.screenshot()
            if not np.array_equal(now, last):
                last, since = now, time.monotonic()
            elif time.monotonic() - since >= quiet_s and last.min() != last.max():
                break
        return last

    def wait_for(self, wanted: Callable[[Screenshot], bool], timeout_s: float = 20.0) -> Screenshot:
        """The first screenshot that `wanted` says yes to. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if wanted(now := self.screenshot()):
                return now
            time.sleep(0.05)
        raise TimeoutError(f"{self.kind} never showed what was waited for; {self.log()}")

    def wait_picture(self, timeout_s: float = 60.0) -> Screenshot:
        """A screenshot once a picture stands in the middle and nothing changes any more; a loaded machine may be idle before that."""

        def stands(screen: Screenshot) -> bool:
            return bool((screen[60:350, 150:600].max(axis=2) > 40).mean() > 0.05)

        self.wait_for(stands, timeout_s)
        return self.wait_idle(20)

    def wait_ended(self, timeout_s: float = 20.0) -> int:
        """The exit status of the command once it has ended. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while self.exit_status is None:
            if time.monotonic() > end:
                raise TimeoutError(f"the command is still running; {self.log()}")
            time.sleep(0.05)
        return self.exit_status

    @property
    def exit_status(self) -> int | None:
        """The exit status of the command, as the shell tells it; None while it runs."""
        with contextlib.suppress(OSError, ValueError), open(f"{self._home}/status", encoding="ascii") as file:
            return int(file.read())
        return None

    def find(self, picture: np.ndarray, tolerance: int = 0, timeout_s: float = 15.0) -> tuple[int, int]:
        """(row, column) of the upper left pixel of the picture on the screen, no pixel being off by more than `tolerance`.

        The picture, uint8 (rows, columns) or (rows, columns, 3), wants an upper left corner unlike what surrounds it. Raises TimeoutError.
        """
        place: tuple[int, int] | None = None

        def there(screen: Screenshot) -> bool:
            nonlocal place
            place = find(screen, picture, tolerance)
            return place is not None

        self.wait_for(there, timeout_s)
        assert place is not None
        return place

    def log(self) -> str:
        """What the processes said, for a failing test."""
        texts = []
        for name in sorted(os.listdir(self._home)):
            if name.endswith(".log"):
                with open(f"{self._home}/{name}", encoding="utf-8", errors="replace") as file:
                    texts.append(f"{name}: {file.read()[-800:]}")
        return "\n".join(texts)

    # --- starting -----------------------------------------------------------------------------------------------

    def _start_screen(self) -> None:
        ready, told = os.pipe()
        size = f"{self.screen[0]}x{self.screen[1]}x24"
        options = ["-screen", "0", size, "-nolisten", "tcp", "-noreset", "-fbdir", self._home, "-displayfd", str(told)]
        self._start("screen", ["Xvfb", *options], pass_fds=(told,))
        os.close(told)
        with open(ready, "rb") as file:
            number = file.readline().strip().decode()
        if not number:
            raise RuntimeError(f"Xvfb did not start: {self.log()}")
        self._environ["DISPLAY"] = f":{number}"

    def _start_terminal(self) -> None:
        if self.kind == "foot":
            self._start_wayland()
        command = ["sh", "-c", _HOLDER, f"{self._home}/status", *self._command]
        if self._tmux:
            command = self._in_tmux(command)
        start = _STARTERS[self.kind](self)
        self._start(
            "terminal", [*start[:-1], *self._arguments, start[-1], *command] if start[-1] == "-e" else [*start, *self._arguments, *command]
        )
        self._window = self._wait_for_window()
        self._xdotool("windowmove", self._window, "0", "0")
        self._xdotool("windowfocus", self._window)
        self.move(self.screen[0] - 1, self.screen[1] - 1)  # out of the picture

    def _start_wayland(self) -> None:
        with open(f"{self._home}/weston.ini", "w", encoding="ascii") as file:
            file.write(f"[core]\nshell=kiosk-shell.so\nidle-time=0\n[output]\nname=screen0\nmode={self.screen[0]}x{self.screen[1]}\n")
        pixels = [f"--width={self.screen[0]}", f"--height={self.screen[1]}"]
        self._start(
            "wayland",
            ["weston", "--backend=x11-backend.so", "--use-pixman", "--socket=tview-test", *pixels, "-c", f"{self._home}/weston.ini"],
        )
        self._wait(lambda: os.path.exists(f"{self._home}/tview-test"), "weston did not start")
        self._environ["WAYLAND_DISPLAY"] = "tview-test"

    def _in_tmux(self, command: list[str]) -> list[str]:
        self._socket = f"realterm-{os.path.basename(self._home)}"
        lines = ["set -g status off", "set -g default-terminal tmux-256color", "set -s escape-time 0", "set -g allow-passthrough on"]
        with open(f"{self._home}/tmux.conf", "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, *self._tmux_options]) + "\n")
        self._environ["TMUX_TMPDIR"] = self._home
        return ["tmux", "-L", self._socket, "-f", f"{self._home}/tmux.conf", "new-session", *command]

    def _wait_for_window(self) -> str:
        def windows() -> Iterator[tuple[int, str]]:
            found = self._xdotool("search", "--onlyvisible", "--maxdepth", "1", "--name", ".*").split()
            for window in found:
                shape = dict(line.split("=") for line in self._xdotool("getwindowgeometry", "--shell", window).splitlines() if "=" in line)
                area = int(shape.get("WIDTH", 0)) * int(shape.get("HEIGHT", 0))
                if (area > 100 and (int(shape["WIDTH"]), int(shape["HEIGHT"])) != self.screen) or self.kind == "foot":
                    yield area, window

        self._wait(lambda: any(windows()), "no window came")
        return max(windows())[1]

    def _wait(self, done: Callable[[], bool], problem: str, timeout_s: float = 20.0) -> None:
        end = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > end or self._processes[-1].poll() is not None:
                raise RuntimeError(f"{problem}: {self.log()}")
            time.sleep(0.05)

    def _start(self, name: str, command: Sequence[str], pass_fds: Sequence[int] = ()) -> None:
        with open(f"{self._home}/{name}.log", "wb") as log:
            self._processes.append(
                subprocess.Popen(
                    ["chroot", self._chroot, *command] if self._chroot and name != "screen" else command,
                    env=self._environ,
                    cwd=self._cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=pass_fds,
                )
            )

    def _xdotool(self, *arguments: str) -> str:
        done = subprocess.run(["xdotool", *arguments], env=self._environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        return done.stdout.decode("utf-8", "replace")
